"""AI recommendation jobs. They benchmark a model on GPU machines; no source says what that costs.

AWS docs, generative-ai-inference-recommendations-get-started.html: each configuration is run on real GPU machines.
"""

from __future__ import annotations

from ..api import Fact
from . import ai_jobs
from .base import Item


def _types(item: Item) -> str:
    return ", ".join((item.get("ComputeSpec") or {}).get("InstanceTypes") or [])


def _more(item: Item) -> list[Fact]:
    return [
        Fact(label="Instance types", value=_types(item) or None),
        Fact(label="Recommendations", value=len(item.get("Recommendations") or []), format="count"),
        Fact(
            label="Output",
            value=(item.get("OutputConfig") or {}).get("S3OutputLocation"),
            format="code",
        ),
        Fact(label="Role", value=item.get("RoleArn"), format="code"),
    ]


KIND = ai_jobs.kind(
    "Recommendation",
    why="benchmarks a model on GPU machines; AWS states no price",
    subtitle=_types,
    lost="The benchmarks that are not finished.",
    stays="The model, and what the job has written to S3 so far.",
    more=_more,
    bills="the GPU machines that it benchmarks; the price is not stated by AWS",
)
