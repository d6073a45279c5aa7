"""Launch of a notebook as a job: defaults, plan, code, progress."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from .form import JobKind, LaunchForm
from .model import Problem, Wire
from .tables import PriceNote

ParameterType = Literal["int", "float", "bool", "str", "json", "literal", "expression"]
"""How a typed text is read. `json`: a list or mapping, of JSON or Python; `literal`: another literal of Python, such as
a tuple; `expression`: the notebook does not tell, and a text is a text."""


class Parameter(Wire):
    """Variable that the cell tagged `parameters` sets."""

    name: str
    type: ParameterType
    default: str = ""
    """Value in the cell, as Python source; empty where it has none."""
    text: str | None = None
    """Default as somebody would type it; null where that is not possible, as for None and computed values."""
    choices: list[str] = []
    """Allowed values, where they are few."""
    optional: bool = False
    """True if None may be typed."""
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
    """True if the administrator has set it: it cannot be changed."""
    remembered: bool = False
    """True if it is as in the last launch of this notebook."""


class InstanceChoice(Wire):
    name: str
    usd_per_hour: float | None = None
    about: str = ""
    """Hardware for people: `4 vCPU · 16 GiB · 1 A10G 22 GiB`."""


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
    """Name of its GPUs or other accelerators."""
    gpu_memory_gib: float | None = None
    """Memory of all its GPUs together."""
    quota: float | None = None
    """Quota of the account for this kind of job: instances at once."""
    in_use: int | None = None
    """Instances in use by such jobs now."""
    offered: bool | None = None
    """True if this region has it for this kind of job, by AWS's Price List, else by a long list of prices."""
    allowed: bool = True
    """False where the administrator forbids it."""


class Machines(Wire):
    """Instance types that a run may use, the cheapest first."""

    machines: list[Machine]
    as_of: str
    """Date of the hardware data."""
    source: str
    """Source of the hardware data."""
    ready: bool = True
    """False while quotas and prices are still being read: ask again in a second."""
    problems: list[Problem] = []
    """Reasons for missing data."""


class DefaultsRequest(Wire):
    notebook: NotebookDocument
    preferred: dict[str, Any] = {}
    """Members of the form as this user's settings have them."""
    job_kind: JobKind | None = None
    """Kind that is chosen in the form already; the defaults are those of such a job."""


class LaunchSection(Wire):
    """A part of the form."""

    name: str
    label: str = ""
    """Empty: it is always open."""
    note: str = ""
    """What stands there where the kind of job has none of its options."""


class LaunchOption(Wire):
    """A member of the form as the page shows it."""

    member: str
    section: str
    label: str
    help: str = ""
    kinds: list[JobKind]
    """Of job, that have it."""
    needs: str = ""
    """The member without which it says nothing."""
    default: Any = None
    """What it is where nobody says otherwise."""
    control: Literal["checkbox", "number", "text", "ids", "lines", "own"]
    """`own`: the page has a control for it."""
    at_fault: bool = False
    """Shown only where it is set, or where something is said of it."""
    low: int | None = None
    high: int | None = None
    unit: str = ""
    chosen: list[str] = []
    """Its word in the line of a closed section where it is set: of a number or list with `%1`, and in the plural."""
    saved: bool = True
    """It may be saved with the notebook."""


class LaunchDefaults(Wire):
    """Form with its defaults and the choices of its fields."""

    form: LaunchForm
    options: list[LaunchOption] = []
    """The form's members, in their order on the page."""
    sections: list[LaunchSection] = []
    sources: list[FieldSource]
    parameters: list[Parameter] = []
    instances: dict[str, list[InstanceChoice]] = {}
    """Choices by job kind."""
    images: list[ImageChoice] = []
    price: PriceNote | None = None
    required_tags: list[str] = []
    """Tags that the administrator requires."""
    requirement_files: list[str] = []
    """Lists of packages that were found beside the notebook and above it, by their paths from its folder."""
    problems: list[Problem] = []
    """Reasons why a default was not found."""


class LaunchRequest(Wire):
    notebook: NotebookDocument
    form: LaunchForm
    name: str | None = None
    """Job name of the plan. The same name twice is the same launch."""


SdkVersion = Literal["3", "2"]


class CodeRequest(LaunchRequest):
    sdk: SdkVersion | None = None
    """Default: the version that the notebook's kernel has, else 3."""


class Code(Wire):
    """Launch as code of the SageMaker Python SDK that needs nothing of smext."""

    sdk: SdkVersion
    source: str
    """Python, for a cell of the notebook or a file in its folder."""
    note: str = ""
    """Note to read before it is run."""


class Upload(Wire):
    name: str
    bytes: int
    uri: str
    there: bool = False
    """True if the bucket has it from an earlier run: it is not sent again."""


class LeftOut(Wire):
    path: str
    why: str


class Package(Wire):
    """Package that is installed before the notebook runs."""

    requirement: str
    """Requirement for pip; for a local project its name and folder."""
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
    """Kind of resource that this creates."""
    operation: str
    """`CreateTrainingJob` or `CreateProcessingJob`."""
    request: dict[str, Any]
    """Request that will be sent, member by member."""
    uploads: list[Upload] = []
    upload_bytes: int = 0
    files: list[str] = []
    """Nearest files, 1,000 at most."""
    file_count: int = 0
    """Number of all files."""
    left_out: list[LeftOut] = []
    packages: list[Package] = []
    parameters: dict[str, str] = {}
    """Set parameters, each with its value in the notebook's language; the others keep the notebook's defaults."""
    usd_per_hour: float | None = None
    max_runtime_seconds: int = 0
    """Time limit, as it is sent."""
    max_usd: float | None = None
    """Cost of all machines up to the time limit, without storage and transfer."""
    likely_usd: float | None = None
    """Cost of a run as long as the last one of this notebook on this type; None where there was none."""
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
    """True if an earlier request of the same launch had created the job."""


class LaunchProgress(Wire):
    """Progress of a launch; asked for by the job's name while `launch/apply` has not answered."""

    name: str
    phase: Literal["waiting", "checking", "packing", "uploading", "creating", "over"] = "waiting"
    """`waiting`: nothing of it was heard yet. `over`: the answer of `launch/apply` tells how it ended."""
    sent_bytes: int = 0
    total_bytes: int = 0
    can_cancel: bool = False
    """False as soon as the job is being created."""


class LaunchName(Wire):
    name: str


class S3Entry(Wire):
    name: str
    """Name below the listed prefix; a folder ends with `/`."""
    uri: str
    bytes: int | None = None
    modified: datetime | None = None


class S3Listing(Wire):
    """Buckets, or folders and objects below one prefix."""

    uri: str
    entries: list[S3Entry] = []
    complete: bool = True
    problem: Problem | None = None
