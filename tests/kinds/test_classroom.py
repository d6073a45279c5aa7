"""A domain with more apps and spaces than are read: what runs is there, and nothing missing is called stopped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from typing import Any

import pytest

from smext.api import Row, Target
from smext.aws import rate_limit, studio
from smext.aws.account import Account
from smext.aws.rate_limit import Budget
from smext.aws.studio import ServerIdentity
from smext.inventory.reader import Memory, Reader, Reading
from smext.kinds import registry
from smext.sandbox import Sandbox
from tests.kinds.replay import CREDENTIALS, DENIED, Replayed, reader_of, told
from tests.kinds.replay import read as read_once

KIND = registry()["studio-app"]
NOW = datetime(2026, 11, 30, 12, tzinfo=timezone.utc)
BORN = 1790000000
TOKEN = "goes-on"


@pytest.fixture(scope="module")
def readings() -> Iterator[list[Reading]]:
    """The first readings of the scene."""
    with Sandbox(scene="classroom", speed=1e-6) as box, ThreadPoolExecutor(8) as threads:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(rate_limit, "OPERATION_RATES", {})
            for name, value in box.env.items():
                patch.setenv(name, value)
            target = Target(id="test", label="test", region=box.region)
            # However busy the machine is, each page comes.
            account = Account(target, budget=Budget(1e5, 1e5), read_timeout=300, call_seconds=600)
            reader = Reader(account, studio.server_identity(account, studio.read_metadata()), threads)
            memory = Memory()
            yield [reader.read(KIND, memory, datetime.now(timezone.utc), lambda rows: None) for _ in range(2)]
        account.close()


def by_name(reading: Reading) -> dict[str, Row]:
    return {row.name: row for row in reading.rows}


def test_what_was_started_last_is_there(readings: list[Reading]) -> None:
    for reading in readings:
        row = by_name(reading)["student-0007/torch-gpu"]
        assert (row.status, row.billing.certainty) == ("InService", "billing")


def test_spaces_that_run_are_said_to_and_whose_they_are(readings: list[Reading]) -> None:
    for reading in readings:
        rows = by_name(reading)
        assert rows["jonas-gpu"].billing.usd_per_hour == 1.41
        assert rows["maria-lab"].billing.certainty == "billing"
        assert (rows["maria-lab"].here, rows["maria-lab"].mine) == (True, True)
        assert rows["maria-editor"].mine is True


def test_what_was_left_out_is_said(readings: list[Reading]) -> None:
    for reading in readings:
        assert not reading.complete
        assert reading.problem is not None
        assert "Studio spaces and apps are not all read: older ones are left out" in reading.problem.message


def test_a_space_whose_app_may_be_left_out_is_not_read_and_looked_for_by_and_by(
    readings: list[Reading],
) -> None:
    first, second = (Counter(row.status for row in reading.rows) for reading in readings)
    assert 0 < second["Not read"] < first["Not read"] < 200
    unread = [row for row in readings[0].rows if row.status == "Not read"]
    assert {row.billing.certainty for row in unread} == {"may be billing"}
    # The others are younger than every app that was left out.
    assert first["Stopped"] > 1000


def cut(apps: list[dict[str, Any]], spaces: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {
        "ListApps": {"Apps": apps, "NextToken": TOKEN},
        "ListSpaces": {"Spaces": spaces, "NextToken": TOKEN},
        **more,
    }


def space(name: str, **more: Any) -> dict[str, Any]:
    summary = {"AppType": "JupyterLab"}
    named = {"DomainId": "d-1", "SpaceName": name, "Status": "InService", "CreationTime": BORN}
    return {**named, "SpaceSettingsSummary": summary, **more}


def app(name: str, **more: Any) -> dict[str, Any]:
    named = {"DomainId": "d-1", "SpaceName": name, "AppType": "JupyterLab", "AppName": "default"}
    spec = {"InstanceType": "ml.g5.xlarge"}
    return {**named, "Status": "InService", "CreationTime": BORN, "ResourceSpec": spec, **more}


HERE = ServerIdentity(domain="d-1", space="deep", app_type="JupyterLab", user="ada")


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch) -> Any:
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)

    def rows(
        answers: dict[str, Any], here: ServerIdentity | None = None, readings: int = 1
    ) -> dict[str, Row]:
        memory = Memory()
        with reader_of(Replayed(told(answers, KIND)), here) as reader:
            for _ in range(readings):
                reading = read_once(reader, KIND, NOW, memory).reading
        assert reading is not None
        return by_name(reading)

    return rows


def test_a_list_that_ends_oddly_leaves_spaces_not_read(rows: Any) -> None:
    found = rows(cut([app("runs")], [space("runs"), space("quiet", CreationTime=BORN + 60)]))
    assert found["runs"].status == "InService"
    assert (found["quiet"].status, found["quiet"].billing.certainty) == ("Not read", "may be billing")


def test_a_space_that_is_not_read_and_has_no_app_is_stopped_once_that_is_known(rows: Any) -> None:
    described = {
        "DescribeSpace": {"DomainId": "d-1", "SpaceName": "quiet", "Status": "InService"},
        "DescribeApp": {**app("quiet"), "Status": "Deleted"},
    }
    found = rows(cut([], [space("quiet")], **described), readings=2)
    assert (found["quiet"].status, found["quiet"].billing.certainty) == ("Stopped", "storage only")


def test_an_app_whose_space_was_left_out_bills_and_is_nobody_elses(rows: Any) -> None:
    row = rows(cut([app("runs")], []), here=HERE)["runs"]
    assert (row.billing.certainty, row.billing.usd_per_hour) == ("billing", 1.41)
    assert (row.owner, row.mine) == (None, None)
    settings = {"DomainId": "d-1", "SpaceName": "runs", "OwnershipSettings": {"OwnerUserProfileName": "ada"}}
    described = {"DescribeSpace": settings, "DescribeApp": app("runs")}
    row = rows(cut([app("runs")], [], **described), here=HERE, readings=2)["runs"]
    assert (row.owner, row.mine) == ("ada", True)


def test_the_space_of_this_server_is_looked_for_where_no_list_has_it(rows: Any) -> None:
    described = {
        "DescribeSpace": {
            "__by__": "SpaceName",
            "deep": {
                "DomainId": "d-1",
                "SpaceName": "deep",
                "OwnershipSettings": {"OwnerUserProfileName": "ada"},
            },
        },
        "DescribeApp": {"__by__": "SpaceName", "deep": app("deep")},
    }
    row = rows(cut([], [], **described), here=HERE)["deep"]
    assert (row.status, row.billing.certainty, row.billing.usd_per_hour) == ("InService", "billing", 1.41)
    assert (row.here, row.mine) == (True, True)


def test_the_space_of_this_server_runs_whatever_cannot_be_read(rows: Any) -> None:
    denied = {"DescribeSpace": DENIED, "DescribeApp": DENIED}
    for spaces in ([], [space("deep")]):
        row = rows(cut([], spaces, **denied), here=HERE)["deep"]
        assert (row.status, row.billing.certainty, row.billing.usd_per_hour) == ("InService", "billing", None)
        assert row.here


def test_whole_lists_are_believed(rows: Any) -> None:
    whole = {"ListApps": {"Apps": []}, "ListSpaces": {"Spaces": [space("quiet")]}}
    assert rows(whole, here=HERE)["quiet"].status == "Stopped"
    assert "deep" not in rows(whole, here=HERE)
