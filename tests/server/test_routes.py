"""The routes, over a real Jupyter server and a real endpoint."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

import pytest
from tornado.httpclient import HTTPClientError

from smext.sandbox import Sandbox
from smext.server.handlers.base import RESOURCE
from smext.server.handlers.inventory import ROUTES

Fetch = Callable[..., Awaitable[Any]]


@pytest.fixture
def scene() -> str:
    return "busy"


async def get(jp_fetch: Fetch, *parts: str, **params: str) -> Any:
    return json.loads((await jp_fetch("smext", *parts, params=params)).body)


async def post(jp_fetch: Fetch, *parts: str, body: Any = None) -> Any:
    answer = await jp_fetch("smext", *parts, method="POST", body=json.dumps(body or {}))
    return json.loads(answer.body)


async def refused(call: Awaitable[Any]) -> tuple[int, dict[str, Any]]:
    with pytest.raises(HTTPClientError) as caught:
        await call
    body = json.loads(caught.value.response.body)  # type: ignore[union-attr]
    assert body["message"] == body["problem"]["message"]
    return caught.value.code, body["problem"]


async def tables(jp_fetch: Fetch) -> dict[str, Any]:
    """All tables, once every kind has answered."""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        found = await get(jp_fetch, "tables", watch="panel")
        if found["summary"]["ready"]:
            return dict(found)
        await asyncio.sleep(0.05)
    raise AssertionError("the tables were never ready")


def table(found: dict[str, Any], kind: str) -> dict[str, Any]:
    return next(t for t in found["tables"] if t["kind"] == kind)


def row(found: dict[str, Any], kind: str, name: str) -> dict[str, Any]:
    return next(r for r in table(found, kind)["rows"] if r["name"] == name)


def test_every_route_is_authenticated_and_authorised_for_one_resource() -> None:
    for pattern, handler in ROUTES:
        methods = [m for m in ("get", "post", "put", "patch", "delete") if m in vars(handler)]
        assert methods, pattern
        for method in methods:
            function = vars(handler)[method]
            assert _is_authenticated(function), (pattern, method)
        assert handler.auth_resource == RESOURCE


def _is_authenticated(function: Any) -> bool:
    """Both decorators are on: tornado's outermost, jupyter_server's with our resource below it."""
    closures = [cell.cell_contents for cell in function.__closure__ or ()]
    inner = next((c for c in closures if callable(c)), None)
    told = [cell.cell_contents for cell in (getattr(inner, "__closure__", None) or ())]
    return function.__code__.co_name == "wrapper" and RESOURCE in told


async def test_without_a_token_every_route_is_refused(
    jp_fetch: Fetch, jp_serverapp: Any, box: Sandbox
) -> None:
    from tornado.httpclient import AsyncHTTPClient

    base = f"http://127.0.0.1:{jp_serverapp.port}{jp_serverapp.base_url}smext/"
    item = "kinds/endpoint/items/x"
    for path in (
        "context",
        "kinds",
        "tables",
        "warnings",
        item,
        f"{item}/logs",
        f"{item}/outputs",
        "nothing",
    ):
        with pytest.raises(HTTPClientError) as caught:
            await AsyncHTTPClient().fetch(base + path)
        assert caught.value.code == 403, path
    for path in (
        "refresh",
        f"{item}/actions/delete",
        f"{item}/notebook",
        "launch/plan",
        "launch/code",
        "launch/apply",
    ):
        with pytest.raises(HTTPClientError) as caught:
            await AsyncHTTPClient().fetch(base + path, method="POST", body="{}")
        assert caught.value.code == 403, path


async def test_a_launch_is_told_as_code(jp_fetch: Fetch, box: Sandbox) -> None:
    cells = [{"cell_type": "code", "metadata": {}, "source": "1"}]
    content = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    asked = {"notebook": {"path": "a.ipynb", "content": content}, "form": {}, "sdk": "2"}
    answer = await jp_fetch("smext", "launch", "code", method="POST", body=json.dumps(asked))
    found = json.loads(answer.body)
    assert (found["sdk"], found["note"]) == ("2", "")
    assert "from sagemaker.processing import" in found["source"]
    assert "CreateProcessingJob" not in box.control.calls


async def test_the_context_says_where_and_as_whom(jp_fetch: Fetch, box: Sandbox) -> None:
    found = await get(jp_fetch, "context")
    assert found["account"] == box.account_id
    assert found["region"] == "us-east-1"
    assert found["place_label"].startswith("Studio space maria-lab in domain d-")
    assert found["endpoint_label"] == "local sandbox (free)"
    assert found["role"] == box.role_arn
    assert found["problem"] is None


async def test_the_tables_hold_every_kind_and_the_total(jp_fetch: Fetch, box: Sandbox) -> None:
    kinds = (await get(jp_fetch, "kinds"))["kinds"]
    found = await tables(jp_fetch)
    assert {t["kind"] for t in found["tables"]} == {kind["name"] for kind in kinds}
    assert found["summary"]["usd_per_hour"] > 1
    # Prices and what is being created still arrive; then there is nothing newer.
    end = time.monotonic() + 120
    while (newer := await get(jp_fetch, "tables", since=str(found["revision"])))["tables"]:
        assert time.monotonic() < end
        found = newer
        await asyncio.sleep(0.05)


async def test_a_broken_revision_is_a_clear_error(jp_fetch: Fetch, box: Sandbox) -> None:
    status, problem = await refused(get(jp_fetch, "tables", since="x"))
    assert (status, problem["code"]) == (400, "invalid")


async def test_an_unknown_route_answers_in_our_words(jp_fetch: Fetch, box: Sandbox) -> None:
    status, problem = await refused(get(jp_fetch, "nothing"))
    assert (status, problem["code"]) == (404, "not-found")


async def test_an_unknown_target_is_refused(jp_fetch: Fetch, box: Sandbox) -> None:
    status, problem = await refused(get(jp_fetch, "context", target="prod.eu-west-1"))
    assert (status, "prod.eu-west-1" in problem["message"]) == (400, True)


async def test_nothing_is_stopped_that_was_not_confirmed(jp_fetch: Fetch, box: Sandbox) -> None:
    where = ("kinds", "endpoint", "items", "summarizer-demo", "actions", "delete")
    status, _ = await refused(post(jp_fetch, *where))
    assert status == 400
    assert "DeleteEndpoint" not in box.control.calls


async def test_an_endpoint_is_deleted_and_the_row_follows(jp_fetch: Fetch, box: Sandbox) -> None:
    await tables(jp_fetch)
    where = ("kinds", "endpoint", "items", "summarizer-demo", "actions", "delete")
    answer = await post(jp_fetch, *where, body={"confirmed": True, "confirmed_twice": False})
    assert "summarizer-demo" in answer["message"]
    box.control.advance(600)
    end = time.monotonic() + 120
    while any(r["name"] == "summarizer-demo" for r in table(await tables(jp_fetch), "endpoint")["rows"]):
        assert time.monotonic() < end
        await asyncio.sleep(0.05)


async def test_this_space_is_stopped_only_when_asked_twice(jp_fetch: Fetch, box: Sandbox) -> None:
    here = next(r for r in table(await tables(jp_fetch), "studio-app")["rows"] if r["here"])
    where = ("kinds", "studio-app", "items", *here["key"].split("/"), "actions", "stop")
    status, _ = await refused(post(jp_fetch, *where, body={"confirmed": True, "confirmed_twice": False}))
    assert status == 400
    assert "DeleteApp" not in box.control.calls
    await post(jp_fetch, *where, body={"confirmed": True, "confirmed_twice": True})
    assert "DeleteApp" in box.control.calls


async def test_a_stopped_space_is_started(jp_fetch: Fetch, box: Sandbox) -> None:
    stopped = row(await tables(jp_fetch), "studio-app", "priya-archive")
    where = ("kinds", "studio-app", "items", *stopped["key"].split("/"), "actions", "start")
    await post(jp_fetch, *where, body={"confirmed": True, "confirmed_twice": False})
    apps = box.client("sagemaker").list_apps(MaxResults=100)["Apps"]
    assert any(app.get("SpaceName") == "priya-archive" for app in apps)


async def test_a_stop_that_somebody_else_was_faster_with_says_so(jp_fetch: Fetch, box: Sandbox) -> None:
    box.client("sagemaker").stop_training_job(TrainingJobName="demand-forecast-2026-11-20")
    where = ("kinds", "training-job", "items", "demand-forecast-2026-11-20", "actions", "stop")
    status, problem = await refused(
        post(jp_fetch, *where, body={"confirmed": True, "confirmed_twice": False})
    )
    assert (status, problem["code"]) == (409, "conflict")


async def test_a_stop_that_is_denied_names_the_permission(jp_fetch: Fetch, box: Sandbox) -> None:
    box.control.fail("StopTrainingJob", "AccessDeniedException")
    where = ("kinds", "training-job", "items", "demand-forecast-2026-11-20", "actions", "stop")
    status, problem = await refused(
        post(jp_fetch, *where, body={"confirmed": True, "confirmed_twice": False})
    )
    assert (status, problem["permission"]) == (403, "sagemaker:StopTrainingJob")
    assert problem["advice"]


@pytest.mark.parametrize(
    "kind", ["endpoint", "studio-app", "training-job", "processing-job", "notebook-instance"]
)
async def test_every_item_can_be_looked_at(kind: str, jp_fetch: Fetch, box: Sandbox) -> None:
    for found in table(await tables(jp_fetch), kind)["rows"]:
        detail = await get(jp_fetch, "kinds", kind, "items", *found["key"].split("/"))
        assert detail["row"]["name"] == found["name"]
        assert detail["request"]
        assert detail["problems"] == []


async def test_an_item_that_does_not_exist_is_not_found(jp_fetch: Fetch, box: Sandbox) -> None:
    for kind, key in (("training-job", "no-such-job"), ("endpoint", "none"), ("studio-app", "one-part")):
        status, problem = await refused(get(jp_fetch, "kinds", kind, "items", key))
        assert (status, problem["code"]) == (404, "not-found"), kind
    status, _ = await refused(get(jp_fetch, "kinds", "teapot", "items", "x"))
    assert status == 404


async def test_the_log_of_a_job_is_read_on_with_its_cursor(jp_fetch: Fetch, box: Sandbox) -> None:
    name, lines, cursor = "demand-forecast-2026-11-20", 0, ""
    for _ in range(3):
        page = await get(jp_fetch, "kinds", "training-job", "items", name, "logs", cursor=cursor)
        lines, cursor = lines + len(page["lines"]), page["cursor"]
    assert lines > 0
    assert not page["ended"]
    status, _ = await refused(get(jp_fetch, "kinds", "training-job", "items", name, "logs", cursor="broken"))
    assert status == 400


async def test_a_change_is_pushed(jp_fetch: Fetch, jp_ws_fetch: Any, box: Sandbox) -> None:
    await tables(jp_fetch)
    socket = await jp_ws_fetch("api", "events", "subscribe")
    box.client("sagemaker").start_notebook_instance(NotebookInstanceName="old-fraud-study")
    await post(jp_fetch, "refresh")
    message = json.loads(await asyncio.wait_for(socket.read_message(), 60))
    while message.get("kinds") != ["notebook-instance"]:
        message = json.loads(await asyncio.wait_for(socket.read_message(), 60))
    assert message["schema_id"] == "https://smext.dev/events/changed/v1"
    since = str(message["revision"] - 1)
    newer = await get(jp_fetch, "tables", since=since)
    assert "notebook-instance" in {t["kind"] for t in newer["tables"]}
    socket.close()


async def test_a_body_that_is_not_what_it_should_be_names_the_member(jp_fetch: Fetch, box: Sandbox) -> None:
    body = {"notebook": {"path": "a.ipynb", "content": {}}, "form": {"instance_count": "many"}}
    status, problem = await refused(post(jp_fetch, "launch", "plan", body=body))
    assert (status, problem["field"]) == (400, "instance_count")


async def test_what_a_broken_body_holds_is_not_logged(
    jp_fetch: Fetch, box: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    body = {"notebook": {"path": "a.ipynb", "content": {}}, "form": {"environment": {"TOKEN": ["hunter2"]}}}
    status, problem = await refused(post(jp_fetch, "launch", "plan", body=body))
    assert (status, problem["field"]) == (400, "environment.TOKEN")
    assert "hunter2" not in caplog.text


async def test_an_output_of_another_job_cannot_be_downloaded(jp_fetch: Fetch, box: Sandbox) -> None:
    name = quote("churn-xgb-tune-06")
    where = ("kinds", "training-job", "items", name, "outputs", "file")
    status, problem = await refused(get(jp_fetch, *where, key=f"s3://{box.bucket}/somebody/elses"))
    assert (status, problem["code"]) == (404, "not-found")


class TestReadOnly:
    @pytest.fixture
    def jp_server_config(self, jp_server_config: dict[str, Any]) -> dict[str, Any]:
        more = jp_server_config["SmextApp"] | {"read_only": True}
        return jp_server_config | {"SmextApp": more}

    async def test_nothing_can_be_done(self, jp_fetch: Fetch, box: Sandbox) -> None:
        found = await tables(jp_fetch)
        assert not any(r["actions"] for t in found["tables"] for r in t["rows"])
        where = ("kinds", "endpoint", "items", "summarizer-demo", "actions", "delete")
        status, problem = await refused(
            post(jp_fetch, *where, body={"confirmed": True, "confirmed_twice": True})
        )
        assert (status, problem["code"]) == (403, "read-only")


class TestNoCredentials:
    async def test_the_context_says_what_to_do(
        self, jp_fetch: Fetch, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
    ) -> None:
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        monkeypatch.setenv("AWS_REGION", "us-east-1")
        monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
            monkeypatch.setenv(name, str(tmp_path / "none"))
        found = await get(jp_fetch, "context")
        assert found["problem"]["code"] == "no-credentials"
        assert "smext demo" in found["problem"]["advice"]
        summary = (await tables(jp_fetch))["summary"]
        assert summary["at_least"]
        assert {unseen["problem"]["code"] for unseen in summary["unseen"]} == {"no-credentials"}
