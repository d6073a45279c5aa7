"""What compilation and optimization jobs have in common: their statuses, and that nobody knows their price."""

from __future__ import annotations

from collections.abc import Callable

from ..api import Column
from ..context import Here
from . import jobs
from .base import Action, Facts, Item, Status, calling, moment

COLUMNS = (
    Column(name="name", label="Name"),
    Column(name="status", label="Status"),
    Column(name="target", label="For"),
    Column(name="created", label="Created", format="time"),
    Column(name="duration", label="Duration", format="duration"),
)


def statuses(why: str) -> dict[str, Status]:
    """CompilationJobStatus and OptimizationJobStatus have the same words (botocore)."""
    moving = Status("running", active=True, changing=True, certainty="may be billing", why=why)
    return {
        "STARTING": moving,
        "INPROGRESS": moving,
        "STOPPING": Status("warn", active=True, changing=True, certainty="may be billing", why=why),
        "COMPLETED": Status("ok"),
        "FAILED": Status("bad"),
        "STOPPED": Status("off"),
    }


def facts(word: str, target: Callable[[Item], str]) -> Callable[[Item, Here], Facts]:
    """Facts of a job whose members begin with `word`: `Compilation`, `Optimization`."""

    def make(item: Item, here: Here) -> Facts:
        started, ended = moment(item.get(f"{word}StartTime")), moment(item.get(f"{word}EndTime"))
        return Facts(
            name=item[f"{word}JobName"],
            status=str(item.get(f"{word}JobStatus") or ""),
            reason=str(item.get("FailureReason") or ""),
            created=moment(item.get("CreationTime")),
            started=started,
            ended=ended,
            billed_from=started,
            cells={"target": target(item), "duration": jobs.seconds(started, ended)},
            subtitle=target(item),
        )

    return make


def stop(word: str, lost: str) -> Action:
    name, status = f"{word}JobName", f"{word}JobStatus"
    return Action(
        name="stop",
        label="Stop",
        operations=(f"Stop{word}Job",),
        run=calling(f"Stop{word}Job", name),
        allowed=lambda item: item.get(status) in {"STARTING", "INPROGRESS"},
        done=f"Stopping {word.lower()} job {{name}}.",
        lost=lost,
        stays="The model that it began with, and its log.",
        danger=True,
    )
