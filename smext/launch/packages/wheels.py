"""Wheels of packages that lie on this machine, so that they can go along."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Callable, Iterable
from pathlib import Path

from ... import errors
from ...api import Check
from . import pip_command
from .container import Container
from .install_list import FIELD, Local
from .lists import masked
from .wheel_tags import runs_on

SECONDS = 300.0
_LACKING = re.compile(
    r"install build dependencies|BackendUnavailable|Cannot import '|No module named '(setuptools|wheel)"
)
SHOWN = 5
"""Of the last lines that a failing build said."""
ENTRIES = 2000
_SOURCES = (".pyx", ".c", ".cc", ".cpp", ".cxx", ".cu", ".rs", ".f90", ".f", ".so", ".pyd")
_NOT_SOURCES = {
    "build",
    "dist",
    "node_modules",
    "tests",
    "test",
    "docs",
    "site-packages",
    "__pycache__",
    "venv",
    "env",
}


def build(
    packages: Iterable[Local],
    folder: Path,
    container: Container | None = None,
    watch: Callable[[], None] = lambda: None,
) -> list[Path]:
    """Build each into the folder; `watch` is called meanwhile, and may raise.

    Raises errors.SmextError with what the build said last, or where a wheel does not run in that container.
    """
    made = [_build(each, folder / str(index), watch) for index, each in enumerate(packages)]
    for wheel in made:
        _refuse_other_machine(wheel, container)
    return made


def checks(packages: Iterable[Local]) -> list[Check]:
    """Warn of packages that are compiled: what is built here runs on machines like this one."""
    names = [each.name for each in packages if is_compiled(each)]
    if not names:
        return []
    here = f"Python {'.'.join(platform.python_version_tuple()[:2])} on {platform.machine()}"
    return [
        Check(
            name="packages",
            status="warning",
            message=f"Built for this machine, {here}, as there is compiled code in it: {', '.join(names)}",
            advice="The launch is refused where such a wheel does not run on the job's image and instance type.",
            field=FIELD,
        )
    ]


def is_compiled(package: Local) -> bool:
    """Whether its folder has sources that are compiled, as far as a short look tells."""
    seen = 0
    for _, folders, names in os.walk(package.path):
        folders[:] = [each for each in folders if each not in _NOT_SOURCES and not each.startswith(".")]
        seen += len(names)
        if any(name.endswith(_SOURCES) for name in names):
            return True
        if seen > ENTRIES:
            break
    return False


def _build(package: Local, folder: Path, watch: Callable[[], None]) -> Path:
    if package.is_archive and "://" not in package.path:
        return Path(package.path)
    said: list[list[str]] = []
    # The backend that the project asks for comes from an index; without one, an installed backend may do.
    for options in ((), ("--no-build-isolation",)):
        command = ["wheel", "--no-deps", *options, "--wheel-dir", str(folder), package.path]
        told = pip_command.run(command, watch, SECONDS)
        for wheel in folder.glob("*.whl"):
            return wheel
        said.append(told or [])
    shown = masked(package.path)
    where = shown if "://" in shown else f"{shown} on this machine"
    raise errors.Invalid(
        f"Could not build the package {package.name}, from {where}: {masked(_last_words(_telling(said)))}",
        advice=f"Try `pip wheel {shown}` in a terminal, or leave the package out.",
        field=FIELD,
    )


def _telling(said: list[list[str]]) -> list[str]:
    """Return what the project itself said, and not what is missing for building it."""
    for lines in said:
        if not any(_LACKING.search(line) for line in lines):
            return lines
    return said[0]


def _last_words(said: list[str]) -> str:
    """Return what the build itself said last; pip's own words around it say nothing of the reason."""
    own = [" ".join(line.split()) for line in said if line.startswith((" ", "\t")) and line.strip(" ╰─>│\t")]
    own = [line for line in own if not line.startswith(("note:", "hint:", "[end of output]", "╰─>", "─"))]
    return " · ".join(own[-SHOWN:]) if own else pip_command.last_word(said)


def _refuse_other_machine(wheel: Path, container: Container | None) -> None:
    if container is None or container.minor is None or runs_on(wheel, container.minor, container.machine):
        return
    raise errors.Invalid(
        f"A package was built for this machine and does not run on Python {container.minor}, {container.machine}: {wheel.name}",
        advice="Choose an image with this Python and an instance type of this architecture, or leave the package out.",
        field=FIELD,
    )
