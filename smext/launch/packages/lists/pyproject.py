"""A pyproject.toml: what its project needs, and the project itself where the notebook imports it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from .... import errors
from ..install_list import Local
from . import pip
from .package_list import FIELD, ListContext, PackageList, malformed
from .project import modules_of, name_of
from .toml import load, table, texts


def read(path: Path, place: ListContext, extras: list[str]) -> PackageList:
    """`project.dependencies`, with optional ones or groups by their names. Raises errors.SmextError."""
    content = load(path, place)
    project = table(content, "project")
    if not project:
        raise _without_project(path, content)
    listed = PackageList()
    if "dependencies" in project.get("dynamic", ()):
        # Only its build knows them, and a wheel says them.
        listed.local.append(_itself(path))
    else:
        pip.add(listed, _needs(path, content, extras), path, place)
        if is_imported(path.parent, place):
            listed.local.append(_itself(path))
    wants = project.get("requires-python")
    if isinstance(wants, str):
        say_if_other_python(listed, wants, path, place)
    return listed


def is_imported(folder: Path, place: ListContext) -> bool:
    """Whether the notebook imports what lies in the project, and it does not go along as files beside it."""
    return bool(modules_of(folder) & place.imported)


def say_if_other_python(listed: PackageList, wants: str, path: Path, place: ListContext) -> None:
    """Warn where the list wants another Python than the image has."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        fits = place.container.python is None or SpecifierSet(wants).contains(
            place.markers["python_full_version"], prereleases=True
        )
    except InvalidSpecifier as error:
        raise malformed(path, None, f"requires-python: {error}") from error
    if not fits:
        listed.warn(
            f"{path.name} wants Python {wants}, the image has {place.container.python}",
            "Choose an image with such a Python if the run fails.",
        )


def _itself(path: Path) -> Local:
    return Local(name_of(path.parent), str(path.parent.resolve()))


def _needs(path: Path, content: dict[str, Any], extras: list[str]) -> list[str]:
    project = table(content, "project")
    found = texts(project.get("dependencies"))
    own = canonicalize_name(str(project.get("name") or ""))
    for extra in extras:
        found += _of_extra(path, content, extra, set())
    return [text for text in found if _name(text) != own]


def _of_extra(path: Path, content: dict[str, Any], extra: str, seen: set[str]) -> list[str]:
    """Of an optional part, or of a group of `dependency-groups`; both may name others of them."""
    if extra in seen:
        return []
    seen.add(extra)
    optional, groups = table(content, "project", "optional-dependencies"), table(content, "dependency-groups")
    if extra not in optional and extra not in groups:
        known = ", ".join([*optional, *groups]) or "none"
        raise errors.NotFound(
            f"{path.name} has no extra of this name: {extra}", advice=f"It has: {known}.", field=FIELD
        )
    found = texts(optional.get(extra))
    own = canonicalize_name(str(table(content, "project").get("name") or ""))
    more: list[str] = [name for text in found if _name(text) == own for name in _extras(text)]
    if extra not in optional:
        entries = groups[extra] if isinstance(groups[extra], list) else []
        found = texts(entries)
        more += [
            str(each["include-group"])
            for each in entries
            if isinstance(each, dict) and "include-group" in each
        ]
    return found + [text for name in more for text in _of_extra(path, content, name, seen)]


def _name(text: str) -> str:
    try:
        return canonicalize_name(Requirement(text).name)
    except InvalidRequirement:
        return ""


def _extras(text: str) -> Iterable[str]:
    return sorted(Requirement(text).extras)


def _without_project(path: Path, content: dict[str, Any]) -> errors.SmextError:
    if table(content, "tool", "poetry"):
        return errors.Unsupported(
            f"Poetry's own list cannot be read: {path.name}",
            advice="Write it with `poetry export -o requirements.txt`, and choose that.",
            field=FIELD,
        )
    return malformed(path, None, "it has no [project]", "Choose another file, or none.")
