"""An output as a download: saved under its own name, shown by no browser as a page of the server."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import unquote

import pytest
from tornado.httpclient import HTTPClientError

from smext.runs import downloads
from smext.sandbox import Sandbox

Fetch = Callable[..., Awaitable[Any]]


@pytest.fixture
def job(box: Sandbox) -> str:
    """The path of a training job whose live prefix has no slash at its end."""
    box.client("sagemaker").create_training_job(
        TrainingJobName="job",
        RoleArn=box.role_arn,
        AlgorithmSpecification={"TrainingImage": "image", "TrainingInputMode": "File"},
        OutputDataConfig={"S3OutputPath": f"s3://{box.bucket}/out"},
        ResourceConfig={"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 5},
        StoppingCondition={"MaxRuntimeInSeconds": 600},
        Environment={"SMEXT_NOTEBOOK": "a.ipynb", "SMEXT_LIVE": f"s3://{box.bucket}/live"},
    )
    return "smext/kinds/training-job/items/job/outputs"


def put(box: Sandbox, key: str, body: bytes = b"x") -> str:
    box.client("s3").put_object(Bucket=box.bucket, Key=key, Body=body)
    return f"s3://{box.bucket}/{key}"


async def test_it_is_saved_with_its_own_name_and_type(jp_fetch: Fetch, box: Sandbox, job: str) -> None:
    hostile = b"<script>alert(1)</script>"
    for name, body, expected in [
        ("a b.csv", b"1,2\n" * 700_000, "text/csv"),
        ("empty.txt", b"", "text/plain"),
        ("page.html", hostile, downloads.BYTES),
        ("image.svg", hostile, downloads.BYTES),
        ("code.js", b"alert(1)", downloads.BYTES),
        ("données \N{SNOWMAN} \N{GRINNING FACE}.png", b"\x89PNG", "image/png"),
        ('a"b,c%41#?.tar.gz', b"\x1f\x8b", "application/gzip"),
        (" of spaces ", b"1", downloads.BYTES),
    ]:
        answer = await jp_fetch(f"{job}/file", params={"key": put(box, f"live/deep/{name}", body)})
        assert answer.body == body, name
        assert answer.headers["Content-Type"] == expected, name
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert {"default-src 'none'", "sandbox"} <= {
            each.strip() for each in answer.headers["Content-Security-Policy"].split(";")
        }
        kind, plain, exact = answer.headers["Content-Disposition"].split("; ")
        assert (kind, plain.split("=")[0]) == ("attachment", "filename")
        assert plain.isascii()
        assert plain.count('"') == 2
        assert unquote(exact.removeprefix("filename*=UTF-8''")) == name


async def test_only_what_is_below_the_jobs_own_places_is_listed_and_read(
    jp_fetch: Fetch, box: Sandbox, job: str
) -> None:
    own = put(box, "live/result.csv", b"own")
    others = [put(box, "live-of-another/secret.csv"), put(box, "livelier"), put(box, "out/job-2/output/a")]
    listed = (await jp_fetch(job)).body.decode()
    assert own in listed
    assert not any(other in listed for other in others)
    assert (await jp_fetch(f"{job}/file", params={"key": own})).body == b"own"
    for other in [*others, f"s3://{box.bucket}/live", f"s3://{box.bucket}/", "s3://", ""]:
        with pytest.raises(HTTPClientError) as caught:
            await jp_fetch(f"{job}/file", params={"key": other})
        assert caught.value.code in {400, 404}, other


@pytest.mark.parametrize(
    ("uri", "name"),
    [
        ("s3://b/a/c.csv", "c.csv"),
        ("s3://b/a/folder/", "folder"),
        ("/", "download"),
        ("s3://b/fdp\N{RIGHT-TO-LEFT OVERRIDE}gnp.exe", "fdp_gnp.exe"),
        ("s3://b/a\r\nX: y.csv", "a__X: y.csv"),
        ("s3://b/half \ud800", "half _"),
        (
            "s3://b/\N{MAN}\N{ZERO WIDTH JOINER}\N{PERSONAL COMPUTER}.txt",
            "\N{MAN}\N{ZERO WIDTH JOINER}\N{PERSONAL COMPUTER}.txt",
        ),
    ],
)
def test_a_name_deceives_nobody(uri: str, name: str) -> None:
    assert downloads.file_name(uri) == name
    downloads.disposition(name).encode("ascii")


def test_what_could_run_has_no_type_that_runs() -> None:
    for ending in (
        "htm",
        "html",
        "xhtml",
        "shtml",
        "svg",
        "svgz",
        "xml",
        "xsl",
        "js",
        "mjs",
        "css",
        "swf",
        "wasm",
    ):
        for name in (f"a.{ending}", f"A.{ending.upper()}", f"data:,.{ending}"):
            assert downloads.content_type(name) in {downloads.BYTES, "application/gzip"}, name
