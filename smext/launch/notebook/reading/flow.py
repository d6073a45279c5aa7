"""A whole notebook as events: cell after cell, with the scripts and notebooks that it runs."""

from __future__ import annotations

import ast
import itertools
import json
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ..cell_code import LARGEST, parsed
from . import shell
from .code import MAGIC, Code
from .events import UNKNOWN, Event
from .options import installed
from .values import Values, expanded

MOST_CHARACTERS = 1_500_000
"""Of a notebook's code that is read: more would take longer than somebody waits for a plan."""
MOST_CELLS = 10_000
MOST_RUN = 200
"""Scripts and notebooks that are followed."""
_SCANNED = 20_000_000
"""Characters of a cell in which imports are looked for."""
_MOST_SCANNED = 10 * MOST_CHARACTERS
_MOST_NAMES = 500
_SHELLS = {"bash", "sh", "script", "!", "sx", "system"}
_NOT_PYTHON = {
    "html", "HTML", "javascript", "js", "latex", "markdown", "svg", "SVG", "sql", "R", "perl", "ruby", "spark", "pyspark", "configure", "cypher",
    "bigquery", "sparksql", "scala", "sparkr", "dot", "mermaid", "writetemplate", "stata", "julia", "cython", "cpp", "help", "info", "logs", "cleanup",
    "sm_analytics", "delete", "send_to_spark", "sparkmagic",
}  # fmt: skip
_IMPORT = re.compile(r"^[ \t]*(?:import[ \t]+([\w.]+)|from[ \t]+([\w.]+)[ \t]+import\b)", re.MULTILINE)
Text = Callable[[str], str | None]
"""The text of a file of this machine, by its path from the notebook's folder; None where there is none to read."""


@dataclass
class CodeEvents:
    """All events of a notebook, and what was too much to be read."""

    events: list[Event] = field(default_factory=list)
    large: list[int] = field(default_factory=list)
    """Numbers of cells, from 1, that are too large; only imports at the start of a line were found in them."""
    unread: int = 0
    """Cells that were not looked at, as those before them were all that can be looked at in time."""


def of_cells(sources: Iterable[str], read: Text, given: Mapping[int, Mapping[str, Any]]) -> CodeEvents:
    """Return what code cells do; `given` are values of variables that are set after the cell of that index."""
    story, told = CodeEvents(), _Teller(read)
    characters, named = 0, set[str]()
    for index, source in enumerate(sources):
        if len(source) > LARGEST:
            story.large.append(index + 1)
            found = imports_in(source)
        elif index >= MOST_CELLS or characters > MOST_CHARACTERS:
            story.unread += 1
            found = imports_in(source) if characters <= _MOST_SCANNED else []
            characters += len(source)
        else:
            characters += len(source)
            found = told.cell(source)
        for event in told.expanded(found):
            # A file that is named a thousand times is one file.
            if event.kind != "mention" or event.value not in named:
                story.events.append(event)
            if event.kind == "mention":
                named.add(event.value)
        for name, value in given.get(index, {}).items():
            told.set(name, value)
    return story


def imports_in(source: str) -> list[Event]:
    """Return the imports at the starts of lines: what can be found in a text that is too large to be parsed."""
    names = dict.fromkeys(match[1] or match[2] for match in _IMPORT.finditer(source[:_SCANNED]))
    return [Event("import", name) for name in itertools.islice(names, _MOST_NAMES)]


class _Teller:
    """Reads one piece of code after another; remembers files that the notebook writes itself, and folders."""

    def __init__(self, read: Text, code: Code | None = None) -> None:
        self._read = read
        self._code = code or Code(self._line)
        self._written: dict[str, str] = {}
        self._running: list[str] = []
        self._ran = 0
        self._folder = ""
        """The working directory, from the notebook's folder; UNKNOWN where it cannot be told."""

    def set(self, name: str, value: Any) -> None:
        self._code.values.assign(ast.Name(id=name), ast.Constant(value))

    def cell(self, source: str) -> list[Event]:
        """Events of a cell as they stand in it."""
        start = source.lstrip()
        if start.startswith("%%"):
            name, _, rest = start[2:].partition("\n")
            words = name.split()
            magic = words[0] if words else ""
            if magic in ("writefile", "file") and len(words) > 1:
                path = expanded(words[-1].strip("'\""), self._code.values.certain)
                folder = posixpath.dirname(path)
                needed = [Event("folder", folder, True)] if folder else []
                return [*needed, Event("write", path, text=None if "-a" in words else rest)]
            if magic in _SHELLS:
                if magic == "script" and len(words) > 1 and not re.fullmatch(r"(?:ba|z)?sh", words[1]):
                    return self._python(rest) if shell.PYTHON.fullmatch(words[1]) else [Event("fog")]
                return list(shell.script(rest, self._python))
            if magic in ("python", "python3", "python2", "pypy"):
                return self._python(rest)
            if magic in _NOT_PYTHON:
                return [Event("unseen", f"%%{magic}")] if magic in ("R", "perl", "ruby", "cython") else []
        lines: list[str] = []

        def stand_in(line: str) -> str:
            lines.append(line)
            return f"{MAGIC}({line!r})"

        found = self._code.read(parsed(source, stand_in)[1])
        # What cannot be read as Python may still say what it imports.
        return found if found or not source.strip() else imports_in(source)

    def _python(self, source: str) -> list[Event]:
        """Code that runs for itself."""
        return Code(self._line).read(parsed(source)[1])

    def _line(self, line: str, values: Values) -> Iterator[Event]:
        text = line.strip()
        if text.startswith("!"):
            yield from shell.script(expanded(text.lstrip("!"), values.certain), self._python)
            return
        name, _, rest = text.lstrip("%").partition(" ")
        rest = expanded(rest.strip(), values.certain)
        words = rest.split()
        if name in ("pip", "conda", "mamba", "uv"):
            yield from installed(name, words)
        elif name in ("run", "run_notebook") and words:
            yield from _run_magic(words)
        elif name in ("load_ext", "reload_ext") and words:
            yield Event("import", words[0])
        elif name in ("matplotlib", "pylab"):
            yield Event("import", "matplotlib")
        elif name == "cd" and words:
            yield Event("chdir", words[-1].strip("'\""))
        elif name in ("sx", "system", "sc"):
            yield from shell.script(rest, self._python)
        elif name in ("time", "timeit", "prun", "memit", "mprun", "lprun"):
            yield from self._code_of_line(rest)
        elif name in ("load", "pycat", "cat", "less", "more") and words:
            yield Event("read", words[0])

    def _code_of_line(self, text: str) -> Iterator[Event]:
        inner = Code(self._line, self._code.values.copy())
        yield from inner.read(parsed(text, lambda line: f"{MAGIC}({line!r})")[1])

    # --- what is run ----------------------------------------------------------------------------

    def expanded(self, events: Iterable[Event]) -> Iterator[Event]:
        """Yield the events with their paths from the notebook's folder, and those of the code that is run."""
        for event in events:
            if event.kind == "chdir":
                self._folder = self._placed(Event("chdir", event.value))
                yield replace(event, value=self._folder)
                continue
            if event.kind in ("import", "engine", "install", "unseen", "fog", "clone"):
                if event.kind == "import":
                    yield from self._of_written_module(event)
                if event.value.startswith("-r "):
                    yield from self._listed(event)
                    continue
                yield event
                continue
            placed = self._placed(event)
            if event.kind == "mention" and (self._folder or not event.value.strip()):
                placed = event.value if self._folder != UNKNOWN else UNKNOWN
            if UNKNOWN in placed:
                # What is written somewhere may be what is read later.
                if event.kind in ("write", "touch") and event.tree:
                    yield Event("fog")
                continue
            if event.kind == "write" and event.text is not None:
                self._written[posixpath.normpath(placed)] = event.text
            yield replace(event, value=placed, base="")
            if event.kind == "run":
                yield from self._script(posixpath.normpath(placed), event)

    def _placed(self, event: Event) -> str:
        path = posixpath.join(event.base, event.value) if event.base else event.value
        if path.startswith(("/", "~")):
            return path
        return posixpath.join(self._folder, path) if self._folder else path

    def _listed(self, event: Event) -> Iterator[Event]:
        """Yield the names in a list of requirements."""
        path = posixpath.normpath(self._placed(replace(event, value=event.value[3:])))
        text = self._written[path] if path in self._written else self._read(path)
        if text is None:
            yield Event("install", UNKNOWN)
            return
        for line in text.splitlines():
            if line.strip() and not line.lstrip().startswith(("#", "-")):
                yield from installed("pip", ["install", line.partition("#")[0].partition(";")[0].strip()])

    def _of_written_module(self, event: Event) -> Iterator[Event]:
        """Yield what a module imports that the notebook itself has written."""
        top = event.value.partition(".")[0]
        for path in (f"{top}.py", f"{top}/__init__.py"):
            text = self._written.get(posixpath.normpath(posixpath.join(self._folder, path)))
            if text is not None and path not in self._running:
                yield from self._followed(path, text)

    def _script(self, path: str, event: Event) -> Iterator[Event]:
        text = self._written[path] if path in self._written else self._read(path)
        if text is None or path in self._running:
            return
        if self._ran >= MOST_RUN:
            yield Event("unseen", path)
            return
        folder = self._folder
        self._folder = posixpath.join(folder, event.base) if event.base else folder
        yield from self._followed(path, text)
        self._folder = folder

    def _followed(self, path: str, text: str) -> Iterator[Event]:
        self._ran += 1
        self._running.append(path)
        code, self._code = self._code, Code(self._line)
        for source in _sources(path, text):
            if path.endswith((".sh", ".bash")):
                yield from self.expanded(shell.script(source, self._python))
            elif len(source) > LARGEST:
                yield from imports_in(source)
            else:
                yield from self.expanded(self.cell(source))
        self._code = code
        self._running.pop()


def _run_magic(words: list[str]) -> Iterator[Event]:
    """`%run -i x.py arguments`, `%run -m package`"""
    rest = list(words)
    while rest and rest[0].startswith("-"):
        option = rest.pop(0)
        if option == "-m" and rest:
            yield Event("import", rest[0])
            return
        if option in ("-N", "-l", "-s", "-T") and rest:
            rest.pop(0)
    if not rest:
        return
    path = rest[0].strip("'\"")
    if UNKNOWN in path or "$" in path:
        yield Event("unseen", f"%run {' '.join(words)}".replace(UNKNOWN, "…")[:80])
        yield Event("fog")
        return
    yield Event("run", path if posixpath.splitext(path)[1] else f"{path}.py")


def _sources(path: str, text: str) -> list[str]:
    """Return the pieces of code in a file: a notebook's cells, or all of it."""
    if not path.endswith(".ipynb"):
        return [text]
    try:
        content = json.loads(text)
        cells = content["cells"]
        code = [each for each in cells if each.get("cell_type") == "code"]
        return [
            "".join(map(str, source)) if isinstance(source := each.get("source") or "", list) else str(source)
            for each in code
        ]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return []
