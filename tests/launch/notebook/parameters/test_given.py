"""Values that somebody gave: typed ones take the parameter's type, others are taken as they are."""

import math
from typing import Any

import pytest

from smext.api.values import Typed
from smext.launch.notebook.parameters import accept, parse

DECLARED = parse(
    "i = 1\nf = 0.5\nb = True\ns = 'a'\nsep = ' '\nhead = 'Dear '\nj = [1]\nt = (1, 2)\nwhen = date.today()\n"
    "none = None\nhour = 60 * 60\nrate: float = 1\nn: int = 1\nname: Optional[str] = None\nmost: Optional[int] = None\n"
    "mode: Literal['a', 'b'] = 'a'\nsize: Literal[1, 2] = 1\nboth: int | str = 1"
)


@pytest.mark.parametrize(
    ("name", "text", "sent"),
    [
        ("i", "2", 2),
        ("i", " 12 ", 12),
        ("i", "9007199254740993", 9007199254740993),
        ("i", "0x10", 16),
        ("i", "1_000", 1000),
        ("f", "1", 1.0),
        ("f", "1e-3", 0.001),
        ("f", "inf", math.inf),
        ("f", "-Infinity", -math.inf),
        ("b", "false", False),
        ("b", "True", True),
        ("s", "text", "text"),
        ("s", "", ""),
        ("s", "'quoted'", "'quoted'"),
        ("sep", " ", " "),
        ("sep", "\t", "\t"),
        ("head", "Hello ", "Hello "),
        ("j", "[1.0, 2]", [1.0, 2]),
        ("j", '{"10": 1, "2": null}', {"10": 1, "2": None}),
        ("j", "{'a': None, 'b': True}", {"a": None, "b": True}),
        ("t", "(3, 4)", (3, 4)),
        ("when", "my-bucket", "my-bucket"),
        ("when", "date.today()+1", "date.today()+1"),
        ("none", "bob", "bob"),
        ("hour", "90", 90),
        ("hour", "0.5", 0.5),
        ("hour", "soon", "soon"),
        ("rate", "0.5", 0.5),
        ("rate", "2", 2.0),
        ("name", "bob", "bob"),
        ("name", "5", "5"),
        ("name", "None", "None"),
        ("most", "5", 5),
        ("most", "None", None),
        ("most", "", None),
        ("mode", "b", "b"),
        ("size", "2", 2),
        ("both", "3", 3),
        ("both", "three", "three"),
    ],
)
def test_a_typed_text_takes_the_parameters_type(name: str, text: str, sent: Any) -> None:
    values, checks = accept(DECLARED, {name: Typed(text)})
    assert values == {name: sent}
    assert type(values[name]) is type(sent)
    assert checks == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("i", "six"), ("i", ""), ("i", "True"), ("f", "fast"), ("f", "1e999"), ("b", "maybe"), ("j", "[1,"), ("j", "5"),
        ("t", "my-bucket"), ("rate", "fast"), ("n", "0.5"), ("most", "many"), ("mode", "c"), ("size", "3"),
    ],
)  # fmt: skip
def test_a_text_that_cannot_be_read_is_named(name: str, value: str) -> None:
    values, [check] = accept(DECLARED, {name: Typed(value)})
    assert values == {}
    assert (check.status, check.field) == ("will fail", f"parameters.{name}")
    assert name in check.message
    assert "wanted" in check.message


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("i", 2), ("f", 1), ("f", math.nan), ("s", " a "), ("s", "\ud800"), ("j", {"a": 1}), ("j", []), ("t", (3,)),
        ("when", "my-bucket"), ("when", 5), ("none", " bob "), ("none", 2**60), ("hour", 1.5), ("rate", 0.5), ("rate", 2),
        ("name", "5"), ("name", None), ("most", None), ("mode", "b"), ("size", 2), ("both", "x"),
    ],
)  # fmt: skip
def test_a_value_is_taken_as_it_is(name: str, value: Any) -> None:
    values, checks = accept(DECLARED, {name: value})
    assert values[name] is value
    assert checks == []


@pytest.mark.parametrize(
    ("name", "value"),
    [("i", 0.5), ("i", True), ("i", None), ("f", False), ("b", 1), ("s", None), ("j", (1,)), ("n", 2.0)],
)
def test_a_value_of_another_type_is_taken_with_a_warning(name: str, value: Any) -> None:
    values, [check] = accept(DECLARED, {name: value})
    assert values[name] is value
    assert (check.status, check.field) == ("warning", f"parameters.{name}")


def test_a_typed_float_for_a_whole_default_is_taken_with_a_warning() -> None:
    values, [check] = accept(DECLARED, {"i": Typed("0.5")})
    assert values == {"i": 0.5}
    assert check.status == "warning"


@pytest.mark.parametrize(
    ("name", "value"),
    [("i", "6"), ("f", "0.5"), ("b", "yes"), ("s", 3), ("s", [1]), ("j", 1), ("j", "[1]"), ("n", 0.5), ("mode", "c"),
     ("name", 5), ("most", "5"), ("size", True)],
)  # fmt: skip
def test_a_value_of_the_wrong_type_is_named(name: str, value: Any) -> None:
    values, [check] = accept(DECLARED, {name: value})
    assert values == {}
    assert (check.status, check.field) == ("will fail", f"parameters.{name}")
    assert "wanted" in check.message


@pytest.mark.parametrize("text", ["5", "0.5", "'2026-11-20'", "[1]", "True", "true"])
def test_a_text_that_may_be_meant_as_something_else_is_a_text_and_said(text: str) -> None:
    values, [check] = accept(DECLARED, {"none": Typed(text)})
    assert values == {"none": text}
    assert check.status == "warning"
    assert repr(text) in check.message


def test_blanks_around_a_typed_text_are_left_out_and_said() -> None:
    values, [check] = accept(DECLARED, {"s": Typed(" data.csv\n")})
    assert values == {"s": "data.csv"}
    assert (check.status, check.field) == ("warning", "parameters.s")


def test_the_code_of_a_default_is_no_text() -> None:
    assert accept(DECLARED, {"when": Typed("date.today()"), "none": Typed("None")}) == ({}, [])
    assert accept(DECLARED, {"when": "date.today()"}) == ({}, [])
    assert accept(DECLARED, {"none": "None"}) == ({"none": "None"}, [])


def test_nothing_is_sent_that_nobody_gave() -> None:
    assert accept(DECLARED, {}) == ({}, [])


def test_what_was_computed_before_is_said_unless_it_is_given_too() -> None:
    declared = parse("bucket = 'a'\npath = 's3://' + bucket")
    _, [check] = accept(declared, {"bucket": "b"})
    assert check.status == "warning"
    assert "path" in check.message
    assert accept(declared, {"bucket": "b", "path": "s3://b"})[1] == []


def test_a_name_that_the_cell_does_not_set_is_sent_with_a_warning() -> None:
    values, [check] = accept(DECLARED, {"typo": 1})
    assert values == {"typo": 1}
    assert check.status == "warning"


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("1.0", 1.0),
        ("no", "no"),
        ("NaN", "NaN"),
        ("[a, {b: 1}]", ["a", {"b": 1}]),
        ("{", "{"),
        ("[2024-01-01]", "[2024-01-01]"),
    ],
)
def test_a_typed_text_that_has_no_type_is_json_or_itself(text: str, sent: Any) -> None:
    values, _ = accept([], {"x": Typed(text)})
    assert values == {"x": sent}
    assert type(values["x"]) is type(sent)


@pytest.mark.parametrize("name", ["a b", "class", "1a", "", "x-y"])
def test_a_name_that_no_variable_can_have_is_refused(name: str) -> None:
    values, [check] = accept(DECLARED, {name: 1})
    assert values == {}
    assert check.status == "will fail"


@pytest.mark.parametrize(
    ("language", "values"),
    [
        ("sas", {"a": 1}),
        ("bash", {"a-b": 1}),
        ("bash", {"a": {"b": 1}}),
        ("r", {"a": "\ud800"}),
        ("r", {"a": 2**60}),
    ],
)
def test_what_the_language_cannot_hold_is_refused_before_the_machine_starts(
    language: str, values: dict[str, Any]
) -> None:
    checks = accept([], values, language)[1]
    assert [(check.status, check.name) for check in checks] == [("will fail", "parameters")]
    assert accept([], {}, language) == ({}, [])
