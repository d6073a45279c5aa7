"""How many machines of each type running jobs of a kind use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ...api import JobKind
from ...aws.account import Account
from ...aws.cache import remembered
from ...kinds import jobs

LOOKED_AT = 10
"""Running jobs that are described to learn what they use; of more, only their number is known."""


def in_use(account: Account, kind: JobKind, spot: bool) -> Counter[str] | None:
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
