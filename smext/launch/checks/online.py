"""What AWS says of a launch: all questions at once, each with an answer of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ...api import Check
from ...aws.account import Account
from ...aws.cache import remembered
from ...aws.concurrent import Answer, together
from ...aws.identity import Caller
from ...aws.studio import read_metadata
from ...runs.job_names import is_ours
from .. import last_run, network
from ..files.sending import Stock
from ..last_run import LastRun
from ..limits import Limits
from ..request import Asked
from . import data as data_checks
from . import keys as key_checks
from . import network as network_checks
from . import offline as checks
from . import permissions, preflight, usage
from .question import Once, Question

PATIENCE_SECONDS = 4.0
"""No answer is worth more waiting: the plan stands without it."""


@dataclass(frozen=True)
class Remote:
    """`stock` of the files, where there are any and it was told. `last`: the notebook's last run on this type."""

    bucket_missing: bool
    stock: Stock | None
    last: LastRun | None
    checks: list[Check]


def ask(
    account: Account,
    asked: Asked,
    caller: Caller | None,
    stock: Callable[[], Stock] | None,
    limits: Limits,
    installs: bool = False,
) -> Remote:
    """`installs`: packages come from an index. Raises errors.SmextError only where the credentials are no good."""
    bucket = asked.run.bucket
    wanted = _questions(account, asked, caller, installs)
    found: dict[str, Any] = {name: question.ask for name, question in wanted.items()}
    found["the bucket"] = Once(
        lambda: remembered(account, ("bucket", bucket), lambda: preflight.look_at(account, bucket))
    )
    wanted["the bucket"] = Question("bucket", None, list)
    found["the last run"] = lambda: last_run.find(account, asked)
    if stock:
        found["the files"] = stock
    answers = together(min(limits.patience_seconds, PATIENCE_SECONDS), found)
    seen = answers["the bucket"]
    told: list[Check] = []
    for name, question in wanted.items():
        answer = answers[name]
        if answer.error:
            told.append(question.cannot_tell(answer.error))
        elif name == "the bucket":
            told.append(preflight.bucket(bucket, answer.value, account.region))
        else:
            told += answer.value
    missing = seen.value is not None and not seen.value.exists
    files = answers.get("the files", Answer()).value
    last = answers["the last run"].value
    return Remote(missing, files, last, _together(told))


def _questions(account: Account, asked: Asked, caller: Caller | None, installs: bool) -> dict[str, Question]:
    form, role = asked.form, asked.form.role
    kind, machine, count = form.job_kind, form.instance_type, form.instance_count
    asks = {
        "the quota": Question(
            "quota", usage.FIELD, lambda: [usage.check(account, kind, machine, count, spot=form.spot)]
        )
    }
    if form.keep_alive_seconds:
        asks["the machines kept"] = Question(
            "quota", usage.FIELD, lambda: [usage.of_kept(account, machine, count)]
        )
    good = role if role and not checks.of_role(role, "") else ""
    if good:
        asks |= _of_role(account, asked, caller)
    asks["the image"] = Question("image", "image", lambda: preflight.image(account, form.image, caller))
    if not is_ours(asked.run.job):
        asks["the name"] = Question("name", "name", lambda: preflight.name(account, asked))
    users = key_checks.Users(good, lambda: permissions.principal(account, caller, role) if caller else "")
    return asks | _of_places(account, asked, users, installs)


def _of_role(account: Account, asked: Asked, caller: Caller | None) -> dict[str, Question]:
    role, field = asked.form.role, permissions.FIELD
    asks = {
        "the role": Question(
            "role",
            "role",
            lambda: [remembered(account, ("role", role), lambda: preflight.role(account, role))],
        ),
        "the role's permissions": Question(
            "permissions", field, lambda: [permissions.of_role(account, role, asked.run)]
        ),
    }
    if caller:
        asks["passing the role"] = Question(
            "permissions", field, lambda: [permissions.of_passing(account, caller, role)]
        )
    if network.vpc(asked.form, asked.config):
        asks["the role in the network"] = Question(
            "permissions", field, lambda: permissions.of_network(account, role)
        )
    return asks


def _of_places(
    account: Account, asked: Asked, users: key_checks.Users, installs: bool
) -> dict[str, Question]:
    """The network, the keys, the inputs and the outputs."""
    form, config = asked.form, asked.config
    wanted = network_checks.Wanted(
        vpc=network.vpc(form, config),
        isolated=network.is_isolated(form, config),
        installs=installs,
        machines=form.instance_count,
        source="the form" if form.subnets else "the SDK's config",
    )
    subnets = network_checks.subnets(account, wanted)
    keys = network.output_key(form, config), network.volume_key(form, config)
    return {
        **network_checks.questions(account, wanted, subnets, read_metadata().domain),
        **key_checks.questions(account, *keys, users, asked.run.bucket),
        **data_checks.questions(account, form, users.role, subnets if wanted.vpc else None),
    }


def _together(found: list[Check]) -> list[Check]:
    """Questions that are refused alike are said once."""
    return list({(each.name, each.message): each for each in found}.values())
