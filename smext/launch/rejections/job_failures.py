"""Why AWS, and not the notebook, has failed a job, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...api import JobKind, Problem
from ..limits import Limits
from ..request import APIS
from . import alternatives, missing_permission
from .alternatives import MachineRequest
from .field_errors import meant

# How SageMaker begins a reason of its own; one of the container is an AlgorithmError, or text of the notebook.
CAPACITY = ("CapacityError", "EC2InsufficientCapacityError", "InsufficientInstanceCapacity")
INTERNAL = "InternalServerError"
CLIENT = "ClientError"


def explained(kind: str, item: Mapping[str, Any], reason: str, region: str, limits: Limits) -> Problem | None:
    """Of a job's description (botocore: DescribeTrainingJob, DescribeProcessingJob); `kind` is that of its table.

    None where there is nothing to add to the reason.
    """
    job_kind = next((name for name, api in APIS.items() if api.kind == kind), None)
    if job_kind is None:
        return None
    waiting = not reason and "insufficient capacity" in _now(item).lower()
    if waiting or any(word in reason for word in CAPACITY):
        wanted = _wanted(job_kind, item)
        return Problem(
            code="capacity",
            message=f"AWS has no such machine free yet, and goes on looking for one: {wanted.instance_type}"
            if waiting
            else f"AWS had no such machine free: {wanted.instance_type}",
            advice=alternatives.capacity(wanted, region, limits),
            field="instance_type",
        )
    if reason.startswith(INTERNAL):
        by_itself = " Retries in the form do so by themselves." if job_kind == "training" else ""
        return Problem(
            code="failed", message="Something failed inside SageMaker.", advice=f"Run it again.{by_itself}"
        )
    return _of_client(reason) if reason.startswith(CLIENT) else None


def _of_client(reason: str) -> Problem | None:
    denied = missing_permission.read(reason)
    field, advice = (denied.field, denied.advice) if denied else meant(reason)
    if not advice:
        return None
    return Problem(
        code="denied" if denied else "failed",
        message="AWS could not begin with this job.",
        advice=advice,
        permission=denied.action if denied else None,
        field=field,
    )


def _now(item: Mapping[str, Any]) -> str:
    """Return what SageMaker says of a training job's present step."""
    steps = item.get("SecondaryStatusTransitions") or []
    return str(steps[-1].get("StatusMessage") or "") if steps else ""


def _wanted(kind: JobKind, item: Mapping[str, Any]) -> MachineRequest:
    cluster = item.get("ResourceConfig") or (item.get("ProcessingResources") or {}).get("ClusterConfig") or {}
    network = item.get("VpcConfig") or (item.get("NetworkConfig") or {}).get("VpcConfig")
    spot = bool(item.get("EnableManagedSpotTraining"))
    return MachineRequest(kind, str(cluster.get("InstanceType") or ""), spot, bool(network))
