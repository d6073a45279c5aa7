"""Which distributions bring a module: `sklearn` is brought by scikit-learn. A dated table out of packages' metadata."""

from __future__ import annotations

import json
from collections.abc import Container, Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from packaging.utils import canonicalize_name

from .image_packages import Shipped
from .imports import Import

_UNLISTED = frozenset({"pip", "setuptools", "wheel"})
"""What every image has and no list names."""


@dataclass(frozen=True)
class Lacking:
    """A module that an image lacks, the distributions that are known to bring it, and what needs it, if not the code itself."""

    module: str
    distributions: frozenset[str]
    by: str = ""

    def __str__(self) -> str:
        said = [f"for {self.by}"] if self.by else []
        if self.distributions and str(canonicalize_name(self.module)) not in self.distributions:
            said.insert(0, " or ".join(sorted(self.distributions, key=lambda name: (len(name), name))[:2]))
        return f"{self.module} ({', '.join(said)})" if said else self.module


def distributions(name: str) -> frozenset[str]:
    """Return the normalised names of the distributions that are known to bring a dotted module name."""
    table = _table()["modules"]
    parts = name.split(".")
    for depth in range(len(parts), 0, -1):
        known = table.get(".".join(parts[:depth]))
        if known:
            return frozenset(known)
    return frozenset()


def candidates(name: str) -> frozenset[str]:
    """Return those, and what a distribution would be called that has the module's own name."""
    parts = name.split(".")
    own = {str(canonicalize_name("-".join(parts[:depth]))) for depth in range(1, len(parts) + 1)}
    return distributions(name) | own


def ships(image: Shipped, name: str) -> bool:
    """Tell whether an image has what brings a module."""
    without = _table()["without_modules"]
    return bool(candidates(name) & _UNLISTED) or any(
        each in image.packages and each not in without for each in candidates(name)
    )


def lacking(
    imported: Iterable[Import], image: Shipped, installs: frozenset[str], kernel: Container[str] = ()
) -> list[Lacking]:
    """Return what is imported and neither shipped by an image nor installed by the notebook, each module once.

    Of what is in the `kernel` it is known which modules it brings.
    """
    imported = list(imported)
    found: dict[str, Lacking] = {}
    wanted = [each for each in imported if not each.optional]
    explained = {found for each in imported for name in each.names for found in candidates(name)}
    strange = {
        each
        for each in installs - explained
        if not _is_known(each) and each not in image.packages and each not in kernel
    }
    for each in sorted(wanted, key=lambda each: (each.name, each.by)):
        if each.top in found or any(ships(image, name) for name in each.names):
            continue
        if any(candidates(name) & installs for name in each.names):
            continue
        known = distributions(each.name) or frozenset(
            name for name in (str(canonicalize_name(each.top)),) if _is_known(name)
        )
        # A package that nobody here knows may bring a module that nobody knows.
        if not known and strange:
            continue
        found[each.top] = Lacking(each.top, known, each.by)
    return list(found.values())


def _is_known(distribution: str) -> bool:
    return distribution in _distributions()


@lru_cache(maxsize=1)
def _distributions() -> frozenset[str]:
    table = _table()
    return frozenset(name for names in table["modules"].values() for name in names) | set(table["same_name"])


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    text = resources.files(__package__).joinpath("import_names.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found
