"""EMR Serverless applications. Their workers bill: those of jobs and sessions, and those that are kept ready while idle.

Only a description tells whether workers are kept ready, and only the lists of job runs and sessions whether one has
workers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from ..api import Certainty, Column, Fact
from ..aws.studio import ServerIdentity
from ..errors import SmextError
from .base import Action, Call, Detail, Facts, Item, Kind, ListCall, Status, moment

_WORKERS = "the workers of its jobs and sessions bill; whether one runs is not known"
_AT_WORK = ["SCHEDULED", "RUNNING", "CANCELLING"]
"""States of a job run that has workers."""
_OPEN = ["STARTING", "STARTED", "IDLE", "BUSY", "TERMINATING"]
"""States of a session that has workers."""
_FIRST_WITH_SESSIONS = (7, 13)
"""Older releases have no sessions (botocore: StartSession)."""
_MAY = Status("running", active=True, certainty="may be billing", why=_WORKERS)

STATUSES = {
    "CREATING": Status("warn", active=True, changing=True),
    "CREATED": Status("off"),
    "STARTING": Status(
        "warn", active=True, changing=True, certainty="may be billing", why="bills once its workers are there"
    ),
    "STARTED": _MAY,
    "STOPPING": Status("off", active=True, changing=True, certainty="may be billing", why=_WORKERS),
    "STOPPED": Status("off"),
    "TERMINATED": Status("off"),
}


def _state(item: Item) -> str:
    return str(item.get("state") or "")


def _describe(call: Call, item: Item) -> Item:
    found = dict(call("GetApplication", applicationId=item["id"]).get("application") or {})
    told: Item = {**found, "described": True, "runs": [], "sessions": []}
    if _state({**item, **found}) != "STARTED":
        return told
    told["runs"] = _active(call, item["id"], "ListJobRuns", "jobRuns", _AT_WORK)
    if _takes_sessions(found):
        told["sessions"] = _active(call, item["id"], "ListSessions", "sessions", _OPEN)
    return told


def _takes_sessions(item: Item) -> bool:
    """Return True if sessions can be open, by the setting or else by the release."""
    enabled = (item.get("interactiveConfiguration") or {}).get("sessionEnabled")
    if enabled is not None:
        return bool(enabled)
    release = re.match(r"emr-(\d+)\.(\d+)", str(item.get("releaseLabel") or ""))
    return release is None or (int(release[1]), int(release[2])) >= _FIRST_WITH_SESSIONS


def _active(
    call: Call, application: str, operation: str, member: str, states: Sequence[str]
) -> list[Item] | str:
    """List what has workers, at most one page; or return why they are not known."""
    try:
        answer = call(operation, applicationId=application, states=states, maxResults=50)
    except SmextError as error:
        return f"needs {error.permission}" if error.permission else error.message
    found = list(answer.get(member) or [])
    # A filtered page may be empty and still go on: that is not known to be none.
    return "AWS gave an empty page that goes on" if answer.get("nextToken") and not found else found


def _working(item: Item) -> tuple[Certainty | None, str]:
    """Return what its workers tell of the bill, and why; None where only the status does."""
    runs, sessions = item.get("runs"), item.get("sessions")
    if _state(item) != "STARTED" or runs is None:
        return None, ""
    if item.get("initialCapacity"):
        return "billing", "workers are kept ready and bill while idle; their price is not known here"
    if runs and isinstance(runs, list):
        return "billing", f"{_jobs(len(runs))} and its workers bill; their price is not known here"
    if sessions and isinstance(sessions, list):
        return "billing", f"{_opened(len(sessions))} and its workers bill; their price is not known here"
    if unknown := next((said for said in (runs, sessions) if isinstance(said, str)), None):
        return None, f"{_WORKERS}: {unknown}"
    interactive = item.get("interactiveConfiguration") or {}
    if interactive.get("studioEnabled") or interactive.get("livyEndpointEnabled"):
        return None, "no job runs; whether an interactive session has workers AWS does not list"
    return "none", "no job runs, no session is open and no workers are kept ready"


def _jobs(count: int) -> str:
    return "a job runs" if count == 1 else f"{count} jobs run"


def _opened(count: int) -> str:
    return "a session is open" if count == 1 else f"{count} sessions are open"


def _facts(item: Item, here: ServerIdentity) -> Facts:
    certainty, why = _working(item)
    workers = sum(int(c.get("workerCount") or 0) for c in (item.get("initialCapacity") or {}).values())
    return Facts(
        name=str(item.get("name") or item["id"]),
        status=_state(item),
        reason=str(item.get("stateDetails") or ""),
        created=moment(item.get("createdAt")),
        started=moment(item.get("updatedAt")) if _state(item) == "STARTED" else None,
        certainty=certainty,
        why=why,
        cells={
            "type": item.get("type"),
            "release": item.get("releaseLabel"),
            "ready": workers if item.get("described") else None,
            "jobs": len(item["runs"]) if isinstance(item.get("runs"), list) else None,
        },
        subtitle=str(item.get("type") or ""),
    )


def _more(item: Item) -> list[Fact]:
    stopping = item.get("autoStopConfiguration") or {}
    return [
        Fact(label="Stops by itself", value=stopping.get("enabled")),
        Fact(label="After minutes without work", value=stopping.get("idleTimeoutMinutes"), format="count"),
        Fact(label="Architecture", value=item.get("architecture")),
    ]


KIND = Kind(
    name="emr-application",
    label="EMR Serverless applications",
    singular="EMR Serverless application",
    service="emr-serverless",
    list_calls=(
        ListCall(
            "ListApplications",
            "applications",
            size={"maxResults": 50},
            token="nextToken",
            next_token="nextToken",
        ),
    ),
    key_members=("id",),
    status_of=_state,
    statuses=STATUSES,
    status_shapes=("ApplicationState",),
    facts=_facts,
    columns=(
        Column(name="name", label="Name"),
        Column(name="status", label="Status"),
        Column(name="type", label="Type"),
        Column(name="release", label="Release"),
        Column(name="ready", label="Workers kept ready", format="count"),
        Column(name="jobs", label="Jobs that run", format="count"),
        Column(name="usd_per_hour", label="$/hour", format="rate"),
    ),
    detail=Detail(
        ("GetApplication", "ListJobRuns", "ListSessions"),
        _describe,
        lambda item: (_state(item), item.get("updatedAt")),
        # The list does not show when a job or a session begins.
        lasts=timedelta(minutes=5),
    ),
    actions=(
        Action(
            name="stop",
            label="Stop",
            operations=("StopApplication",),
            run=lambda call, item: call("StopApplication", applicationId=item["id"]),
            allowed=lambda item: _state(item) == "STARTED",
            done="Stopping EMR Serverless application {name}.",
            lost="The workers that are kept ready. AWS refuses while jobs of it run.",
            stays="The application: it can be started again. What its jobs wrote to S3.",
            danger=True,
        ),
    ),
    more=_more,
    bills="its workers by vCPU and GB; those kept ready also while idle",
)
