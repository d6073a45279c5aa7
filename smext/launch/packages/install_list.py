"""Which packages are installed before the notebook runs: what it imports, the kernel has and the image lacks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from ...api import Check, Package, check
from . import import_names
from .image_packages import Shipped
from .import_names import Lacking
from .imports import Import
from .interpreter import Distribution, Interpreter

FIELD = "packages"
GREW_OUT_OF = 0.7
"""Share of common packages in the same version from which on an environment is the image's own, with changes."""
_NAMED = 5
_ADVICE = "Write it under Packages, or install it in the notebook before it is imported."


@dataclass(frozen=True)
class Local:
    """A package to be built from a folder of this machine or from an address, or a wheel that lies there."""

    name: str
    path: str
    extras: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """The name with its path, as people see it."""
        return f"{self.name} ({self.path})"

    @property
    def is_archive(self) -> bool:
        """Whether it is a wheel already."""
        return self.path.endswith(".whl")


@dataclass
class InstallList:
    """`always` and `if_missing` are requirements; `listed` and `constraints` are lines of files as pip reads them."""

    always: list[str] = field(default_factory=list)
    if_missing: list[str] = field(default_factory=list)
    local: list[Local] = field(default_factory=list)
    listed: list[str] | None = None
    constraints: list[str] = field(default_factory=list)
    shown: list[Package] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    index_checks: list[Check] = field(default_factory=list)
    """Of indexes that the job itself would ask."""

    @property
    def extras(self) -> dict[str, list[str]]:
        """Of the wheels that are built, by normalised name."""
        return {str(canonicalize_name(each.name)): list(each.extras) for each in self.local if each.extras}


def given(requirements: Sequence[str]) -> InstallList:
    """Take the user's own list."""
    wanted = InstallList()
    for text in filter(None, map(str.strip, requirements)):
        try:
            Requirement(text)
        except InvalidRequirement as error:
            why = str(error).splitlines()[0]
            wanted.checks.append(
                Check(
                    name="packages",
                    status="will fail",
                    message=f"This is no requirement: {text} ({why})",
                    advice="Write it as pip takes it: name==1.0",
                    field=FIELD,
                )
            )
            continue
        wanted.always.append(text)
        wanted.shown.append(Package(requirement=text, why="asked for", source="the form"))
    return wanted


def compared(
    imported: Iterable[Import], image: Shipped, installs: frozenset[str], *, complete: bool = True
) -> InstallList:
    """Compare imports with the image's packages, where the kernel's are not known.

    Not `complete`: the notebook brings modules that nobody knows, and only known packages are missed.
    """
    missing = import_names.lacking(imported, image, installs)
    missing = [each for each in missing if complete or each.distributions]
    return InstallList(checks=_lacking(missing, image.image))


def _lacking(missing: Sequence[Lacking], place: str) -> list[Check]:
    """One warning of what is known to be missing, one of what nobody knows the package of."""
    known = [str(each) for each in missing if each.distributions]
    strange = [str(each) for each in missing if not each.distributions]
    checks = []
    if known:
        checks.append(_warning(f"{place} lacks what the notebook imports: {', '.join(known)}", _ADVICE))
    if strange:
        message = (
            f"{place} has no package that is known to bring what the notebook imports: {', '.join(strange)}"
        )
        checks.append(_warning(message, _ADVICE))
    return checks


def _warning(message: str, advice: str) -> Check:
    return check("packages", "warning", message, advice, FIELD)


def found(
    imported: Iterable[Import],
    kernel: Interpreter,
    image: Shipped | None,
    installs: frozenset[str] = frozenset(),
    *,
    complete: bool = True,
) -> InstallList:
    """Find what the job must install. Without a list of what the image ships, it is asked when it starts.

    `installs` are the distributions that the notebook itself installs; where that is not `complete`, nothing is missed.
    """
    search = _Search(kernel, image, installs if complete else None)
    for each in sorted(imported, key=lambda each: (each.name, each.by, each.optional)):
        search.add_import(each)
    search.conclude()
    return search.wanted


class _Search:
    def __init__(self, kernel: Interpreter, image: Shipped | None, installs: frozenset[str] | None) -> None:
        self.wanted = InstallList()
        self._installs = None if installs is None else _with_needs(installs, kernel)
        self._kernel, self._image = kernel, image
        self._source = f"the kernel (Python {kernel.version})"
        self._own = image is not None and _grew_out_of(kernel, image)
        self._seen: set[str] = set()
        self._unknown: set[Import] = set()
        self._other: list[str] = []

    def add_import(self, each: Import) -> None:
        if each.by and self._image and any(import_names.ships(self._image, name) for name in each.names):
            return
        found = (self._kernel.providing(name) for name in each.names)
        providers = next((brings for brings in found if brings), ())
        for distribution in providers:
            self._consider(distribution, f"{each.by} needs it" if each.by else f"imports {each.top}")
        if not providers and not each.optional:
            self._unknown.add(each)

    def _consider(self, each: Distribution, why: str) -> None:
        if each.key in self._seen:
            return
        self._seen.add(each.key)
        has = self._image.packages.get(each.key) if self._image else None
        if each.folder:
            self.wanted.local.append(Local(each.name, each.folder))
            self._show(self.wanted.local[-1].shown, f"{why}; it lies on this machine")
        elif each.url:
            self.wanted.always.append(f"{each.name} @ {each.url}")
            self._show(self.wanted.always[-1], why)
        elif has is None:
            self.wanted.if_missing.append(_pinned(each))
            unless = "" if self._image else ", unless the image has it"
            self._show(_pinned(each), why + unless)
        elif has != _public(each.version) and self._own:
            self.wanted.always.append(_pinned(each))
            self._show(_pinned(each), f"{why}; the image has {has}")
        else:
            if has != _public(each.version):
                self._other.append(f"{each.name} {has} (here {each.version})")
            return
        self._consider_needs(each)

    def _consider_needs(self, each: Distribution) -> None:
        """Consider what it needs in turn, in the kernel's versions; where the image is not known, pip finds that out."""
        if self._image is None and not each.folder:
            return
        for name in _needs(each):
            needed = self._kernel.distributions.get(name)
            if needed and (self._image is None or name not in self._image.packages):
                self._consider(needed, f"{each.name} needs it")

    def _show(self, requirement: str, why: str) -> None:
        self.wanted.shown.append(Package(requirement=requirement, why=why, source=self._source))

    def conclude(self) -> None:
        if self._other:
            image = self._image.image if self._image else "the image"
            self._warn(
                f"These have another version in {image}: {_some(self._other)}",
                "It is what the run uses. Write a version under Packages to have that one.",
            )
        shipped = self._image or Shipped("the image", {})
        installs = self._installs
        missing = []
        if installs is not None:
            missing = import_names.lacking(self._unknown, shipped, installs, self._kernel.distributions)
        if missing:
            self._warn(
                f"The kernel does not have what the notebook imports: {', '.join(map(str, missing))}",
                "Install it in the kernel, write it under Packages, or send the file that it is.",
            )

    def _warn(self, message: str, advice: str) -> None:
        self.wanted.checks.append(_warning(message, advice))


def summary(wanted: InstallList) -> list[Check]:
    """Return the checks of all packages."""
    if not wanted.shown:
        return []
    names = _some([each.requirement for each in wanted.shown])
    message = f"{_packages(len(wanted.shown))} to install: {names}"
    return [Check(name="packages", status="ok", message=message, field=FIELD)]


def _packages(count: int) -> str:
    return "1 package" if count == 1 else f"{count} packages"


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def _grew_out_of(kernel: Interpreter, image: Shipped) -> bool:
    """Whether the environment is this image's own: then what differs was changed on purpose."""
    common = [each for each in kernel.distributions.values() if each.key in image.packages]
    same = sum(_public(each.version) == image.packages[each.key] for each in common)
    return bool(common) and same >= GREW_OUT_OF * len(common)


def _with_needs(installs: frozenset[str], kernel: Interpreter) -> frozenset[str]:
    """With what these bring along, as far as the kernel has them."""
    reached: set[str] = set()
    waiting = list(installs)
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            known = kernel.distributions.get(name)
            waiting += _needs(known) if known else []
    return frozenset(reached)


def _needs(each: Distribution) -> list[str]:
    names = []
    for text in each.requires:
        try:
            requirement = Requirement(text)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                names.append(str(canonicalize_name(requirement.name)))
        except (InvalidRequirement, ValueError):
            continue
    return names


def _pinned(each: Distribution) -> str:
    return f"{each.name}=={_public(each.version)}"


def _public(version: str) -> str:
    """Without the local part, such as `+cpu`, which no index has."""
    return version.partition("+")[0]
