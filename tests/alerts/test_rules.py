"""What is warned of, and what is not."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from smext.alerts import rules
from smext.alerts.idle_shutdown import IdleShutdown
from smext.alerts.rules import Snapshot, Thresholds
from smext.api import Billing, CostWarning, Idle, PriceNote, Row, Table

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FRIDAY = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)
LABELS = {"endpoint": "Endpoints", "job": "EMR jobs"}
SINGULARS = {"endpoint": "endpoint", "job": "EMR job"}


def row(name: str = "a", usd: float | None = 0.1, hours: float = 1, **changes: Any) -> Row:
    """Something that bills since so many hours."""
    now = changes.pop("now", FRIDAY)
    begun = now - hours * HOUR
    billing = Billing(
        certainty=changes.pop("certainty", "billing"),
        usd_per_hour=usd,
        since=begun,
        accrued_usd=None if usd is None else usd * hours,
    )
    known = {"kind": "endpoint", "status": "InService", "active": True, "created": begun, "started": begun}
    return Row(key=name, name=name, billing=billing, **{**known, **changes})


def since_when(row: Row) -> Row:
    """The same, but AWS does not tell when it began."""
    billing = row.billing.model_copy(update={"since": None, "accrued_usd": None})
    return row.model_copy(update={"billing": billing, "started": None})


def snapshot(*rows: Row, **changes: Any) -> Snapshot:
    tables = [Table(kind="endpoint", revision=1, rows=list(rows))]
    return Snapshot(tables, LABELS, SINGULARS, **{"now": FRIDAY, **changes})


def said(*rows: Row, **changes: Any) -> dict[str, CostWarning]:
    """Warnings by what they are about: the first part of their ids, and of use whether it is long or idle."""
    return {_about(warning): warning for warning in rules.warnings(snapshot(*rows, **changes))}


def _about(warning: CostWarning) -> str:
    about = warning.id.split(":")[0]
    return about if about != "use" else "long" if "has run for" in warning.title else "idle"


def test_nothing_is_said_of_nothing() -> None:
    assert said() == {}
    assert said(row(), row("b", certainty="none"), row("c", certainty="storage only", hours=9999)) == {}


# --- the rate ----------------------------------------------------------------------------------------


def test_the_rate_is_warned_of_from_the_threshold_on() -> None:
    assert "rate" not in said(row(usd=4.9), row("b", usd=5.0))
    warning = said(row(usd=5.0), row("b", usd=5.1))["rate"]
    assert warning.level == "error"
    assert warning.title == "$10.10/h is billing now"
    assert warning.text.startswith("2 endpoints: above $10.00/h. The dearest: b ($5.10/h), a")
    assert warning.usd == pytest.approx(10.1)
    assert [ref.key for ref in warning.rows] == ["b", "a"]


def test_an_unknown_price_makes_the_rate_at_least() -> None:
    assert said(row(usd=11), row("b", usd=None))["rate"].title.startswith("at least $11.00/h")
    assert "rate" not in said(row(usd=None))


def test_what_may_bill_or_cannot_be_seen_makes_every_sum_at_least() -> None:
    evening = {"now": FRIDAY + 4 * HOUR, "since": FRIDAY - DAY}
    dear, perhaps = row(usd=11, hours=99), row("b", usd=None, certainty="may be billing")
    for found in (said(dear, perhaps, **evening), said(dear, hidden=True, **evening)):
        for about in ("rate", "weekend", "since"):
            assert "at least $" in found[about].title
    assert said(dear, hidden=True, **evening)["weekend"].text.endswith("What cannot be seen is not in it.")
    whole = snapshot(dear, perhaps, kept=frozenset({("endpoint", "b")}))
    assert not whole.at_least
    assert all("at least" not in warning.title for warning in rules.warnings(whole))


def test_what_only_may_bill_is_in_no_rate() -> None:
    assert "rate" not in said(row(usd=11, certainty="may be billing"))


# --- patience ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("usd", "hours"), [(0.0, 24), (0.05, 24), (0.1, 24), (0.23, 14.1), (1, 5.56), (5, 2), (98, 2)]
)
def test_the_dearer_the_sooner(usd: float, hours: float) -> None:
    assert Thresholds().patience(usd) / HOUR == pytest.approx(hours, rel=0.01)


def test_patience_never_grows_with_the_rate() -> None:
    times = [Thresholds().patience(usd / 100) for usd in range(1, 1000)]
    assert times == sorted(times, reverse=True)


@pytest.mark.parametrize(("usd", "hours"), [(0.1, 24), (5.0, 2), (None, 5.6)])
def test_what_runs_long_is_spoken_of(usd: float | None, hours: float) -> None:
    assert "long" not in said(row(usd=usd, hours=hours - 0.1))
    warning = said(row(usd=usd, hours=hours + 0.1))["long"]
    assert warning.title.startswith("a has run for")
    assert ("not known" in warning.text) == (usd is None)
    assert (warning.usd is None) == (usd is None)


def test_what_ends_by_itself_has_more_time() -> None:
    end = FRIDAY + 100 * HOUR
    assert "long" not in said(row(usd=5, hours=3.9, deadline=end))
    assert "long" in said(row(usd=5, hours=4.1, deadline=end))


# --- idling ------------------------------------------------------------------------------------------


def test_what_idles_is_spoken_of_once_and_with_its_cost() -> None:
    idle = Idle(signal="no invocations", since=FRIDAY - 72 * HOUR)
    found = said(row(usd=1.0, hours=100, idle=idle))
    assert set(found) & {"idle", "long"} == {"idle"}
    assert found["idle"].title == "a: no invocations for 3 days"
    assert found["idle"].text == "This endpoint bills $1.00/h, $72.00 since then."
    assert found["idle"].usd == pytest.approx(72)


def test_idle_for_a_moment_or_for_an_unknown_time_is_no_warning() -> None:
    assert "idle" not in said(row(idle=Idle(signal="x", since=FRIDAY - 1.9 * HOUR)))
    assert "idle" not in said(row(idle=Idle(signal="x")))
    strict = Thresholds(idle_hours=1)
    assert "idle" in said(row(hours=9, idle=Idle(signal="x", since=FRIDAY - 1.9 * HOUR)), thresholds=strict)


def test_running_long_and_idling_are_said_and_put_off_as_one_thing() -> None:
    idle = Idle(signal="no invocations", since=FRIDAY - 72 * HOUR)
    before, after = said(row(usd=1.0, hours=100)), said(row(usd=1.0, hours=100, idle=idle))
    assert before["long"].id == after["idle"].id
    assert before["long"].level == after["idle"].level


# --- time limits -------------------------------------------------------------------------------------


def test_a_job_near_its_limit_is_spoken_of() -> None:
    def job(used: float) -> Row:
        return row(hours=10 * used, deadline=FRIDAY - 10 * used * HOUR + 10 * HOUR)

    assert "limit" not in said(job(0.89))
    warning = said(job(0.95))["limit"]
    assert warning.title == "a is stopped in 30 min"
    assert "95%" in warning.text
    assert said(job(1.1))["limit"].title == "a is stopped in 0 min"


# --- the weekend -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "offset", "hours"),
    [
        (datetime(2026, 11, 20, 14, 59, tzinfo=timezone.utc), 0, None),
        (datetime(2026, 11, 20, 15, tzinfo=timezone.utc), 0, 66),
        (datetime(2026, 11, 20, 14, tzinfo=timezone.utc), 60, 66),
        (datetime(2026, 11, 20, 20, tzinfo=timezone.utc), -300, 66),
        (datetime(2026, 11, 20, 19, tzinfo=timezone.utc), -300, None),
        (datetime(2026, 11, 21, 9, tzinfo=timezone.utc), 0, 48),
        (datetime(2026, 11, 23, 8, tzinfo=timezone.utc), 0, 1),
        (datetime(2026, 11, 23, 9, tzinfo=timezone.utc), 0, None),
        (datetime(2026, 11, 18, 16, tzinfo=timezone.utc), 0, None),
    ],
)
def test_the_weekend_is_friday_afternoon_to_monday_morning_on_the_wall(
    now: datetime, offset: int, hours: float | None
) -> None:
    found = said(row(usd=6, now=now), now=now, offset=timedelta(minutes=offset))
    if hours is None:
        assert "weekend" not in found
    else:
        assert found["weekend"].usd == pytest.approx(6 * hours)
        assert found["weekend"].id == "weekend:2026-11-23"


def test_what_ends_before_monday_costs_until_then() -> None:
    evening = FRIDAY + 3 * HOUR
    found = said(row(usd=1, now=evening, deadline=evening + 6 * HOUR), now=evening)["weekend"]
    assert found.usd == pytest.approx(6)


def test_a_cheap_weekend_is_no_warning() -> None:
    evening = FRIDAY + 3 * HOUR
    assert "weekend" not in said(row(usd=0.05, now=evening), now=evening)


def test_until_monday_is_known_on_any_day() -> None:
    wednesday = FRIDAY - 2 * DAY
    assert rules.until_monday(snapshot(row(usd=1, now=wednesday), now=wednesday)) == pytest.approx(
        4 * 24 + 21
    )


def test_what_bills_since_an_unknown_time_costs_until_monday_all_the_same() -> None:
    unknown = since_when(row(usd=1))
    assert rules.until_monday(snapshot(unknown)) == pytest.approx(12 + 24 + 24 + 9)


# --- since the last look -----------------------------------------------------------------------------


def test_what_was_spent_while_nobody_looked() -> None:
    last = FRIDAY - 17 * HOUR - 20 * timedelta(minutes=1)
    found = said(row(usd=1, hours=100), row("b", usd=2, hours=1), since=last)["since"]
    assert found.level == "info"
    assert found.title == "Since yesterday 18:40: $19.33"
    assert found.text == "2 endpoints."
    assert found.usd == pytest.approx(17 + 1 / 3 + 2)


def test_what_ended_meanwhile_is_counted_for_its_part() -> None:
    ended = row(usd=None, hours=4, active=False, certainty="none", ended=FRIDAY - 2 * HOUR)
    ended = ended.model_copy(update={"billing": Billing(certainty="none", accrued_usd=10.0)})
    found = said(ended, since=FRIDAY - 3 * HOUR)["since"]
    assert found.usd == pytest.approx(5)


def test_what_ended_meanwhile_at_an_unknown_cost_makes_the_sum_at_least() -> None:
    yesterday: dict[str, Any] = {"since": FRIDAY - 5 * HOUR, "hourly": frozenset({"endpoint"})}
    ended: dict[str, Any] = {
        "active": False,
        "certainty": "none",
        "ended": FRIDAY - 2 * HOUR,
        "started": None,
    }
    found = said(row(usd=1), row("unread", usd=None, **ended), **yesterday)["since"]
    assert found.title == "Since 07:00: at least $1.00"
    never = row("never started", usd=None, **ended)
    never = never.model_copy(
        update={"billing": Billing(certainty="none", price=PriceNote(source="x", as_of=""))}
    )
    cause = row("a cause of jobs", usd=None, kind="job", **ended)
    before = row("over before", usd=None, **{**ended, "ended": FRIDAY - 6 * HOUR})
    assert said(row(usd=1), never, cause, before, **yesterday)["since"].title == "Since 07:00: $1.00"


def test_what_bills_since_an_unknown_time_makes_the_sum_at_least() -> None:
    unknown = since_when(row("b", usd=1))
    assert said(row(usd=1), unknown, since=FRIDAY - 5 * HOUR)["since"].title == "Since 07:00: at least $1.00"


def test_what_only_may_have_billed_is_in_no_sum_of_what_was_spent() -> None:
    found = said(row(usd=1), row("b", usd=9, certainty="may be billing"), since=FRIDAY - 5 * HOUR)["since"]
    assert (found.title, found.text, found.usd) == ("Since 07:00: at least $1.00", "1 endpoint.", 1)


def test_the_time_is_the_wall_clocks() -> None:
    last = FRIDAY - 12 * HOUR - 30 * timedelta(minutes=1)
    title = said(row(usd=1, hours=100), since=last, offset=timedelta(hours=-5))["since"].title
    assert title.startswith("Since yesterday 18:30:")


@pytest.mark.parametrize(("days", "words"), [(0.1, "09:36"), (3, "Tuesday 12:00"), (12, "8 November 12:00")])
def test_a_day_is_named_as_people_do(days: float, words: str) -> None:
    assert said(row(usd=5, hours=999), since=FRIDAY - days * DAY)["since"].title.startswith(f"Since {words}:")


def test_a_short_absence_and_small_change_are_not_worth_a_word() -> None:
    assert "since" not in said(row(usd=99), since=FRIDAY - 0.9 * HOUR)
    assert "since" not in said(row(usd=0.01, hours=99), since=FRIDAY - 5 * HOUR)
    assert "since" not in said(row(usd=9, hours=99), since=None)


# --- idle shutdown -----------------------------------------------------------------------------------


def test_idle_shutdown_that_is_off_is_told_where_it_costs() -> None:
    off = IdleShutdown(on=False, minutes=None, domain="d-1")
    found = said(row(here=True), idle_shutdown=off)["idle-shutdown"]
    assert found.level == "info"
    assert "a bills $0.10/h" in found.text
    assert "d-1" in found.text
    assert said(row(), idle_shutdown=off) == {}
    on = IdleShutdown(on=True, minutes=60, domain="d-1")
    assert said(row(here=True), idle_shutdown=on) == {}
    assert said(row(here=True)) == {}


# --- whose, and kept ---------------------------------------------------------------------------------


@pytest.mark.parametrize("mine", [True, None, False])
def test_only_what_surely_is_somebody_elses_is_left_out(mine: bool | None) -> None:
    found = said(
        row(usd=99, hours=99, mine=mine, idle=Idle(signal="x", since=FRIDAY - DAY)), since=FRIDAY - DAY
    )
    assert bool(found) == (mine is not False)


def test_what_is_kept_is_not_warned_of_but_its_cost_is_told() -> None:
    dear = row(usd=99, hours=99, deadline=FRIDAY, idle=Idle(signal="x", since=FRIDAY - DAY))
    evening = {"now": FRIDAY + 4 * HOUR, "since": FRIDAY - DAY}
    assert {"rate", "idle", "limit", "since"} == set(said(dear, **evening))
    assert set(said(dear, kept=frozenset({("endpoint", "a")}), **evening)) == {"since"}


def test_ids_stay_while_a_thing_lives_and_change_with_its_next_life() -> None:
    first = said(row(usd=5, hours=50))["long"].id
    later = FRIDAY + HOUR
    assert said(row(usd=5, hours=51, now=later), now=later)["long"].id == first
    assert said(row(usd=5, hours=40))["long"].id != first


def test_the_gravest_come_first() -> None:
    rows = (row(usd=20, hours=99), row("b", hours=1))
    levels = [warning.level for warning in rules.warnings(snapshot(*rows, since=FRIDAY - DAY))]
    assert levels == ["error", "warning", "info"]


def test_kinds_are_named_as_they_are_written() -> None:
    text = said(row(usd=6, kind="job"), row("b", usd=6, kind="job"))["rate"].text
    assert text.startswith("2 EMR jobs:")
