"""Ten thousand jobs: an account after a year of pipelines."""

from __future__ import annotations

from datetime import timedelta

from ..request_templates import processing, training
from ..sagemaker.joblog import SILENT
from ..scene import Scene

TRAINING, PROCESSING = 6000, 4000
_STEP = timedelta(minutes=50)


def build(scene: Scene) -> None:
    """Add the jobs."""
    for index in range(TRAINING):
        request = training(scene, f"pipeline-train-{TRAINING - index:05d}", Sandbox=SILENT)
        scene.place("TrainingJob", _status(index), _STEP * (index + 1), reason=_reason(index), **request)
    for index in range(PROCESSING):
        request = processing(scene, f"pipeline-prepare-{PROCESSING - index:05d}", Sandbox=SILENT)
        scene.place("ProcessingJob", _status(index), _STEP * (index + 1), reason=_reason(index), **request)


def _status(index: int) -> str:
    if index < 5:
        return "InProgress"
    if index % 23 == 0:
        return "Failed"
    return "Stopped" if index % 41 == 0 else "Completed"


def _reason(index: int) -> str:
    return "AlgorithmError: ValueError: no rows left after filtering, exit code: 1" if index % 23 == 0 else ""
