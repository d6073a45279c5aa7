"""What code imports: the notebook's cells, and the .py files that go along with it."""

from __future__ import annotations

import ast
import re
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

from ...api import NotebookDocument
from .. import notebook
from .cellcode import parsed

LONGEST_TEXT = 200
_EXTENSION = re.compile(r"^\s*%(?:re)?load_ext\s+([\w.]+)", re.MULTILINE)
_PLOTTING = re.compile(r"^\s*%(?:matplotlib|pylab)\b", re.MULTILINE)
# Parts of the kernel itself, and of what only runs elsewhere.
_GIVEN = frozenset(sys.stdlib_module_names) | {"IPython", "ipykernel", "autoreload", "__main__", "smext"}


@dataclass(frozen=True)
class Import:
    """`name` is dotted as far as the code says it; `optional` where a `try` stands around it."""

    name: str
    optional: bool = False

    @property
    def top(self) -> str:
        return self.name.partition(".")[0]


def of_notebook(document: NotebookDocument) -> set[Import]:
    """Of all code cells of a Python notebook, without the standard library."""
    if notebook.language(document) not in (None, "python"):
        return set()
    found: set[Import] = set()
    for cell in notebook.cells(document):
        if cell.get("cell_type") == "code":
            source = notebook.source(cell)
            found |= _of_tree(parsed(source)[1])
            found |= {Import(name) for name in _EXTENSION.findall(source) if name not in _GIVEN}
            found |= {Import("matplotlib") for _ in _PLOTTING.findall(source)}
    return found


def texts_of(document: NotebookDocument) -> set[str]:
    """Short texts in a Python notebook's code: names of files are among them."""
    if notebook.language(document) not in (None, "python"):
        return set()
    return {
        node.value
        for cell in notebook.cells(document)
        if cell.get("cell_type") == "code"
        for node in ast.walk(parsed(notebook.source(cell))[1])
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and 0 < len(node.value) <= LONGEST_TEXT
    }


def of_module(source: str) -> set[Import]:
    """Of a module's text; empty where it is no Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd escapes in somebody else's strings
            return _of_tree(ast.parse(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()


def _of_tree(tree: ast.AST) -> set[Import]:
    return {each for each in _walk(tree, optional=False) if each.top not in _GIVEN}


def _walk(node: ast.AST, optional: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from (Import(alias.name, optional) for alias in child.names)
        elif isinstance(child, ast.ImportFrom) and not child.level and child.module:
            # What is imported from a package may be a module of another distribution: google.cloud, azure.
            yield from (Import(f"{child.module}.{alias.name}", optional) for alias in child.names)
        elif isinstance(child, ast.Call):
            yield from _called(child, optional)
            yield from _walk(child, optional)
        else:
            yield from _walk(child, optional or isinstance(child, ast.Try))


def _called(call: ast.Call, optional: bool) -> Iterator[Import]:
    """importlib.import_module("name")"""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    first = call.args[0] if call.args else None
    named = first.value if isinstance(first, ast.Constant) else None
    if name == "import_module" and isinstance(named, str) and named and not named.startswith("."):
        yield Import(named, optional)
