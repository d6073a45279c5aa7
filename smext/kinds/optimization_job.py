"""Inference optimization jobs. They run on machines of AWS's choice, whose price no source states."""

from __future__ import annotations

from ..api import Fact
from . import jobs, model_jobs
from .base import Detail, Item, Kind, calling, created_within


def _target(item: Item) -> str:
    return str(item.get("DeploymentInstanceType") or "")


def _more(item: Item) -> list[Fact]:
    longest = (item.get("StoppingCondition") or {}).get("MaxRuntimeInSeconds")
    return [
        Fact(label="Kinds", value=", ".join(item.get("OptimizationTypes") or []) or None),
        Fact(label="Longest run", value=longest, format="duration"),
        Fact(label="Role", value=item.get("RoleArn"), format="code"),
        Fact(label="Output", value=(item.get("OutputConfig") or {}).get("S3OutputLocation"), format="code"),
    ]


KIND = Kind(
    name="optimization-job",
    label="Optimization jobs",
    singular="optimization job",
    # 28 days is the longest run that a stopping condition takes (botocore: StoppingCondition).
    listings=(created_within("ListOptimizationJobs", "OptimizationJobSummaries", days=30),),
    key_members=("OptimizationJobName",),
    arn="OptimizationJobArn",
    status_of=lambda item: str(item.get("OptimizationJobStatus") or ""),
    statuses=model_jobs.statuses("runs on machines whose price is not known"),
    status_shapes=("OptimizationJobStatus",),
    facts=model_jobs.facts("Optimization", _target),
    columns=model_jobs.COLUMNS,
    detail=Detail(
        ("DescribeOptimizationJob",),
        calling("DescribeOptimizationJob", "OptimizationJobName"),
        jobs.version("OptimizationJobStatus"),
        rows=False,
    ),
    actions=(model_jobs.stop("Optimization", lost="The optimized model that it works on."),),
    more=_more,
    bills="machines while it runs; the price is not stated by AWS",
)
