"""What a wheel says of itself: where it runs, and what it needs."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from email.message import Message
from email.parser import HeaderParser
from functools import lru_cache
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.tags import Tag, compatible_tags, cpython_tags
from packaging.utils import InvalidWheelFilename, parse_wheel_filename

NEWEST_GLIBC = 28
"""Of 2.x. The SageMaker Distribution has 2.35, other images of AWS 2.26 or later; few wheels ask for more than this."""
_LEGACY = {"manylinux2014": 17, "manylinux2010": 12, "manylinux1": 5}


def platforms(machine: str) -> list[str]:
    """Platform tags of Linux on a machine, the newest first."""
    # No wheel for aarch64 is older than manylinux2014.
    oldest = 5 if machine == "x86_64" else 17
    modern = [f"manylinux_2_{minor}_{machine}" for minor in range(NEWEST_GLIBC, oldest - 1, -1)]
    legacy = [f"{name}_{machine}" for name, minor in _LEGACY.items() if minor >= oldest]
    return [*modern, *legacy, f"linux_{machine}"]


def runs_on(wheel: Path, minor: str, machine: str) -> bool:
    """Whether it can be installed into that version of CPython there."""
    try:
        return not _tags(minor, machine).isdisjoint(parse_wheel_filename(wheel.name)[3])
    except InvalidWheelFilename:
        return False


def is_compiled(wheel: Path) -> bool:
    """Whether it runs on one kind of machine only."""
    try:
        return all(tag.platform != "any" for tag in parse_wheel_filename(wheel.name)[3])
    except InvalidWheelFilename:
        return False


def needs_of(wheel: Path, markers: Mapping[str, str], extras: Sequence[str] = ()) -> list[Requirement]:
    """Return what it needs where these markers hold, without the markers. Empty for what cannot be read."""
    found = []
    for text in _metadata(wheel).get_all("Requires-Dist") or []:
        try:
            need = Requirement(text)
        except InvalidRequirement:
            continue
        marker, need.marker = need.marker, None
        if marker is None or any(marker.evaluate({**markers, "extra": extra}) for extra in ("", *extras)):
            found.append(need)
    return found


def _metadata(wheel: Path) -> Message:
    try:
        with zipfile.ZipFile(wheel) as opened:
            name = next(
                name
                for name in opened.namelist()
                if name.count("/") == 1 and name.endswith(".dist-info/METADATA")
            )
            return HeaderParser().parsestr(opened.read(name).decode("utf-8", "replace"))
    except (OSError, zipfile.BadZipFile, StopIteration):
        return HeaderParser().parsestr("")


@lru_cache(maxsize=8)
def _tags(minor: str, machine: str) -> frozenset[Tag]:
    version = tuple(map(int, minor.split(".")))
    interpreter = "cp" + "".join(map(str, version))
    found = [
        *cpython_tags(version, platforms=platforms(machine)),
        *compatible_tags(version, interpreter, platforms(machine)),
    ]
    return frozenset(found)
