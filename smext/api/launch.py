"""Launch of a notebook as a job: defaults, plan, code, progress."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from .form import JobKind, LaunchForm
from .tables import PriceNote
from .wire import Problem, Wire

ParameterType = Literal["int", "float", "bool", "str", "json", "literal", "expression"]
"""How a typed text is read. `json`: a list or mapping, of JSON or Python; `literal`: another literal of Python, such as
a tuple; `expression`: the notebook does not tell, and a text is a text."""


class Parameter(Wire):
    """Variable that the cell tagged `parameters` sets."""

    name: str
    type: ParameterType
    default: str = ""
    """Its value as the cell has it, in Python; empty where it has none."""
    text: str | None = None
    """What somebody would type for the default; null where that cannot be said, as of None and of what is computed."""
    choices: list[str] = []
    """What may be typed, where that is a few."""
    optional: bool = False
    """Whether None may be typed."""
    comment: str = ""


class NotebookDocument(Wire):
    """Notebook as it is on the screen; outputs may be left out."""

    path: str
    """Jupyter contents path, or a made-up name if it was never saved."""
    content: dict[str, Any]
    """nbformat 4 JSON."""
    unsaved: bool = False


class FieldSource(Wire):
    field: str
    source: str
    """For people: `from this space`, `SDK config (TrainingJob.RoleArn)`, `default`."""
    fixed: bool = False
    """The administrator has set it: it cannot be changed."""
    remembered: bool = False
    """It is as in the last launch of this notebook."""


class InstanceChoice(Wire):
    name: str
    usd_per_hour: float | None = None
    about: str = ""
    """What it has, for people: `4 vCPU · 16 GiB · 1 A10G 22 GiB`."""


class ImageChoice(Wire):
    uri: str
    label: str


class Machine(Wire):
    """Instance type; unknown members are null."""

    name: str
    usd_per_hour: float | None = None
    vcpus: int | None = None
    memory_gib: float | None = None
    gpus: int | None = None
    gpu: str = ""
    """Name of its GPUs, or of the other chips that it computes with."""
    gpu_memory_gib: float | None = None
    """Of all its GPUs together."""
    quota: float | None = None
    """How many the account may run of it at once for this kind of job."""
    in_use: int | None = None
    """How many of it run as such jobs now."""
    offered: bool | None = None
    """Whether this region has it for this kind of job, by AWS's Price List, else by a long list of prices."""
    allowed: bool = True
    """False where the administrator forbids it."""


class Machines(Wire):
    """Instance types that a run may use, the cheapest first."""

    machines: list[Machine]
    as_of: str
    """Date of what is said of hardware."""
    source: str
    """Whose word that is."""
    ready: bool = True
    """False while quotas and prices are still being read: ask again in a second."""
    problems: list[Problem] = []
    """What could not be found out."""


class DefaultsRequest(Wire):
    notebook: NotebookDocument
    preferred: dict[str, Any] = {}
    """Members of the form as this user's settings have them."""
    job_kind: JobKind | None = None
    """The kind that has been chosen in the form already: the rest is as for a job of that kind."""


class LaunchDefaults(Wire):
    """Form with its defaults and the choices of its fields."""

    form: LaunchForm
    sources: list[FieldSource]
    parameters: list[Parameter] = []
    instances: dict[str, list[InstanceChoice]] = {}
    """Choices by job kind."""
    images: list[ImageChoice] = []
    price: PriceNote | None = None
    required_tags: list[str] = []
    """Tags that the administrator wants a value for."""
    requirement_files: list[str] = []
    """Lists of packages that were found beside the notebook and above it, by their paths from its folder."""
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
    """Launch as code of the SageMaker Python SDK that needs nothing of smext."""

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
    """Package that is installed before the notebook runs."""

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


def check(name: str, status: CheckStatus, message: str, advice: str = "", field: str | None = None) -> Check:
    """Make a check; `field` is the member of the form that it is about, such as `inputs.0.uri`."""
    return Check(name=name, status=status, message=message, advice=advice, field=field)


class Plan(Wire):
    """Launch as data: nothing was created to make it."""

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
    """The nearest of them, 1,000 at most."""
    file_count: int = 0
    """All of them."""
    left_out: list[LeftOut] = []
    packages: list[Package] = []
    parameters: dict[str, str] = {}
    """Those that are set, each with its value in the notebook's language; the notebook's other defaults stay as they are."""
    usd_per_hour: float | None = None
    max_runtime_seconds: int = 0
    """The longest run, as it is sent."""
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


class LaunchProgress(Wire):
    """Progress of a launch; asked for by the job's name while `launch/apply` has not answered."""

    name: str
    phase: Literal["waiting", "checking", "packing", "uploading", "creating", "over"] = "waiting"
    """`waiting`: nothing of it was heard yet. `over`: the answer of `launch/apply` tells how it ended."""
    sent_bytes: int = 0
    total_bytes: int = 0
    can_cancel: bool = False
    """False from the moment on that the job is being created."""


class LaunchName(Wire):
    name: str


class S3Entry(Wire):
    name: str
    """Below what was asked for; a folder ends with `/`."""
    uri: str
    bytes: int | None = None
    modified: datetime | None = None


class S3Listing(Wire):
    """Buckets, or folders and objects below one prefix."""

    uri: str
    entries: list[S3Entry] = []
    complete: bool = True
    problem: Problem | None = None
