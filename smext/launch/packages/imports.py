"""What code imports: the notebook's cells with what they run, and the .py files that go along with it."""

from __future__ import annotations

import ast
import sys
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..notebook.reading.code import in_order
from ..notebook.reading.events import UNKNOWN, Event

# Parts of the kernel itself, and of what only runs elsewhere.
_GIVEN = frozenset(sys.stdlib_module_names) | {"IPython", "ipykernel", "autoreload", "__main__", "smext"}
# Modules that Python no longer has: a notebook of an older kernel imports them all the same.
_GIVEN |= {"distutils", "imp", "asyncore", "asynchat", "smtpd", "cgi", "cgitb", "crypt", "pipes", "telnetlib", "storemagic"}  # fmt: skip


@dataclass(frozen=True)
class Import:
    """`name` is dotted as far as the code says it; `optional` where a `try` stands around it.

    `by` is the function of pandas that imports it, or one of the modules `instead`.
    """

    name: str
    optional: bool = False
    by: str = ""
    instead: tuple[str, ...] = ()

    @property
    def top(self) -> str:
        """The module's top package."""
        return self.name.partition(".")[0]

    @property
    def names(self) -> tuple[str, ...]:
        """The modules of which one is enough."""
        return (self.name, *self.instead)


def of_events(events: Iterable[Event]) -> set[Import]:
    """Return what is imported, without the standard library and without modules that the code itself has written."""
    found: set[Import] = set()
    written: set[str] = set()
    for event in events:
        if event.kind == "write":
            written.update(_module(event.value))
        elif event.kind == "import" and event.value and UNKNOWN not in event.value:
            each = Import(event.value, not event.sure)
            if each.top not in _GIVEN and each.top not in written:
                found.add(each)
        elif event.kind == "engine":
            name, *instead = event.value.split()
            found.add(Import(name, not event.sure, event.text or "", tuple(instead)))
    return found


def of_module(source: str) -> set[Import]:
    """Of a module's text; empty where it is no Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd escapes in somebody else's strings
            tree = ast.parse(source)
        return {each for each in _walk(tree) if each.top not in _GIVEN}
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()


def _module(path: str) -> Iterator[str]:
    """Yield the names by which a file that is written can be imported from its folder or from the one above."""
    parts = path.removeprefix("./").split("/")
    if parts[-1].endswith(".py"):
        yield parts[-1][:-3]
        yield from parts[:-1]


def _walk(tree: ast.Module) -> Iterator[Import]:
    """Without recursion: code may be nested deeper than Python's own stack."""
    waiting: list[tuple[ast.AST, bool]] = [(tree, False)]
    while waiting:
        node, optional = waiting.pop()
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, optional) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if not node.level and node.module:
                # What is imported from a package may be a module of another distribution: google.cloud, azure.
                yield from (Import(f"{node.module}.{alias.name}", optional) for alias in node.names)
        elif isinstance(node, ast.expr):
            yield from (
                each
                for call in in_order(node)
                if isinstance(call, ast.Call)
                for each in _called(call, optional)
            )
        else:
            within = optional or isinstance(node, ast.Try)
            waiting += [(child, within) for child in ast.iter_child_nodes(node)]


def _called(call: ast.Call, optional: bool) -> Iterator[Import]:
    """importlib.import_module("name")"""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    first = call.args[0] if call.args else None
    named = first.value if isinstance(first, ast.Constant) else None
    if name == "import_module" and isinstance(named, str) and named and not named.startswith("."):
        yield Import(named, optional)
