"""Credentials and services that never answer: whoever waits has a verdict in time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from smext import errors
from smext.aws import account as aws
from smext.aws import credentials
from smext.aws.account import Account
from tests.aws.conftest import HOME, KEYS, AccountOf


@pytest.fixture
def waiting(account_of: AccountOf, monkeypatch: pytest.MonkeyPatch) -> AccountOf:
    """Make an account whose credentials are waited for 4 s; its session is made before that, however long it takes."""
    monkeypatch.setattr(credentials, "SECONDS", 4.0)
    monkeypatch.setattr(credentials, "SOON", 1.0)

    def make(*args: Any) -> Account:
        made = account_of(*args)
        made.credentials.session().get_available_services()
        return made

    return make


@pytest.mark.parametrize("trickles", [False, True])
def test_an_endpoint_of_credentials_that_is_silent_has_a_verdict(
    waiting: AccountOf,
    silent: Callable[[bool], str],
    monkeypatch: pytest.MonkeyPatch,
    trickles: bool,
) -> None:
    address = f"{silent(trickles)}/creds"
    monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", address)
    made, told = waiting(None, "eu-west-1"), list[str]()
    made.credentials.told = told.append
    for _ in range(3):
        with pytest.raises(errors.SetupError) as caught:
            made.call("sagemaker", "ListEndpoints")
        assert caught.value.code == "timeout"
        assert address in caught.value.message
    assert [text for text in told if address in text]
    assert len(told) == 1
    assert made.refused


def test_a_tool_that_hangs_is_waited_for_by_all_together(waiting: AccountOf, tmp_path: Path) -> None:
    begun, over, script = tmp_path / "begun", tmp_path / "over", tmp_path / "tool.sh"
    script.write_text(f"printf x >> {begun}\nwhile [ ! -e {over} ]; do sleep 0.1; done\n")
    (tmp_path / "config").write_text(f"[default]\n{HOME}credential_process = sh {script}\n")
    made = waiting()
    for _ in range(4):
        with pytest.raises(errors.SetupError, match="credential_process"):
            made.client("sagemaker")
    flight = made.credentials._flight
    over.touch()
    assert flight is not None
    assert flight.exception(60)  # it ends, and gave nothing
    assert begun.read_text() == "x"


def test_credentials_that_come_late_are_taken(waiting: AccountOf, tmp_path: Path) -> None:
    go = tmp_path / "go"
    answer = '{"Version": 1, "AccessKeyId": "AKEY", "SecretAccessKey": "s"}'
    script = tmp_path / "tool.sh"
    script.write_text(f"while [ ! -e {go} ]; do sleep 0.05; done\necho '{answer}'\n")
    (tmp_path / "config").write_text(f"[default]\n{HOME}credential_process = sh {script}\n")
    made = waiting()
    with pytest.raises(errors.SetupError):
        made.client("sagemaker")
    flight = made.credentials._flight
    go.touch()
    assert flight is not None
    flight.result(60)
    assert made.client("sagemaker").meta.region_name == "eu-west-1"


def test_what_was_mended_is_read_anew(account_of: AccountOf, tmp_path: Path) -> None:
    made = account_of("mine", "eu-west-1")
    with pytest.raises(errors.NoCredentials):
        made.client("sagemaker")
    (tmp_path / "config").write_text(f"[profile mine]\n{KEYS}")
    assert made.refused
    made.renew()
    assert made.client("sagemaker").meta.region_name == "eu-west-1"


@pytest.mark.parametrize("trickles", [False, True])
def test_a_service_that_is_silent_has_a_verdict_for_all_its_calls(
    account_of: AccountOf,
    silent: Callable[[bool], str],
    monkeypatch: pytest.MonkeyPatch,
    trickles: bool,
) -> None:
    monkeypatch.setattr(aws, "SILENCE", 600.0)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKEY")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    made = account_of(None, "eu-west-1", endpoint=silent(trickles), call_seconds=0.5)
    made.client("sagemaker"), made.client("s3")  # making them is not on the clock
    threads = set[int]()
    for operation in ("ListEndpoints", "ListApps", "ListModels", "ListSpaces"):
        with pytest.raises(errors.TimedOut) as caught:
            made.call("sagemaker", operation)
        assert caught.value.cause == "AWS gives no answer in time."
        threads.add(len(made._workers._lost))
    assert threads == {1}
    with pytest.raises(errors.TimedOut):
        made.within("Could not look", "s3:GetObject", made.client("s3").list_buckets)
