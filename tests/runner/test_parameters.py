from __future__ import annotations

import math
from typing import Any

import pytest

from smext.runner.failure import Failure
from smext.runner.parameters import code, inject

VALUES: dict[str, Any] = {
    "lr": 0.1,
    "depth": 6,
    "name": 'a "b" $c\n🎉',
    "flags": [1, 2.5, None],
    "none": None,
    "on": True,
    "nested": {"a": {"b": [False]}},
    "größe": -3,
    "huge": 1e300,
}


def test_values_keep_their_types_in_python() -> None:
    found: dict[str, Any] = {}
    exec(code(VALUES, "python"), found)
    assert {name: found[name] for name in VALUES} == VALUES


def test_numbers_that_json_lacks_are_written_too() -> None:
    found: dict[str, Any] = {}
    exec(code({"up": math.inf, "down": -math.inf, "none": [math.nan]}, "python"), found)
    assert (found["up"], found["down"]) == (math.inf, -math.inf)
    assert math.isnan(found["none"][0])


def test_values_are_written_in_r() -> None:
    text = code({"lr": 0.1, "n": 5, "big": 2**40, "s": 'a"b', "l": [True, None], "d": {"k": math.inf}}, "R")
    assert text.splitlines()[1:] == [
        "`lr` <- 0.1",
        "`n` <- 5L",
        "`big` <- 1099511627776",
        '`s` <- "a\\"b"',
        "`l` <- list(TRUE, NULL)",
        '`d` <- list("k" = Inf)',
    ]


def test_values_are_written_in_julia() -> None:
    text = code({"lr": 0.1, "s": "$a", "l": [True, None], "d": {"k": -math.inf}}, "julia")
    assert text.splitlines()[1:] == [
        "lr = 0.1",
        's = "\\$a"',
        "l = [true, nothing]",
        'd = Dict("k" => -Inf)',
    ]


@pytest.mark.parametrize(
    ("name", "language"), [("a b", "python"), ("class", "python"), ("1a", "julia"), ("", "r")]
)
def test_a_name_that_is_none_is_refused(name: str, language: str) -> None:
    with pytest.raises(Failure, match="no variable name"):
        code({name: 1}, language)


def test_another_language_is_refused_only_when_there_are_parameters() -> None:
    assert inject([], {}, "scala", new_cell) == ([], None)
    with pytest.raises(Failure, match="scala"):
        inject([], {"a": 1}, "scala", new_cell)


def new_cell(source: str) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "metadata": {}}


def tagged(source: str, *tags: str) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "metadata": {"tags": list(tags)}}


def sources(cells: list[Any]) -> list[str]:
    return [cell["source"] for cell in inject(cells, {"a": 1}, "python", new_cell)[0]]


INJECTED = "# Parameters\na = 1"


def test_the_cell_stands_on_top_if_nothing_is_tagged() -> None:
    assert sources([tagged("x"), tagged("y")]) == [INJECTED, "x", "y"]


def test_the_cell_stands_after_the_first_one_tagged_parameters() -> None:
    cells = [tagged("x"), tagged("a = 0", "parameters"), tagged("b = 0", "parameters")]
    assert sources(cells) == ["x", "a = 0", INJECTED, "b = 0"]


def test_the_cell_replaces_that_of_an_earlier_run() -> None:
    cells = [tagged("a = 0", "parameters"), tagged("x"), tagged("a = 7", "injected-parameters"), tagged("y")]
    assert sources(cells) == ["a = 0", "x", INJECTED, "y"]


def test_only_a_cell_that_the_notebook_has_not_is_one_more() -> None:
    cells, extra = inject([tagged("x")], {"a": 1}, "python", new_cell)
    assert extra is cells[0]
    assert inject([tagged("a = 7", "injected-parameters")], {"a": 1}, "python", new_cell)[1] is None
    assert inject([tagged("x")], {}, "python", new_cell)[1] is None
