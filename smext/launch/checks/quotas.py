"""How many machines of a type jobs of a kind may use, and how many they do."""

from __future__ import annotations

from ... import errors
from ...api import Check, JobKind, check
from ...aws import service_errors
from ...aws.account import Account
from ...aws.cache import remembered
from ..machines import quota_names
from ..machines.in_use import in_use
from .base import Online, Question
from .context import Context

FIELD = "instance_type"
KEPT = "training warm pool"
_UNKNOWN = "NoSuchResourceException"


def of_quota(account: Account, kind: JobKind, instance_type: str, count: int, spot: bool = False) -> Check:
    """Check the quota of an instance type. Raises errors.SmextError where it cannot be told."""
    use = f"spot {kind} job" if spot else f"{kind} job"
    tightest: Check | None = None
    for quota_type in (instance_type, quota_names.ALL_TYPES):
        found = _of_type(account, kind, use, quota_type, count)
        if found and (tightest is None or found.status != "ok"):
            tightest = found
        if found and found.status == "will fail":
            break
    if tightest is None:
        raise errors.NotFound(
            f"No quota is known for {use}s on this type: {instance_type}",
            advice="AWS says when the job is created whether it is enough.",
        )
    return tightest


def of_kept(account: Account, instance_type: str, count: int) -> Check:
    """Machines that are kept have a quota of their own. Raises errors.SmextError where it cannot be told."""
    code = quota_names.code(KEPT, instance_type)
    limit = _limit(account, code) if code else None
    if code is None or limit is None:
        raise errors.NotFound(
            f"No quota is known for machines that are kept: {instance_type}",
            advice="AWS says when the job is created whether it is enough.",
        )
    name = f"{instance_type} for {KEPT} usage"
    if count <= limit:
        return check("quota", "ok", f"{limit:.0f} instances may be kept: {name}", "", FIELD)
    message = f"The quota is {limit:.0f} instances, {count} are wanted: {name}"
    return check(
        "quota",
        "will fail",
        message,
        f"Keep none, or ask for more: {quota_names.link(account.region, code)}",
        FIELD,
    )


def _of_type(account: Account, kind: JobKind, use: str, quota_type: str, count: int) -> Check | None:
    """None where the table of codes does not have this quota."""
    code = quota_names.code(use, quota_type)
    if code is None:
        return None
    limit = _limit(account, code)
    if limit is None:
        return None
    name = f"{quota_type} for {use} usage" if quota_type != quota_names.ALL_TYPES else f"all {use}s together"
    more = f"Ask for more: {quota_names.link(account.region, code)}"
    if count > limit:
        return check(
            "quota",
            "will fail",
            f"The quota is {limit:.0f} instances, {count} are wanted: {name}",
            more,
            FIELD,
        )
    busy = in_use(account, kind, spot=use.startswith("spot"))
    if busy is None:
        message = f"The quota is {limit:.0f} instances; how many are in use cannot be told: {name}"
        return check(
            "quota",
            "cannot tell",
            message,
            "More jobs are running than can be looked at, or one of them is unclear.",
            FIELD,
        )
    taken = sum(busy.values()) if quota_type == quota_names.ALL_TYPES else busy[quota_type]
    free = limit - taken
    if count > free:
        message = f"Of the quota of {limit:.0f} instances {taken} are in use, {count} are wanted: {name}"
        return check(
            "quota",
            "warning",
            message,
            f"Wait until a job ends, choose another type, or ask for more: {more}",
            FIELD,
        )
    return check("quota", "ok", f"{free:.0f} of {limit:.0f} instances are free: {name}", "", FIELD)


def _limit(account: Account, code: str) -> float | None:
    """None where the account has no such quota."""

    def ask() -> float | None:
        answer = account.call("service-quotas", "GetServiceQuota", ServiceCode="sagemaker", QuotaCode=code)
        value = (answer.get("Quota") or {}).get("Value")
        return float(value) if isinstance(value, (int, float)) else None

    found: float | None = remembered(
        account, ("quota", code), lambda: service_errors.absent_as(None, {_UNKNOWN}, ask)
    )
    return found


def questions(context: Context) -> dict[str, Question]:
    """Return what to ask of quotas and offers."""
    account, form = context.account, context.form
    kind, machine, count = form.job_kind, form.instance_type, form.instance_count
    asks = {
        "the quota": Question(
            "quota", FIELD, lambda: [of_quota(account, kind, machine, count, spot=form.spot)]
        )
    }
    if form.keep_alive_seconds:
        asks["the machines kept"] = Question("quota", FIELD, lambda: [of_kept(account, machine, count)])
    return asks


CHECKS = (Online(310, questions),)
