"""How many machines of a type jobs of a kind may use, and how many they do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ... import errors
from ...api import Check, JobKind
from ...aws import service_errors
from ...aws.account import Account
from ...aws.cache import remembered
from ...kinds import jobs
from ..machines import quota_names

FIELD = "instance_type"
LOOKED_AT = 10
"""Running jobs that are described to learn what they use; of more, only their number is known."""
KEPT = "training warm pool"
_UNKNOWN = "NoSuchResourceException"


def check(account: Account, kind: JobKind, instance_type: str, count: int, spot: bool = False) -> Check:
    """Raises errors.SmextError where the quota cannot be told."""
    use = f"spot {kind} job" if spot else f"{kind} job"
    tightest: Check | None = None
    for quota_type in (instance_type, quota_names.ALL_TYPES):
        found = _check(account, kind, use, quota_type, count)
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
        return _said("ok", f"{limit:.0f} instances may be kept: {name}", "")
    message = f"The quota is {limit:.0f} instances, {count} are wanted: {name}"
    return _said(
        "will fail", message, f"Keep none, or ask for more: {quota_names.link(account.region, code)}"
    )


def _check(account: Account, kind: JobKind, use: str, quota_type: str, count: int) -> Check | None:
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
        return _said("will fail", f"The quota is {limit:.0f} instances, {count} are wanted: {name}", more)
    busy = used(account, kind, spot=use.startswith("spot"))
    if busy is None:
        message = f"The quota is {limit:.0f} instances; how many are in use cannot be told: {name}"
        return _said(
            "cannot tell", message, "More jobs are running than can be looked at, or one of them is unclear."
        )
    taken = sum(busy.values()) if quota_type == quota_names.ALL_TYPES else busy[quota_type]
    free = limit - taken
    if count > free:
        message = f"Of the quota of {limit:.0f} instances {taken} are in use, {count} are wanted: {name}"
        return _said(
            "warning", message, f"Wait until a job ends, choose another type, or ask for more: {more}"
        )
    return _said("ok", f"{free:.0f} of {limit:.0f} instances are free: {name}", "")


def _limit(account: Account, code: str) -> float | None:
    """None where the account has no such quota."""

    def ask() -> float | None:
        try:
            answer = account.call(
                "service-quotas", "GetServiceQuota", ServiceCode="sagemaker", QuotaCode=code
            )
        except errors.SmextError as error:
            if service_errors.aws_code(error.__cause__ or error) == _UNKNOWN:
                return None
            raise
        value = (answer.get("Quota") or {}).get("Value")
        return float(value) if isinstance(value, (int, float)) else None

    found: float | None = remembered(account, ("quota", code), ask)
    return found


def used(account: Account, kind: JobKind, spot: bool) -> Counter[str] | None:
    """Machines in use by type; None where too many jobs are running, or not all of one are told."""
    found: dict[bool, Counter[str]] | None = remembered(
        account, ("in use", kind), lambda: _count(account, kind)
    )
    return found[spot] if found else None


def _count(account: Account, kind: JobKind) -> dict[bool, Counter[str]] | None:
    """By whether they are spot machines, and by type."""
    noun = f"{kind.title()}Job"
    answer = account.call("sagemaker", f"List{noun}s", StatusEquals="InProgress", MaxResults=LOOKED_AT + 1)
    names = [job.get(f"{noun}Name") for job in answer.get(f"{noun}Summaries") or []]
    if len(names) > LOOKED_AT or answer.get("NextToken") or None in names:
        return None
    with ThreadPoolExecutor(LOOKED_AT, thread_name_prefix="smext-ask") as pool:
        running = pool.map(
            lambda name: account.call("sagemaker", f"Describe{noun}", **{f"{noun}Name": name}), names
        )
        found: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
        for job in running:
            machines = _machines(job)
            if machines is None:
                return None
            found[bool(job.get("EnableManagedSpotTraining"))] += machines
    return found


def _machines(job: Mapping[str, Any]) -> Counter[str] | None:
    """Machines of a job by type; None where AWS has not said all, as before it has chosen a type."""
    resources = job.get("ResourceConfig") or (job.get("ProcessingResources") or {}).get("ClusterConfig") or {}
    found = Counter[str]()
    for meter in jobs.cluster_meters("Training", resources):
        if meter.instance_type is None:
            return None
        found[meter.instance_type] += int(meter.count)
    return None if resources.get("InstancePreferences") and not found else found


def _said(status: str, message: str, advice: str) -> Check:
    return Check.model_validate(
        {"name": "quota", "status": status, "message": message, "advice": advice, "field": FIELD}
    )
