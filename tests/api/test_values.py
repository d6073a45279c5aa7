"""Parameters come through a browser as they were."""

import json
import math
from typing import Any

import pytest

from smext.api import LaunchForm
from smext.api.values import FROM_WIRE, Typed

EXACT: list[Any] = [
    None, True, 0, -3, 2**53 - 1, 2**53, 2**53 + 1, -(2**80), 0.1, 1.0, -0.0, 1e300, math.inf, -math.inf, "a", " a ", "",
    "\ud800", [1, 2.0], {"b": 1, "a": 2}, {"10": 1, "2": 2}, {"a": [2**60]}, (1, 2), {"$literal": "1"}, [math.inf],
]  # fmt: skip


def through(value: Any) -> Any:
    """As JavaScript has it: numbers are doubles, and names that are whole numbers come first."""
    text = LaunchForm().model_copy(update={"parameters": {"x": value}}).model_dump_json()
    content = json.loads(text, parse_int=float, parse_constant=_none, object_pairs_hook=_ordered)
    return LaunchForm.model_validate_json(json.dumps(_written(content))).parameters["x"]


def _written(value: Any) -> Any:
    """A double that is whole is written as a whole number."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_written(item) for item in value]
    if isinstance(value, dict):
        return {name: _written(item) for name, item in value.items()}
    return value


def _none(text: str) -> None:
    raise AssertionError(f"no JSON: {text}")


def _ordered(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return dict(sorted(pairs, key=lambda pair: (0, int(pair[0])) if pair[0].isdigit() else (1, 0)))


@pytest.mark.parametrize("value", EXACT, ids=repr)
def test_values_survive_the_browser(value: Any) -> None:
    found = through(value)
    assert repr(found) == repr(value)


def test_a_number_that_is_none_survives_the_browser() -> None:
    assert math.isnan(through(math.nan))


def test_a_text_from_outside_is_one_that_was_typed() -> None:
    for form in (
        LaunchForm.model_validate_json('{"parameters": {"x": "5"}}'),
        LaunchForm.model_validate({"parameters": {"x": "5"}}, context=FROM_WIRE),
    ):
        assert isinstance(form.parameters["x"], Typed)
    assert not isinstance(LaunchForm(parameters={"x": "5"}).parameters["x"], Typed)


@pytest.mark.parametrize("text", ['{"$literal": 5}', '{"$literal": "open(1)"}', '{"$literal": "x"}'])
def test_what_is_no_literal_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="literal"):
        LaunchForm.model_validate_json(f'{{"parameters": {{"x": {text}}}}}')
