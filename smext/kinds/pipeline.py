"""Pipelines with their executions. They have no bill of their own: the jobs of their steps bill.

One row for each pipeline: the list of pipelines is one call, and executions are asked for only where one began
lately.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from ..api import Column, Fact, Phase
from ..aws.studio import ServerIdentity
from .base import NEWEST, Action, Call, Detail, Facts, Item, Kind, Status, moment, newest

_WHY = "the jobs of its steps bill, and are listed as such"
_LATELY = timedelta(days=7)
_RUNNING = {"Executing", "Stopping"}

STATUSES = {
    "Executing": Status("running", active=True, changing=True, why=_WHY),
    "Stopping": Status("warn", active=True, changing=True, why=_WHY),
    "Succeeded": Status("ok"),
    "CompletedWithFailures": Status("warn"),
    "Failed": Status("bad"),
    "Stopped": Status("off"),
    # Of a pipeline that has no execution, or none lately, or whose executions could not be read:
    "Idle": Status("off"),
    "Not read": Status("warn", why=_WHY),
}


def _executions(call: Call, item: Item) -> Item:
    answer = call("ListPipelineExecutions", PipelineName=item["PipelineName"], **NEWEST, MaxResults=100)
    return {"Executions": list(answer.get("PipelineExecutionSummaries") or [])}


def _lately(item: Item) -> bool:
    last = moment(item.get("LastExecutionTime"))
    return last is not None and datetime.now(timezone.utc) - last < _LATELY


def _shown(item: Item) -> dict[str, Any]:
    """Return the newest running execution, else the newest."""
    executions = item.get("Executions") or []
    running = [e for e in executions if e.get("PipelineExecutionStatus") in _RUNNING]
    return dict(next(iter([*running, *executions]), {}))


def _status(item: Item) -> str:
    if item.get("Executions") is None:
        return "Not read" if _lately(item) else "Idle"
    execution = _shown(item)
    return str(execution.get("PipelineExecutionStatus") or "") if execution else "Idle"


def _running(item: Item) -> list[str]:
    """Return the ARNs of the running executions, which can be stopped."""
    return [
        execution["PipelineExecutionArn"]
        for execution in item.get("Executions") or []
        if execution.get("PipelineExecutionStatus") == "Executing" and execution.get("PipelineExecutionArn")
    ]


def _facts(item: Item, here: ServerIdentity) -> Facts:
    execution, count = _shown(item), len(_running(item))
    last = moment(execution.get("StartTime")) or moment(item.get("LastExecutionTime"))
    return Facts(
        name=item["PipelineName"],
        status=_status(item),
        reason=str(execution.get("PipelineExecutionFailureReason") or ""),
        created=last or moment(item.get("CreationTime")),
        started=last,
        cells={"executions": count, "last": last.isoformat() if last else None},
        subtitle=f"{count} executing" if count > 1 else "",
    )


def _stop(call: Call, item: Item) -> None:
    for arn in _running(item):
        call("StopPipelineExecution", PipelineExecutionArn=arn)


def _phases(item: Item) -> list[Phase]:
    """Return the last executions, oldest first; a list does not tell when one ended."""
    starts = [(moment(e.get("StartTime")), e) for e in item.get("Executions") or []]
    return [
        Phase(name=str(execution.get("PipelineExecutionStatus") or ""), start=start)
        for start, execution in reversed(starts[:10])
        if start
    ]


def _more(item: Item) -> list[Fact]:
    execution = _shown(item)
    return [
        Fact(label="Execution", value=execution.get("PipelineExecutionArn"), format="code"),
        Fact(label="Executing", value=len(_running(item)), format="count"),
    ]


KIND = Kind(
    name="pipeline",
    label="Pipelines",
    singular="pipeline",
    list_calls=(newest("ListPipelines", "PipelineSummaries"),),
    key_members=("PipelineName",),
    arn="PipelineArn",
    status_of=_status,
    statuses=STATUSES,
    status_shapes=("PipelineExecutionStatus",),
    facts=_facts,
    columns=(
        Column(name="name", label="Name"),
        Column(name="status", label="Status"),
        Column(name="last", label="Last execution", format="time"),
        Column(name="executions", label="Executing", format="count"),
    ),
    detail=Detail(
        ("ListPipelineExecutions",),
        _executions,
        lambda item: item.get("LastExecutionTime"),
        wanted=_lately,
    ),
    actions=(
        Action(
            name="stop",
            label="Stop execution",
            operations=("StopPipelineExecution",),
            run=_stop,
            allowed=lambda item: bool(_running(item)),
            done="Stopping what executes of {name}.",
            # botocore, StopPipelineExecution: it waits for a callback step that runs.
            lost="Every execution of it that runs now, and the work of the steps under way; "
            "one that waits in a callback step stops only when that step answers.",
            stays="The pipeline, the steps that are done and what they left in S3.",
            danger=True,
        ),
    ),
    phases=_phases,
    more=_more,
    bills="nothing of its own: the jobs of its steps bill",
)
