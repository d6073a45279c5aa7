from __future__ import annotations

import io
import urllib.error
import urllib.request
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from smext.sandbox import Sandbox

CALLS = {
    "sagemaker": "list_apps",
    "s3": "list_buckets",
    "sts": "get_caller_identity",
    "iam": "list_roles",
    "ec2": "describe_vpcs",
    "logs": "describe_log_groups",
    "emr-serverless": "list_applications",
    "scheduler": "list_schedules",
}


def code_with(box: Sandbox, service: str, key: str, secret: str) -> str:
    session: Any = boto3.Session(key, secret, region_name=box.region)
    client = session.client(service, endpoint_url=box.url, config=Config(retries={"max_attempts": 0}))
    with pytest.raises(ClientError) as refused:
        getattr(client, CALLS[service])()
    return str(refused.value.response["Error"]["Code"])


@pytest.mark.parametrize("service", CALLS)
def test_a_request_signed_with_the_wrong_secret_is_refused(box: Sandbox, service: str) -> None:
    wanted = "InvalidSignatureException" if service in ("sagemaker", "logs") else "SignatureDoesNotMatch"
    assert code_with(box, service, box.env["AWS_ACCESS_KEY_ID"], "wrong") == wanted


@pytest.mark.parametrize(
    ("service", "code"),
    [
        ("sagemaker", "UnrecognizedClientException"),
        ("s3", "InvalidAccessKeyId"),
        ("sts", "InvalidClientTokenId"),
    ],
)
def test_an_unknown_key_is_refused(box: Sandbox, service: str, code: str) -> None:
    assert code_with(box, service, "AKIAUNKNOWN", "any") == code


@pytest.mark.parametrize("path", ["/", "/moto-api/reset", "/moto-api/data.json", "/latest/meta-data/"])
def test_unsigned_requests_are_refused_whatever_they_ask(box: Sandbox, path: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{box.url}{path}")
    assert refused.value.code == 403
    refused.value.close()


@pytest.mark.parametrize("key", ["plain", "a b/ü+c.txt", "deep/er//x%20y", "tilde~(1)*'!.ipynb"])
@pytest.mark.parametrize("scheme", ["s3", "s3v4"])
def test_objects_of_any_name_go_in_and_out(box: Sandbox, key: str, scheme: str) -> None:
    s3 = box.client("s3")
    s3.put_object(Bucket=box.bucket, Key=key, Body=b"body")
    assert s3.get_object(Bucket=box.bucket, Key=key)["Body"].read() == b"body"
    presigning = box.client("s3", config=Config(signature_version=scheme))
    url = presigning.generate_presigned_url("get_object", Params={"Bucket": box.bucket, "Key": key})
    assert urllib.request.urlopen(url).read() == b"body"
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(url.replace("ignature=", "ignature=0"))
    assert refused.value.code == 403
    refused.value.close()


def test_a_presigned_address_expires(box: Sandbox) -> None:
    s3 = box.client("s3", config=Config(signature_version="s3v4"))
    s3.put_object(Bucket=box.bucket, Key="k", Body=b"")
    url = s3.generate_presigned_url("get_object", Params={"Bucket": box.bucket, "Key": "k"}, ExpiresIn=-1)
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(url)
    assert refused.value.code == 403
    refused.value.close()


def test_large_objects_arrive_in_parts(box: Sandbox) -> None:
    s3 = box.client("s3")
    body = bytes(range(256)) * 40_000
    s3.upload_fileobj(io.BytesIO(body), box.bucket, "big")
    assert s3.head_object(Bucket=box.bucket, Key="big")["ContentLength"] == len(body)
    assert box.control.calls.count("UploadPart") >= 2


def test_temporary_credentials_need_their_token() -> None:
    with Sandbox(scene="expired") as box:
        box.control.heal()
        env = box.env
        assert box.client("sagemaker").list_domains()["Domains"]
        session: Any = boto3.Session(
            env["AWS_ACCESS_KEY_ID"], env["AWS_SECRET_ACCESS_KEY"], region_name=box.region
        )
        with pytest.raises(ClientError, match="UnrecognizedClientException"):
            session.client("sagemaker", endpoint_url=box.url).list_domains()
