"""Account in which every new job fails once it has worked for a while."""

from __future__ import annotations

from ..sagemaker.resource_type import Phase, ResourceType, Timeline
from ..sagemaker.resources import Fields
from ..scene import Scene

_JOBS = frozenset({"TrainingJob", "ProcessingJob", "TransformJob", "HyperParameterTuningJob"})
REASON = "AlgorithmError: KeyError: 'tenure', exit code: 1"


def build(scene: Scene) -> None:
    """Replace the timeline of new jobs by one that fails."""
    scene.engine.courses.append(_fails)


def _fails(kind: ResourceType, fields: Fields) -> Timeline | None:
    if kind.name not in _JOBS:
        return None
    return (*kind.born[:-1], Phase(kind.born[-1].after, "Failed", "Failed", REASON))
