"""Idle shutdown of this space: the profile goes before the domain, the space has a time of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from smext.alerts.idle_shutdown import IdleShutdown, IdleShutdownCache, read
from smext.aws.account import Account
from smext.aws.studio import ServerIdentity
from smext.sandbox import Sandbox

DOMAIN = "d-sandbox12345"
HERE = ServerIdentity(domain=DOMAIN, space="maria-lab", user="maria", app_type="JupyterLab")


@pytest.fixture
def scene() -> str:
    return "busy"


def settings(app: str = "JupyterLab", **idle: Any) -> dict[str, Any]:
    return {f"{app}AppSettings": {"AppLifecycleManagement": {"IdleSettings": idle}}}


def test_what_nobody_turned_on_is_off(account: Account) -> None:
    assert read(account, HERE) == IdleShutdown(on=False, minutes=None, domain=DOMAIN)


def test_the_domain_turns_it_on_for_its_profiles(account: Account, box: Sandbox) -> None:
    on = settings(LifecycleManagement="ENABLED", IdleTimeoutInMinutes=120)
    box.client("sagemaker").update_domain(DomainId=DOMAIN, DefaultUserSettings=on)
    found = read(account, HERE)
    assert found == IdleShutdown(on=True, minutes=120, domain=DOMAIN)
    assert found.fact.value == "after 120 minutes without use"
    other = read(account, replace(HERE, app_type="CodeEditor"))
    assert other is not None
    assert not other.on


def test_the_profile_goes_before_the_domain(account: Account, box: Sandbox) -> None:
    client = box.client("sagemaker")
    on = settings(LifecycleManagement="ENABLED", IdleTimeoutInMinutes=120)
    client.update_domain(DomainId=DOMAIN, DefaultUserSettings=on)
    off = settings(LifecycleManagement="DISABLED")
    client.update_user_profile(DomainId=DOMAIN, UserProfileName="maria", UserSettings=off)
    found = read(account, HERE)
    assert found is not None
    assert not found.on


def test_a_space_has_a_time_of_its_own(account: Account, box: Sandbox) -> None:
    client = box.client("sagemaker")
    on = settings(LifecycleManagement="ENABLED", IdleTimeoutInMinutes=120)
    client.update_domain(DomainId=DOMAIN, DefaultUserSettings=on)
    own = settings(IdleTimeoutInMinutes=60)
    client.update_space(DomainId=DOMAIN, SpaceName="maria-lab", SpaceSettings=own)
    found = read(account, HERE)
    assert found == IdleShutdown(on=True, minutes=60, domain=DOMAIN)


@pytest.mark.parametrize(
    "elsewhere",
    [
        ServerIdentity(),
        ServerIdentity(instance="x"),
        replace(HERE, space=None),
        replace(HERE, app_type="Canvas"),
    ],
)
def test_elsewhere_there_is_none(elsewhere: ServerIdentity, account: Account, box: Sandbox) -> None:
    assert read(account, elsewhere) is None
    assert box.control.calls == []


@pytest.mark.parametrize("operation", ["DescribeDomain", "DescribeSpace", "DescribeUserProfile"])
def test_denied_is_unknown_and_asked_once(operation: str, account: Account, box: Sandbox) -> None:
    box.control.fail(operation, "AccessDeniedException")
    asker = IdleShutdownCache(account)
    assert asker.ask(HERE) is None
    assert asker.ask(HERE) is None
    assert box.control.calls.count(operation) == 1
