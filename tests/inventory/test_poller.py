"""The poller: works while somebody watches, one flight at a time, and says what it does not know."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest

from smext.api import Idle
from smext.aws import account
from smext.inventory import cadence
from smext.inventory import poller as polling
from smext.inventory.poller import Poller
from smext.inventory.reader import Reader
from smext.kinds import registry
from smext.sandbox import Sandbox


@pytest.fixture
def scene() -> str:
    return "busy"


Made = Callable[..., Poller]


@pytest.fixture
def make(reader: Reader, jp_asyncio_loop: asyncio.AbstractEventLoop) -> Iterator[Made]:
    made: list[Poller] = []

    def make(
        *kinds: str, scale: float = 0.01, own: Callable[[], Awaitable[Idle | None]] | None = None
    ) -> Poller:
        async def give() -> Reader:
            return reader

        chosen = [registry()[name] for name in kinds] or list(registry().values())
        poller = Poller(chosen, give, lambda names, revision: None, scale=scale, own=own)
        made.append(poller)
        return poller

    yield make
    for poller in made:
        jp_asyncio_loop.run_until_complete(poller.close())


async def until(condition: Callable[[], Any], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        await asyncio.sleep(0.02)


async def test_nothing_is_asked_while_nobody_watches(make: Made, box: Sandbox) -> None:
    poller = make()
    before = len(box.control.calls)
    poller.refresh()
    await asyncio.sleep(0.1)
    assert len(box.control.calls) == before
    assert not poller.summary().ready


async def test_a_look_fills_every_table(make: Made) -> None:
    poller = make(scale=1)
    poller.watch("panel")
    await until(lambda: poller.summary().ready)
    tables = poller.tables(0)
    assert all(table.as_of for table in tables.tables)
    assert {"endpoint", "studio-app", "training-job"} <= {table.kind for table in tables.tables if table.rows}
    assert tables.summary.count > 0
    assert (tables.summary.usd_per_hour or 0) > 1


async def test_twenty_tabs_ask_no_more_than_one(make: Made, box: Sandbox) -> None:
    poller = make("endpoint", scale=1)
    for _ in range(20):
        poller.watch("panel")
    await until(lambda: poller.summary().ready)
    assert box.control.calls.count("ListEndpoints") == 1


async def test_who_comes_back_sees_old_rows_read_anew_at_once(make: Made, box: Sandbox) -> None:
    poller = make("endpoint", scale=1)
    await poller.look()
    poller._states["endpoint"].read -= 200
    poller.watch("panel")
    await until(lambda: box.control.calls.count("ListEndpoints") == 2)


async def test_a_look_is_one_reading_of_what_may_bill(make: Made, box: Sandbox) -> None:
    poller = make("endpoint", "pipeline", scale=0.001)
    await poller.look()
    assert [table.kind for table in poller.tables(0).tables if table.as_of] == ["endpoint"]
    assert not poller.watched
    await asyncio.sleep(0.1)
    assert box.control.calls.count("ListEndpoints") == 1


async def test_the_work_ends_with_the_lease(
    make: Made, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "LEASE", 0.5)
    poller = make("endpoint", scale=0.001)
    # Renewed until it has begun: how long the first reading takes is the machine's affair.
    while box.control.calls.count("ListEndpoints") < 2:
        poller.watch("panel")
        await asyncio.sleep(0.02)
    await until(lambda: poller.resting)
    # A call that was under way may still arrive; a poller at work would go on and on.
    end, before = time.monotonic() + 120, -1
    while before != len(box.control.calls):
        assert time.monotonic() < end, "it never ends"
        before = len(box.control.calls)
        await asyncio.sleep(0.3)


async def test_a_reading_that_changed_nothing_keeps_the_revision(make: Made, box: Sandbox) -> None:
    poller = make("notebook-instance")
    poller.watch("panel")
    await until(lambda: poller.summary().ready and box.control.calls.count("ListNotebookInstances") >= 4)
    revision = poller.revision
    seen = box.control.calls.count("ListNotebookInstances")
    await until(lambda: box.control.calls.count("ListNotebookInstances") >= seen + 2)
    assert poller.revision == revision
    assert poller.tables(revision).tables == []


async def test_a_change_makes_a_newer_revision_with_only_that_table(make: Made, box: Sandbox) -> None:
    poller = make("notebook-instance", "processing-job")
    poller.watch("panel")
    await until(lambda: poller.summary().ready)
    await asyncio.sleep(0.3)
    revision = poller.revision
    box.client("sagemaker").start_notebook_instance(NotebookInstanceName="old-fraud-study")
    await until(lambda: poller.revision > revision)
    assert [table.kind for table in poller.tables(revision).tables] == ["notebook-instance"]


async def test_one_denied_kind_makes_the_total_at_least(make: Made, box: Sandbox) -> None:
    box.control.fail("ListEndpoints", "AccessDeniedException")
    poller = make(scale=1)
    poller.watch("panel")
    await until(lambda: poller.summary().ready)
    summary = poller.summary()
    assert summary.at_least
    assert [(unseen.kind, unseen.problem.permission) for unseen in summary.unseen] == [
        ("endpoint", "sagemaker:ListEndpoints")
    ]
    assert summary.count > 0


async def test_the_last_good_rows_stay_with_their_problem(make: Made, box: Sandbox) -> None:
    poller = make("endpoint")
    poller.watch("panel")
    await until(lambda: poller.summary().ready)
    box.control.fail("ListEndpoints", "InternalServerError")
    poller.refresh()
    await until(lambda: poller.tables(0).tables[0].problem)
    table = poller.tables(0).tables[0]
    assert table.rows
    assert table.as_of
    box.control.heal()
    poller.refresh()
    await until(lambda: poller.tables(0).tables[0].problem is None)


async def test_throttling_for_a_minute_leaves_every_table_as_it_was(
    make: Made, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(account, "ATTEMPTS", 1)
    poller = make(scale=0.05)
    poller.watch("panel")
    await until(lambda: poller.summary().ready)
    before = {table.kind: {row.key for row in table.rows} for table in poller.tables(0).tables}
    listed = [
        (kind.service, listing.operation) for kind in registry().values() for listing in kind.list_calls
    ]
    for service, operation in listed:
        box.control.fail(f"{service}:{operation}", "ThrottlingException")
    poller.refresh()
    await until(lambda: all(table.problem for table in poller.tables(0).tables))
    for table in poller.tables(0).tables:
        assert table.problem is not None
        assert table.problem.code == "throttled"
        assert {row.key for row in table.rows} == before[table.kind]
    assert poller.summary().at_least
    box.control.heal()
    await until(lambda: not any(table.problem for table in poller.tables(0).tables))
    assert {table.kind: {row.key for row in table.rows} for table in poller.tables(0).tables} == before


async def test_a_problem_that_lasts_is_asked_about_rarely(make: Made, box: Sandbox) -> None:
    box.control.fail("ListEndpoints", "AccessDeniedException")
    poller = make("endpoint", scale=0.05)
    poller.watch("panel")
    await until(lambda: poller.summary().ready)
    await asyncio.sleep(0.5)
    assert box.control.calls.count("ListEndpoints") == 1


async def test_a_call_that_hangs_stops_no_other_kind(make: Made, box: Sandbox) -> None:
    box.control.hang("ListEndpoints")
    poller = make(scale=1)
    poller.watch("panel")
    others = [name for name in registry() if name != "endpoint"]
    await until(lambda: all(t.as_of for t in poller.tables(0).tables if t.kind in others))
    box.control.heal()
    await until(lambda: poller.summary().ready)


@pytest.mark.parametrize("read_timeout", [0.5])
async def test_a_call_that_never_answers_is_a_problem(make: Made, box: Sandbox) -> None:
    box.control.hang("ListEndpoints")
    poller = make("endpoint", scale=1)
    poller.watch("panel")
    await until(lambda: poller.summary().ready)
    assert poller.summary().unseen[0].problem.code == "timeout"
    box.control.heal()


async def test_closing_ends_a_reading_that_is_under_way(make: Made, box: Sandbox) -> None:
    box.control.hang("ListEndpoints")
    poller = make()
    poller.watch("panel")
    await until(lambda: "ListEndpoints" in box.control.calls)
    await poller.close()
    assert poller.resting
    box.control.heal()


async def test_a_new_server_is_ahead_of_tabs_that_stayed_open(make: Made) -> None:
    old = make("endpoint")
    old.watch("panel")
    await until(lambda: old.summary().ready)
    new = make("endpoint")
    new.watch("panel")
    await until(lambda: new.summary().ready)
    assert new.tables(old.revision).tables


async def test_what_nothing_happens_in_is_read_less_often(make: Made, box: Sandbox) -> None:
    client = box.client("sagemaker")
    client.stop_notebook_instance(NotebookInstanceName="legacy-reports")
    client.stop_notebook_instance(NotebookInstanceName="jonas-sandbox")
    for name in ("legacy-reports", "jonas-sandbox"):
        box.control.end(name, "Stopped")
    # The young one, of five hours, is news yet.
    client.delete_notebook_instance(NotebookInstanceName="jonas-sandbox")
    box.control.advance(600)
    # Slow enough that the pauses, and not the time that a reading takes, make the difference.
    poller = make("notebook-instance", "endpoint", scale=0.02)
    box.control.end("churn-scoring", "InService")
    poller.watch("panel")
    await until(lambda: box.control.calls.count("ListNotebookInstances") >= 3)
    assert box.control.calls.count("ListEndpoints") >= 5


async def test_what_has_not_changed_for_long_is_read_less_often_until_it_does(
    make: Made, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cadence, "CALM", 20.0)
    monkeypatch.setattr(cadence, "CALM_PAUSE", 1000.0)
    monkeypatch.setattr(cadence, "CALM_MOST", 1000.0)
    poller = make("transform-job", scale=0.01)
    poller.watch("panel")
    await until(lambda: poller.summary().ready)
    calls, rests = 0, 0
    while rests < 20 or calls <= 4:  # until it has stopped asking for ten times its fast pause
        await asyncio.sleep(0.02)
        rests = rests + 1 if box.control.calls.count("ListTransformJobs") == calls else 0
        calls = box.control.calls.count("ListTransformJobs")
    box.control.end("churn-scoring-weekly-47")
    poller.refresh(hurry=20)
    await until(lambda: box.control.calls.count("ListTransformJobs") > calls + 4)


async def test_whoever_is_away_keeps_little_fresh_and_sees_all_when_he_is_back(
    make: Made, box: Sandbox
) -> None:
    poller = make("endpoint", "transform-job", scale=0.01)
    poller.watch("away")
    assert [poller.watched] == [False]
    await until(lambda: poller.summary().ready)
    for state in poller._states.values():
        assert state.due - state.read > 2.0  # of the panel's pauses none is longer than 1.2 s here
    poller.watch("panel")
    assert [poller.watched] == [True]
    calls = len(box.control.calls)
    await until(lambda: len(box.control.calls) > calls + 4)


async def test_idling_is_looked_for_only_while_a_panel_is_open(make: Made, box: Sandbox) -> None:
    poller = make("endpoint", scale=0.001)
    poller.watch("glance")
    await until(lambda: box.control.calls.count("ListEndpoints") >= 3)
    assert "GetMetricData" not in box.control.calls
    poller.watch("panel")
    await until(lambda: "GetMetricData" in box.control.calls)


async def test_idling_is_looked_for_once_in_a_while_however_many_tabs(make: Made, box: Sandbox) -> None:
    poller = make("endpoint", scale=0.1)
    for _ in range(20):
        poller.watch("panel")
    await until(lambda: box.control.calls.count("ListEndpoints") >= 5)
    assert box.control.calls.count("GetMetricData") == 1


async def test_what_idles_is_marked_and_stays_marked(make: Made, box: Sandbox) -> None:
    poller = make("endpoint", scale=0.02)
    poller.watch("panel")
    await until(lambda: any(row.idle for row in poller.tables(0).tables[0].rows))
    seen = box.control.calls.count("ListEndpoints")
    await until(lambda: box.control.calls.count("ListEndpoints") >= seen + 2)
    idle = {row.name: row.idle.signal for row in poller.tables(0).tables[0].rows if row.idle}
    assert idle["ranker-prod"] == "no invocations"
    assert "ocr-on-demand" not in idle


async def test_what_idled_is_no_claim_once_nobody_asks_any_more(
    make: Made, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "IDLE_STANDS", 10.0)
    poller = make("endpoint", scale=0.01)

    def idle() -> list[str]:
        return [row.name for table in poller.tables(0).tables for row in table.rows if row.idle]

    poller.watch("panel")
    await until(idle)
    monkeypatch.setattr(polling, "IDLE", 1e6)
    await until(lambda: not idle())
    assert poller.watched


async def test_denied_figures_are_no_claim_and_asked_for_rarely(
    make: Made, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "IDLE", 1.0)
    box.control.fail("GetMetricData", "AccessDeniedException")
    poller = make("endpoint", scale=0.002)
    poller.watch("panel")
    await until(lambda: poller.idle_problem)
    seen = box.control.calls.count("ListEndpoints")
    await until(lambda: box.control.calls.count("ListEndpoints") >= seen + 12)
    assert box.control.calls.count("GetMetricData") == 1
    assert not any(row.idle for row in poller.tables(0).tables[0].rows)
    assert poller.tables(0).tables[0].problem is None
    assert poller.idle_problem is not None
    assert poller.idle_problem.permission == "cloudwatch:GetMetricData"


async def test_this_space_idles_when_its_own_server_says_so(make: Made, box: Sandbox) -> None:
    async def own() -> Idle | None:
        return Idle(signal="nobody is here")

    poller = make("studio-app", own=own)
    poller.watch("panel")
    await until(lambda: any(row.idle for row in poller.tables(0).tables[0].rows))
    assert [(row.here, row.idle) for row in poller.tables(0).tables[0].rows if row.idle] == [
        (True, Idle(signal="nobody is here"))
    ]
