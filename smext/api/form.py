"""Launch form: the options of a launch."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from .model import Wire
from .values import Values

JobKind = Literal["training", "processing"]


class InputChannel(Wire):
    """Input data of a run: a folder whose path is in the variable SM_CHANNEL_NAME."""

    name: str
    uri: str
    """`s3://bucket/prefix`; in training jobs with subnets also `efs://fs-ID/path` and `fsx://fs-ID/mount/path`."""
    mode: Literal["File", "FastFile", "Pipe"] = "File"
    """`FastFile`: read from S3 as it is opened, in training jobs only."""


class OutputFolder(Wire):
    """Processing only: folder whose files are uploaded to S3 as they are written; its path is in SM_OUTPUT_NAME."""

    name: str
    uri: str = ""
    """Empty: a folder below the run's own outputs."""


class LaunchForm(Wire):
    """Options of a launch. Every member has a value."""

    job_kind: JobKind = "processing"
    instance_type: str = "ml.m5.xlarge"
    instance_count: Annotated[int, Field(ge=1, le=100)] = 1
    volume_gb: Annotated[int, Field(ge=1, le=16384)] = 30
    max_runtime_seconds: Annotated[int, Field(ge=60, le=2419200)] = 3600
    max_usd: Annotated[float, Field(gt=0)] | None = None
    """Stop at this much: where there is a price, the longest run is made of it and `max_runtime_seconds` is not looked at."""
    image: str = ""
    role: str = ""
    parameters: Values = {}
    """Set parameters by name; the others keep the notebook's defaults. In JSON a text takes the type of the parameter."""
    environment: dict[str, str] = {}
    include_files: bool = True
    """Send the notebook's folder along."""
    files: list[str] = []
    """More to send: files, folders and patterns from the notebook's folder, also above it: `../lib/*.py`."""
    send_large: bool = False
    """Send the files although they are more than the limit."""
    packages: list[str] | None = None
    """Requirements to install; null: those of the kernel that the image lacks and the notebook imports."""
    requirements: str | None = None
    """A requirements.txt, environment.yml, pyproject.toml or uv.lock instead, by its path from the notebook's folder.

    `pyproject.toml[NAME]` and `uv.lock[NAME]` add an optional part or a dependency group of the project.
    """
    send_wheels: bool = False
    """Download the packages here and send them along, for jobs that do not reach a package index."""
    inputs: list[InputChannel] = []
    outputs: list[OutputFolder] = []
    tags: dict[str, str] = {}
    spot: bool = False
    """Training only: cheaper machines, which AWS may take away; then the run begins anew."""
    max_wait_seconds: Annotated[int, Field(ge=60, le=2419200)] | None = None
    """Spot only: the longest run and all waiting for machines; null is twice the longest run."""
    keep_alive_seconds: Annotated[int, Field(ge=0, le=3600)] = 0
    """Training only: how long the machines are kept, and billed, for a next run."""
    retries: Annotated[int, Field(ge=0, le=30)] = 0
    """Training only: how often SageMaker begins anew after an internal error of its own."""
    remote_debug: bool = False
    """Training only: AWS Systems Manager may open a shell in the container."""
    subnets: list[str] = []
    security_groups: list[str] = []
    """Set with `subnets` or not at all: the run is in this network."""
    network_isolation: bool = False
    """The run reaches nothing but its inputs and outputs."""
    encrypt_traffic: bool = False
    """What the machines of one run say to each other is encrypted."""
    kms_key: str = ""
    """KMS key for what the run writes to S3 and for its disks."""
