"""Empty wheels in the place of what an image has, so that pip resolves with them and downloads none of it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from . import wheel_cache
from .image_packages import Shipped

# A local version: no index has it, and `==1.2` takes it all the same.
_MARK = "image"
_NAMED = re.compile(rf"\(constraint\) ([A-Za-z0-9._-]+)==\S+\+{_MARK}\b")


def held(image: Shipped | None, asked: Iterable[str]) -> dict[str, str]:
    """Return the image's versions by name, without those that something asked for rules out."""
    versions = _versions(image)
    for text in asked:
        try:
            requirement = Requirement(text)
        except InvalidRequirement:
            continue
        name = canonicalize_name(requirement.name)
        if name in versions and not requirement.specifier.contains(versions[name], prereleases=True):
            del versions[name]
    return versions


def folder(image: Shipped | None) -> Path | None:
    """Where the empty wheels lie; made at the first use."""
    if image is None:
        return None
    place = wheel_cache.home() / "stand-ins" / re.sub(r"[^\w.]+", "-", image.image)
    if not place.is_dir():
        part = place.with_suffix(f".{id(place)}.part")
        part.mkdir(parents=True)
        for name, version in _versions(image).items():
            _write(part, name, version)
        try:
            part.rename(place)
        except OSError:
            # Another launch was faster: its wheels are the same.
            return place if place.is_dir() else part
    return place


def is_one(wheel: Path) -> bool:
    """Tell whether a wheel stands in for a package of the image."""
    return f"+{_MARK}-" in wheel.name


def name_of(wheel: Path) -> str:
    """Return the normalized name of a wheel's package."""
    return str(canonicalize_name(wheel.name.split("-")[0]))


def named_in(said: Iterable[str]) -> set[str]:
    """Those of the image's packages that pip names as a cause of a conflict."""
    return {str(canonicalize_name(name)) for name in _NAMED.findall("\n".join(said))}


def _versions(image: Shipped | None) -> dict[str, str]:
    found = {}
    for name, version in (image.packages if image else {}).items():
        try:
            found[str(canonicalize_name(name))] = f"{Version(version).public}+{_MARK}"
        except InvalidVersion:
            # A library of conda's: no requirement can name it.
            continue
    return found


def _write(place: Path, name: str, version: str) -> None:
    stem = f"{name.replace('-', '_')}-{version}"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    kind = "Wheel-Version: 1.0\nGenerator: smext\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    with zipfile.ZipFile(place / f"{stem}-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{stem}.dist-info/METADATA", metadata)
        wheel.writestr(f"{stem}.dist-info/WHEEL", kind)
        wheel.writestr(f"{stem}.dist-info/RECORD", "")
