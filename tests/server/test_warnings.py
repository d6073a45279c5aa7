"""Warnings over a real server: asked for with the user's clock and thresholds, less what is marked to be kept."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from smext.sandbox import Sandbox

Fetch = Callable[..., Awaitable[Any]]


@pytest.fixture
def scene() -> str:
    return "busy"


async def ask(jp_fetch: Fetch, **params: str) -> dict[str, Any]:
    return dict(json.loads((await jp_fetch("smext", "warnings", params=params)).body))


async def warnings(
    jp_fetch: Fetch, until: Callable[[dict[str, Any]], Any] = lambda found: True, **params: str
) -> dict[str, Any]:
    """The warnings once every kind has answered and a condition holds."""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        found = await ask(jp_fetch, **params)
        if found["ready"] and until(found):
            return found
        await asyncio.sleep(0.05)
    raise AssertionError(f"waited in vain: {found}")


def names(found: dict[str, Any], what: str) -> set[str]:
    return {
        ref["key"].split("/")[2] if "/" in ref["key"] else ref["key"]
        for warning in found["warnings"]
        if warning["id"].startswith(f"{what}:")
        for ref in warning["rows"]
    }


async def test_asking_is_looking(jp_fetch: Fetch, box: Sandbox) -> None:
    found = await warnings(jp_fetch)
    assert "legacy-reports" in names(found, "use")
    assert found["until_monday_usd"] > 0
    assert found["unchecked"] == []
    assert found["kept_unknown"] is None
    ids = [warning["id"] for warning in found["warnings"]]
    assert len(ids) == len(set(ids))
    again = await ask(jp_fetch)
    assert set(ids) == {warning["id"] for warning in again["warnings"]}


async def test_nobody_is_warned_of_what_is_somebody_elses(jp_fetch: Fetch, box: Sandbox) -> None:
    assert "jonas-gpu" not in names(await warnings(jp_fetch), "use")


async def test_the_thresholds_are_the_users(jp_fetch: Fetch, box: Sandbox) -> None:
    def has_rate(found: dict[str, Any]) -> bool:
        return any(warning["id"] == "rate" for warning in found["warnings"])

    assert has_rate(await warnings(jp_fetch, usd_per_hour="0.5"))
    assert not has_rate(await warnings(jp_fetch, usd_per_hour="5000"))
    assert not names(await warnings(jp_fetch, long_hours="100000"), "use")


async def test_what_was_spent_since_the_last_look(jp_fetch: Fetch, box: Sandbox) -> None:
    now = datetime.now(timezone.utc)
    since = now - timedelta(days=1)
    # Where it is noon now: no midnight comes between the question and the answer.
    zone = timedelta(hours=12 - now.hour)
    for text in (since.isoformat(), since.strftime("%Y-%m-%dT%H:%M:%SZ")):
        found = await warnings(jp_fetch, since=text, tz_offset=str(int(zone.total_seconds() // 60)))
        (spent,) = [warning for warning in found["warnings"] if warning["id"].startswith("since:")]
        assert f"yesterday {since + zone:%H:%M}" in spent["title"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("tz_offset", "x"),
        ("tz_offset", "1441"),
        ("tz_offset", "nan"),
        ("usd_per_hour", "-1"),
        ("idle_hours", "inf"),
        ("since", "yesterday"),
        ("since", "2026-11-20T10:00:00"),
    ],
)
async def test_a_broken_question_is_a_clear_error(
    jp_fetch: Fetch, box: Sandbox, name: str, value: str
) -> None:
    with pytest.raises(HTTPClientError) as caught:
        await ask(jp_fetch, **{name: value})
    assert caught.value.code == 400
    assert f"`{name}`" in json.loads(caught.value.response.body)["message"]  # type: ignore[union-attr]


async def test_a_tag_keeps_a_thing_and_its_space(jp_fetch: Fetch, box: Sandbox) -> None:
    client = box.client("sagemaker")
    instance = client.describe_notebook_instance(NotebookInstanceName="legacy-reports")
    space = client.describe_space(DomainId="d-sandbox12345", SpaceName="maria-lab")
    for arn in (instance["NotebookInstanceArn"], space["SpaceArn"]):
        client.add_tags(ResourceArn=arn, Tags=[{"Key": "smext:keep", "Value": "yes"}])
    dropped = client.describe_endpoint(EndpointName="ranker-prod")["EndpointArn"]
    client.add_tags(ResourceArn=dropped, Tags=[{"Key": "smext:keep", "Value": "false"}])
    found = await warnings(jp_fetch, lambda found: len(found["kept"]) >= 2)
    assert "legacy-reports" not in names(found, "use")
    assert {(ref["kind"], ref["key"].split("/")[-1]) for ref in found["kept"]} == {
        ("notebook-instance", "legacy-reports"),
        ("studio-app", "default"),
    }
    before = box.control.calls.count("GetResources")
    await warnings(jp_fetch)
    assert box.control.calls.count("GetResources") == before


async def test_idle_shutdown_that_is_off_is_told_once_and_as_a_fact(jp_fetch: Fetch, box: Sandbox) -> None:
    for _ in range(3):
        found = await warnings(jp_fetch)
    (warning,) = [w for w in found["warnings"] if w["id"] == "idle-shutdown:d-sandbox12345"]
    assert warning["rows"][0]["kind"] == "studio-app"
    assert box.control.calls.count("DescribeDomain") == 1
    key = warning["rows"][0]["key"].split("/")
    detail = json.loads((await jp_fetch("smext", "kinds", "studio-app", "items", *key)).body)
    assert {"label": "Idle shutdown", "value": "off in domain d-sandbox12345", "format": "text"} in detail[
        "facts"
    ]


async def test_denied_tags_are_said_and_hinder_nothing(jp_fetch: Fetch, box: Sandbox) -> None:
    box.control.fail("GetResources", "AccessDeniedException")
    found = await warnings(jp_fetch)
    assert "legacy-reports" in names(found, "use")
    assert [problem["permission"] for problem in found["unchecked"]] == ["tag:GetResources"]
    assert found["kept_unknown"] == found["unchecked"][0]


async def test_a_kind_that_is_not_visible_is_named(jp_fetch: Fetch, box: Sandbox) -> None:
    box.control.fail("ListEndpoints", "AccessDeniedException")
    found = await warnings(jp_fetch)
    assert "sagemaker:ListEndpoints" in [problem["permission"] for problem in found["unchecked"]]


async def test_what_is_missing_from_a_sum_makes_it_at_least(jp_fetch: Fetch, box: Sandbox) -> None:
    box.control.fail("ListEndpoints", "AccessDeniedException")
    assert (await warnings(jp_fetch))["until_monday_at_least"]


async def test_what_idles_is_waited_for_where_it_is_being_asked(jp_fetch: Fetch, box: Sandbox) -> None:
    await jp_fetch("smext", "tables", params={"watch": "panel"})
    await warnings(jp_fetch)
    assert "GetMetricData" in box.control.calls


async def test_peeking_is_not_looking(jp_fetch: Fetch, box: Sandbox) -> None:
    for _ in range(3):
        found = await ask(jp_fetch, peek="1")
        await asyncio.sleep(0.05)
    assert not found["ready"]
    assert "ListEndpoints" not in box.control.calls


class TestNames:
    @pytest.fixture
    def jp_server_config(self, jp_server_config: dict[str, Any]) -> dict[str, Any]:
        more = jp_server_config["SmextApp"] | {"keep": ["legacy-*"]}
        return jp_server_config | {"SmextApp": more}

    async def test_a_name_that_the_administrator_keeps_is_not_warned_of(
        self, jp_fetch: Fetch, box: Sandbox
    ) -> None:
        found = await warnings(jp_fetch)
        assert "legacy-reports" not in names(found, "use")
        assert {"kind": "notebook-instance", "key": "legacy-reports"} in found["kept"]
