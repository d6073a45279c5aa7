"""Warnings while nobody watches, over a real server: seldom, cheaply, once, and with the thresholds of the last who asked."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from jupyter_core.paths import jupyter_data_dir

from smext.alerts import state
from smext.alerts.exemptions import Exemptions
from smext.alerts.idle_shutdown import IdleShutdownCache
from smext.alerts.monitor import Monitor
from smext.alerts.rules import Thresholds
from smext.alerts.state import AlertState
from smext.app import EVENT
from smext.aws import rate_limit
from smext.inventory import poller
from smext.inventory.poller import Poller
from smext.inventory.reader import Reader
from smext.kinds import registry
from smext.sandbox import Sandbox

Fetch = Callable[..., Awaitable[Any]]
Events = list[dict[str, Any]]
SCALE, MINUTES = 0.001, 5.0
"""Of five minutes a third of a second is left."""


@pytest.fixture
def scene() -> str:
    return "busy"


@pytest.fixture
def minutes() -> float:
    return MINUTES


@pytest.fixture(autouse=True)
def no_call_waits_for_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limit, "OPERATION_RATES", {})


@pytest.fixture
def jp_server_config(jp_server_config: dict[str, Any], minutes: float) -> dict[str, Any]:
    more = {"cadence_scale": SCALE, "warn_minutes": minutes}
    return jp_server_config | {"SmextApp": jp_server_config["SmextApp"] | more}


@pytest.fixture
def events(jp_serverapp: Any) -> Events:
    """Every event of ours that was pushed."""
    found: Events = []

    async def hear(logger: Any, schema_id: str, data: dict[str, Any]) -> None:
        found.append(data)

    jp_serverapp.event_logger.add_listener(schema_id=EVENT, listener=hear)
    return found


async def until(condition: Callable[[], Any], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        await asyncio.sleep(0.02)


async def ask(jp_fetch: Fetch, **params: str) -> dict[str, Any]:
    return dict(json.loads((await jp_fetch("smext", "warnings", params=params)).body))


async def ready(jp_fetch: Fetch) -> None:
    """Every kind has been read, or it was said why not."""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        if (await ask(jp_fetch))["ready"]:
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it was never ready")


async def open_and_leave(jp_fetch: Fetch) -> None:
    """The first request of a target; nobody looks after it."""
    await jp_fetch("smext", "context")


def warned(events: Events) -> Events:
    return [event for event in events if event.get("warned")]


def looks(box: Sandbox) -> int:
    return int(box.control.calls.count("ListNotebookInstances"))


async def test_a_server_that_nobody_opened_asks_nothing(
    jp_serverapp: Any, events: Events, box: Sandbox
) -> None:
    await asyncio.sleep(0.2)
    assert box.control.calls == []
    assert events == []


async def test_what_is_new_is_pushed_once_and_logged(
    jp_fetch: Fetch, events: Events, box: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        await open_and_leave(jp_fetch)
        await until(lambda: warned(events))
        before = looks(box)
        await until(lambda: looks(box) >= before + 2)
    (event,) = warned(events)
    assert "notebook-instance" in event["kinds"]
    (line,) = [record.message for record in caplog.records if "legacy-reports has run for" in record.message]
    assert line.startswith(f"smext: {event['target']}: ")
    found = await ask(jp_fetch, peek="1")
    assert any("legacy-reports" in warning["title"] for warning in found["warnings"])


async def test_a_look_asks_only_what_may_bill_and_nothing_that_is_charged(
    jp_fetch: Fetch, events: Events, box: Sandbox
) -> None:
    await open_and_leave(jp_fetch)
    await until(lambda: warned(events))
    asked = set(box.control.calls)
    assert {"ListEndpoints", "ListApps", "ListTrainingJobs"} <= asked
    assert not {"GetMetricData", "ListPipelines", "ListTrainingPlans"} & asked


async def test_what_somebody_was_told_is_not_pushed_later(
    jp_fetch: Fetch, events: Events, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ready(jp_fetch)
    monkeypatch.setattr(poller, "LEASE", 0.0)
    await ask(jp_fetch)
    before = looks(box)
    await until(lambda: looks(box) >= before + 2)
    assert warned(events) == []


async def test_nobody_is_looked_for_who_looks_himself(
    reader: Reader, box: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def give() -> Reader:
        return reader

    told: list[object] = []
    watched = Poller([registry()["notebook-instance"]], give, lambda kinds, revision: None)
    monitor = Monitor(
        watched,
        give,
        Exemptions(reader.account),
        IdleShutdownCache(reader.account),
        tmp_path / "a.json",
        lambda warnings, revision: told.append(warnings),
        minutes=0.001,
    )
    watched.watch("glance")
    await until(lambda: looks(box) == 1)
    monitor.start()
    await asyncio.sleep(0.5)
    assert looks(box) == 1
    assert told == []
    monkeypatch.setattr(poller, "LEASE", 0.0)
    watched.watch("glance")
    await until(lambda: told)
    assert looks(box) > 1
    await monitor.close()
    await watched.close()


async def test_the_thresholds_are_those_of_the_last_who_asked(
    jp_fetch: Fetch, events: Events, box: Sandbox
) -> None:
    await ask(jp_fetch, peek="1", usd_per_hour="0.01", long_hours="100000", tz_offset="90")
    await until(lambda: warned(events))
    (file,) = (Path(jupyter_data_dir()) / "smext" / "warnings").iterdir()
    kept = state.load(file)
    assert kept.thresholds == Thresholds(usd_per_hour=0.01, long_hours=100000.0)
    assert kept.offset.total_seconds() == 90 * 60
    assert "rate" in kept.said
    assert not any("legacy-reports" in one for one in kept.said)


async def test_what_cannot_be_read_for_a_while_is_not_new_afterwards(
    jp_fetch: Fetch, events: Events, box: Sandbox
) -> None:
    await open_and_leave(jp_fetch)
    await until(lambda: warned(events))
    box.control.fail("ListNotebookInstances", "AccessDeniedException")
    before = looks(box)
    await until(lambda: looks(box) >= before + 2)
    box.control.heal()
    await until(lambda: looks(box) >= before + 4)
    assert len(warned(events)) == 1


async def test_an_account_that_cannot_be_asked_is_no_warning_and_no_line(
    jp_fetch: Fetch, events: Events, box: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    for service in ("sagemaker", "emr", "emr-serverless"):
        for operation in box.client(service).meta.service_model.operation_names:
            if operation.startswith(("List", "Search")):
                box.control.fail(operation, "ExpiredTokenException")
    with caplog.at_level(logging.INFO):
        await open_and_leave(jp_fetch)
        await until(lambda: looks(box) >= 2)
    assert warned(events) == []
    assert not [record for record in caplog.records if "expired" in record.message.lower()]


class TestNever:
    @pytest.fixture
    def minutes(self) -> float:
        return 0.0

    async def test_zero_minutes_is_never(self, jp_fetch: Fetch, events: Events, box: Sandbox) -> None:
        await open_and_leave(jp_fetch)
        assert json.loads((await jp_fetch("smext", "context")).body)["warn_minutes"] == 0
        await asyncio.sleep(0.2)
        assert looks(box) == 0


async def test_it_is_told_how_often(jp_fetch: Fetch, box: Sandbox) -> None:
    assert json.loads((await jp_fetch("smext", "context")).body)["warn_minutes"] == MINUTES


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"thresholds": 1, "tz_offset": "x", "said": {}}',
        '{"thresholds": {"usd_per_hour": -1, "idle_hours": "x", "near_limit": true, "x": 1}, "tz_offset": 9999}',
    ],
)
def test_a_file_that_is_broken_is_as_none(tmp_path: Path, text: str) -> None:
    file = tmp_path / "a.json"
    file.write_text(text)
    assert state.load(file) == AlertState()
    assert state.load(tmp_path / "none.json") == AlertState()
