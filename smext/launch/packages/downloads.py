"""Wheels for a job that reaches no package index, downloaded here by pip for the container's Python and machine."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from packaging.markers import InvalidMarker
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from ... import errors
from ...aws.cache import Cache
from . import empty_wheels, pip_command, wheel_cache
from .container import Container
from .image_packages import Shipped
from .install_list import FIELD
from .lists import masked
from .wheel_tags import needs_of, platforms, runs_on

ROUNDS = 12
"""How often pip is asked anew, each time with a conflict or a package without a wheel less."""
FAILED_SECONDS = 120.0
_NOT_FOUND = re.compile(r"No matching distribution found for ([^\s;(]+(?: ?[<>=!~]=?[^\s;(]+)*)")
_UNREACHED = re.compile(
    r"Retrying \(Retry|Max retries exceeded|NewConnectionError|Could not fetch URL|"
    r"Temporary failure in name resolution|Failed to establish a new connection|40[13] (?:Client )?Error"
)
_INDEXES = ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_NO_INDEX", "PIP_CONFIG_FILE")
_NOT_HERE = ("--no-binary", "--only-binary", "--prefer-binary", "--use-feature")
_failures = Cache[errors.Invalid](ttl=FAILED_SECONDS)
Watch = Callable[[], None]


@dataclass(frozen=True)
class Download:
    """What the job is to find: requirements, versions they are held to, and pip's options of a user's list.

    `python` is the version that is taken for the container's; `image` what it has already.
    """

    requirements: tuple[str, ...]
    constraints: tuple[str, ...]
    options: tuple[str, ...]
    container: Container
    python: str
    image: Shipped | None
    tools: tuple[str, ...] = ()
    """Taken along where the index has them: an image may have them itself."""
    extras: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Of the packages that are built here, by normalised name."""

    @property
    def minor(self) -> str:
        """`3.12`"""
        return ".".join(self.python.split(".")[:2])

    @property
    def key(self) -> str:
        """The same for what gives the same wheels."""
        image = self.image.image if self.image else None
        indexes = [os.environ.get(name) for name in _INDEXES]
        told = [asdict(self) | {"image": image, "requirements": sorted(self.requirements)}, indexes]
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def kept(download: Download) -> list[Path] | None:
    """Return the wheels of an earlier download, None where there was none lately."""
    return wheel_cache.find(download.key)


def failed_before(download: Download) -> errors.SmextError | None:
    """Why it went wrong a moment ago."""
    return _failures.peek(download.key)


def fetch(download: Download, built: Iterable[Path], watch: Watch = lambda: None) -> list[Path]:
    """Download the wheels of all that is asked for, and of what the built wheels need.

    `watch` is called while pip works, and may raise. Raises errors.SmextError with the package that has no wheel.
    """
    wheels = list(built)
    markers = dict(download.container.markers(download.python))
    extra = sorted(
        {
            str(need)
            for wheel in wheels
            for need in needs_of(wheel, markers, download.extras.get(empty_wheels.name_of(wheel), ()))
        }
    )
    found = wheel_cache.find(download.key, extra)
    if found is not None:
        return found
    _failures.forget(download.key)
    try:
        with tempfile.TemporaryDirectory(prefix="smext-wheels-") as scratch:
            fetched = _Attempt(download, wheels, Path(scratch), watch).run()
            return wheel_cache.keep(download.key, extra, fetched)
    except errors.Invalid as error:
        _failures.learn(download.key, error)
        raise
    except OSError as error:
        raise errors.SmextError(
            f"Could not keep the wheels on this machine: {error.strerror or error}",
            advice="Free some space on its disk.",
            field=FIELD,
        ) from error


class _Attempt:
    """pip, asked until it has an answer."""

    def __init__(self, download: Download, built: list[Path], scratch: Path, watch: Watch) -> None:
        self._download, self._scratch, self._watch = download, scratch, watch
        self._own = {empty_wheels.name_of(wheel) for wheel in built}
        # By their addresses: an index may have others of the same names.
        own = [_addressed(wheel, download.extras.get(empty_wheels.name_of(wheel), ())) for wheel in built]
        self._markers = dict(download.container.markers(download.python))
        asked = _applying((*download.requirements, *download.tools), self._markers)
        self._asked = [*(each for each in asked if _name(each) not in self._own), *own]
        held = empty_wheels.held(download.image, self._asked)
        self._held = {name: version for name, version in held.items() if name not in self._own}
        self._built = scratch / "built"
        self._built.mkdir()

    def run(self) -> list[Path]:
        for _ in range(ROUNDS):
            said = self._pip_download()
            if said is None:
                unmet = self._unmet()
                if not unmet:
                    return self._downloaded()
                self._asked += unmet
            elif _UNREACHED.search("\n".join(said)):
                raise _unreached()
            elif not (self._give_way(said) or self._leave_out(said) or self._build(said)):
                raise _failure(said, self._download)
        raise _failure(said or ["pip came to no end"], self._download)

    def _pip_download(self) -> list[str] | None:
        """None where all went well, else what pip said."""
        listed, held = self._scratch / "asked.txt", self._scratch / "held.txt"
        options = [line for line in self._download.options if not line.startswith(_NOT_HERE)]
        listed.write_text("\n".join([*options, *self._asked, ""]), encoding="utf-8")
        limits = [
            *self._download.constraints,
            *(f"{name}=={version}" for name, version in self._held.items()),
        ]
        held.write_text("\n".join([*limits, ""]), encoding="utf-8")
        stand_in = empty_wheels.folder(self._download.image)
        command = [
            "download", "--only-binary=:all:", "--progress-bar=off", "--retries=1",
            "--dest", str(self._scratch / "wheels"), "--python-version", self._download.minor, "--implementation", "cp",
            *(f"--platform={each}" for each in platforms(self._download.container.machine)),
            "--find-links", str(self._built), *(["--find-links", str(stand_in)] if stand_in else []),
            "--requirement", str(listed), "--constraint", str(held),
        ]  # fmt: skip
        return pip_command.run(command, self._watch)

    def _wheels(self) -> list[Path]:
        found = sorted((self._scratch / "wheels").glob("*.whl"))
        return [wheel for wheel in found if not empty_wheels.is_one(wheel)]

    def _downloaded(self) -> list[Path]:
        return [wheel for wheel in self._wheels() if empty_wheels.name_of(wheel) not in self._own]

    def _unmet(self) -> list[str]:
        """List what the wheels need there and pip passed over, because it takes the markers of the Python that runs it."""
        wheels = self._wheels()
        have = {empty_wheels.name_of(wheel) for wheel in wheels} | set(self._held)
        extras = _extras_of(self._asked)
        needs = [
            need
            for each in wheels
            for need in needs_of(each, self._markers, extras[empty_wheels.name_of(each)])
        ]
        return sorted({str(need) for need in needs if canonicalize_name(need.name) not in have})

    def _give_way(self, said: list[str]) -> bool:
        """Let go of the image's version of what something asked for cannot live with."""
        conflicting = empty_wheels.named_in(said) & set(self._held)
        for name in conflicting:
            del self._held[name]
        return bool(conflicting)

    def _leave_out(self, said: list[str]) -> bool:
        match = _NOT_FOUND.search("\n".join(said))
        if match is None or match[1] not in self._download.tools:
            return False
        self._asked.remove(match[1])
        return True

    def _build(self, said: list[str]) -> bool:
        """Build the wheels that no index has; True where they run there."""
        match = _NOT_FOUND.search("\n".join(said))
        if match is None:
            return False
        folder = self._scratch / f"try-{len(list(self._scratch.iterdir()))}"
        command = ["wheel", "--no-deps", "--wheel-dir", str(folder), match[1]]
        if pip_command.run(command, self._watch) is not None:
            return False
        fitting = [
            path
            for path in folder.glob("*.whl")
            if runs_on(path, self._download.minor, self._download.container.machine)
        ]
        for path in fitting:
            path.replace(self._built / path.name)
        return bool(fitting)


def _addressed(wheel: Path, extras: Sequence[str]) -> str:
    named = f"[{','.join(extras)}]" if extras else ""
    return f"{empty_wheels.name_of(wheel)}{named} @ {wheel.resolve().as_uri()}"


def _name(text: str) -> str:
    try:
        return str(canonicalize_name(Requirement(text).name))
    except InvalidRequirement:
        return ""


def _extras_of(requirements: Iterable[str]) -> defaultdict[str, tuple[str, ...]]:
    found: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
    for text in requirements:
        with contextlib.suppress(InvalidRequirement):
            requirement = Requirement(text)
            found[canonicalize_name(requirement.name)] += tuple(sorted(requirement.extras))
    return found


def _applying(requirements: Iterable[str], markers: dict[str, str]) -> list[str]:
    """Those that apply in the container, without the marker that says so."""
    found = []
    for text in requirements:
        try:
            requirement = Requirement(text)
            if requirement.marker is not None and not requirement.marker.evaluate(markers):
                continue
            requirement.marker = None
            found.append(str(requirement))
        except (InvalidRequirement, InvalidMarker):
            found.append(text)
    return found


def _unreached() -> errors.Unreachable:
    """pip itself says of it that there is no such package."""
    return errors.Unreachable(
        "The packages could not be downloaded: this server does not reach the package index, or is not let in.",
        advice="Configure an index that it reaches (pip config), or choose an image that has the packages.",
        field=FIELD,
    )


def _failure(said: list[str], download: Download) -> errors.Invalid:
    there = f"Python {download.minor} on {download.container.machine}"
    match = _NOT_FOUND.search("\n".join(said))
    if match is not None:
        return errors.Invalid(
            f"There is no wheel for {there} of: {masked(match[1])}",
            advice="Take another version of it, or an image that has it, or let the job reach the package index.",
            field=FIELD,
        )
    return errors.Invalid(
        f"Could not download the packages for {there}: {masked(pip_command.last_word(said))}",
        advice="Check the versions under Packages, and that this server reaches the package index.",
        field=FIELD,
    )
