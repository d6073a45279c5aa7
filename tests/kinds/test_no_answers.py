"""What is no answer of AWS at one call of a kind: never a sure total, never "nothing bills"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import pytest

from smext import errors
from smext.api import Row
from smext.inventory.reader import Memory, Reading, as_table
from smext.inventory.total import summarize
from smext.kinds import registry
from smext.kinds.base import Kind
from tests.kinds.replay import Reply, response

if TYPE_CHECKING:
    from tests.kinds.conftest import Wire

Truth = Callable[[Kind], dict[str, Row]]
ReadKind = Callable[..., Reading]
BODIES = [
    b"<!DOCTYPE html><html><title>Sign in</title></html>",
    b"",
    b'{"Endpoints": [{"Endp',
    b'{"a": 1}',
    b"[]",
]
CALLS = [(kind, operation) for kind in registry().values() for operation in kind.operations]


@pytest.mark.parametrize(
    ("kind", "operation"), CALLS, ids=lambda value: value.name if isinstance(value, Kind) else value
)
def test_no_answer_to_a_call_makes_no_total_sure(
    kind: Kind, operation: str, read: ReadKind, wire: Wire, truth: Truth
) -> None:
    bare, now = replace(kind, opening=()), datetime.now(timezone.utc)
    asked = list[bytes]()
    body = [b""]

    def answer(request: Any, **_: Any) -> Any:
        asked.append(body[0])
        return response(request.url, Reply(body[0]))

    wire.on(kind, "before-send", operation, answer)
    for body[0] in BODIES:
        asked.clear()
        memory = Memory()
        try:
            reading = read(bare, memory)
        except errors.NotUnderstood as error:
            assert not memory.begun  # so that the poller goes on with the rows of before
            summary = summarize([(kind, as_table(kind, error, now))])
        else:
            assert {row.key for row in reading.rows} <= set(truth(kind))
            if not asked:
                return  # it is asked of what somebody looks at, and in no reading
            # Some kinds say themselves of a part of an item that it is not known.
            assert reading.problem is None or reading.problem.code == "not-understood"
            summary = summarize([(kind, as_table(kind, reading, now))])
            assert reading.problem is not None or summary.at_least
        assert summary.at_least == kind.may_bill
        assert summary.usd_per_hour != 0 or not kind.may_bill
