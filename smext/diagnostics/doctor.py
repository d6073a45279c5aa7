"""Why does it not work? Both halves of the installation, the AWS identity, and each kind's permission."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timezone
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from jupyter_core.paths import jupyter_config_path, jupyter_path

from ..aws import studio
from ..aws.account import Account
from ..errors import SmextError
from ..kinds import registry
from ..kinds.base import Kind
from ..kinds.exclusions import new_lists
from ..launch.role import find_role
from . import context


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; `advice` where it is not well."""

    status: Literal["ok", "warning", "bad"]
    text: str
    advice: str = ""


def examine(account: Account) -> Iterator[Finding]:
    """Yield findings in the order in which things have to work. Asks AWS a few list calls, changes nothing."""
    yield from packages()
    yield server_half(jupyter_config_path())
    yield lab_half(jupyter_path("labextensions"), jupyter_config_path())
    yield from identity(account)


def packages() -> Iterator[Finding]:
    """Say which versions are installed of what smext works with."""
    found = {name: _version(name) for name in ("smext", "jupyterlab", "jupyter_server", "boto3", "pydantic")}
    yield Finding("ok", ", ".join(f"{name} {number or 'missing'}" for name, number in found.items()))


def server_half(config_paths: Sequence[str]) -> Finding:
    """Whether Jupyter's configuration loads the server extension; the first path that says so wins."""
    for path in config_paths:
        for file in [Path(path) / "jupyter_server_config.json", *_configured(path)]:
            enabled = _json(file).get("ServerApp", {}).get("jpserver_extensions", {}).get("smext")
            if enabled is True:
                return Finding("ok", f"server extension enabled by {file}")
            if enabled is False:
                return Finding(
                    "bad", f"server extension disabled by {file}", "jupyter server extension enable smext"
                )
    return Finding(
        "bad",
        "no configuration enables the server extension",
        "Install smext into the environment that JupyterLab runs in, or: jupyter server extension enable smext",
    )


def lab_half(data_paths: Sequence[str], config_paths: Sequence[str]) -> Finding:
    """Whether JupyterLab finds the panel, and finds the same version."""
    for path in data_paths:
        file = Path(path) / "smext" / "package.json"
        if not file.exists():
            continue
        if _locked(config_paths):
            return Finding("bad", "the panel is disabled in JupyterLab", "jupyter labextension enable smext")
        panel, server = str(_json(file).get("version")), _version("smext")
        if server and panel.split("-")[0] != server.split("-")[0].split("+")[0]:
            return Finding("warning", f"panel {panel} and server {server} differ", "Install smext anew.")
        return Finding("ok", f"panel found in {file.parent}")
    return Finding(
        "bad",
        "JupyterLab has no panel of smext",
        "Install smext into the environment that JupyterLab runs in: pip install --force-reinstall smext",
    )


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


def _configured(path: str) -> list[Path]:
    return sorted((Path(path) / "jupyter_server_config.d").glob("*.json"))


def _locked(config_paths: Sequence[str]) -> bool:
    pages = [_json(Path(path) / "labconfig" / "page_config.json") for path in config_paths]
    disabled = [page.get("disabledExtensions", {}) for page in pages]
    return any(
        name == "smext" for names in disabled for name in (names if isinstance(names, (dict, list)) else ())
    )


def _json(file: Path) -> dict[str, dict[str, dict[str, object]]]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
