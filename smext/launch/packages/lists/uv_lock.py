"""A uv.lock: the pins of what its project needs on the container's machine, read without uv."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from packaging.markers import InvalidMarker, Marker, UndefinedEnvironmentName

from .... import errors
from ..install_list import Local
from . import pip
from .package_list import FIELD, ListContext, PackageList, is_public, malformed
from .project import name_of
from .pyproject import is_imported, say_if_other_python
from .toml import load, table

Entry = Mapping[str, Any]


def read(path: Path, place: ListContext, extras: list[str]) -> PackageList:
    """Pins of the closure of the project that lies beside it, with extras or groups by their names.

    Raises errors.SmextError.
    """
    content = load(path, place)
    packages = content.get("package")
    if not isinstance(packages, list) or not all(
        isinstance(each, dict) and "name" in each for each in packages
    ):
        raise malformed(path, None, "it has no packages", "Make it anew with `uv lock`.")
    listed = PackageList()
    closure = _Closure(path, packages, place.markers)
    roots = closure.roots()
    for root in roots:
        closure.follow(root, frozenset(extras), groups=True)
    closure.check(extras)
    lines = [
        line for each in closure.found.values() if each not in roots for line in _line(each, path, listed)
    ]
    pip.add(listed, [*_indexes(closure.found.values()), *sorted(lines)], path, place)
    for root in roots:
        folder = _folder(root, path)
        if "virtual" not in _source(root) and folder is not None and is_imported(folder, place):
            listed.local.append(Local(name_of(folder), str(folder)))
    if place.container.python is None:
        listed.doubt(
            f"Which Python the image has is not known: {path.name} is read for {place.assumed}.",
            "Choose an image of the SageMaker Distribution, or one whose tag tells it, such as -py312.",
        )
    if isinstance(content.get("requires-python"), str):
        say_if_other_python(listed, content["requires-python"], path, place)
    return listed


class _Closure:
    """What is reached from the roots, each package once."""

    def __init__(self, path: Path, packages: list[Entry], markers: Mapping[str, str]) -> None:
        self._path, self._packages, self._markers = path, packages, markers
        self._by_name: dict[str, list[Entry]] = {}
        for each in packages:
            self._by_name.setdefault(str(each["name"]), []).append(each)
        self.found: dict[int, Entry] = {}
        self._held: dict[str, bool] = {}
        self._known_extras: set[str] = set()
        self._done: set[tuple[int, str]] = set()

    def roots(self) -> list[Entry]:
        """Return the project beside the file; of a workspace without one, all members."""
        own = [
            each
            for each in self._packages
            if "." in (_source(each).get("virtual"), _source(each).get("editable"))
        ]
        members = [each for each in self._packages if {"virtual", "editable"} & set(_source(each))]
        if not (own or members):
            raise malformed(self._path, None, "it has no project of its own", "Choose the pyproject.toml.")
        return own or members

    def follow(self, root: Entry, extras: frozenset[str], *, groups: bool) -> None:
        waiting = deque([(root, extras, groups)])
        while waiting:
            package, wanted, with_groups = waiting.popleft()
            self.found.setdefault(id(package), package)
            for need in self._new_needs(package, wanted, with_groups):
                if self._applies(need):
                    waiting.append((self._target(need), frozenset(need.get("extra") or ()), False))

    def check(self, extras: Iterable[str]) -> None:
        for extra in extras:
            if extra not in self._known_extras:
                raise errors.NotFound(
                    f"{self._path.name} has no extra or group of this name: {extra}",
                    advice="Correct it, or take it away.",
                    field=FIELD,
                )

    def _new_needs(self, package: Entry, extras: frozenset[str], groups: bool) -> list[Entry]:
        """Of the package, of its extras, and of a root's groups; each asked for once."""
        parts = {"": package.get("dependencies") or []}
        optional = table(package, "optional-dependencies")
        parts |= {extra: optional[extra] for extra in extras if extra in optional}
        if groups:
            named = table(package, "dev-dependencies")
            parts |= {extra: named[extra] for extra in extras if extra in named}
        self._known_extras |= parts.keys()
        new = {part: needs for part, needs in parts.items() if (id(package), part) not in self._done}
        self._done |= {(id(package), part) for part in new}
        return [each for needs in new.values() for each in needs if isinstance(each, dict) and "name" in each]

    def _applies(self, need: Entry) -> bool:
        return "marker" not in need or self._holds(str(need["marker"]))

    def _holds(self, marker: str) -> bool:
        if marker not in self._held:
            self._held[marker] = self._evaluated(marker)
        return self._held[marker]

    def _evaluated(self, marker: str) -> bool:
        try:
            return Marker(marker).evaluate(dict(self._markers))
        except (InvalidMarker, UndefinedEnvironmentName) as error:
            raise malformed(self._path, None, f"marker {marker}: {error}") from error

    def _target(self, need: Entry) -> Entry:
        """Where several versions are locked, a need names its own, or else the machine tells."""
        candidates = self._by_name.get(str(need["name"]), [])
        for member in ("version", "source"):
            if member in need:
                candidates = [each for each in candidates if each.get(member) == need[member]]
        for each in candidates:
            forks = each.get("resolution-markers") or []
            if not forks or any(self._holds(str(fork)) for fork in forks):
                return each
        raise malformed(
            self._path,
            None,
            f"it lacks a package that another one needs: {need['name']}",
            "Make it anew with `uv lock`.",
        )


def _source(package: Entry) -> Mapping[str, Any]:
    return table(package, "source")


def _folder(package: Entry, path: Path) -> Path | None:
    """Of a project of this machine."""
    source = _source(package)
    named = next(
        (source[each] for each in ("editable", "directory", "path", "virtual") if each in source), None
    )
    return (path.parent / str(named)).resolve() if named is not None else None


def _line(package: Entry, path: Path, listed: PackageList) -> list[str]:
    """How pip is told of it; what lies on this machine becomes a wheel."""
    name, source = str(package["name"]), _source(package)
    if "virtual" in source:
        return []
    folder = _folder(package, path)
    if folder is not None:
        if not folder.exists():
            raise malformed(path, None, f"there is no such folder: {folder}")
        listed.local.append(Local(name, str(folder)))
        return []
    if "git" in source:
        address, _, commit = str(source["git"]).partition("#")
        return [f"{name} @ git+{address.partition('?')[0]}@{commit}"]
    if "url" in source:
        return [f"{name} @ {source['url']}"]
    if "version" not in package:
        raise malformed(path, None, f"it has no version of: {name}", "Make it anew with `uv lock`.")
    return [f"{name}=={package['version']}"]


def _indexes(packages: Iterable[Entry]) -> list[str]:
    found = {str(_source(each).get("registry") or "").rstrip("/") for each in packages}
    return [
        f"--extra-index-url {address}"
        for address in sorted(found)
        if "://" in address and not is_public(address)
    ]
