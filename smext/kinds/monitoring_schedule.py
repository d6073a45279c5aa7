"""Monitoring schedules. They have no bill of their own: every execution is a processing job, listed as one."""

from __future__ import annotations

from typing import Any

from ..api import Column, Fact
from ..aws.studio import ServerIdentity
from .base import Action, Detail, Facts, Item, Kind, Status, calling, moment, newest

_NAME = "MonitoringScheduleName"
_WHY = "each of its executions is a processing job, which bills and is listed as such"

STATUSES = {
    "Scheduled": Status("running", active=True, why=_WHY),
    "Pending": Status("warn", active=True, changing=True, why=_WHY),
    "Failed": Status("bad"),
    "Stopped": Status("off"),
}


def _status(item: Item) -> str:
    return str(item.get("MonitoringScheduleStatus") or "")


def _facts(item: Item, here: ServerIdentity) -> Facts:
    return Facts(
        name=item[_NAME],
        status=_status(item),
        reason=str(item.get("FailureReason") or ""),
        created=moment(item.get("CreationTime")),
        started=moment(item.get("CreationTime")) if _status(item) == "Scheduled" else None,
        cells={"endpoint": item.get("EndpointName"), "type": item.get("MonitoringType")},
        subtitle=str(item.get("EndpointName") or item.get("MonitoringType") or ""),
    )


def _cluster(item: Item) -> dict[str, Any]:
    definition = (item.get("MonitoringScheduleConfig") or {}).get("MonitoringJobDefinition") or {}
    return dict((definition.get("MonitoringResources") or {}).get("ClusterConfig") or {})


def _more(item: Item) -> list[Fact]:
    when = (item.get("MonitoringScheduleConfig") or {}).get("ScheduleConfig") or {}
    last = item.get("LastMonitoringExecutionSummary") or {}
    return [
        Fact(label="When", value=when.get("ScheduleExpression"), format="code"),
        Fact(label="Machines of each execution", value=_cluster(item).get("InstanceCount"), format="count"),
        Fact(label="Their type", value=_cluster(item).get("InstanceType")),
        Fact(label="Last execution", value=last.get("MonitoringExecutionStatus")),
    ]


KIND = Kind(
    name="monitoring-schedule",
    label="Monitoring schedules",
    singular="monitoring schedule",
    list_calls=(newest("ListMonitoringSchedules", "MonitoringScheduleSummaries"),),
    key_members=(_NAME,),
    arn="MonitoringScheduleArn",
    status_of=_status,
    statuses=STATUSES,
    status_shapes=("ScheduleStatus",),
    facts=_facts,
    columns=(
        Column(name="name", label="Name"),
        Column(name="status", label="Status"),
        Column(name="endpoint", label="Endpoint"),
        Column(name="type", label="Type"),
        Column(name="created", label="Created", format="time"),
    ),
    detail=Detail(
        ("DescribeMonitoringSchedule",),
        calling("DescribeMonitoringSchedule", _NAME),
        lambda item: (_status(item), item.get("LastModifiedTime")),
        rows=False,
    ),
    actions=(
        Action(
            name="stop",
            label="Stop",
            operations=("StopMonitoringSchedule",),
            run=calling("StopMonitoringSchedule", _NAME),
            allowed=lambda item: _status(item) == "Scheduled",
            done="Stopping monitoring schedule {name}.",
            lost="Nothing: no further execution starts.",
            stays="The schedule, which can be started again, and an execution that runs now: it is a processing job.",
            danger=True,
        ),
        Action(
            name="start",
            label="Start",
            operations=("StartMonitoringSchedule",),
            run=calling("StartMonitoringSchedule", _NAME),
            allowed=lambda item: _status(item) == "Stopped",
            done="Starting monitoring schedule {name}.",
            stays="Each of its executions bills as a processing job.",
        ),
    ),
    more=_more,
    bills="nothing of its own: its executions are processing jobs",
)
