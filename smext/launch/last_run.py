"""How long this notebook ran the last time on the same type of machine."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from ..aws.account import Account
from ..aws.cache import remembered
from ..runs.record import TAG_NOTEBOOK_ID, notebook_id
from .request import APIS, Asked, JobApi

LOOKED_AT = 5
"""Runs that are described, the newest first."""
_WHEN = re.compile(r"-(?P<day>\d{4})-(?P<time>\d{4})-[a-z0-9]{5}$")


@dataclass(frozen=True)
class LastRun:
    """A run that was completed; `seconds` are what it was billed for."""

    job: str
    seconds: float
    instance_type: str
    instance_count: int


def find(account: Account, asked: Asked) -> LastRun | None:
    """None where the notebook was not completed lately on this type. Raises errors.SmextError."""
    form, api = asked.form, APIS[asked.form.job_kind]
    wanted = (form.instance_type, form.instance_count)
    runs: list[LastRun] = remembered(
        account, ("runs", api.kind, asked.notebook), lambda: _runs(account, api, asked.notebook)
    )
    return next((run for run in runs if (run.instance_type, run.instance_count) == wanted), None)


def _runs(account: Account, api: JobApi, notebook: str) -> list[LastRun]:
    answer = account.call(
        "resourcegroupstaggingapi",
        "GetResources",
        TagFilters=[{"Key": TAG_NOTEBOOK_ID, "Values": [notebook_id(notebook)]}],
        ResourceTypeFilters=[f"sagemaker:{api.kind}"],
        ResourcesPerPage=100,
    )
    names = [
        str(each["ResourceARN"]).rpartition("/")[2] for each in answer.get("ResourceTagMappingList") or []
    ]
    newest = sorted(names, key=_when, reverse=True)[:LOOKED_AT]
    jobs = (account.call("sagemaker", api.describe, **{api.name_member: name}) for name in newest)
    return [run for job in jobs for run in [_run(job, api)] if run]


def _run(job: Mapping[str, Any], api: JobApi) -> LastRun | None:
    noun = api.name_member.removesuffix("JobName")
    start, end = job.get(f"{noun}StartTime"), job.get(f"{noun}EndTime")
    if job.get(f"{noun}JobStatus") != "Completed" or not start or not end:
        return None
    cluster = job.get("ResourceConfig") or (job.get("ProcessingResources") or {}).get("ClusterConfig") or {}
    seconds = job.get("BillableTimeInSeconds") or (end - start).total_seconds()
    return LastRun(
        job=str(job[api.name_member]),
        seconds=float(seconds),
        instance_type=str(cluster.get("InstanceType") or ""),
        instance_count=int(cluster.get("InstanceCount") or 1),
    )


def _when(name: str) -> tuple[bool, str, str]:
    """Orders names by the time in them, which has no year: what lies ahead of today was last year."""
    match = _WHEN.search(name)
    if match is None:
        return False, "", ""
    return match["day"] <= f"{datetime.now(timezone.utc):%m%d}", match["day"], match["time"]
