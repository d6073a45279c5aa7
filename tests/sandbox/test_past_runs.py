"""The runs that a scene has behind it are such as smext itself leaves."""

from __future__ import annotations

import json
from typing import Any

from smext.api import RunProgress
from smext.runs import job_names, record
from smext.sandbox import Sandbox


def test_they_are_read_like_runs_of_our_own() -> None:
    with Sandbox(scene="busy") as box:
        runs = [job for job in jobs(box) if record.ENV_RUN in job.get("Environment", {})]
        assert len(runs) == 3
        for job in runs:
            check(box, job)


def jobs(box: Sandbox) -> list[dict[str, Any]]:
    sagemaker = box.client("sagemaker")
    found = sagemaker.list_processing_jobs(MaxResults=100)["ProcessingJobSummaries"]
    return [sagemaker.describe_processing_job(ProcessingJobName=job["ProcessingJobName"]) for job in found]


def check(box: Sandbox, job: dict[str, Any]) -> None:
    environment, name = job["Environment"], job["ProcessingJobName"]
    path, run = environment[record.ENV_NOTEBOOK], environment[record.ENV_RUN]
    assert job_names.is_ours(name)
    listed = box.client("sagemaker").list_tags(ResourceArn=job["ProcessingJobArn"])["Tags"]
    assert {tag["Key"]: tag["Value"] for tag in listed} == {
        record.TAG_NOTEBOOK: path,
        record.TAG_NOTEBOOK_ID: record.notebook_id(path),
        record.TAG_USER: environment[record.ENV_USER],
        record.TAG_RUN: run,
    }
    written = record.RunRecord.model_validate_json(read(box, f"{run}record.json"))
    assert (written.job, written.run_uri, written.live_uri) == (name, run, environment[record.ENV_LIVE])
    left = json.loads(read(box, f"{written.live_uri}progress.json"))
    progress = RunProgress.model_validate({key: left[key] for key in RunProgress.model_fields})
    expected = {"Completed": "completed", "Failed": "failed", "InProgress": "running"}
    assert progress.status == expected[job["ProcessingJobStatus"]]


def read(box: Sandbox, uri: str) -> bytes:
    body = box.client("s3").get_object(Bucket=box.bucket, Key=uri.removeprefix(f"s3://{box.bucket}/"))["Body"]
    return bytes(body.read())
