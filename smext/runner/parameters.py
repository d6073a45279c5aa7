"""Typed parameters, written as a cell in the notebook's own language."""

from __future__ import annotations

import json
import keyword
import math
import re
from typing import Any, Callable, NamedTuple

from .failure import Failure

TAG = "parameters"
INJECTED = "injected-parameters"
_JULIA_NAME = re.compile(r"[^\W\d]\w*!?$")


class _Language(NamedTuple):
    assign: str
    literal: Callable[[Any], str]
    is_name: Callable[[str], bool]
    write_name: Callable[[str], str]


def inject(
    cells: list[Any], values: dict[str, Any], language: str, new_cell: Callable[[str], Any]
) -> tuple[list[Any], Any | None]:
    """The cells with one more that sets the values: in place of an earlier one, else after the parameters, else on top.

    The second value is that cell where it is one more: the others are counted as in the user's notebook.
    """
    if not values:
        return cells, None
    cell = new_cell(code(values, language))
    cell["metadata"]["tags"] = [INJECTED]
    earlier = _tagged(cells, INJECTED)
    if earlier >= 0:
        return [*cells[:earlier], cell, *cells[earlier + 1 :]], None
    place = _tagged(cells, TAG) + 1
    return [*cells[:place], cell, *cells[place:]], cell


def code(values: dict[str, Any], language: str) -> str:
    """Assignments in the language; Failure if it has no translation here, or a name is none in it."""
    rules = _LANGUAGES.get(language.lower())
    if rules is None:
        raise Failure(
            f"Parameters cannot be given to a notebook in this language: {language}. "
            "Remove them from the form and read them from environment variables instead."
        )
    for name in values:
        if not rules.is_name(name):
            raise Failure(f"This parameter's name is no variable name in {language}: {name}. Rename it.")
    return "\n".join(
        [
            "# Parameters",
            *(f"{rules.write_name(name)} {rules.assign} {rules.literal(values[name])}" for name in values),
        ]
    )


def _tagged(cells: list[Any], tag: str) -> int:
    """Index of the first code cell with the tag, or -1."""
    for index, cell in enumerate(cells):
        if cell["cell_type"] == "code" and tag in (cell["metadata"].get("tags") or ()):
            return index
    return -1


def _python(value: Any) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        return f'float("{value}")'
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {_python(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_python(item) for item in value) + "]"
    return repr(value)


def _r(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return f"{value}L" if abs(value) < 2**31 else str(value)
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else _named(value, "NaN", "Inf")
    if isinstance(value, list):
        return "list(" + ", ".join(_r(item) for item in value) + ")"
    if isinstance(value, dict):
        return "list(" + ", ".join(f"{_quoted(key)} = {_r(item)}" for key, item in value.items()) + ")"
    return _quoted(value)


def _julia(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and not math.isfinite(value):
        return _named(value, "NaN", "Inf")
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, list):
        return "[" + ", ".join(_julia(item) for item in value) + "]"
    if isinstance(value, dict):
        pairs = (f"{_julia(key)} => {_julia(item)}" for key, item in value.items())
        return "Dict(" + ", ".join(pairs) + ")"
    return _quoted(value).replace("$", "\\$")


def _named(value: float, nan: str, infinity: str) -> str:
    if math.isnan(value):
        return nan
    return infinity if value > 0 else "-" + infinity


def _quoted(value: str) -> str:
    """JSON's escapes are also R's and Julia's; other characters stay as they are."""
    return json.dumps(value, ensure_ascii=False)


def _is_python_name(name: str) -> bool:
    return name.isidentifier() and not keyword.iskeyword(name)


_LANGUAGES = {
    "python": _Language("=", _python, _is_python_name, str),
    "r": _Language("<-", _r, lambda name: bool(name) and "`" not in name, lambda name: f"`{name}`"),
    "julia": _Language("=", _julia, lambda name: bool(_JULIA_NAME.match(name)), str),
}
