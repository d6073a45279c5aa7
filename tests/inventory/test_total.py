"""The total: what makes it `at least`, over every kind and every way of not seeing one."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import get_args

import pytest

from smext.api import Billing, Problem, ProblemCode, Row, Summary, Table
from smext.inventory.total import summarize
from smext.kinds import registry
from smext.kinds.base import Kind

KINDS = list(registry().values())
each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
NOW = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)


def total(kind: Kind, problem: Problem | None = None, *, rows: list[Row] | None = None) -> Summary:
    """Of an account in which all is known and nothing bills but what is said of one kind."""
    tables = {one.name: Table(kind=one.name, revision=1, as_of=NOW) for one in KINDS}
    as_of = None if problem and rows is None else NOW
    tables[kind.name] = Table(kind=kind.name, revision=1, rows=rows or [], problem=problem, as_of=as_of)
    return summarize((one, tables[one.name]) for one in KINDS)


@each_kind
def test_nothing_that_bills_is_a_whole_total(kind: Kind) -> None:
    assert not total(kind).at_least


@pytest.mark.parametrize("code", get_args(ProblemCode))
@each_kind
def test_what_could_bill_and_cannot_be_seen_makes_it_at_least(kind: Kind, code: ProblemCode) -> None:
    found = total(kind, Problem(code=code, message="no"))
    # What AWS does not have in this region cannot bill there.
    hidden = kind.may_bill and code != "unsupported"
    assert found.at_least == hidden
    assert [unseen.kind for unseen in found.unseen] == ([kind.name] if hidden else [])
    assert found.ready


@each_kind
def test_old_rows_of_what_may_bill_are_no_whole_total(kind: Kind) -> None:
    found = total(kind, Problem(code="throttled", message="later"), rows=[])
    assert found.at_least == kind.may_bill
    assert found.unseen == []
    assert [each.kind for each in found.partly] == ([kind.name] if kind.may_bill else [])


@pytest.mark.parametrize(
    ("billing", "at_least"),
    [
        (Billing(certainty="billing", usd_per_hour=1.0), False),
        (Billing(certainty="billing"), True),
        (Billing(certainty="may be billing", usd_per_hour=1.0), True),
        (Billing(certainty="storage only", usd_per_month=9.0), False),
        (Billing(), False),
    ],
)
def test_what_has_no_price_or_may_bill_makes_it_at_least(billing: Billing, at_least: bool) -> None:
    row = Row(key="a", kind="endpoint", name="a", status="InService", billing=billing)
    found = total(registry()["endpoint"], rows=[row])
    assert found.at_least == at_least
    known = 1.0 if billing.certainty == "billing" else 0.0
    assert found.usd_per_hour == (None if at_least else known)


@each_kind
def test_what_was_not_read_yet_is_missing(kind: Kind) -> None:
    tables = {one.name: Table(kind=one.name, revision=1, as_of=NOW) for one in KINDS}
    tables[kind.name] = Table(kind=kind.name, revision=0)
    found = summarize((one, tables[one.name]) for one in KINDS)
    assert found.at_least == kind.may_bill
    assert found.usd_per_hour == (None if kind.may_bill else 0.0)
    assert not found.ready


def test_with_nothing_known_the_total_is_unknown_and_not_zero() -> None:
    expired = Problem(code="expired", message="The AWS credentials have expired.")
    found = summarize((one, Table(kind=one.name, revision=1, problem=expired)) for one in KINDS)
    assert (found.usd_per_hour, found.count, found.at_least) == (None, 0, True)
    assert found.ready
