"""Launch routes over a real Jupyter server: what its administrator set holds for everybody."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from smext.sandbox import Sandbox

Fetch = Callable[..., Awaitable[Any]]
CELLS = [{"cell_type": "code", "metadata": {}, "source": "1"}]
CONTENT = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": CELLS}


@pytest.fixture
def settings() -> dict[str, Any]:
    """Traits of SmextApp; a test overrides it."""
    return {}


@pytest.fixture
def jp_server_config(jp_server_config: dict[str, Any], settings: dict[str, Any]) -> dict[str, Any]:
    return {**jp_server_config, "SmextApp": {**jp_server_config["SmextApp"], **settings}}


@pytest.fixture
def post(jp_fetch: Fetch, jp_root_dir: Path, box: Sandbox) -> Callable[..., Awaitable[Any]]:
    """POST to a launch route, with a notebook."""

    async def send(route: str, **more: Any) -> Any:
        content = {**CONTENT, "metadata": more.pop("metadata", {})}
        body = {"notebook": {"path": "a.ipynb", "content": content}, **more}
        answer = await jp_fetch("smext", "launch", route, method="POST", body=json.dumps(body))
        return json.loads(answer.body)

    return send


Post = Callable[..., Awaitable[Any]]


def sources(found: dict[str, Any]) -> dict[str, tuple[str, bool]]:
    return {each["field"]: (each["source"], each["fixed"]) for each in found["sources"]}


async def test_the_form_opens_as_it_was_launched_last(post: Post) -> None:
    opened = await post("defaults", preferred={"volume_gb": 40})
    assert (opened["form"]["volume_gb"], sources(opened)["volume_gb"]) == (40, ("your settings", False))
    form = {**opened["form"], "volume_gb": 55, "tags": {"team": "blue"}}
    planned = await post("plan", form=form)
    await post("apply", form=form, name=planned["name"])
    again = await post("defaults", preferred={"volume_gb": 40})
    assert (again["form"]["volume_gb"], sources(again)["volume_gb"]) == (55, ("as last time", False))
    assert again["form"]["tags"] == {"team": "blue"}
    own = await post("defaults", metadata={"smext": {"launch": {"volume_gb": 60, "volume": 1}}})
    assert own["form"]["volume_gb"] == 60
    assert ["volume" in problem["message"] for problem in own["problems"]] == [True]


async def test_a_refused_launch_is_not_remembered(post: Post, box: Sandbox) -> None:
    form = {"volume_gb": 55}
    planned = await post("plan", form=form)
    box.control.fail("CreateProcessingJob", "ResourceLimitExceeded")
    with pytest.raises(HTTPClientError):
        await post("apply", form=form, name=planned["name"])
    assert (await post("defaults"))["form"]["volume_gb"] == 30


class TestAnAdministrator:
    @pytest.fixture
    def settings(self) -> dict[str, Any]:
        return {
            "instance_types": ["ml.m5.*"],
            "max_usd": 1.0,
            "required_tags": ["team"],
            "fixed": {"volume_gb": 77},
            "defaults": {"max_runtime_seconds": 600},
        }

    async def test_fixes_and_proposes(self, post: Post) -> None:
        opened = await post("defaults")
        assert (opened["form"]["volume_gb"], opened["form"]["max_runtime_seconds"]) == (77, 600)
        assert sources(opened)["volume_gb"] == ("set by your administrator (fixed)", True)
        assert sources(opened)["max_runtime_seconds"] == ("set by your administrator", False)
        assert opened["required_tags"] == ["team"]

    @pytest.mark.parametrize(
        ("form", "field"),
        [
            ({"instance_type": "ml.c5.xlarge"}, "instance_type"),
            ({"max_runtime_seconds": 36000}, "max_runtime_seconds"),
            ({"tags": {}}, "tags"),
        ],
    )
    async def test_forbids_in_the_plan_and_in_the_launch(
        self, post: Post, box: Sandbox, form: dict[str, Any], field: str
    ) -> None:
        whole = {"tags": {"team": "blue"}, "volume_gb": 1, **form}
        planned = await post("plan", form=whole)
        failing = [each["field"] for each in planned["checks"] if each["status"] == "will fail"]
        assert (planned["can_run"], failing) == (False, [field])
        with pytest.raises(HTTPClientError) as caught:
            await post("apply", form=whole, name=planned["name"])
        assert json.loads(caught.value.response.body)["problem"]["field"] == field  # type: ignore[union-attr]
        assert "CreateProcessingJob" not in box.control.calls

    async def test_has_the_last_word(self, post: Post, box: Sandbox) -> None:
        form = {"tags": {"team": "blue"}, "volume_gb": 1}
        planned = await post("plan", form=form)
        launched = await post("apply", form=form, name=planned["name"])
        job = box.client("sagemaker").describe_processing_job(ProcessingJobName=launched["name"])
        assert job["ProcessingResources"]["ClusterConfig"]["VolumeSizeInGB"] == 77


class TestSettingsThatMakeNoSense:
    @pytest.fixture
    def settings(self) -> dict[str, Any]:
        return {"max_usd": "plenty", "fixed": ["volume_gb"], "instance_types": 3}

    async def test_are_said_and_keep_the_panel_at_work(self, post: Post, jp_fetch: Fetch) -> None:
        opened = await post("defaults")
        assert [problem["code"] for problem in opened["problems"]] == ["invalid"] * 3
        planned = await post("plan", form=opened["form"])
        failing = {each["name"] for each in planned["checks"] if each["status"] == "will fail"}
        assert failing == {"settings"}
        assert json.loads((await jp_fetch("smext", "context")).body)["account"]


async def test_s3_is_looked_through(jp_fetch: Fetch, box: Sandbox) -> None:
    box.client("s3").put_object(Bucket=box.bucket, Key="data/a.csv", Body=b"1")

    async def look(uri: str) -> Any:
        return json.loads((await jp_fetch("smext", "launch", "s3", params={"uri": uri})).body)

    assert f"s3://{box.bucket}/" in [each["uri"] for each in (await look(""))["entries"]]
    assert (await look(f"s3://{box.bucket}/data/"))["entries"][0]["name"] == "a.csv"
    with pytest.raises(HTTPClientError) as caught:
        await look("data/")
    assert caught.value.code == 400


class TestWithoutCapacity:
    @pytest.fixture
    def scene(self) -> str:
        return "capacity"

    async def test_the_failed_job_says_what_else_would_do(
        self, post: Post, jp_fetch: Fetch, box: Sandbox
    ) -> None:
        form = {"job_kind": "training", "instance_type": "ml.g4dn.xlarge"}
        planned = await post("plan", form=form)
        launched = await post("apply", form=form, name=planned["name"])
        box.control.advance(600)
        answer = await jp_fetch("smext", "kinds", "training-job", "items", launched["key"])
        [problem] = [each for each in json.loads(answer.body)["problems"] if each["code"] == "capacity"]
        assert "These have as much of everything: ml.g" in problem["advice"]
