from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from smext.sandbox import Sandbox

ONCE = Config(retries={"max_attempts": 0})


@pytest.fixture
def sagemaker(box: Sandbox) -> Any:
    return box.client("sagemaker", config=ONCE)


def error_of(call: Any, **params: Any) -> dict[str, Any]:
    with pytest.raises(ClientError) as caught:
        call(**params)
    return dict(caught.value.response["Error"])


def test_an_operation_fails_as_planned_and_heals(box: Sandbox, sagemaker: Any) -> None:
    box.control.fail("ListEndpoints", "AccessDeniedException")
    error = error_of(sagemaker.list_endpoints)
    assert error["Code"] == "AccessDeniedException"
    assert re.match(
        r"User: arn:\S+:assumed-role/\S+ is not authorized to perform: sagemaker:ListEndpoints on resource: \S+ "
        r"because no identity-based policy allows the sagemaker:ListEndpoints action",
        error["Message"],
    )
    assert sagemaker.list_apps()["Apps"] == []
    box.control.heal()
    assert sagemaker.list_endpoints()["Endpoints"] == []


def test_a_fault_can_strike_so_many_times(box: Sandbox, sagemaker: Any) -> None:
    box.control.fail("List*", "ThrottlingException", times=2)
    assert error_of(sagemaker.list_apps) == {"Code": "ThrottlingException", "Message": "Rate exceeded"}
    assert error_of(sagemaker.list_models)["Code"] == "ThrottlingException"
    assert sagemaker.list_apps()["Apps"] == []


def test_a_service_answers_so_many_calls_at_once_and_throttles_the_rest(box: Sandbox, sagemaker: Any) -> None:
    box.control.limit("sagemaker", 3)
    for _ in range(3):
        sagemaker.list_apps()
    assert error_of(sagemaker.list_models)["Code"] == "ThrottlingException"
    assert box.client("s3", config=ONCE).list_buckets()["Buckets"] is not None


def test_other_services_word_the_same_fault_their_own_way(box: Sandbox) -> None:
    box.control.fail("s3:PutObject", "AccessDeniedException")
    box.control.fail("iam:*", "AccessDeniedException")
    s3 = box.client("s3", config=ONCE)
    assert error_of(s3.put_object, Bucket=box.bucket, Key="k", Body=b"")["Code"] == "AccessDenied"
    assert error_of(box.client("iam", config=ONCE).list_roles)["Code"] == "AccessDenied"
    assert s3.list_objects_v2(Bucket=box.bucket)["KeyCount"] == 0


def test_a_call_can_hang_until_it_is_let_go(box: Sandbox, sagemaker: Any) -> None:
    box.control.hang("DescribeTrainingJob")
    errors: list[dict[str, Any]] = []
    thread = threading.Thread(
        target=lambda: errors.append(error_of(sagemaker.describe_training_job, TrainingJobName="job"))
    )
    thread.start()
    while "DescribeTrainingJob" not in box.control.calls:
        thread.join(0.02)
    assert sagemaker.list_apps()["Apps"] == []
    assert not errors
    box.control.heal()
    thread.join()
    assert errors[0]["Code"] == "ServiceUnavailable"


def test_calls_are_recorded_by_their_operation(box: Sandbox, sagemaker: Any) -> None:
    sagemaker.list_apps()
    box.client("s3").list_objects_v2(Bucket=box.bucket)
    box.client("sts").get_caller_identity()
    assert box.control.calls == ["ListApps", "ListObjectsV2", "GetCallerIdentity"]


@pytest.mark.parametrize(
    ("service", "operation"),
    [
        ("sagemaker", "list_subscribed_workteams"),
        ("ce", "get_cost_forecast"),
        ("iam", "get_mfa_device"),
        ("keyspaces", "list_keyspaces"),
        ("aiops", "list_investigation_groups"),
    ],
)
def test_unknown_operations_answer_with_an_error_at_once(box: Sandbox, service: str, operation: str) -> None:
    params: dict[str, Any] = {}
    if service == "ce":
        period = {"Start": "2026-01-01", "End": "2026-02-01"}
        params = {"TimePeriod": period, "Granularity": "MONTHLY", "Metric": "BLENDED_COST"}
    if service == "iam":
        params = {"SerialNumber": "x" * 9}
    client = box.client(service, config=ONCE)
    with pytest.raises(ClientError) as caught:
        getattr(client, operation)(**params)
    assert caught.value.response["Error"]["Code"] == "UnknownOperationException"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


def control(box: Sandbox, commands: dict[str, Any], token: str) -> dict[str, Any]:
    request = urllib.request.Request(
        f"{box.url}/_sandbox/control",
        data=json.dumps(commands).encode(),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        method="POST",
    )
    with urllib.request.urlopen(request) as answer:
        body: dict[str, Any] = json.loads(answer.read())
        return body


def test_the_control_route_steers_with_the_token(box: Sandbox, sagemaker: Any) -> None:
    token = box.env["SMEXT_SANDBOX_TOKEN"]
    sagemaker.create_notebook_instance(
        NotebookInstanceName="nb", InstanceType="ml.t3.medium", RoleArn=box.role_arn
    )
    control(box, {"advance": 130}, token)
    assert (
        sagemaker.describe_notebook_instance(NotebookInstanceName="nb")["NotebookInstanceStatus"]
        == "InService"
    )
    control(box, {"fail": {"operation": "ListApps", "code": "ThrottlingException", "times": 1}}, token)
    assert error_of(sagemaker.list_apps)["Code"] == "ThrottlingException"
    control(box, {"end": ["nb", "Failed", "The network interface could not be made"]}, token)
    nb = sagemaker.describe_notebook_instance(NotebookInstanceName="nb")
    assert nb["FailureReason"] == "The network interface could not be made"
    assert control(box, {"calls": True}, token)["calls"][0] == "CreateNotebookInstance"


@pytest.mark.parametrize(("token", "status"), [("wrong", 403), ("", 403)])
def test_the_control_route_is_closed_to_others(box: Sandbox, token: str, status: int) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        control(box, {"advance": 30}, token)
    assert refused.value.code == status
    refused.value.close()


def test_unknown_commands_are_named(box: Sandbox) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        control(box, {"explode": 1}, box.env["SMEXT_SANDBOX_TOKEN"])
    assert "Unknown command: explode" in refused.value.read().decode()
    refused.value.close()


def test_a_port_that_is_taken_is_said(box: Sandbox) -> None:
    port = box.url.rpartition(":")[2]
    command = [sys.executable, "-m", "smext.sandbox", "--port", port]
    refused = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert f"cannot listen on port {port}" in refused.stderr
