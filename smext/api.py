"""Everything that crosses the wire, written once: src/generated.ts is made from these models.

Times are UTC (ISO 8601 with offset), durations seconds, money USD, rates USD/hour.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Tone = Literal["running", "ok", "warn", "bad", "off", "neutral"]
"""How a status looks. Closed: the frontend knows these and no status by name."""

Format = Literal["text", "money", "rate", "time", "duration", "bytes", "count", "code"]
"""How a cell is drawn; an unknown one is drawn as text."""

Certainty = Literal["billing", "may be billing", "storage only", "none"]

ProblemCode = Literal[
    "denied",
    "throttled",
    "expired",
    "no-credentials",
    "no-region",
    "unreachable",
    "timeout",
    "unsupported",
    "not-found",
    "conflict",
    "quota",
    "capacity",
    "invalid",
    "read-only",
    "failed",
]


class Wire(BaseModel):
    """Base of the wire: unknown members are an error, so that both sides stay one version."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_serialization_defaults_required=True)


class Problem(Wire):
    """What went wrong, and what to do about it."""

    code: ProblemCode
    message: str
    advice: str = ""
    permission: str | None = None
    """The IAM action that is missing, such as `sagemaker:ListEndpoints`."""
    field: str | None = None
    """The member of the form that is at fault."""
    since: datetime | None = None


# --- where am I ---------------------------------------------------------------------------------


class Target(Wire):
    """An account and region that may be looked at."""

    id: str
    profile: str | None = None
    region: str | None = None
    label: str


Place = Literal["studio-space", "studio-classic", "unified-studio", "notebook-instance", "computer"]


class Context(Wire):
    """Where this server runs and as whom it calls AWS."""

    target: Target
    targets: list[Target] = []
    place: Place
    place_label: str
    """For people: `Studio space X in domain Y`, `notebook instance Z`, `this computer`."""
    account: str | None = None
    region: str | None = None
    identity: str | None = None
    identity_label: str = ""
    role: str | None = None
    """Execution role for jobs, an ARN."""
    domain: str | None = None
    space: str | None = None
    user: str | None = None
    endpoint: str | None = None
    endpoint_label: str | None = None
    """Set when calls go to an endpoint on this machine, which costs nothing."""
    read_only: bool = False
    problem: Problem | None = None
    version: str


# --- tables -------------------------------------------------------------------------------------


class Column(Wire):
    name: str
    label: str
    format: Format = "text"


class ActionInfo(Wire):
    """Something that can be done to a row of a kind."""

    name: str
    label: str
    danger: bool = False


class KindInfo(Wire):
    """A kind of resource, as much of it as a view needs."""

    name: str
    label: str
    singular: str
    columns: list[Column]
    actions: list[ActionInfo]
    has_logs: bool = False
    has_outputs: bool = False
    permissions: list[str] = []


class PriceNote(Wire):
    """Where a rate comes from."""

    source: str
    as_of: str
    """Date, or `unknown`."""


class Billing(Wire):
    certainty: Certainty = "none"
    usd_per_hour: float | None = None
    """None is unknown, never zero."""
    usd_per_month: float | None = None
    """Of storage, which bills beside the hours and goes on when they end; in no total of rates."""
    since: datetime | None = None
    accrued_usd: float | None = None
    why: str = ""
    price: PriceNote | None = None


class Idle(Wire):
    signal: str
    since: datetime | None = None


class Link(Wire):
    label: str
    url: str


class Progress(Wire):
    """Cells done of cells in all."""

    done: int
    total: int
    label: str = ""


class RowAction(Wire):
    """An action that this row allows now, with what it costs to take it."""

    name: str
    label: str
    danger: bool = False
    lost: str = ""
    stays: str = ""
    ask_twice: bool = False
    """This acts on the very machine that serves the page."""


class Row(Wire):
    key: str
    """Ordered parts, each url-quoted, joined by `/`."""
    kind: str
    name: str
    status: str
    detail_status: str = ""
    """Secondary status, such as `Downloading`."""
    tone: Tone = "neutral"
    active: bool = False
    """It exists on a machine or moves: not history."""
    changing: bool = False
    """Its status moves by itself soon."""
    reason: str = ""
    created: datetime | None = None
    started: datetime | None = None
    ended: datetime | None = None
    deadline: datetime | None = None
    """When AWS ends it by itself, at the latest."""
    cells: dict[str, str | float | int | bool | None] = {}
    billing: Billing = Billing()
    idle: Idle | None = None
    actions: list[RowAction] = []
    links: list[Link] = []
    owner: str | None = None
    mine: bool | None = None
    here: bool = False
    notebook: str | None = None
    progress: Progress | None = None
    subtitle: str = ""
    """One line for a narrow list: `ml.m5.xlarge · 2 machines`."""


class Table(Wire):
    kind: str
    revision: int
    """Grows with every change; 0 before the first answer."""
    rows: list[Row] = []
    as_of: datetime | None = None
    """When the rows were read from AWS; None before the first answer."""
    problem: Problem | None = None
    """Why the rows are older than they should be, or missing."""
    complete: bool = True
    """False where older rows were left out."""
    loading: bool = False


class Unseen(Wire):
    """A kind that the total does not hold, and why."""

    kind: str
    label: str
    problem: Problem


class Summary(Wire):
    """What bills now, over all kinds."""

    usd_per_hour: float = 0.0
    count: int = 0
    at_least: bool = False
    unpriced: int = 0
    uncertain: int = 0
    """How many may be billing."""
    unseen: list[Unseen] = []
    ready: bool = False
    """Every kind has answered once, or said why not."""


class Tables(Wire):
    """Tables whose revision is newer than the one asked for."""

    revision: int
    tables: list[Table]
    summary: Summary
    now: datetime
    """The server's clock, for ages."""


class RowRef(Wire):
    kind: str
    key: str


class CostWarning(Wire):
    id: str
    """The same for the same thing as long as it lives, so that it can be put off."""
    level: Literal["info", "warning", "error"]
    title: str
    text: str
    rows: list[RowRef] = []
    usd: float | None = None
    """What it is about: spent, to be spent, or per hour; None where it is not known."""


class Warnings(Wire):
    """What deserves a word now, the gravest first."""

    warnings: list[CostWarning] = []
    kept: list[RowRef] = []
    """What is marked to be kept: not warned of, and not to be stopped with others."""
    until_monday_usd: float = 0.0
    """From now until Monday 09:00 of the user if all goes on as it is; at least, where a price is unknown."""
    unchecked: list[Problem] = []
    """What could not be looked at, so that there may be more to say."""
    ready: bool = False
    """Every kind has been read, or it was said why not."""


class Changed(Wire):
    """The event that is pushed: fetch what is newer than what you have."""

    target: str
    kinds: list[str]
    revision: int


class ActionRequest(Wire):
    confirmed: bool = False
    confirmed_twice: bool = False


class ActionResult(Wire):
    message: str


# --- one item -----------------------------------------------------------------------------------


class Fact(Wire):
    label: str
    value: str | float | int | bool | None = None
    format: Format = "text"


class Phase(Wire):
    """A stretch of a job's life."""

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
    """What the runner says of itself while the job runs."""

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
    parameters: dict[str, Any] = {}
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
    """Send it back to go on after these lines."""
    ended: bool = False
    """Nothing more will come."""
    wait_seconds: float = 2.0
    """When to ask again."""
    problem: Problem | None = None


class Output(Wire):
    name: str
    uri: str
    """s3://bucket/key"""
    bytes: int | None = None
    modified: datetime | None = None
    key: str
    """What to ask the download route for."""


class Outputs(Wire):
    outputs: list[Output] = []
    uri: str | None = None
    """The place where the outputs are or will be."""
    complete: bool = True
    problem: Problem | None = None


class OpenedNotebook(Wire):
    path: str
    """Jupyter contents path of the copy that was written."""
    partial: bool
    note: str = ""


# --- launch -------------------------------------------------------------------------------------

JobKind = Literal["training", "processing"]

ParameterType = Literal["int", "float", "bool", "str", "json", "expression"]


class Parameter(Wire):
    name: str
    type: ParameterType
    value: Any = None
    comment: str = ""


class NotebookDocument(Wire):
    """The notebook as it is on the screen; outputs may be left out."""

    path: str
    """Jupyter contents path, or a made-up name if it was never saved."""
    content: dict[str, Any]
    """nbformat 4 JSON."""
    unsaved: bool = False


class InputChannel(Wire):
    """Data in S3 that the run finds in a folder, whose path is in the variable SM_CHANNEL_NAME."""

    name: str
    uri: str
    mode: Literal["File", "FastFile", "Pipe"] = "File"
    """`FastFile`: read from S3 as it is opened, in training jobs only."""


class LaunchForm(Wire):
    """What the user may choose. Every member has a value."""

    job_kind: JobKind = "processing"
    instance_type: str = "ml.m5.xlarge"
    instance_count: Annotated[int, Field(ge=1, le=100)] = 1
    volume_gb: Annotated[int, Field(ge=1, le=16384)] = 30
    max_runtime_seconds: Annotated[int, Field(ge=60, le=2419200)] = 3600
    image: str = ""
    role: str = ""
    parameters: dict[str, Any] = {}
    environment: dict[str, str] = {}
    include_files: bool = True
    """Send the notebook's folder along."""
    files: list[str] = []
    """More to send: files, folders and patterns from the notebook's folder, also above it: `../lib/*.py`."""
    packages: list[str] | None = None
    """Requirements to install; null: those of the kernel that the image lacks and the notebook imports."""
    requirements: str | None = None
    """A requirements.txt to install instead, by its path from the notebook's folder."""
    inputs: list[InputChannel] = []
    tags: dict[str, str] = {}
    spot: bool = False
    """Training only: cheaper machines, which AWS may take away; then the run begins anew."""
    max_wait_seconds: Annotated[int, Field(ge=60, le=2419200)] | None = None
    """Spot only: the longest run and all waiting for machines; null is twice the longest run."""
    keep_alive_seconds: Annotated[int, Field(ge=0, le=3600)] = 0
    """Training only: how long the machines are kept, and billed, for a next run."""


class FieldSource(Wire):
    field: str
    source: str
    """For people: `from this space`, `SDK config (TrainingJob.RoleArn)`, `default`."""


class InstanceChoice(Wire):
    name: str
    usd_per_hour: float | None = None


class ImageChoice(Wire):
    uri: str
    label: str


class LaunchDefaults(Wire):
    """The form as it opens."""

    form: LaunchForm
    sources: list[FieldSource]
    parameters: list[Parameter] = []
    instances: dict[str, list[InstanceChoice]] = {}
    """Choices by job kind."""
    images: list[ImageChoice] = []
    price: PriceNote | None = None
    problems: list[Problem] = []
    """What keeps a default from being found."""


class LaunchRequest(Wire):
    notebook: NotebookDocument
    form: LaunchForm
    name: str | None = None
    """The job's name out of the plan. The same name twice is the same launch."""


SdkVersion = Literal["3", "2"]


class CodeRequest(LaunchRequest):
    sdk: SdkVersion | None = None
    """None: the one that the notebook's kernel has, else 3."""


class Code(Wire):
    """A launch as code of the SageMaker Python SDK that needs nothing of smext."""

    sdk: SdkVersion
    source: str
    """Python, for a cell of the notebook or a file in its folder."""
    note: str = ""
    """What to know before it is run."""


class Upload(Wire):
    name: str
    bytes: int
    uri: str
    there: bool = False
    """The bucket has it from an earlier run: it is not sent again."""


class LeftOut(Wire):
    path: str
    why: str


class Package(Wire):
    """What is installed before the notebook runs."""

    requirement: str
    """As pip takes it; for one of this machine its name and folder."""
    why: str
    source: str
    """For people: `the kernel (Python 3.12.1)`, `the form`, `requirements.txt`."""


CheckStatus = Literal["ok", "warning", "will fail", "cannot tell"]


class Check(Wire):
    name: str
    status: CheckStatus
    message: str
    advice: str = ""
    field: str | None = None


class Plan(Wire):
    """The launch as data: nothing was created to make it."""

    name: str
    kind: str
    """The kind of resource that this creates."""
    operation: str
    """`CreateTrainingJob` or `CreateProcessingJob`."""
    request: dict[str, Any]
    """What will be sent, member by member."""
    uploads: list[Upload] = []
    upload_bytes: int = 0
    files: list[str] = []
    left_out: list[LeftOut] = []
    packages: list[Package] = []
    usd_per_hour: float | None = None
    max_usd: float | None = None
    """The longest run at that rate, all machines; storage and transfer not in it."""
    likely_usd: float | None = None
    """As long a run as the last one of this notebook on this type; None where there was none."""
    likely_seconds: float | None = None
    likely_why: str = ""
    """For people: `as long as churn-1120-1004-x7k2q on ml.m5.xlarge`."""
    price: PriceNote | None = None
    checks: list[Check] = []
    can_run: bool = True
    output_uri: str
    record_uri: str
    created: datetime


class Launched(Wire):
    kind: str
    key: str
    name: str
    existed: bool = False
    """The job had been created by an earlier send of the same launch."""


class ErrorBody(Wire):
    """Body of every answer that is not 2xx; `message` is what JupyterLab itself would show."""

    problem: Problem
    message: str


def schema() -> dict[str, Any]:
    """One JSON schema with every wire model under `$defs`, in order of their names."""
    from pydantic.json_schema import GenerateJsonSchema, models_json_schema

    class Untitled(GenerateJsonSchema):
        # A title on every member becomes a type of its own in TypeScript.
        def field_title_should_be_set(self, schema: Any) -> bool:
            return False

    models = [m for m in _models() if m is not Wire]
    _, top = models_json_schema(
        [(m, "serialization") for m in models], title="smext wire", schema_generator=Untitled
    )
    return dict(top)


def _models() -> list[type[Wire]]:
    found = [v for v in globals().values() if isinstance(v, type) and issubclass(v, Wire)]
    return sorted(found, key=lambda m: m.__name__)


if __name__ == "__main__":
    import json
    import sys

    json.dump(schema(), sys.stdout, indent=2, sort_keys=True)
    sys.stdout.write("\n")
