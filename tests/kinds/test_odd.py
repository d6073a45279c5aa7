"""One odd item in an answer: a row that says so, beside the others as they were; the total is "at least"."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from smext.api import Progress, Row
from smext.inventory.reader import Memory, Reader, Reading, as_table
from smext.inventory.total import summarize
from smext.kinds import registry
from smext.kinds.base import Answer, Item, Kind

if TYPE_CHECKING:
    from tests.kinds.conftest import Wire

Truth = Callable[[Kind], dict[str, Row]]
ReadKind = Callable[..., Reading]
NOW = datetime(2026, 11, 30, 12, tzinfo=timezone.utc)
each_kind = pytest.mark.parametrize("kind", registry().values(), ids=lambda kind: kind.name)
FUNCTIONS = ("status_of", "facts", "version", "wanted", "fetch")


def rates(rows: Sequence[Row]) -> dict[str, tuple[str, float | None]]:
    return {row.key: (row.billing.certainty, row.billing.usd_per_hour) for row in rows}


def is_told(kind: Kind, reading: Reading) -> None:
    assert reading.problem is not None
    assert reading.problem.code == "not-understood"
    assert not reading.complete or "description" in reading.problem.message
    assert summarize([(kind, as_table(kind, reading, NOW))]).at_least == kind.may_bill


@each_kind
def test_what_is_no_item_is_a_row_that_says_so(kind: Kind, read: ReadKind, wire: Wire, truth: Truth) -> None:
    kind = replace(kind, opening=())
    listing = kind.list_calls[0]

    def add(operation: str, answer: dict[str, Any]) -> None:
        answer[listing.result] = [*answer[listing.result], None, {}]

    wire.alter(kind, listing.operation, add)
    reading = read(kind)
    odd = [row for row in reading.rows if row.key not in truth(kind)]
    assert odd
    assert {row.subtitle for row in odd} == {"could not be read"}
    assert {row.billing.certainty for row in odd} == {"may be billing" if kind.may_bill else "none"}
    same = [row for row in reading.rows if row.key in truth(kind)]
    # What was joined with a list that is not whole may be less sure than it was.
    assert rates(same) == rates(list(truth(kind).values())) or kind.join
    assert {row.key for row in same} == set(truth(kind))
    is_told(kind, reading)


@pytest.mark.parametrize("function", FUNCTIONS)
@each_kind
def test_what_a_kind_cannot_make_of_one_item_spoils_no_other(
    kind: Kind, function: str, read: ReadKind, truth: Truth
) -> None:
    victim = next(iter(truth(kind)))
    broken = _broken(replace(kind, opening=()), function, victim)
    reading = read(broken, Memory())
    rows = {row.key: row for row in reading.rows}
    assert set(rows) == set(truth(kind))
    others = [row for row in reading.rows if row.key != victim]
    assert rates(others) == rates([row for row in truth(kind).values() if row.key != victim])
    if rows[victim].subtitle == "could not be read":
        is_told(kind, reading)


def _broken(kind: Kind, function: str, victim: str) -> Kind:
    """The same, but that a function of it fails for the item of this key."""

    def but(works: Callable[..., Any], at: int = 0) -> Callable[..., Any]:
        def fails(*args: Any) -> Any:
            if "/".join(quote(part, safe="") for part in kind.key(args[at])) == victim:
                raise KeyError("Member")
            return works(*args)

        return fails

    detail: Any = kind.detail
    if function in {"version", "wanted", "fetch"}:
        broken = but(getattr(detail, function), at=1 if function == "fetch" else 0)
        return replace(kind, detail=replace(detail, **{function: broken}))
    changed: Any = {function: but(getattr(kind, function))}
    return replace(kind, **changed)


def test_one_that_cannot_be_joined_leaves_the_others_joined(read: ReadKind, wire: Wire, truth: Truth) -> None:
    kind = registry()["studio-app"]
    join = kind.join
    assert join is not None
    whole = list[tuple[bool, ...]]()

    def fragile(answers: Sequence[Answer]) -> list[Item]:
        for app in answers[0]:
            app["AppType"].lower()
        whole.append(tuple(answer.whole for answer in answers))
        return join(answers)

    def spoil(operation: str, answer: dict[str, Any]) -> None:
        del answer["Apps"][0]["AppType"]

    wire.alter(kind, "ListApps", spoil)
    reading = read(replace(kind, join=fragile))
    assert whole[-1] == (False, True)
    assert len(reading.rows) >= len(truth(kind)) - 1
    assert [row.subtitle for row in reading.rows].count("could not be read") == 1
    is_told(kind, reading)


@pytest.mark.parametrize("left", [None, 3, "deep"])
def test_whatever_a_run_left_is_no_reason_to_lose_its_row(left: object, reader: Reader, truth: Truth) -> None:
    def progress(live: str) -> Progress | None:
        raise TypeError(f"no progress: {left}")

    kind = registry()["training-job"]
    odd = replace(reader, progress=progress)
    reading = odd.read(kind, Memory(), datetime.now(timezone.utc), lambda rows: None)
    assert reading.problem is None
    assert rates(reading.rows) == rates(list(truth(kind).values()))
