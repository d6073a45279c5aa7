"""Shared parts of training, processing and transform jobs, and the environment that a launch gives them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ..api import Certainty, Column, Fact, Phase
from ..aws.studio import ServerIdentity
from ..pricing import Component, has_gpu
from ..runs.job_names import is_ours
from ..runs.record import ENV_LIVE, ENV_NOTEBOOK, ENV_RUN, ENV_USER
from .base import (
    Action,
    Detail,
    Facts,
    Item,
    Kind,
    LogSource,
    Meter,
    OutputPlace,
    Status,
    calling,
    machines,
    moment,
    recent,
    running,
)
from .signal import Signal

# Words of TrainingJobStatus, ProcessingJobStatus and TransformJobStatus (botocore); not every kind has all.
STATUSES = {
    "InProgress": Status("running", active=True, changing=True, certainty="billing"),
    "Stopping": Status("warn", active=True, changing=True, certainty="billing", why="stopping"),
    "Deleting": Status("off", active=True, changing=True),
    "Completed": Status("ok"),
    "Failed": Status("bad"),
    "Stopped": Status("off"),
}

COLUMNS = (
    Column(name="name", label="Name"),
    Column(name="status", label="Status"),
    Column(name="instance", label="Instance"),
    Column(name="created", label="Created", format="time"),
    Column(name="duration", label="Duration", format="duration"),
    Column(name="usd_per_hour", label="$/hour", format="rate"),
    Column(name="accrued_usd", label="Cost so far", format="money"),
)


@dataclass(frozen=True)
class Marks:
    notebook: str | None
    live: str | None
    run: str | None
    owner: str | None


def marks(item: Item) -> Marks:
    """Return the launch's variables in the job's environment: notebook, live and run prefix, user."""
    environment: Mapping[str, Any] = item.get("Environment") or {}
    return Marks(*(environment.get(name) for name in (ENV_NOTEBOOK, ENV_LIVE, ENV_RUN, ENV_USER)))


def wanted(name_member: str, status_member: str) -> Callable[[Item], bool]:
    """Return a test for finished jobs to describe at once: those of a notebook, and failed ones."""
    return lambda item: is_ours(str(item.get(name_member) or "")) or item.get(status_member) == "Failed"


def version(status_member: str) -> Callable[[Item], object]:
    """Return a function from an item to its version: status and LastModifiedTime."""
    return lambda item: (item.get(status_member), item.get("LastModifiedTime"))


def selected(resources: Mapping[str, Any]) -> dict[str, Any]:
    """Return resources with the type and count that AWS chose among InstancePreferences, which it bills (botocore).

    A preference tells the count of its type, else the job does; of only one, AWS can choose no other.
    """
    preferences = resources.get("InstancePreferences") or []
    only = preferences[0].get("InstanceType") if len(preferences) == 1 else None
    name = resources.get("SelectedInstanceType") or only
    if not name:
        # Before one is chosen, a count of the job's is that of no type.
        return {**resources, "InstanceType": None} if preferences else dict(resources)
    counts = [p.get("InstanceCount") for p in preferences if p.get("InstanceType") == name]
    told = [resources.get("SelectedInstanceCount"), *counts, resources.get("InstanceCount")]
    count = next((count for count in told if count is not None), None)
    return {**resources, "InstanceType": name, "InstanceCount": count}


def cluster_meters(component: Component, resources: Mapping[str, Any]) -> list[Meter]:
    """Return the meters of a ResourceConfig or ClusterConfig, instance groups and preferences included."""
    chosen = selected(resources)
    groups = chosen.get("InstanceGroups") or ([chosen] if chosen.get("InstanceType") else [])
    return [_group_meter(component, group) for group in groups]


def _group_meter(component: Component, group: Mapping[str, Any]) -> Meter:
    """Return the meter of a group; a missing count or type makes its rate unknown, not that of one machine."""
    count = group.get("InstanceCount")
    return Meter(component, group.get("InstanceType"), count) if count is not None else Meter(component, None)


def cluster_text(resources: Mapping[str, Any]) -> str:
    """Format the machines of a job: `2 × ml.g5.xlarge + ml.c5.xlarge`, `ml.p5.48xlarge or ml.g5.48xlarge`; empty where unknown."""
    chosen, preferences = selected(resources), resources.get("InstancePreferences") or []
    if preferences and not chosen.get("InstanceType"):
        count = resources.get("InstanceCount")
        return " or ".join(
            machines(p.get("InstanceType"), p.get("InstanceCount") or count) for p in preferences
        )
    groups = chosen.get("InstanceGroups") or ([chosen] if resources else [])
    return " + ".join(machines(group.get("InstanceType"), group.get("InstanceCount")) for group in groups)


def plan(resources: Mapping[str, Any]) -> tuple[Certainty | None, str]:
    """Return the certainty where a training plan pays for the machines, and why; None where none is named.

    Of preferences, a plan pays where the type that it stands at was chosen (botocore: InstancePreference).
    """
    if resources.get("TrainingPlanArn"):
        return "none", PLANNED
    preferences, name = resources.get("InstancePreferences") or [], selected(resources).get("InstanceType")
    named = [p for p in preferences if p.get("TrainingPlanArns") and name in (None, p.get("InstanceType"))]
    arns = ", ".join(str(arn).rpartition("/")[2] for p in named for arn in p["TrainingPlanArns"])
    return ("may be billing", f"may be paid for in advance, by training plan {arns}") if named else (None, "")


PLANNED = "runs on a training plan, which is paid for in advance"


def gpu_hosts(name: str, resources: Mapping[str, Any]) -> list[str]:
    """Return the job's hosts as its metrics name them; empty unless every machine is known and has GPUs."""
    chosen = selected(resources)
    groups = chosen.get("InstanceGroups") or [chosen]
    if not all(has_gpu(str(group.get("InstanceType") or "")) for group in groups):
        return []
    counts = [group.get("InstanceCount") for group in groups]
    if None in counts:
        return []
    return [f"{name}/algo-{number}" for number in range(1, sum(counts) + 1)]


def waiting(status: str, started: datetime | None) -> bool:
    """Return True if the machines never began to work, so that nothing bills."""
    return status in {"InProgress", "Stopping"} and started is None


def waiting_certainty(waiting: bool, described: bool) -> Certainty | None:
    """Return `none` for a waiting job, `may be billing` for one that was not described; None otherwise."""
    if not waiting:
        return None
    return "none" if described else "may be billing"


def billed_from(status: str, started: datetime | None, ended: datetime | None) -> datetime | None:
    """Return when the machines began to bill; None for an ended job without an end time."""
    return None if status in OVER and ended is None else started


OVER = {"Completed", "Failed", "Stopped", "Deleting"}


def seconds(start: datetime | None, end: datetime | None) -> float | None:
    """Return the seconds between two times; None where one is missing."""
    return (end - start).total_seconds() if start and end else None


def deadline(started: datetime | None, item: Item) -> datetime | None:
    """Return when its StoppingCondition ends a running job; None where it is not known."""
    longest = (item.get("StoppingCondition") or {}).get("MaxRuntimeInSeconds")
    return started + timedelta(seconds=longest) if started and longest else None


def stop(
    operation: str,
    name_member: str,
    what: str,
    lost: str,
    stays: str,
    status_member: str,
    running: Collection[str] = ("InProgress",),
) -> Action:
    """Make the Stop action, which is allowed in the statuses `running`."""
    return Action(
        name="stop",
        label="Stop",
        operations=(operation,),
        run=calling(operation, name_member),
        allowed=lambda item: item.get(status_member) in running,
        done=f"Stopping {what} {{name}}.",
        lost=lost,
        stays=stays,
        danger=True,
    )


def transitions(item: Item) -> list[Phase]:
    """Return the SecondaryStatusTransitions of a training job as phases, in order."""
    phases = []
    for step in item.get("SecondaryStatusTransitions") or []:
        start = moment(step.get("StartTime"))
        if start:
            message = str(step.get("StatusMessage") or "")
            phases.append(
                Phase(name=step["Status"], start=start, end=moment(step.get("EndTime")), message=message)
            )
    return phases


def started_phases(item: Item, created: str, started: str, ended: str, run: str) -> list[Phase]:
    """Return the phases of a job whose API tells only when it was created, started and ended."""
    begin, start, end = moment(item.get(created)), moment(item.get(started)), moment(item.get(ended))
    phases = [Phase(name="Starting", start=begin, end=start or end)] if begin else []
    if start:
        phases.append(Phase(name=run, start=start, end=end))
    return phases


def kind(
    word: str,
    *,
    longest_days: float,
    facts: Callable[[Item, ServerIdentity], Facts],
    bills: str,
    lost: str,
    stays: str,
    outputs: Callable[[Item], OutputPlace],
    more: Callable[[Item], list[Fact]],
    signals: tuple[Signal, ...] = (),
) -> Kind:
    """Make a kind of job; its operations and members are made with `word`, and no job runs longer than `longest_days`."""
    name, status, lower = f"{word}JobName", f"{word}JobStatus", word.lower()
    lists = f"List{word}Jobs", f"{word}JobSummaries"
    return Kind(
        name=f"{lower}-job",
        label=f"{word} jobs",
        singular=f"{lower} job",
        list_calls=(recent(*lists), running(*lists, longest_days=longest_days)),
        key_members=(name,),
        arn=f"{word}JobArn",
        status_of=lambda item: str(item.get(status) or ""),
        statuses=STATUSES,
        status_shapes=(status,),
        bills=bills,
        facts=facts,
        columns=COLUMNS,
        detail=Detail(
            (f"Describe{word}Job",),
            calling(f"Describe{word}Job", name),
            version(status),
            wanted(name, status),
        ),
        actions=(stop(f"Stop{word}Job", name, f"{lower} job", lost, stays, status),),
        signals=signals,
        partial=True,
        logs=lambda item: LogSource(f"/aws/sagemaker/{word}Jobs", f"{item[name]}/"),
        outputs=outputs,
        phases=lambda item: started_phases(item, "CreationTime", f"{word}StartTime", f"{word}EndTime", word),
        more=more,
    )
