"""Wheels of packages that lie on this machine, so that they can go along."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from .. import errors
from .packages import FIELD, Local

SECONDS = 300
_OPTIONS = ("--no-deps", "--quiet", "--disable-pip-version-check", "--no-input")


def build(packages: Iterable[Local], folder: Path) -> list[Path]:
    """Build each into the folder. Raises errors.SmextError with pip's last word."""
    return [_build(each, folder / str(index)) for index, each in enumerate(packages)]


def _build(package: Local, folder: Path) -> Path:
    if package.path.endswith(".whl"):
        return Path(package.path)
    # The backend that the project asks for comes from an index; without one, an installed backend may do.
    for options in ((), ("--no-build-isolation",)):
        said = _pip(package, folder, options)
        for wheel in folder.glob("*.whl"):
            return wheel
    raise errors.Invalid(
        f"Could not build the package that lies on this machine: {package.name} ({said})",
        advice=f"Try `pip wheel {package.path}`, or leave the package out.",
        field=FIELD,
    )


def _pip(package: Local, folder: Path, options: tuple[str, ...]) -> str:
    """What pip said last; empty where all went well."""
    command = [sys.executable, "-m", "pip", "wheel", *_OPTIONS, *options, "--wheel-dir", str(folder)]
    try:
        done = subprocess.run(
            [*command, package.path],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    lines = done.stdout.decode("utf-8", "replace").strip().splitlines()
    return "" if done.returncode == 0 else (lines or ["pip failed"])[-1].strip()
