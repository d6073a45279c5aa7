"""Log lines of jobs that follow a timeline: what a container would have printed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from .resource_type import Phase
from .resources import Resource

if TYPE_CHECKING:
    from .engine import Engine

GROUPS = {
    "TrainingJob": "/aws/sagemaker/TrainingJobs",
    "ProcessingJob": "/aws/sagemaker/ProcessingJobs",
    "TransformJob": "/aws/sagemaker/TransformJobs",
}
#: Values of a job's member `Sandbox`, which no answer shows.
REALLY_RUNS = "exec"
SILENT = "silent"
_STEPS = 20
_STEP_SECONDS = 5.0


def stream_name(resource: Resource, host: int = 1) -> str:
    """Return the log stream of one host, as the service names it (`[job]/algo-[n]-[epoch]`)."""
    started = int(resource.created.timestamp())
    return f"{resource.key[-1]}/algo-{host}-{started}"


def narrate(engine: Engine, resource: Resource, phase: Phase, at: datetime) -> None:
    """Write the log lines of a phase; while the job works, a line every few virtual seconds."""
    if resource.fields.get("Sandbox") in (REALLY_RUNS, SILENT):
        return
    if phase.secondary in ("Training", "Running"):
        _line(engine, resource, at, "Starting the work")
        now = engine.timetable.now()
        for step in range(1, _STEPS + 1):
            engine.schedule(resource, now + step * _STEP_SECONDS, _step(engine, resource, step))
    elif phase.status == "Failed":
        _line(engine, resource, at, f"Error: {phase.message}")
    elif phase.secondary == "Uploading" or phase.status == "Completed":
        _line(engine, resource, at, "Finished")


def _step(engine: Engine, resource: Resource, step: int) -> Callable[[datetime], None]:
    loss = 1.0 / (1 + 0.4 * step)
    return lambda at: _line(engine, resource, at, f"step {step}/{_STEPS} loss={loss:.4f}")


def _line(engine: Engine, resource: Resource, at: datetime, text: str) -> None:
    group = GROUPS.get(resource.kind.name)
    if group:
        engine.write_logs(resource.region, group, stream_name(resource), [(at, text)])
