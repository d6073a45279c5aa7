"""Code of SageMaker SDK 2 on an image with SDK 3, which has other modules under the same name."""

from __future__ import annotations

import re
from collections.abc import Iterable

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from ...api import Check
from .image_packages import Shipped, newest
from .imports import Import

PACKAGE = "sagemaker"
_THIRD = Version("3")
PARTS = frozenset({"ai_registry", "core", "lineage", "mlops", "serve", "train"})
"""What can be imported from `sagemaker` in SDK 3; the package itself has no names of its own.

Sources: the folders below `sagemaker` of sagemaker 3.27.0, and `_KNOWN_V3_TOPLEVEL` in sagemaker-core 2.27.0
(sagemaker/core/deprecations.py). A test imports them.
"""
_NAMED = 5
_CONDA = re.compile(r"^([\w.-]+)=([\w.]+)$")


def missing(imported: Iterable[Import]) -> list[str]:
    """Return what is imported of SDK 2 and is not in SDK 3, in the order of the names."""
    wanted = {each.name.split(".")[:2][-1] for each in imported if each.top == PACKAGE and not each.optional}
    return [f"{PACKAGE}.{each}" for each in sorted(wanted - PARTS - {PACKAGE, "*"}) if each[:2] != "__"]


def check(imported: Iterable[Import], image: Shipped, requirements: Iterable[str]) -> list[Check]:
    """Warn of what SDK 3 lacks where an image has it, and none of the requirements replaces it."""
    version = image.packages.get(PACKAGE)
    if version is None or Version(version) < _THIRD:
        return []
    lost = missing(imported)
    if not lost or any(_replaces(each, version) for each in requirements):
        return []
    more = f" and {len(lost) - _NAMED} more" if len(lost) > _NAMED else ""
    old = newest(lambda packages: Version(packages.get(PACKAGE, "3")) < _THIRD)
    other = f", or choose an image with SDK 2 ({old})" if old else ""
    return [
        Check(
            name="packages",
            status="warning",
            message=f"{image.image} has SageMaker SDK {version}, which no longer has: {', '.join(lost[:_NAMED])}{more}",
            advice=f"Write sagemaker<3 under Packages{other}.",
            field="packages",
        )
    ]


def _replaces(requirement: str, version: str) -> bool:
    """Whether pip puts another version in the place of the image's for it."""
    try:
        asked = Requirement(_CONDA.sub(r"\1==\2.*", requirement.strip()))
    except InvalidRequirement:
        return False
    if canonicalize_name(asked.name) != PACKAGE:
        return False
    return bool(asked.url) or not asked.specifier.contains(version, prereleases=True)
