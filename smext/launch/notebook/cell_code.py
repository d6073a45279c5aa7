"""A cell's code as Python: what only IPython understands is put out of the way. What is too large is not read."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Iterator

LARGEST = 100_000
"""Characters of a cell that is read as Python: its tree takes some hundred times as much memory."""
# Lines that IPython understands and Python does not: magics, shell, help.
_MAGIC = re.compile(r"^(?P<indent>\s*)(?P<line>[%!?].*|[^#'\"=(\[]*\?{1,2}\s*)$")
_ASSIGNED_MAGIC = re.compile(r"^(?P<start>\s*[\w,\s.]+=\s*)(?P<line>[%!].*)$")
_BAD_LINES = 20
# What matters to where a line of code ends; within a text of one line a quote after a backslash is none.
_TOKEN = re.compile(
    r"(?P<comment>\#.*)"
    r"|(?P<triple>\"\"\"|''')"
    r"|(?P<text>\"(?:[^\"\\]|\\.)*(?:\"|\\?$)|'(?:[^'\\]|\\.)*(?:'|\\?$))"
    r"|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<continued>\\$)"
)
Replace = Callable[[str], str]
"""What stands for a line of IPython's own: an expression."""


def parsed(source: str, replace: Replace | None = None) -> tuple[str, ast.Module]:
    """Return the cell as Python, line for line, and its tree; a line that is no Python is blanked.

    Nothing of a cell that is too large, or whose code is nested deeper than Python itself can read. Never raises.
    """
    if len(source) > LARGEST:
        return "", ast.Module(body=[], type_ignores=[])
    # Half of a surrogate pair is nothing that Python reads.
    source = source.encode("utf-8", "replace").decode()
    # Python ends a line at fewer characters than splitlines() does.
    lines = _dedented(re.split(r"\r\n|\r|\n", source))
    if source.lstrip().startswith("%%"):
        lines[next(at for at, line in enumerate(lines) if line.strip())] = ""
    tree = _parse(lines)
    if isinstance(tree, ast.Module):
        return "\n".join(lines), tree
    lines = list(_without_magics(_joined(lines), replace))
    for _ in range(_BAD_LINES):
        tree = _parse(lines)
        if isinstance(tree, ast.Module):
            return "\n".join(lines), tree
        if not 0 <= tree < len(lines) or not lines[tree].strip():
            break
        lines[tree] = ""
    return "", ast.Module(body=[], type_ignores=[])


def _parse(lines: list[str]) -> ast.Module | int:
    """Return the tree, or the place of the line that cannot be parsed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd escapes in somebody else's strings
            return ast.parse("\n".join(lines))
    except SyntaxError as error:
        return (error.lineno or 0) - 1
    except (ValueError, RecursionError, MemoryError):
        return -1


def _dedented(lines: list[str]) -> list[str]:
    """Take the first line's indent off all lines, as IPython does: a cell that is indented as a whole runs."""
    first = next((line for line in lines if line.strip()), "")
    indent = first[: len(first) - len(first.lstrip())]
    return [line.removeprefix(indent) for line in lines] if indent else lines


def _joined(lines: list[str]) -> list[str]:
    """With the lines that go on a magic in its first one, and as many lines as before."""
    made = list(lines)
    at = 0
    while at < len(made):
        first = at
        if re.match(r"\s*(?:[\w,\s.]+=\s*)?[%!]", made[at]):
            while made[first].endswith("\\") and at + 1 < len(made):
                at += 1
                made[first] = f"{made[first][:-1]} {made[at].strip()}"
                made[at] = ""
        at += 1
    return made


def _without_magics(lines: list[str], replace: Replace | None) -> Iterator[str]:
    """Only where a statement begins can a line be a magic: within a text or brackets it is what it is."""
    within = _Within()
    for line in lines:
        if within.nothing:
            line = _without_magic(line, replace)
        within.read(line)
        yield line


class _Within:
    """What is not over at the end of a line."""

    def __init__(self) -> None:
        self._text = ""
        self._depth = 0
        self._continued = False

    @property
    def nothing(self) -> bool:
        return not (self._text or self._depth or self._continued)

    def read(self, line: str) -> None:
        self._continued = False
        at = 0
        while at < len(line):
            if self._text:
                end = re.compile(r"(?:[^\\]|\\.)*?" + self._text).match(line, at)
                if end is None:
                    return
                at, self._text = end.end(), ""
                continue
            found = _TOKEN.search(line, at)
            if found is None:
                return
            at = found.end()
            if found["triple"]:
                self._text = found["triple"]
            elif found["open"]:
                self._depth += 1
            elif found["close"]:
                self._depth = max(self._depth - 1, 0)
            elif found["continued"]:
                self._continued = True


def _without_magic(line: str, replace: Replace | None) -> str:
    assigned = _ASSIGNED_MAGIC.match(line)
    if assigned:
        return f"{assigned['start']}{replace(assigned['line']) if replace else '...'}"
    magic = _MAGIC.match(line)
    if not magic or not line.strip():
        return line
    return f"{magic['indent']}{replace(magic['line']) if replace else 'pass'}"
