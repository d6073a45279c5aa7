"""Parameters of the run, written as a cell in the notebook's own language."""

from __future__ import annotations

from typing import Any, Callable

from . import languages
from .failure import Failure

TAG = "parameters"
INJECTED = "injected-parameters"


def inject(
    cells: list[Any], values: dict[str, Any], language: str, new_cell: Callable[[str], Any]
) -> tuple[list[Any], Any | None]:
    """Return the cells with one more that sets the values, and that cell; as they are where nothing is set.

    It follows the notebook's own cells that set parameters, those of an earlier run among them, or stands on top. It is
    returned apart because the others are counted as in the user's notebook.
    """
    if not values:
        return cells, None
    cell = new_cell(code(values, language))
    cell["metadata"]["tags"] = [INJECTED]
    own = _tagged(cells, TAG)[:1]
    place = max([*own, *_tagged(cells, INJECTED)], default=-1) + 1
    return [*cells[:place], cell, *cells[place:]], cell


def code(values: dict[str, Any], language: str) -> str:
    """Write assignments in the language. Raises Failure for a language, name or value that cannot be written."""
    rules = languages.find(language)
    if rules is None:
        raise Failure(
            f"Parameters cannot be set in a notebook in this language: {language}. "
            "Set environment variables instead, and read them in the notebook."
        )
    lines = [f"{rules.comment} Parameters"]
    for name, value in values.items():
        if not rules.is_name(name):
            raise Failure(f"This parameter's name is no variable name in {language}: {name}. Rename it.")
        try:
            lines.append(rules.line.format(name, rules.literal(value)))
        except ValueError as error:
            raise Failure(
                f"Parameter {name} cannot be written in {language}: it holds {error}. Give another value."
            ) from error
    return "\n".join(lines)


def _tagged(cells: list[Any], tag: str) -> list[int]:
    """Return the places of the code cells with the tag."""
    return [
        index
        for index, cell in enumerate(cells)
        if cell["cell_type"] == "code" and tag in (cell["metadata"].get("tags") or ())
    ]
