"""Where the cell stands that sets parameters, and that there is none where nothing is set."""

from __future__ import annotations

from typing import Any

import pytest

from smext.runner.failure import Failure
from smext.runner.parameters import code, inject

VALUES: dict[str, Any] = {"a": 1}


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("a b", "python"),
        ("class", "python"),
        ("1a", "julia"),
        ("", "r"),
        ("a-b", "bash"),
        ("a\n", "bash"),
        ("val", "scala"),
    ],
)
def test_a_name_that_is_none_is_refused(name: str, language: str) -> None:
    with pytest.raises(Failure, match="no variable name"):
        code({name: 1}, language)


def test_another_language_is_refused_only_when_there_are_parameters() -> None:
    assert inject([], {}, "sas", new_cell) == ([], None)
    with pytest.raises(Failure, match="sas"):
        inject([], VALUES, "sas", new_cell)


def test_a_value_that_a_language_lacks_is_named() -> None:
    with pytest.raises(Failure, match=r"Parameter rows cannot be written in bash: it holds a mapping"):
        code({"rows": {"a": 1}}, "bash")


def new_cell(source: str) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "metadata": {}}


def tagged(source: str, *tags: str) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "metadata": {"tags": list(tags)}}


def sources(cells: list[Any]) -> list[str]:
    made, extra = inject(cells, VALUES, "python", new_cell)
    assert extra is not None
    assert [cell for cell in made if cell is not extra] == cells
    return [cell["source"] for cell in made]


INJECTED = "# Parameters\na = 1"


def test_the_cell_stands_on_top_if_nothing_is_tagged() -> None:
    assert sources([tagged("x"), tagged("y")]) == [INJECTED, "x", "y"]


def test_the_cell_stands_after_the_first_one_tagged_parameters() -> None:
    cells = [tagged("x"), tagged("a = 0", "parameters"), tagged("b = 0", "parameters")]
    assert sources(cells) == ["x", "a = 0", INJECTED, "b = 0"]


def test_the_cell_of_an_earlier_run_stays_and_runs_before_it() -> None:
    cells = [
        tagged("a = 0", "parameters"),
        tagged("x"),
        tagged("a, b = 7, 8", "injected-parameters"),
        tagged("y"),
    ]
    assert sources(cells) == ["a = 0", "x", "a, b = 7, 8", INJECTED, "y"]


def test_nothing_changes_where_nothing_is_set() -> None:
    cells = [tagged("a = 0", "parameters"), tagged("a = 7", "injected-parameters")]
    assert inject(cells, {}, "python", new_cell) == (cells, None)
