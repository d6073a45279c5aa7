"""Inputs and outputs of the form in jobs that really run: the variables name folders, and these hold what they should."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable
from typing import Any

import pytest

from smext.api import LaunchForm, LaunchRequest, NotebookDocument
from smext.aws.account import Account
from smext.aws.s3 import read
from smext.kinds import registry
from smext.launch import Limits, apply, plan
from smext.runs import artifacts
from smext.sandbox import Sandbox, networks
from tests.launch.executed.jobs import ended

Document = Callable[..., NotebookDocument]


@pytest.fixture
def data(running: Sandbox) -> str:
    for key, body in (("table.csv", b"a,b\n1,2\n"), ("deep/more.txt", b"more")):
        running.client("s3").put_object(Bucket=running.bucket, Key=f"data/{key}", Body=body)
    return f"s3://{running.bucket}/data"


def run(account: Account, notebook: NotebookDocument, **form: Any) -> dict[str, Any]:
    """The job at its end."""
    request = LaunchRequest(notebook=notebook, form=LaunchForm(packages=[], include_files=False, **form))
    made = plan(account, request, None, Limits())
    assert made.can_run, made.checks
    apply(account, request.model_copy(update={"name": made.name}), None, Limits())
    return ended(account, request.form.job_kind, made.name)


def listed_outputs(account: Account, kind: str, job: dict[str, Any]) -> list[str]:
    """Addresses, as the job's view lists them."""
    outputs = registry()[kind].outputs
    assert outputs is not None
    return [each.uri for each in artifacts.outputs(account, outputs(job).prefixes).outputs]


READS = (
    "import os, pathlib\n"
    "folder = pathlib.Path(os.environ['SM_CHANNEL_MY_DATA'])\n"
    "seen = (folder / 'table.csv').read_text() + (folder / 'deep' / 'more.txt').read_text()"
)


def test_a_processing_job_reads_its_input_and_leaves_its_outputs(
    account: Account, running: Sandbox, document: Document, data: str
) -> None:
    notebook = document(
        READS,
        "for name in ('SM_OUTPUT_TABLES', 'SM_OUTPUT_THERE'):\n"
        "    (pathlib.Path(os.environ[name]) / 'seen.txt').write_text(f'{name} {seen}')",
    )
    there = f"s3://{running.bucket}/there"
    job = run(
        account,
        notebook,
        inputs=[{"name": "my-data", "uri": data}],
        outputs=[{"name": "tables"}, {"name": "there", "uri": there}],
    )
    assert job["ProcessingJobStatus"] == "Completed", job.get("ExitMessage")
    outputs = {
        each["OutputName"]: each["S3Output"]["S3Uri"] for each in job["ProcessingOutputConfig"]["Outputs"]
    }
    assert outputs["tables"] == f"{outputs['output']}/tables"
    for name in ("tables", "there"):
        text = read(account, f"{outputs[name]}/seen.txt").decode()
        assert text == f"SM_OUTPUT_{name.upper()} a,b\n1,2\nmore"
    listed = listed_outputs(account, "processing-job", job)
    assert sorted(each for each in listed if "seen.txt" in each) == sorted(
        f"{outputs[name]}/seen.txt" for name in ("tables", "there")
    )


def test_a_training_job_reads_its_input_and_leaves_a_model(
    account: Account, document: Document, data: str
) -> None:
    notebook = document(
        READS,
        "pathlib.Path(os.environ['SM_MODEL_DIR'], 'model.txt').write_text(seen)\n"
        "pathlib.Path(os.environ['SM_OUTPUT_DATA_DIR'], 'seen.txt').write_text(seen)",
    )
    inputs = [{"name": "my-data", "uri": f"{data}/", "mode": "FastFile"}]
    job = run(account, notebook, job_kind="training", inputs=inputs)
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    model = job["ModelArtifacts"]["S3ModelArtifacts"]
    for uri, name in ((model, "model.txt"), (model.replace("model.tar", "output.tar"), "seen.txt")):
        with tarfile.open(fileobj=io.BytesIO(read(account, uri))) as archive:
            held = archive.extractfile(name)
            assert held is not None
            assert held.read().decode() == "a,b\n1,2\nmore"
    assert model in listed_outputs(account, "training-job", job)


def test_what_this_machine_cannot_mount_is_said(
    account: Account, running: Sandbox, document: Document, data: str
) -> None:
    net = networks.make(running.backends, running.region)
    efs = running.client("efs")
    system = efs.create_file_system(CreationToken="home")["FileSystemId"]
    efs.create_mount_target(FileSystemId=system, SubnetId=net.subnet)
    mounted = [{"name": "home", "uri": f"efs://{system}/me"}]
    job = run(account, document(), job_kind="training", inputs=mounted, **net.form)
    assert job["TrainingJobStatus"] == "Failed"
    assert f"cannot mount a file system, only read from S3: home (EFS {system})" in job["FailureReason"]
    piped = [{"name": "piped", "uri": data, "mode": "Pipe"}]
    for kind in ("training", "processing"):
        job = run(account, document(), job_kind=kind, inputs=piped)
        assert job[f"{kind.title()}JobStatus"] == "Failed"
        assert "no named pipes" in job["FailureReason"]
