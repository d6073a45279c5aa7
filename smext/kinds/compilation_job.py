"""Compilation jobs (Neo). No source says what one costs."""

from __future__ import annotations

from ..api import Fact
from . import jobs, model_jobs
from .base import Detail, Item, Kind, LogSource, calling, created_within


def _target(item: Item) -> str:
    """A device, or a platform where no device is named."""
    output = item.get("OutputConfig") or {}
    platform = output.get("TargetPlatform") or {}
    device = item.get("CompilationTargetDevice") or output.get("TargetDevice")
    system = item.get("CompilationTargetPlatformOs") or platform.get("Os")
    machine = item.get("CompilationTargetPlatformArch") or platform.get("Arch")
    return str(device or " ".join(filter(None, [system, machine])))


def _more(item: Item) -> list[Fact]:
    longest = (item.get("StoppingCondition") or {}).get("MaxRuntimeInSeconds")
    return [
        Fact(label="Longest run", value=longest, format="duration"),
        Fact(label="Framework", value=(item.get("InputConfig") or {}).get("Framework")),
        Fact(label="Output", value=(item.get("OutputConfig") or {}).get("S3OutputLocation"), format="code"),
    ]


KIND = Kind(
    name="compilation-job",
    label="Compilation jobs",
    singular="compilation job",
    # 28 days is the longest run that a stopping condition takes (botocore: StoppingCondition).
    listings=(created_within("ListCompilationJobs", "CompilationJobSummaries", days=30),),
    key_members=("CompilationJobName",),
    arn="CompilationJobArn",
    status_of=lambda item: str(item.get("CompilationJobStatus") or ""),
    statuses=model_jobs.statuses("no price of compilation is known"),
    status_shapes=("CompilationJobStatus",),
    facts=model_jobs.facts("Compilation", _target),
    columns=model_jobs.COLUMNS,
    detail=Detail(
        ("DescribeCompilationJob",),
        calling("DescribeCompilationJob", "CompilationJobName"),
        jobs.version("CompilationJobStatus"),
        rows=False,
    ),
    actions=(model_jobs.stop("Compilation", lost="The compilation: it begins again from the model."),),
    logs=lambda item: LogSource("/aws/sagemaker/CompilationJobs", item["CompilationJobName"]),
    more=_more,
    bills="not stated by AWS",
)
