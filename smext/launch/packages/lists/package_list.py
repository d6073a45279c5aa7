"""What any list of packages comes down to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from .... import errors
from ....api import Check, check
from ..container import Container
from ..install_list import Local

FIELD = "requirements"
PUBLIC = frozenset({"pypi.org", "pypi.python.org"})
"""Hosts of the index that pip asks by itself."""
LARGEST = 16 * 1024 * 1024
_SECRET = re.compile(r"(?<=://)[^/@\s]+(?=@)")
_VARIABLE = re.compile(r"\$\{[A-Z0-9_]+\}")


@dataclass
class PackageList:
    """`lines` are those of the requirements.txt that is sent; `local` is built here and sent as wheels."""

    lines: list[str] = field(default_factory=list)
    constraints: list[str] = field(default_factory=list)
    local: list[Local] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    index_checks: list[Check] = field(default_factory=list)
    """What is to be said where the job itself asks the indexes that the list names."""

    def doubt(self, message: str, advice: str) -> None:
        """Add a check that cannot tell."""
        self.checks.append(
            Check(name="packages", status="cannot tell", message=message, advice=advice, field=FIELD)
        )

    def warn(self, message: str, advice: str = "") -> None:
        """Add a warning of the packages."""
        self.checks.append(_warning(message, advice))

    def warn_of_index(self, message: str, advice: str = "") -> None:
        """Add a warning of a package index."""
        self.index_checks.append(_warning(message, advice))


def _warning(message: str, advice: str) -> Check:
    return check("packages", "warning", message, advice, FIELD)


@dataclass(frozen=True)
class ListContext:
    """Where a list is read: `root` is the server's folder, `folder` the notebook's, `imported` what it imports
    and does not take along; the rest is of the container."""

    root: Path
    folder: Path
    imported: frozenset[str]
    container: Container
    assumed: str
    """The version of Python that is taken where the image does not tell its own."""

    @property
    def markers(self) -> Mapping[str, str]:
        """The environment of markers (PEP 508) in the job."""
        return self.container.markers(self.assumed)

    def text(self, path: Path) -> str:
        """Of a file below the server's folder. Raises errors.SmextError."""
        place, root = path.resolve(), self.root.resolve()
        if place != root and root not in place.parents:
            raise errors.Invalid(
                f"The list of packages lies outside of the server's folder: {path.name}",
                advice="Copy it beside the notebook.",
                field=FIELD,
            )
        try:
            if place.stat().st_size > LARGEST:
                raise OSError("it is too large")
            return place.read_text(encoding="utf-8-sig")
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or str(error)
            raise errors.NotFound(
                f"Could not read the list of packages: {path.name} ({why})",
                advice="Choose another file, or none.",
                field=FIELD,
            ) from error


def malformed(
    path: Path, line: int | None, why: str, advice: str = "Mend it, or choose another file."
) -> errors.Invalid:
    """`line` counts from 1."""
    where = path.name if line is None else f"{path.name}, line {line}"
    return errors.Invalid(f"Could not read {where}: {masked(why)}", advice=advice, field=FIELD)


def has_secret(text: str) -> bool:
    """Whether an address has a user or a password in it that is not a variable's name."""
    return any(_VARIABLE.sub("", found).strip(":") for found in _SECRET.findall(text))


def masked(text: str) -> str:
    """Without what stands before the @ of an address."""
    return _SECRET.sub("***", text)


def shown(line: str) -> str:
    """Return a line as people see it: without hashes and passwords."""
    return masked(line.partition(" --")[0].strip())


def is_public(address: str) -> bool:
    """Whether pip asks this index anyway, wherever it runs."""
    return urlsplit(address).hostname in PUBLIC
