"""Compilation jobs (Neo). No source says what one costs."""

from __future__ import annotations

from ..api import Fact
from . import model_jobs
from .base import Item, LogSource


def _target(item: Item) -> str:
    """Return the target device, or the platform where no device is named."""
    output = item.get("OutputConfig") or {}
    platform = output.get("TargetPlatform") or {}
    device = item.get("CompilationTargetDevice") or output.get("TargetDevice")
    system = item.get("CompilationTargetPlatformOs") or platform.get("Os")
    machine = item.get("CompilationTargetPlatformArch") or platform.get("Arch")
    return str(device or " ".join(filter(None, [system, machine])))


KIND = model_jobs.kind(
    "Compilation",
    why="no price of compilation is known",
    target=_target,
    lost="The compilation: it begins again from the model.",
    more=lambda item: [Fact(label="Framework", value=(item.get("InputConfig") or {}).get("Framework"))],
    logs=lambda item: LogSource("/aws/sagemaker/CompilationJobs", item["CompilationJobName"]),
    bills="not stated by AWS",
)
