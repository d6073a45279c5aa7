"""The container image of a job: the one of this space, else the SageMaker Distribution of the region."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from ..api import ImageChoice
from ..pricing import has_gpu

DISTRIBUTION_KERNELS = ("python3", "glue_pyspark", "glue_spark", "pysparkkernel", "sparkkernel")
"""Kernels of every SageMaker Distribution (its Dockerfile, aws/sagemaker-distribution, template/v4): none for R."""
SPACE_IMAGE = "SAGEMAKER_INTERNAL_IMAGE_URI"
_VARIANT = re.compile(r"(?P<start>.*/sagemaker-distribution-prod:.*)-(?P<variant>cpu|gpu)")
_REGION = re.compile(r"\d{12}\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/.+")


@dataclass(frozen=True)
class Image:
    """An image and, for people, where it comes from."""

    uri: str
    source: str


def default(instance_type: str, region: str, environ: Mapping[str, str] = os.environ) -> Image | None:
    """Return the image for a type: with CUDA where the type has a GPU. None where no image of the region is known."""
    variant = "gpu" if has_gpu(instance_type) else "cpu"
    space = environ.get(SPACE_IMAGE)
    if space:
        return Image(_in_variant(space, variant), "the image of this space")
    uri = distribution(region, variant)
    return Image(uri, f"SageMaker Distribution {_table()['version']}") if uri else None


def choices(region: str, environ: Mapping[str, str] = os.environ) -> list[ImageChoice]:
    """List the images to offer, the likeliest first."""
    found: dict[str, str] = {}
    space = environ.get(SPACE_IMAGE)
    if space:
        found[space] = "This space's image"
        for variant in ("cpu", "gpu"):
            found.setdefault(_in_variant(space, variant), f"This space's image ({variant.upper()})")
    for variant in ("cpu", "gpu"):
        uri = distribution(region, variant)
        if uri:
            found.setdefault(uri, f"SageMaker Distribution {_table()['version']} ({variant.upper()})")
    return [ImageChoice(uri=uri, label=label) for uri, label in found.items()]


def distribution(region: str, variant: str) -> str | None:
    """SageMaker Distribution in a region; None where the registry is not known."""
    table = _table()
    account = table["registries"].get(region)
    if account is None:
        return None
    host = f"{account}.dkr.ecr.{region}.amazonaws.com"
    return f"{host}/{table['repository']}:{table['version']}-{variant}"


def is_distribution(image: str) -> bool:
    """Whether it is a SageMaker Distribution of AWS's own registry of its region."""
    account = _table()["registries"].get(region_of(image) or "")
    return account is not None and image.startswith(f"{account}.") and _table()["repository"] in image


def lacks_gpu(image: str, instance_type: str) -> bool:
    """Tell whether a CPU image of the SageMaker Distribution is on a type with a GPU."""
    match = _VARIANT.fullmatch(image)
    return match is not None and match["variant"] == "cpu" and has_gpu(instance_type)


def region_of(image: str) -> str | None:
    """Region of an ECR address."""
    match = _REGION.fullmatch(image)
    return match["region"] if match else None


def _in_variant(image: str, variant: str) -> str:
    match = _VARIANT.fullmatch(image)
    return f"{match['start']}-{variant}" if match else image


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    text = resources.files(__package__).joinpath("images.json").read_text(encoding="utf-8")
    return dict(json.loads(text))
