"""Every kind of the registry in an account that has them all: a new kind is tested by being there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone

import pytest

from smext.api import Row
from smext.inventory.reader import Memory, Reader, Reading, parse_key
from smext.kinds import registry
from smext.kinds.base import BILLS, Kind
from smext.sandbox import Sandbox

Truth = Callable[[Kind], dict[str, Row]]
ReadKind = Callable[..., Reading]
each_kind = pytest.mark.parametrize("kind", registry().values(), ids=lambda kind: kind.name)


@each_kind
def test_it_reads_a_lived_in_account(kind: Kind, truth: Truth) -> None:
    rows = truth(kind).values()
    assert rows
    assert all(row.tone != "neutral" for row in rows)
    assert all(row.status in kind.statuses for row in rows)


@each_kind
def test_an_item_read_by_its_key_is_the_row_of_the_table(kind: Kind, read: ReadKind, reader: Reader) -> None:
    for row in read(kind).rows:
        item = reader.item(kind, parse_key(row.key))
        again = reader.row(kind, item, datetime.now(timezone.utc))
        assert (again.key, again.status, again.name) == (row.key, row.status, row.name)
        assert [a.name for a in again.actions] == [a.name for a in row.actions]
        for function in (kind.more, kind.phases, kind.parameters, kind.outputs, kind.logs):
            if function is not None:
                function(item)


@each_kind
def test_a_later_reading_describes_only_what_may_have_moved(kind: Kind, read: ReadKind, box: Sandbox) -> None:
    memory = Memory()
    for _ in range(2):  # the second one fills in what is over
        read(kind, memory)
    before = len(box.control.calls)
    again = read(kind, memory)
    assert again.rows
    assert len(box.control.calls) - before <= len(kind.list_calls) + 2


@each_kind
def test_what_may_bill_has_a_rate_or_says_why_not(kind: Kind, truth: Truth) -> None:
    for row in truth(kind).values():
        billing = row.billing
        if billing.certainty in {"billing", "may be billing"}:
            assert billing.usd_per_hour or billing.why, row.name
            assert billing.usd_per_hour != 0, row.name
        else:
            assert billing.usd_per_hour is None, row.name


@each_kind
def test_what_is_under_way_and_does_not_bill_says_why(kind: Kind, truth: Truth) -> None:
    quiet = [row for row in truth(kind).values() if row.active and row.billing.certainty == "none"]
    assert all(row.billing.why for row in quiet), [row.name for row in quiet if not row.billing.why]


@each_kind
def test_a_kind_that_never_bills_by_the_hour_has_no_row_that_does(kind: Kind, truth: Truth) -> None:
    billing = [row.name for row in truth(kind).values() if row.billing.certainty in BILLS]
    assert kind.may_bill or not billing
