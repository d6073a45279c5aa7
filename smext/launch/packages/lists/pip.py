"""A requirements.txt, with the files that it includes, as pip reads it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from packaging.requirements import InvalidRequirement, Requirement

from ..install_list import Local
from .package_list import ListContext, PackageList, has_secret, malformed, masked
from .project import name_of

DEEPEST = 10
_COMMENT = re.compile(r"(^|\s)#.*$")
_OPTIONS_BEHIND = re.compile(r"\s--(?:hash|config-settings?|global-option|build-option)\b.*$")
_EXTRAS = re.compile(r"^(?P<path>.+?)\[(?P<extras>[\w\s.,-]+)\]$")
_VARIABLE = re.compile(r"\$\{([A-Z0-9_]+)\}")
_LONG = {
    "-r": "--requirement",
    "-c": "--constraint",
    "-e": "--editable",
    "-i": "--index-url",
    "-f": "--find-links",
}
_KEPT = frozenset(
    [
        "--index-url",
        "--extra-index-url",
        "--find-links",
        "--trusted-host",
        "--no-index",
        "--pre",
        "--prefer-binary",
        "--no-binary",
        "--only-binary",
        "--require-hashes",
        "--use-feature",
    ]
)
"""Options that are sent as they stand."""
_ARCHIVES = (".whl", ".tar.gz", ".zip", ".tar.bz2", ".tgz")


def read(path: Path, place: ListContext, extras: list[str]) -> PackageList:
    """Read a requirements file of pip. Raises errors.SmextError with the line that it is about."""
    if extras:
        raise malformed(path, None, "extras belong to a pyproject.toml or a uv.lock")
    listed = PackageList()
    _Reader(listed, place).read_file(path, constraints=False, depth=0)
    _say(listed)
    return listed


def add(listed: PackageList, lines: Iterable[str], path: Path, place: ListContext) -> None:
    """Add lines that stand in a list of another kind; `path` is that list."""
    reader = _Reader(listed, place)
    for line in lines:
        reader.read_line(line.strip(), path, None, constraints=False, depth=0)
    _say(listed)


def is_option(line: str) -> bool:
    """Tell whether the line is an option of pip."""
    return line.startswith("-")


def requirement_of(line: str) -> str:
    """Return a line without the options behind it, such as hashes."""
    return _OPTIONS_BEHIND.sub("", line).strip()


class _Reader:
    def __init__(self, listed: PackageList, place: ListContext) -> None:
        self._listed, self._place = listed, place

    def read_file(self, path: Path, *, constraints: bool, depth: int) -> None:
        if depth > DEEPEST:
            raise malformed(path, None, "it includes itself")
        for number, line in _lines(self._place.text(path)):
            self.read_line(line, path, number, constraints=constraints, depth=depth)

    def read_line(self, line: str, path: Path, number: int | None, *, constraints: bool, depth: int) -> None:
        if not is_option(line):
            self._read_requirement(line, path, number, constraints)
            return
        option, value = _option(line, path, number)
        if option in ("--requirement", "--constraint"):
            if not value:
                raise malformed(path, number, f"it names no file: {line}")
            if "://" in value:
                raise malformed(
                    path,
                    number,
                    f"a list on another machine cannot be followed: {value}",
                    "Copy it beside this one.",
                )
            below = constraints or option == "--constraint"
            self.read_file(path.parent / value, constraints=below, depth=depth + 1)
        elif option == "--editable":
            self._read_requirement(value, path, number, constraints, editable=True)
        elif option in _KEPT:
            self._keep_option(option, value)
        else:
            raise malformed(path, number, f"pip knows no such option: {line}")

    def _read_requirement(
        self, line: str, path: Path, number: int | None, constraints: bool, editable: bool = False
    ) -> None:
        text = requirement_of(line)
        local = None if constraints else self._local(text, path, number, editable)
        if local is not None:
            self._listed.local.append(local)
            return
        if _is_address(text):
            # Nothing is edited in a container: what is fetched is installed.
            self._keep(line)
            return
        try:
            Requirement(text)
        except InvalidRequirement as error:
            why = str(error).splitlines()[0]
            raise malformed(path, number, f"this is no requirement: {text} ({why})") from error
        (self._listed.constraints if constraints else self._listed.lines).append(line)

    def _local(self, text: str, path: Path, number: int | None, editable: bool) -> Local | None:
        """Return a folder or an archive of this machine, which pip finds from where it is started."""
        name, named, extras = _parted(text)
        if (
            named is None
            and not editable
            and not text.startswith((".", "/", "~"))
            and not text.endswith(_ARCHIVES)
        ):
            return None
        if named is None and _is_address(text):
            return None
        if named is None:
            match = _EXTRAS.match(text)
            named, extras = (match["path"], match["extras"]) if match else (text, "")
        given = Path(named).expanduser()
        for base in (path.parent, self._place.folder):
            found = (base / given).resolve()
            if found.exists():
                return Local(
                    name or name_of(found), str(found), tuple(filter(None, map(str.strip, extras.split(","))))
                )
        raise malformed(path, number, f"there is no such folder or file: {named}")

    def _keep_option(self, option: str, value: str) -> None:
        line = f"{option} {value}".strip()
        if line in self._listed.lines:
            return
        if option == "--find-links" and "://" not in value:
            self._listed.warn_of_index(
                f"Packages in a folder of this machine are not sent: {value}",
                "Name the wheels in it, or send wheels along.",
            )
        self._keep(line)

    def _keep(self, line: str) -> None:
        self._listed.lines.append(line)


def _say(listed: PackageList) -> None:
    """Warn of what goes along with the list that is secret, or that the job cannot reach."""
    text = "\n".join(listed.lines + listed.constraints)
    secrets = sorted({masked(word) for word in text.split() if has_secret(word)})
    if secrets:
        listed.warn_of_index(
            f"The list has a password in it, which is sent: {', '.join(secrets)}",
            "Who may read the bucket can read it. Send wheels along: then no index is named in what is sent.",
        )
    names = sorted(set(_VARIABLE.findall(text)))
    if names:
        listed.warn_of_index(
            f"The list names variables of the environment: {', '.join(names)}",
            "The job has those that are written under Environment.",
        )


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Those that say something, joined where a backslash asks for it, each with its number."""
    waiting, begun = "", 0
    for number, raw in enumerate(text.splitlines(), 1):
        begun = begun if waiting else number
        line = _COMMENT.sub("", raw).strip()
        if line.endswith("\\"):
            waiting += line[:-1] + " "
            continue
        whole = (waiting + line).strip()
        waiting = ""
        if whole:
            yield begun, whole
    if waiting.strip():
        yield begun, waiting.strip()


def _option(line: str, path: Path, number: int | None) -> tuple[str, str]:
    """Its long name and its value."""
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise malformed(path, number, f"{error}: {line}") from error
    name, sign, value = words[0].partition("=")
    if name not in _LONG and name[:2] in _LONG and not name.startswith("--"):
        name, value = name[:2], name[2:] + sign + value
    return _LONG.get(name, name), " ".join(filter(None, [value, *words[1:]]))


def _parted(text: str) -> tuple[str, str | None, str]:
    """Name, path and extras of `name[extra] @ file:///path` or `file:///path`; the path is None for anything else."""
    name, _, address = text.rpartition("@") if " @ " in text or "@file:" in text else ("", "", text)
    address = address.strip()
    if not address.startswith("file:"):
        return "", None, ""
    match = _EXTRAS.match(name.strip())
    bare = match["path"] if match else name.strip()
    return bare, unquote(urlsplit(address).path), match["extras"] if match else ""


def _is_address(text: str) -> bool:
    """Something to fetch, without a name before it."""
    return "://" in text.split(" ")[0] and " @ " not in text
