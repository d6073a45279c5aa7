"""Calls to AWS: the budget, throttling, and what cannot be reached."""

from __future__ import annotations

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from smext import errors
from smext.api import Target
from smext.aws.account import Account, snake
from smext.aws.rate_limit import AdaptiveRate, Budget, TokenBucket
from smext.aws.responses import words
from smext.sandbox import Sandbox

TARGET = Target(id="t", label="t")


def test_a_bucket_lets_a_burst_through_and_then_makes_wait() -> None:
    bucket = TokenBucket(rate=10, burst=3)
    assert [bucket.reserve() == 0 for _ in range(4)] == [True, True, True, False]
    assert 0.1 < bucket.reserve() <= 0.2


def test_list_training_jobs_waits_for_itself_alone() -> None:
    budget = Budget(rate=100, burst=100)
    waits = budget._each["ListTrainingJobs"]
    assert [waits.reserve(), waits.reserve()] == [0, 0]
    assert waits.reserve() > 0.5
    assert budget._all.reserve() == 0


def test_throttling_is_waited_out(account: Account, box: Sandbox) -> None:
    box.control.fail("ListEndpoints", "ThrottlingException", times=2)
    assert account.call("sagemaker", "ListEndpoints")["Endpoints"] == []
    assert box.control.calls.count("ListEndpoints") == 3


def test_a_service_that_throttles_is_called_as_fast_as_it_allows(account: Account, box: Sandbox) -> None:
    box.control.limit("sagemaker", 20)
    operations = ["ListApps", "ListSpaces", "ListModels", "ListEndpoints"] * 15
    with ThreadPoolExecutor(32) as threads:
        answers = list(threads.map(lambda operation: account.call("sagemaker", operation), operations))
    assert len(answers) == 60
    # Each is refused once or so when nobody knows of the limit yet, and hardly ever after that.
    assert len(box.control.calls) < 60 + 60


def test_an_operation_that_is_throttled_slows_no_other(account: Account, box: Sandbox) -> None:
    box.control.fail("ListEndpoints", "ThrottlingException", times=3)
    account.call("sagemaker", "ListEndpoints")
    assert account.budget._rates_of("sagemaker", "ListEndpoints")[0].reserve() > 0
    assert max(rate.reserve() for rate in account.budget._rates_of("sagemaker", "ListApps")) == 0


def test_a_pace_is_forgotten_when_nothing_is_felt_of_it() -> None:
    rate = AdaptiveRate(most=1.2)
    rate.refused()
    assert rate.reserve() > 0
    rate._changed -= 1.5
    assert rate.reserve() == 0


def test_a_pace_is_learned_while_other_threads_are_answered() -> None:
    over, full, switching = threading.Event(), threading.Event(), sys.getswitchinterval()
    rate = AdaptiveRate(most=5)

    def answered() -> None:
        while not over.is_set():
            for _ in range(256):
                rate.answered()
            full.set()

    with ThreadPoolExecutor(1) as threads:
        answering = threads.submit(answered)
        full.wait(60)
        sys.setswitchinterval(1e-6)
        try:
            for _ in range(1000):
                rate._rate = None
                rate.refused()
        finally:
            sys.setswitchinterval(switching)
            over.set()
        answering.result()


def test_throttling_without_end_is_an_error(account: Account, box: Sandbox) -> None:
    box.control.fail("ListEndpoints", "ThrottlingException")
    with pytest.raises(errors.Throttled):
        account.call("sagemaker", "ListEndpoints")


def test_an_operation_that_botocore_lacks_needs_a_newer_one(account: Account) -> None:
    with pytest.raises(errors.Unsupported, match="newer boto3"):
        account.call("sagemaker", "ListTeapots")


def test_a_call_that_never_answers_ends(box: Sandbox) -> None:
    box.control.hang("ListEndpoints")
    account = Account(TARGET, read_timeout=0.3)
    with pytest.raises(errors.TimedOut):
        account.call("sagemaker", "ListEndpoints")
    box.control.heal()
    account.close()


def test_an_endpoint_that_is_not_there_is_unreachable(box: Sandbox) -> None:
    account = Account(TARGET, endpoint="http://127.0.0.1:9")
    with pytest.raises(errors.Unreachable):
        account.call("sagemaker", "ListEndpoints")
    account.close()


def test_no_region_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    account = Account(TARGET)
    with pytest.raises(errors.NoRegion) as caught:
        account.call("sagemaker", "ListEndpoints")
    assert "AWS_REGION" in caught.value.advice
    account.close()


def test_the_region_may_stand_in_either_variable(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    for given, other in (("AWS_REGION", "AWS_DEFAULT_REGION"), ("AWS_DEFAULT_REGION", "AWS_REGION")):
        monkeypatch.setenv(given, "us-east-1")
        monkeypatch.delenv(other)
        account = Account(TARGET)
        assert account.region == "us-east-1"
        assert account.call("sagemaker", "ListEndpoints")["Endpoints"] == []
        account.close()


def test_a_profiles_region_comes_before_the_environments(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    config = tmp_path / "config"
    config.write_text("[profile far]\nregion = eu-west-1\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    account = Account(Target(id="far", profile="far", label="far"))
    assert account.region == "eu-west-1"
    account.close()


def test_an_unknown_profile_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    account = Account(Target(id="p", profile="nobody", label="nobody"))
    with pytest.raises(errors.NoCredentials):
        account.call("sagemaker", "ListEndpoints")
    account.close()


def test_a_client_is_made_once_for_all_threads(account: Account) -> None:
    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append(account.client("sagemaker"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(client) for client in found}) == 1


def test_an_endpoint_on_this_machine_is_local(box: Sandbox) -> None:
    assert Account(TARGET).local
    assert not Account(TARGET, endpoint="https://api.sagemaker.us-east-1.amazonaws.com").local


def test_names_of_operations_in_other_forms() -> None:
    assert snake("ListMlflowTrackingServers") == "list_mlflow_tracking_servers"
    assert words("ListTrainingJobs") == "list training jobs"
