"""From a notebook to a job: form, plan, code."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from .tables import PriceNote
from .wire import Problem, Wire

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
