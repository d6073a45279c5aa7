"""Why does it not work? Both halves of the installation, the AWS identity, and each kind's permission."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from importlib.metadata import PackageNotFoundError, version

from ..aws import studio
from ..aws.account import Account
from ..errors import SmextError
from ..kinds import registry
from ..kinds.base import Kind
from ..kinds.exclusions import new_lists
from ..launch.role import find_role
from . import context, jupyter_install, other_pythons
from .finding import Finding


def examine(account: Account) -> Iterator[Finding]:
    """Yield findings in the order in which things have to work. Asks AWS a few list calls, changes nothing."""
    yield from jupyter_install.examine(jupyter_install.probe())
    yield from other_pythons.examine()
    yield from identity(account)


def identity(account: Account) -> Iterator[Finding]:
    """Say where this server runs and as whom it calls AWS, with what does not work of it."""
    metadata = studio.read_metadata()
    found = context.describe(account, [], version=_version("smext") or "")
    yield Finding("ok", f"this is {found.place_label}" + (f", region {found.region}" if found.region else ""))
    if found.problem:
        yield Finding("bad", found.problem.message, found.problem.advice)
        return
    yield Finding("ok", f"calls AWS as {found.identity}")
    role, why = find_role(account, metadata)
    if role:
        yield Finding("ok", f"jobs run with {role} ({why})")
    else:
        yield Finding("warning", f"no execution role for jobs: {why}", "Name one in the launch form.")
    yield from permissions(account)
    yield from lists(account)


def permissions(account: Account) -> Iterator[Finding]:
    """One list call of each kind, all at once; one cause of several failures is said once."""
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda kind: (kind, _refused(account, kind)), registry().values()))
    hidden: dict[str, list[Kind]] = {}
    for kind, error in answers:
        if error is not None and error.cause:
            hidden.setdefault(error.cause, []).append(kind)
    for kind, error in answers:
        alike = hidden.get(error.cause or "", []) if error else []
        if error is None:
            yield Finding("ok", f"{kind.label} can be seen")
        elif len(alike) < 2:
            yield Finding("warning", f"{kind.label}: {error.message}", error.advice)
        elif kind is alike[0]:
            labels = ", ".join(each.label for each in alike)
            yield Finding("warning", f"{labels}: {error.cause}", error.advice)


def lists(account: Account) -> Iterator[Finding]:
    """Name lists of the installed boto3 that this smext does not know; asks AWS nothing."""
    for service in sorted({kind.service for kind in registry().values()}):
        new = new_lists(service, account.client(service).meta.service_model.operation_names)
        if new:
            yield Finding(
                "warning",
                f"this boto3 has lists of {service} that this smext does not know: {', '.join(new)}",
                "What they list may bill unseen: update smext, or look in the AWS console.",
            )


def _refused(account: Account, kind: Kind) -> SmextError | None:
    list_call = kind.list_calls[0]
    try:
        account.call(kind.service, list_call.operation, **list_call.params(datetime.now(timezone.utc)))
    except SmextError as error:
        return error
    return None


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
