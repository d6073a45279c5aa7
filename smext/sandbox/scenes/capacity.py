"""Account at its limits: no quota for `ml.p` instances, no capacity for `ml.g` ones."""

from __future__ import annotations

from ..errors import AwsError
from ..sagemaker.resource_type import Phase, ResourceType, Timeline
from ..sagemaker.resources import Fields
from ..scene import Scene

_USES = {
    "TrainingJob": "training job usage",
    "ProcessingJob": "processing job usage",
    "TransformJob": "transform job usage",
    "NotebookInstance": "notebook instance usage",
}
_NO_MACHINES = "CapacityError: Unable to provision requested ML compute capacity. Please retry using a different ML instance type."
_NO_ZONE = "EC2InsufficientCapacityError: Instance type '{}' is temporarily unavailable in supported availability zones."


def build(scene: Scene) -> None:
    """Refuse jobs without quota, and fail those without capacity."""
    scene.engine.refusals.append(_no_quota)
    scene.engine.courses.append(_no_capacity)


def _no_quota(kind: ResourceType, fields: Fields) -> AwsError | None:
    instance, count = _machines(fields)
    if kind.name not in _USES or not instance.startswith("ml.p"):
        return None
    return AwsError(
        "ResourceLimitExceeded",
        f"The account-level service limit '{instance} for {_USES[kind.name]}' is 0 Instances, with current "
        f"utilization of 0 Instances and a request delta of {count} Instances. Please use AWS Service Quotas "
        "to request an increase for this quota. If AWS Service Quotas is not available, contact AWS support "
        "to request an increase for this quota.",
    )


def _no_capacity(kind: ResourceType, fields: Fields) -> Timeline | None:
    instance, _ = _machines(fields)
    if not instance.startswith("ml.g"):
        return None
    if kind.name == "App":
        return (kind.born[0], Phase(30, "Failed", "", _NO_ZONE.format(instance)))
    if kind.name in _USES:
        return (kind.born[0], Phase(60, "Failed", "Failed", _NO_MACHINES))
    return None


def _machines(fields: Fields) -> tuple[str, int]:
    """Return instance type and count, wherever the resource type keeps them."""
    resources = fields.get("ProcessingResources") or {}
    for place in ("ResourceConfig", "ResourceSpec", "TransformResources"):
        if place in fields:
            resources = fields[place]
    resources = resources.get("ClusterConfig", resources) or fields
    return str(resources.get("InstanceType") or ""), int(resources.get("InstanceCount") or 1)
