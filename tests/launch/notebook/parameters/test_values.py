"""Values from Python are taken exactly, or refused by name."""

import datetime
import decimal
import enum
import pathlib
from collections import OrderedDict
from typing import Any

import pytest

from smext.launch.notebook.parameters import exact, wrong


class Colour(str, enum.Enum):
    RED = "red"


class Level(enum.IntEnum):
    HIGH = 3


@pytest.mark.parametrize(
    ("value", "made"),
    [
        (" a ", " a "),
        (2**70, 2**70),
        (1.0, 1.0),
        (None, None),
        ((1, [2.0]), (1, [2.0])),
        (OrderedDict(b=1, a=2), {"b": 1, "a": 2}),
        (Colour.RED, "red"),
        (Level.HIGH, 3),
    ],
)
def test_plain_values_are_taken(value: Any, made: Any) -> None:
    found = exact({"x": value})["x"]
    assert found == made
    assert type(found) is type(made)


def endless() -> list[Any]:
    made: list[Any] = []
    made.append(made)
    return made


@pytest.mark.parametrize(
    "value",
    [
        datetime.date(2024, 1, 1), datetime.timedelta(1), {1, 2}, frozenset(), b"a", bytearray(), 1j, decimal.Decimal(1),
        pathlib.Path("a"), object(), print, {1: 2}, [{"a": {3}}], endless(), range(3),
    ],
)  # fmt: skip
def test_what_is_no_plain_value_is_refused_with_the_parameters_name(value: Any) -> None:
    refused = wrong({"fine": 1, "day": value})
    assert refused is not None
    assert "Parameter day" in str(refused)
    assert refused.field == "parameters.day"
    assert refused.advice


def test_numpys_scalars_are_taken_and_its_arrays_refused() -> None:
    numpy = pytest.importorskip("numpy")
    given = {
        "i": numpy.int64(3),
        "u": numpy.uint8(3),
        "b": numpy.bool_(True),
        "f": numpy.float64(0.5),
        "s": numpy.str_("a"),
        "l": [numpy.int32(1)],
    }
    made = exact(given)
    assert made == {"i": 3, "u": 3, "b": True, "f": 0.5, "s": "a", "l": [1]}
    assert [type(value) for value in made.values()] == [int, int, bool, float, str, list]
    for value in (numpy.array([1]), numpy.float32(0.1), numpy.datetime64("2024-01-01"), numpy.complex64(1)):
        assert wrong({"x": value}) is not None


def test_a_narrow_float_is_refused_with_what_it_would_become() -> None:
    numpy = pytest.importorskip("numpy")
    for value in (numpy.float32(0.1), [numpy.float32(0.1)], {"a": numpy.float32(0.1)}):
        refused = wrong({"rate": value})
        assert refused is not None
        assert refused.field == "parameters.rate"
        assert "Parameter rate" in str(refused)
        assert "(float32), which is 0.10000000149011612 in Python" in str(refused)
        assert "float(value)" in refused.advice


def test_a_name_that_is_no_text_is_refused() -> None:
    assert wrong({3: 1}) is not None
