"""What comes back and is no answer of AWS is never taken for one, and a true answer is never refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from functools import cache
from itertools import cycle
from typing import Any

import botocore.session
import pytest

from smext import errors
from smext.aws.account import Account
from smext.aws.responses import INVALID_TIME, parse_time, words
from smext.kinds import registry
from smext.sandbox import Sandbox
from tests.kinds.replay import CREDENTIALS, Replayed, Reply
from tests.kinds.shapes import least

_BESIDES = {
    "cloudwatch": ("GetMetricData",),
    "ec2": ("DescribeRouteTables", "DescribeSecurityGroups", "DescribeSubnets", "DescribeVpcEndpoints"),
    "ecr": ("DescribeImages",),
    "efs": ("DescribeFileSystems", "DescribeMountTargets"),
    "fsx": ("DescribeFileSystems",),
    "iam": ("GetRole", "SimulatePrincipalPolicy"),
    "kms": ("DescribeKey",),
    "logs": ("DescribeLogStreams", "GetLogEvents"),
    "pricing": ("GetProducts",),
    "resourcegroupstaggingapi": ("GetResources",),
    "s3": ("CopyObject", "CreateMultipartUpload", "GetBucketEncryption", "ListBuckets", "ListObjectsV2"),
    "sagemaker": ("CreateProcessingJob", "CreateTrainingJob", "DescribeDomain", "DescribeUserProfile"),
    "service-quotas": ("GetServiceQuota", "ListServiceQuotas"),
    "sts": ("GetCallerIdentity",),
}
"""What is called outside of the kinds."""
OPERATIONS = sorted(
    {(kind.service, name) for kind in registry().values() for name in kind.operations}
    | {
        (kind.service, name)
        for kind in registry().values()
        for each in kind.actions
        for name in each.operations
    }
    | {(service, name) for service, names in _BESIDES.items() for name in names}
)
PAGE = b"<!DOCTYPE html>\n<html><head><title>Sign in to\n the hotel</title></head><body>Room number?</body></html>"
NO_ANSWERS = {
    "page": PAGE,
    "page that is XML": b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body/></html>',
    "text": b"upstream connect error",
    "brace": b"{",
    "list": b"[]",
    "list of objects": b'[{"a": 1}]',
    "null": b"null",
    "number": b"42",
    "text in quotes": b'"OK"',
    "bytes": b"\xff\xfe\x00\x01",
    "deep": b"[" * 5000,
}
NO_MEMBERS = {"empty": b"", "object": b"{}", "message": b'{"message": "welcome"}', "XML": b"<a><b>1</b></a>"}
"""These may be the answer of what answers nothing."""
ACCOUNT = Callable[[bytes], Replayed]


@cache
def service_model(service: str) -> Any:
    """One for all operations: reading a model takes a while and some megabytes."""
    return botocore.session.get_session().get_service_model(service)


def model(service: str, operation: str) -> Any:
    return service_model(service).operation_model(operation)


def is_json(service: str, operation: str) -> bool:
    return model(service, operation).service_model.resolved_protocol in {"json", "rest-json"}


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Iterator[ACCOUNT]:
    """An account that answers everything alike."""
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    made = list[Replayed]()

    def account(body: bytes, status: int = 200, kind: str = "application/x-amz-json-1.1") -> Replayed:
        made.append(Replayed(lambda asked: Reply(body, status, {"Content-Type": kind})))
        return made[-1]

    yield account
    for each in made:
        each.close()


def call(account: Account, service: str, operation: str) -> dict[str, Any]:
    return account.call(service, operation, **least(model(service, operation).input_shape))


each_operation = pytest.mark.parametrize(("service", "operation"), OPERATIONS)


@pytest.fixture(scope="module")
def shared() -> Iterator[Callable[[bytes], Replayed]]:
    """One account for many answers: clients take a while to make."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in CREDENTIALS.items():
            patch.setenv(name, value)
        bodies = [b""]
        account = Replayed(lambda asked: Reply(bodies[-1]))
        for service in {service for service, _ in OPERATIONS}:
            account.client(service)

    def answering(body: bytes) -> Replayed:
        bodies.append(body)
        return account

    yield answering
    account.close()


@each_operation
def test_what_is_no_answer_is_not_understood(
    service: str, operation: str, shared: Callable[[bytes], Replayed]
) -> None:
    shape = model(service, operation).output_shape
    nothing_is_told = shape is None or not shape.members
    for name, body in {**NO_ANSWERS, **({} if nothing_is_told else NO_MEMBERS)}.items():
        print(name)
        with pytest.raises(errors.SmextError) as caught:
            call(shared(body), service, operation)
        assert caught.value.message.startswith(f"Could not {words(operation)}")
        # botocore itself takes what is no XML of S3 for a fault of S3.
        assert caught.value.code == "not-understood" or (service == "s3" and caught.value.code == "failed")


@each_operation
def test_half_an_answer_is_not_understood(
    service: str, operation: str, shared: Callable[[bytes], Replayed]
) -> None:
    if not is_json(service, operation):
        return
    body = json.dumps(_named(model(service, operation).output_shape)).encode()
    for end in {1, len(body) // 2, len(body) - 1} - {0, len(body)}:
        with pytest.raises(errors.NotUnderstood):
            call(shared(body[:end]), service, operation)


@each_operation
def test_the_least_that_aws_may_answer_is_an_answer(
    service: str, operation: str, shared: Callable[[bytes], Replayed]
) -> None:
    """A list is there and empty; what is created has its ARN; of anything else something is known."""
    if not is_json(service, operation):
        return
    body = json.dumps(_named(model(service, operation).output_shape)).encode()
    assert call(shared(body), service, operation)


def _named(shape: Any) -> dict[str, Any]:
    """The least, on the wire; with what a model does not call required though AWS always sends it."""
    if shape is None:
        return {}
    members = {name: each for name, each in shape.members.items() if "location" not in each.serialization}
    answer = {name: least(members[name]) for name in shape.required_members if name in members}
    for name, each in members.items():
        if (each.type_name == "list" and len(members) <= 4) or (name.endswith("Arn") and not answer):
            answer.setdefault(name, least(each))
    if not answer and members:
        name, each = next(iter(members.items()))
        answer[name] = least(each) or {name: least(inner) for name, inner in each.members.items()}
    return {members[name].serialization.get("name", name): value for name, value in answer.items()}


@pytest.mark.parametrize(
    ("service", "operation"), [pair for pair in OPERATIONS if model(*pair).output_shape is None]
)
def test_what_answers_nothing_may_have_an_empty_body(
    service: str, operation: str, shared: Callable[[bytes], Replayed]
) -> None:
    assert "ResponseMetadata" in call(shared(b""), service, operation)


def test_what_came_is_said_with_what_to_do(answering: Any) -> None:
    with pytest.raises(errors.NotUnderstood) as caught:
        answering(PAGE, kind="text/html").call("sagemaker", "ListEndpoints")
    assert caught.value.message == (
        "Could not list endpoints: a web page (“Sign in to the hotel”) came back instead of AWS's answer."
    )
    assert "HTTPS_PROXY" in caught.value.advice


@pytest.mark.parametrize("status", [302, 403, 407, 511])
def test_a_page_that_refuses_is_no_refusal_of_aws(answering: Any, status: int) -> None:
    with pytest.raises(errors.NotUnderstood):
        answering(PAGE, status, "text/html").call("sagemaker", "ListEndpoints")


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("head_bucket", {"Bucket": "bucket"}),
        ("head_object", {"Bucket": "bucket", "Key": "a"}),
        ("get_object", {"Bucket": "bucket", "Key": "a"}),
        ("put_object", {"Bucket": "bucket", "Key": "a", "Body": b""}),
        ("list_objects_v2", {"Bucket": "bucket"}),
        ("list_buckets", {}),
    ],
)
def test_a_page_is_no_answer_of_s3_either(answering: Any, method: str, params: dict[str, Any]) -> None:
    client = answering(PAGE, kind="text/html; charset=utf-8").client("s3")
    with pytest.raises(errors.NotUnderstood):
        getattr(client, method)(**params)


def test_a_page_in_the_bucket_is_a_page_in_the_bucket(account: Account, box: Sandbox) -> None:
    box.client("s3").create_bucket(Bucket="pages")
    client = account.client("s3")
    client.put_object(Bucket="pages", Key="a.html", Body=PAGE, ContentType="text/html")
    assert client.get_object(Bucket="pages", Key="a.html")["Body"].read() == PAGE
    assert client.head_object(Bucket="pages", Key="a.html")["ContentLength"] == len(PAGE)
    assert client.list_objects_v2(Bucket="pages", Prefix="none/")["KeyCount"] == 0


def test_each_time_is_read_by_itself(answering: Any) -> None:
    times = [1796040000, "2026-11-30T12:00:00Z", "2026-11-30T12:00:00", 1e17, -1e17, "noon", {}, float("nan")]
    item = {"EndpointName": "a", "EndpointArn": "a", "EndpointStatus": "InService"}
    body = json.dumps({"Endpoints": [{**item, "CreationTime": time} for time in times]}).encode()
    found = answering(body).call("sagemaker", "ListEndpoints")["Endpoints"]
    noon = datetime(2026, 11, 30, 12, tzinfo=timezone.utc)
    assert [endpoint["CreationTime"] for endpoint in found] == [noon] * 3 + [INVALID_TIME] * 5
    assert parse_time("Mon, 30 Nov 2026 12:00:00 GMT") == noon


@pytest.mark.parametrize("turns", [["again"], ["one", "two"]])
def test_a_service_whose_next_page_is_one_it_gave_before_comes_to_an_end(
    turns: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    tokens = cycle(turns)
    body = {"Endpoints": [{"EndpointName": "a"}]}
    account = Replayed(lambda asked: Reply(json.dumps(body | {"NextToken": next(tokens)}).encode()))
    pages = list(account.pages("sagemaker", "ListEndpoints", "Endpoints"))
    account.close()
    assert len(pages) == len(turns) + 1
