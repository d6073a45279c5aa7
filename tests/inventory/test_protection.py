"""Accounts that an administrator protects: everything dangerous is asked twice, and nothing else changes."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from smext.api import Target
from smext.aws.account import Account
from smext.inventory.protection import Protection
from smext.sandbox import Sandbox

Fetch = Callable[..., Awaitable[Any]]


@pytest.fixture
def scene() -> str:
    return "busy"


@pytest.fixture
def patterns(box: Sandbox) -> list[str]:
    return [box.account_id]


@pytest.fixture
def jp_server_config(jp_server_config: dict[str, Any], patterns: list[str]) -> dict[str, Any]:
    more = jp_server_config["SmextApp"] | {"protected_accounts": patterns}
    return jp_server_config | {"SmextApp": more}


@pytest.mark.parametrize(
    ("pattern", "on"), [("default.*", True), ("team-prod", True), ("9999*", False), ("prod", False)]
)
def test_an_account_is_meant_by_its_number_profile_or_label(box: Sandbox, pattern: str, on: bool) -> None:
    target = Target(id="default.eu-west-1", label="team-prod", region="eu-west-1")
    account = Account(target)
    assert Protection(account, [pattern]).on() is on
    assert Protection(account, [pattern, f"{box.account_id[:4]}*"]).on()
    account.close()


def test_nothing_is_asked_where_nothing_is_protected(account: Account, box: Sandbox) -> None:
    assert not Protection(account, []).on()
    assert box.control.calls == []


def test_an_account_whose_number_is_not_told_may_be_the_one_that_is_meant(
    account: Account, box: Sandbox
) -> None:
    box.control.fail("GetCallerIdentity", "AccessDenied")
    protection = Protection(account, ["123"])
    assert protection.on()
    assert protection.on()
    assert box.control.calls.count("GetCallerIdentity") == 1


async def rows(jp_fetch: Fetch) -> list[dict[str, Any]]:
    while True:
        found = json.loads((await jp_fetch("smext", "tables", params={"watch": "panel"})).body)
        if found["summary"]["ready"]:
            return [row for table in found["tables"] for row in table["rows"]]


async def act(jp_fetch: Fetch, name: str, **body: bool) -> Any:
    parts = ("smext", "kinds", "endpoint", "items", name, "actions", "delete")
    return await jp_fetch(*parts, method="POST", body=json.dumps(body))


async def test_what_is_dangerous_is_asked_twice(jp_fetch: Fetch, box: Sandbox) -> None:
    assert json.loads((await jp_fetch("smext", "context")).body)["protected"]
    actions = [action for row in await rows(jp_fetch) for action in row["actions"]]
    assert {action["ask_twice"] for action in actions if action["danger"]} == {True}
    assert {action["ask_twice"] for action in actions if not action["danger"]} == {False}


async def test_a_single_confirmation_stops_nothing(jp_fetch: Fetch, box: Sandbox) -> None:
    with pytest.raises(HTTPClientError) as caught:
        await act(jp_fetch, "ranker-prod", confirmed=True)
    assert caught.value.code == 400
    assert "DeleteEndpoint" not in box.control.calls
    await act(jp_fetch, "ranker-prod", confirmed=True, confirmed_twice=True)
    assert "DeleteEndpoint" in box.control.calls


async def test_warnings_are_not_silenced(jp_fetch: Fetch, box: Sandbox) -> None:
    await rows(jp_fetch)
    found = json.loads((await jp_fetch("smext", "warnings")).body)
    assert found["warnings"]
    assert found["kept"] == []


class TestElsewhere:
    @pytest.fixture
    def patterns(self) -> list[str]:
        return ["000011112222", "prod-*"]

    async def test_another_account_is_as_ever(self, jp_fetch: Fetch, box: Sandbox) -> None:
        assert not json.loads((await jp_fetch("smext", "context")).body)["protected"]
        await act(jp_fetch, "ranker-prod", confirmed=True)
        assert "DeleteEndpoint" in box.control.calls
