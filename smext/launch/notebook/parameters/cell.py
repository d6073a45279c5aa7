"""Parameters as the notebook declares them: the assignments of the cell tagged `parameters`."""

from __future__ import annotations

import ast
import io
import itertools
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass, field

from ....api import NotebookDocument, Parameter
from .. import content as notebook
from ..cell_code import parsed
from .types import UNKNOWN, Type, annotated, of_default

CHANGED = "  # changed further down"
_HERE = {"capture", "prun", "time"}
"""Magics whose cell runs as Python in the notebook's own names."""
_SHOWING = {"print", "display", "len", "type", "repr", "str"}


@dataclass
class Declared:
    """A parameter, and what somebody who sets it has to know."""

    name: str
    annotation: ast.expr | None = None
    value: ast.expr | None = None
    default: str = ""
    comment: str = ""
    changed: bool = False
    """The cell sets or changes it again: its default is what comes of that."""
    feeds: list[str] = field(default_factory=list)
    """Others that the cell computes from it, which keep what they have."""

    @property
    def type(self) -> Type:
        """The type by annotation, else by default."""
        default, _ = of_default(self.value)
        found = annotated(self.annotation)
        if found is None or not (found.kinds or found.choices):
            return default
        return found

    @property
    def mutable(self) -> bool:
        """Whether a method or a function may change it where it stands."""
        return self.type.kind in {"json", "literal"}

    def wire(self) -> Parameter:
        """Return it as the panel has it."""
        kind = self.type
        return Parameter(
            name=self.name,
            type=kind.kind,
            default=self.default + CHANGED * self.changed,
            text=None if self.changed else self._text(),
            choices=[str(each) for each in kind.choices],
            optional=kind.optional,
            comment=self.comment,
        )

    def _text(self) -> str | None:
        content = self.value.value if isinstance(self.value, ast.Constant) else None
        text = self._joined()
        if text is not None:
            return text if _is_character_data(text) else None
        if self.type.choices and isinstance(content, (bool, int)):
            return str(content)
        known = of_default(self.value)[1]
        return self.default if known and self.type is not UNKNOWN else None

    def _joined(self) -> str | None:
        """Return the text, also of a literal in parts."""
        try:
            found = ast.literal_eval(self.value) if self.value is not None else None
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            return None
        return found if isinstance(found, str) else None


def read(document: NotebookDocument) -> list[Declared]:
    """Return the parameters of a Python notebook in order; what an earlier run has set (`injected-parameters`) is the default."""
    if notebook.language(document) not in (None, "python"):
        return []
    sources = [
        *notebook.tagged(document, notebook.PARAMETERS)[:1],
        *notebook.tagged(document, notebook.INJECTED),
    ]
    return parse(*sources)


def parse(*sources: str) -> list[Declared]:
    """Return what the cells assign; a line that cannot be read is passed over."""
    found: dict[str, Declared] = {}
    for source in filter(_is_run_here, sources):
        text, tree = parsed(source)
        comments = _comments(text)
        # A later cell sets anew what an earlier one has set.
        here: set[str] = set()
        for statement in tree.body:
            _take(statement, text, comments, found, here)
    return list(found.values())


def _is_run_here(source: str) -> bool:
    """Tell whether what the cell assigns is there afterwards: not with `%%bash`, `%%writefile` or a magic nobody knows."""
    lines = (line.strip() for line in source.splitlines())
    magics = itertools.takewhile(lambda line: line.startswith("%%"), filter(None, lines))
    return all(re.split(r"\W", line[2:])[0] in _HERE for line in magics)


def _take(
    statement: ast.stmt, text: str, comments: dict[int, str], found: dict[str, Declared], here: set[str]
) -> None:
    assigned = _assigned(statement)
    for name, value, annotation in assigned:
        known = found.get(name)
        if value is None and known is not None:
            known.annotation = annotation
            continue
        used = _loaded(value) if value is not None else set()
        _feed(found, used, name)
        made = Declared(
            name,
            annotation or (known.annotation if known else None),
            value,
            (ast.get_source_segment(text, value) or "") if value is not None else "",
            comments.get(statement.end_lineno or statement.lineno, "") or (known.comment if known else ""),
            feeds=known.feeds if known else [],
        )
        if known is not None and name in here and name in used:
            # `n = n + 1` is no value that somebody could type.
            known.changed = True
            continue
        found[name] = made
        here.add(name)
    if not assigned:
        _pass(statement, found)


def _pass(statement: ast.stmt, found: dict[str, Declared]) -> None:
    """Follow a statement that declares nothing, yet may change what is declared."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return
    stored, used = set(_stored(statement)), _loaded(statement)
    called = {name for name in set(_called(statement)) & found.keys() if found[name].mutable}
    for name in (stored | called) & found.keys():
        _feed(found, used, name)
        found[name].changed = True


def _feed(found: dict[str, Declared], used: set[str], name: str) -> None:
    for source in found.values():
        if source.name != name and source.name in used | _fed(found, used) and name not in source.feeds:
            source.feeds.append(name)


def _fed(found: dict[str, Declared], used: set[str]) -> set[str]:
    """Those that feed what is used."""
    return {each.name for each in found.values() if used & set(each.feeds)}


def _assigned(statement: ast.stmt) -> list[tuple[str, ast.expr | None, ast.expr | None]]:
    """Return names with their values and annotations."""
    if isinstance(statement, ast.AnnAssign):
        if isinstance(statement.target, ast.Name):
            return [(statement.target.id, statement.value, statement.annotation)]
        return []
    if not isinstance(statement, ast.Assign):
        return []
    pairs = [pair for target in statement.targets for pair in _pairs(target, statement.value)]
    return [(name, value, None) for name, value in pairs if not _is_magic(value)]


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(target, ast.Name):
        yield target.id, value
        return
    if not (isinstance(target, (ast.Tuple, ast.List)) and isinstance(value, (ast.Tuple, ast.List))):
        return
    starred = any(isinstance(each, ast.Starred) for each in [*target.elts, *value.elts])
    if len(target.elts) == len(value.elts) and not starred:
        for each, part in zip(target.elts, value.elts, strict=True):
            yield from _pairs(each, part)


def _is_magic(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is ...


def _stored(statement: ast.stmt) -> Iterator[str]:
    """Names that a statement sets, deletes, or sets a part of."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, (ast.Attribute, ast.Subscript)) and not isinstance(node.ctx, ast.Load):
            yield from _bases(node)


def _called(statement: ast.stmt) -> Iterator[str]:
    """Names whose methods a statement calls, or that it hands to a function, for nothing but what that does."""
    for node in ast.walk(statement):
        if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)):
            continue
        call = node.value
        if not (isinstance(call.func, ast.Name) and call.func.id in _SHOWING):
            yield from _bases(call.func)
            yield from (each.id for each in call.args if isinstance(each, ast.Name))


def _bases(node: ast.expr) -> Iterator[str]:
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
        if isinstance(node, ast.Name):
            yield node.id


def _loaded(node: ast.AST) -> set[str]:
    return {
        each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)
    }


def _comments(text: str) -> dict[int, str]:
    """Return comments behind code by line."""
    found = {}
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                found[token.start[0]] = token.string.lstrip("#").strip()
    except (tokenize.TokenError, SyntaxError):
        pass
    return found


def _is_character_data(text: str) -> bool:
    """Half of a surrogate pair is no character of UTF-8."""
    return text.encode("utf-8", "ignore").decode() == text
