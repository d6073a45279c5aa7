"""The Python that a job's container will have: its version where the image tells it, and the machine."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from .image_packages import shipped

X86, ARM = "x86_64", "aarch64"
# A family whose generation is followed by a g: ml.m7g, ml.c6gd; not ml.g5, whose g stands before.
_GRAVITON = re.compile(r"ml\.[a-z]+\d+g[a-z]*\..+")
# As AWS tags its framework images: 2.8.0-gpu-py312.
_PYTHON = re.compile(r".*[-:]py(?P<major>3)(?P<minor>\d{1,2})(?:-.*)?")


@dataclass(frozen=True)
class Container:
    """`python` is `3.12` or `3.12.9`, None where nobody knows; `machine` as `platform.machine()` says it there."""

    python: str | None
    machine: str = X86

    @property
    def minor(self) -> str | None:
        """`3.12`"""
        return ".".join(self.python.split(".")[:2]) if self.python else None

    def markers(self, assumed: str) -> Mapping[str, str]:
        """Return the environment of markers (PEP 508) there; `assumed` is the version where the image does not tell it."""
        full = self.python or assumed
        return {
            "implementation_name": "cpython",
            "implementation_version": full,
            "os_name": "posix",
            "platform_machine": self.machine,
            "platform_python_implementation": "CPython",
            "platform_release": "",
            "platform_system": "Linux",
            "platform_version": "",
            "python_full_version": full if full.count(".") > 1 else f"{full}.0",
            "python_version": ".".join(full.split(".")[:2]),
            "sys_platform": "linux",
            "extra": "",
        }


def container(image: str, instance_type: str) -> Container:
    """Of a job on this type with this image."""
    machine = ARM if _GRAVITON.fullmatch(instance_type) else X86
    known = shipped(image)
    if known and known.packages.get("python"):
        return Container(known.packages["python"], machine)
    told = _PYTHON.fullmatch(image.rpartition("/")[2])
    return Container(f"{told['major']}.{told['minor']}" if told else None, machine)
