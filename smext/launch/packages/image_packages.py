"""What an image ships, where its list is known: the SageMaker Distribution images."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

_TAG = re.compile(r".*/sagemaker-distribution-prod:(?P<version>\d+\.\d+\.\d+)-(?:cpu|gpu)")


@dataclass(frozen=True)
class Shipped:
    """`packages`: version by normalised name (PEP 503)."""

    image: str
    packages: Mapping[str, str]

    @property
    def python(self) -> str:
        """`3.12`"""
        return ".".join(self.packages.get("python", "").split(".")[:2])


def shipped(image: str) -> Shipped | None:
    """None for an image of which nothing is known."""
    match = _TAG.fullmatch(image)
    return _of_version(match["version"]) if match else None


def newest(has: Callable[[Mapping[str, str]], bool]) -> str:
    """Return the newest known version of SageMaker Distribution whose packages are so; empty where none is."""
    for version in reversed(_table()["images"]):
        image = _of_version(version)
        if image is not None and has(image.packages):
            return str(version)
    return ""


def _table() -> dict[str, Any]:
    text = resources.files(__package__).joinpath("image_packages.json").read_text(encoding="utf-8")
    table: dict[str, Any] = json.loads(text)
    return table


@lru_cache(maxsize=4)
def _of_version(version: str) -> Shipped | None:
    table = _table()
    if version not in table["images"]:
        return None
    index = table["images"].index(version)
    versions = {name: row.split()[index] for name, row in table["packages"].items()}
    found = {name: version for name, version in versions.items() if version != "-"}
    return Shipped(f"SageMaker Distribution {version}", found)
