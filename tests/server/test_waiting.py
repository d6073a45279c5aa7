"""What a page is told while credentials or AWS keep it waiting, and after that."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from smext.aws import credentials
from smext.server import service

Fetch = Callable[..., Awaitable[Any]]


async def context(jp_fetch: Fetch) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((await jp_fetch("smext", "context")).body)
    return found


@pytest.fixture(autouse=True)
def nothing_else(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setattr(service, "PROMPT", 0.2)


async def test_a_page_is_told_what_is_waited_for_and_then_the_verdict(
    jp_fetch: Fetch, silent: Callable[[bool], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(credentials, "SECONDS", 3.0)
    address = f"{silent(False)}/creds"
    monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", address)
    said = list[tuple[str, str]]()
    while not said or said[-1][0] == "waiting":
        problem = (await context(jp_fetch))["problem"]
        said.append((problem["code"], problem["message"]))
    assert said[0][0] == "waiting"
    assert any(address in message for code, message in said if code == "waiting")
    assert said[-1][0] == "timeout"
    assert address in said[-1][1]
    # What was found out stands while it is tried again.
    assert (await context(jp_fetch))["problem"]["code"] == "timeout"


async def test_every_table_has_the_same_cause(jp_fetch: Fetch) -> None:
    unread = True
    while unread:
        found = json.loads((await jp_fetch("smext", "tables", params={"watch": "panel"})).body)
        unread = not found["summary"]["ready"]
    causes = {table["problem"]["cause"] for table in found["tables"]}
    assert len(causes) == 1
    assert "No AWS credentials were found" in causes.pop()


async def test_refresh_reads_credentials_anew(
    jp_fetch: Fetch, box_env: dict[str, str], tmp_path: Path
) -> None:
    problem: Any = {"code": "waiting"}
    while problem and problem["code"] == "waiting":
        problem = (await context(jp_fetch))["problem"]
    assert problem["code"] == "no-credentials"
    keys = {name: box_env[name.upper()] for name in ("aws_access_key_id", "aws_secret_access_key")}
    lines = "".join(f"{name} = {value}\n" for name, value in keys.items())
    (tmp_path / "credentials").write_text(f"[default]\n{lines}")
    await jp_fetch("smext", "refresh", method="POST", body="{}")
    while problem:
        problem = (await context(jp_fetch))["problem"]


@pytest.fixture
def box_env(monkeypatch: pytest.MonkeyPatch) -> Any:
    from smext.sandbox import Sandbox

    with Sandbox(scene="empty") as box:
        monkeypatch.setenv("AWS_ENDPOINT_URL", box.env["AWS_ENDPOINT_URL"])
        yield box.env
