"""Details of one item: phases, log, outputs."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from .model import Format, Problem, Wire
from .tables import Row
from .values import Values


class Fact(Wire):
    label: str
    value: str | float | int | bool | None = None
    format: Format = "text"


class Phase(Wire):
    """Phase of a job, with its start and end."""

    name: str
    start: datetime
    end: datetime | None = None
    message: str = ""


class CellState(Wire):
    index: int
    label: str
    status: Literal["pending", "running", "done", "failed"]
    seconds: float | None = None


class CellError(Wire):
    cell: int | None = None
    ename: str = ""
    evalue: str = ""
    summary: str


class RunProgress(Wire):
    """Progress of a running job, as its runner reports it."""

    status: Literal["preparing", "running", "completed", "failed", "stopped"]
    phase: str = ""
    done: int = 0
    total: int = 0
    cells: list[CellState] = []
    error: CellError | None = None
    updated: datetime | None = None


class ItemDetail(Wire):
    row: Row
    facts: list[Fact] = []
    phases: list[Phase] = []
    run: RunProgress | None = None
    parameters: Values = {}
    request: dict[str, Any] = {}
    """The describe answer, as JSON."""
    has_notebook: bool = False
    notebook_source: str | None = None
    problems: list[Problem] = []


class LogLine(Wire):
    time: datetime | None = None
    stream: str = ""
    text: str


class LogPage(Wire):
    lines: list[LogLine] = []
    cursor: str = ""
    """Position after these lines, to be sent with the next request."""
    ended: bool = False
    """True if no more lines will come."""
    wait_seconds: float = 2.0
    """Seconds until the next request."""
    problem: Problem | None = None


class Output(Wire):
    name: str
    uri: str
    """s3://bucket/key"""
    bytes: int | None = None
    modified: datetime | None = None
    key: str
    """Key for the download route."""


class Outputs(Wire):
    outputs: list[Output] = []
    uri: str | None = None
    """S3 URI where the outputs are or will be."""
    complete: bool = True
    problem: Problem | None = None


class OpenedNotebook(Wire):
    path: str
    """Jupyter contents path of the copy that was written."""
    partial: bool
    note: str = ""
