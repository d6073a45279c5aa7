"""Inference optimization jobs. They run on machines of AWS's choice, whose price no source states."""

from __future__ import annotations

from ..api import Fact
from . import model_jobs
from .base import Item


def _more(item: Item) -> list[Fact]:
    return [
        Fact(label="Kinds", value=", ".join(item.get("OptimizationTypes") or []) or None),
        Fact(label="Machines at most", value=item.get("MaxInstanceCount"), format="count"),
        Fact(
            label="Training plans", value=", ".join(item.get("TrainingPlanArns") or []) or None, format="code"
        ),
        Fact(label="Role", value=item.get("RoleArn"), format="code"),
    ]


KIND = model_jobs.kind(
    "Optimization",
    why="runs on machines whose price is not known",
    target=lambda item: str(item.get("DeploymentInstanceType") or ""),
    lost="The optimized model that it works on.",
    more=_more,
    bills="machines while it runs; the price is not stated by AWS",
)
