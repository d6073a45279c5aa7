from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import tarfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from smext.sandbox import Sandbox
from smext.sandbox.exec import isolation

_SECONDS = 900


def can_isolate() -> bool:
    return isolation._working_unshare() is not None


@pytest.fixture(
    params=[
        pytest.param(
            "namespace",
            marks=pytest.mark.skipif(not can_isolate(), reason="this machine allows no mount namespace"),
        ),
        "rewrite",
    ]
)
def box(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    monkeypatch.setenv("SMEXT_SANDBOX_ISOLATION", request.param)
    monkeypatch.setenv("JUPYTER_TOKEN", "secret")
    monkeypatch.setenv("JPY_SESSION_NAME", "mine.ipynb")
    with Sandbox(mode="exec", grace=0.5) as box:
        yield box


@pytest.fixture
def sagemaker(box: Sandbox) -> Any:
    return box.client("sagemaker")


def until(done: Callable[[], Any], what: str) -> Any:
    limit = time.monotonic() + _SECONDS
    while time.monotonic() < limit:
        if answer := done():
            return answer
        time.sleep(0.03)
    raise AssertionError(f"waited {_SECONDS} s in vain for {what}")


def training(box: Sandbox, script: str, **more: Any) -> dict[str, Any]:
    return {
        "TrainingJobName": "job",
        "RoleArn": box.role_arn,
        "AlgorithmSpecification": {
            "TrainingImage": "image",
            "TrainingInputMode": "File",
            "ContainerEntrypoint": ["/bin/sh", "-c", script],
        },
        "OutputDataConfig": {"S3OutputPath": f"s3://{box.bucket}/out"},
        "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 5},
        "StoppingCondition": {"MaxRuntimeInSeconds": 600},
        **more,
    }


def processing(box: Sandbox, script: str, *outputs: dict[str, Any], **more: Any) -> dict[str, Any]:
    cluster = {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 5}
    return {
        "ProcessingJobName": "job",
        "RoleArn": box.role_arn,
        "AppSpecification": {"ImageUri": "image", "ContainerEntrypoint": ["/bin/sh", "-c", script]},
        "ProcessingResources": {"ClusterConfig": cluster},
        "ProcessingOutputConfig": {"Outputs": list(outputs)},
        **more,
    }


def output(box: Sandbox, name: str, mode: str) -> dict[str, Any]:
    place = {"S3Uri": f"s3://{box.bucket}/{name}", "LocalPath": f"/opt/ml/processing/output/{name}"}
    return {"OutputName": name, "S3Output": {**place, "S3UploadMode": mode}}


def channel(box: Sandbox, name: str, key: str) -> dict[str, Any]:
    source = {"S3DataType": "S3Prefix", "S3Uri": f"s3://{box.bucket}/{key}"}
    return {"ChannelName": name, "DataSource": {"S3DataSource": source}}


def ended(sagemaker: Any, kind: str = "training") -> dict[str, Any]:
    describe = getattr(sagemaker, f"describe_{kind}_job")
    word = "Training" if kind == "training" else "Processing"

    def done() -> Any:
        job = describe(**{f"{word}JobName": "job"})
        return job if job[f"{word}JobStatus"] in ("Completed", "Failed", "Stopped") else None

    job: dict[str, Any] = until(done, f"the end of the {kind} job")
    return job


def log(box: Sandbox, kind: str = "Training") -> list[str]:
    logs = box.client("logs")
    group = f"/aws/sagemaker/{kind}Jobs"
    if not logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]:
        return []
    streams = logs.describe_log_streams(logGroupName=group, logStreamNamePrefix="job/")["logStreams"]
    events = [
        logs.get_log_events(logGroupName=group, logStreamName=stream["logStreamName"], startFromHead=True)[
            "events"
        ]
        for stream in streams
    ]
    return [event["message"] for stream in events for event in stream]


def keys(box: Sandbox, prefix: str = "") -> list[str]:
    found = box.client("s3").list_objects_v2(Bucket=box.bucket, Prefix=prefix).get("Contents", [])
    return [item["Key"] for item in found]


def text(box: Sandbox, key: str) -> str:
    return str(box.client("s3").get_object(Bucket=box.bucket, Key=key)["Body"].read().decode())


def test_a_training_job_gets_its_data_and_leaves_model_and_output(box: Sandbox, sagemaker: Any) -> None:
    s3 = box.client("s3")
    s3.put_object(Bucket=box.bucket, Key="data/a.csv", Body=b"one")
    s3.put_object(Bucket=box.bucket, Key="data/deep/b.csv", Body=b"two")
    script = (
        "cat /opt/ml/input/data/train/a.csv /opt/ml/input/data/train/deep/b.csv > /opt/ml/model/joined; "
        "cp /opt/ml/input/config/*.json /opt/ml/output/data; echo first; echo second >&2; echo third"
    )
    channels = [channel(box, "train", "data")]
    sagemaker.create_training_job(
        **training(box, script, InputDataConfig=channels, HyperParameters={"lr": "0.1"})
    )
    job = ended(sagemaker)
    assert job["TrainingJobStatus"] == "Completed"
    assert [step["Status"] for step in job["SecondaryStatusTransitions"]][-4:] == [
        "Downloading",
        "Training",
        "Uploading",
        "Completed",
    ]
    assert log(box) == ["first", "second", "third"]
    assert job["ModelArtifacts"]["S3ModelArtifacts"] == f"s3://{box.bucket}/out/job/output/model.tar.gz"
    assert unpacked(box, "out/job/output/model.tar.gz") == {"joined": "onetwo"}
    config = unpacked(box, "out/job/output/output.tar.gz")
    assert json.loads(config["hyperparameters.json"]) == {"lr": "0.1"}
    assert list(json.loads(config["inputdataconfig.json"])) == ["train"]
    assert json.loads(config["resourceconfig.json"])["current_host"] == "algo-1"


def unpacked(box: Sandbox, key: str) -> dict[str, str]:
    body = box.client("s3").get_object(Bucket=box.bucket, Key=key)["Body"].read()
    with tarfile.open(fileobj=io.BytesIO(body)) as tar:
        files = [member for member in tar.getmembers() if member.isfile()]
        return {member.name: tar.extractfile(member).read().decode() for member in files}  # type: ignore[union-attr]


def test_the_job_sees_its_variables_and_nothing_of_jupyter(box: Sandbox, sagemaker: Any) -> None:
    script = f"env > /opt/ml/output/data/env; command -v python3; {sys.executable} -c 'import boto3'"
    sagemaker.create_training_job(
        **training(box, script, Environment={"GREETING": "a b", "PLACE": "/opt/ml/model"})
    )
    assert ended(sagemaker)["TrainingJobStatus"] == "Completed"
    env = dict(
        line.partition("=")[::2] for line in unpacked(box, "out/job/output/output.tar.gz")["env"].splitlines()
    )
    assert env["GREETING"] == "a b"
    assert env["TRAINING_JOB_NAME"] == "job"
    assert env["TRAINING_JOB_ARN"].endswith(":training-job/job")
    assert env["AWS_ENDPOINT_URL"] == box.url
    assert env["PLACE"] == f"{env.get('SMEXT_OPT_ML', '/opt/ml')}/model"
    assert not [name for name in env if name.startswith(("JUPYTER", "JPY", "SMEXT_SANDBOX"))]
    assert log(box)[0].startswith(str(Path(sys.executable).parent))


def test_a_job_reaches_the_sandbox_with_boto3(box: Sandbox, sagemaker: Any) -> None:
    code = (
        f"import boto3; boto3.client('s3').put_object(Bucket='{box.bucket}', Key='made', Body=b'by the job')"
    )
    sagemaker.create_processing_job(**processing(box, f'python3 -c "{code}"'))
    assert ended(sagemaker, "processing")["ProcessingJobStatus"] == "Completed", log(box, "Processing")
    assert text(box, "made") == "by the job"


def test_continuous_outputs_come_while_the_job_runs(box: Sandbox, sagemaker: Any, tmp_path: Path) -> None:
    script = (
        "cd /opt/ml/processing/output; echo half > live/notebook; "
        f"while [ ! -e {tmp_path}/go ]; do sleep 0.05; done; "
        "echo whole > live/notebook; echo end > last/file"
    )
    outputs = (output(box, "live", "Continuous"), output(box, "last", "EndOfJob"))
    sagemaker.create_processing_job(**processing(box, script, *outputs))
    until(lambda: "live/notebook" in keys(box), "the half-done notebook")
    assert text(box, "live/notebook") == "half\n"
    assert keys(box, "last/") == []
    assert sagemaker.describe_processing_job(ProcessingJobName="job")["ProcessingJobStatus"] == "InProgress"
    (tmp_path / "go").touch()
    assert ended(sagemaker, "processing")["ProcessingJobStatus"] == "Completed"
    assert text(box, "live/notebook") == "whole\n"
    assert text(box, "last/file") == "end\n"


def test_checkpoints_are_restored_and_kept(box: Sandbox, sagemaker: Any) -> None:
    box.client("s3").put_object(Bucket=box.bucket, Key="ck/old", Body=b"earlier")
    script = "cat /opt/ml/checkpoints/old > /opt/ml/checkpoints/new"
    config = {"S3Uri": f"s3://{box.bucket}/ck/", "LocalPath": "/opt/ml/checkpoints"}
    sagemaker.create_training_job(**training(box, script, CheckpointConfig=config))
    assert ended(sagemaker)["TrainingJobStatus"] == "Completed"
    assert text(box, "ck/new") == "earlier"


def test_processing_inputs_and_config_lie_where_the_contract_says(box: Sandbox, sagemaker: Any) -> None:
    box.client("s3").put_object(
        Bucket=box.bucket, Key="code/run.sh", Body=b"echo argument $1; ls ${SMEXT_OPT_ML:-/opt/ml}/config"
    )
    place = {"S3Uri": f"s3://{box.bucket}/code/run.sh", "LocalPath": "/opt/ml/processing/input/code"}
    inputs = [{"InputName": "code", "S3Input": {**place, "S3DataType": "S3Prefix", "S3InputMode": "File"}}]
    request = processing(box, "", ProcessingInputs=inputs)
    request["AppSpecification"] = {
        "ImageUri": "image",
        "ContainerEntrypoint": ["/bin/sh", "/opt/ml/processing/input/code/run.sh"],
        "ContainerArguments": ["x y"],
    }
    sagemaker.create_processing_job(**request)
    assert ended(sagemaker, "processing")["ProcessingJobStatus"] == "Completed"
    assert log(box, "Processing") == ["argument x y", "processingjobconfig.json", "resourceconfig.json"]


def test_a_failed_training_job_gives_its_reason_and_its_output(box: Sandbox, sagemaker: Any) -> None:
    script = (
        "echo kept > /opt/ml/output/data/file; printf 'cell 4: KeyError' > /opt/ml/output/failure; exit 3"
    )
    sagemaker.create_training_job(**training(box, script))
    job = ended(sagemaker)
    assert job["TrainingJobStatus"] == "Failed"
    assert job["FailureReason"] == "AlgorithmError: cell 4: KeyError, exit code: 3"
    assert unpacked(box, "out/job/output/output.tar.gz") == {"file": "kept\n"}


def test_a_failed_processing_job_gives_its_message(box: Sandbox, sagemaker: Any) -> None:
    sagemaker.create_processing_job(
        **processing(box, "printf 'cell 4: KeyError' > /opt/ml/output/message; exit 1")
    )
    job = ended(sagemaker, "processing")
    assert job["ProcessingJobStatus"] == "Failed"
    assert job["FailureReason"] == "AlgorithmError: See job logs for more information"
    assert job["ExitMessage"] == "cell 4: KeyError"
    assert job["ProcessingEndTime"] >= job["ProcessingStartTime"]


def test_stop_lets_the_job_end_by_itself(box: Sandbox, sagemaker: Any) -> None:
    script = (
        "trap 'echo saved > /opt/ml/processing/output/live/file; exit 143' TERM; "
        "echo ready; while true; do sleep 0.05; done"
    )
    sagemaker.create_processing_job(**processing(box, script, output(box, "live", "Continuous")))
    until(lambda: "ready" in log(box, "Processing"), "the job's first line")
    sagemaker.stop_processing_job(ProcessingJobName="job")
    assert sagemaker.describe_processing_job(ProcessingJobName="job")["ProcessingJobStatus"] in (
        "Stopping",
        "Stopped",
    )
    assert ended(sagemaker, "processing")["ProcessingJobStatus"] == "Stopped"
    assert text(box, "live/file") == "saved\n"


def test_a_job_that_ignores_the_signal_is_killed(box: Sandbox, sagemaker: Any) -> None:
    sagemaker.create_training_job(
        **training(box, "trap '' TERM; echo ready; while true; do sleep 0.05; done")
    )
    until(lambda: "ready" in log(box), "the job's first line")
    sagemaker.stop_training_job(TrainingJobName="job")
    job = ended(sagemaker)
    assert (job["TrainingJobStatus"], job["SecondaryStatus"]) == ("Stopped", "Stopped")


def test_control_ends_a_running_job_with_its_processes(box: Sandbox, sagemaker: Any) -> None:
    sagemaker.create_training_job(**training(box, "echo $$; sleep 300"))
    (pid,) = until(lambda: log(box), "the job's first line")
    box.control.end("job", "Failed", "CapacityError: taken away")
    job = ended(sagemaker)
    assert (job["TrainingJobStatus"], job["FailureReason"]) == ("Failed", "CapacityError: taken away")
    until(lambda: gone(int(pid)), "the end of the job's process")
    until(
        lambda: "job job" not in {thread.name for thread in threading.enumerate()},
        "the end of the job's thread",
    )
    assert sagemaker.describe_training_job(TrainingJobName="job")["TrainingJobStatus"] == "Failed"


def test_the_longest_run_ends_the_job(box: Sandbox, sagemaker: Any) -> None:
    limit = {"MaxRuntimeInSeconds": 1}
    sagemaker.create_training_job(**training(box, "sleep 60", StoppingCondition=limit))
    job = ended(sagemaker)
    assert (job["TrainingJobStatus"], job["SecondaryStatus"]) == ("Stopped", "MaxRuntimeExceeded")


def test_missing_data_fails_the_job(box: Sandbox, sagemaker: Any) -> None:
    sagemaker.create_training_job(**training(box, "true", InputDataConfig=[channel(box, "train", "nothing")]))
    job = ended(sagemaker)
    assert job["TrainingJobStatus"] == "Failed"
    assert "No S3 objects found under S3 URL" in job["FailureReason"]


def test_a_program_that_does_not_exist_fails_the_job(box: Sandbox, sagemaker: Any) -> None:
    request = training(box, "")
    request["AlgorithmSpecification"]["ContainerEntrypoint"] = ["no-such-program"]
    sagemaker.create_training_job(**request)
    job = ended(sagemaker)
    assert job["TrainingJobStatus"] == "Failed"
    assert "exit code: 127" in job["FailureReason"]


def test_a_framework_estimator_s_script_runs(box: Sandbox, sagemaker: Any) -> None:
    packed = io.BytesIO()
    code = b"import os, sys; open(os.environ['SM_MODEL_DIR'] + '/m', 'w').write(' '.join(sys.argv[1:]))"
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        member = tarfile.TarInfo("train.py")
        member.size = len(code)
        tar.addfile(member, io.BytesIO(code))
    box.client("s3").put_object(Bucket=box.bucket, Key="src/sourcedir.tar.gz", Body=packed.getvalue())
    request = training(box, "")
    del request["AlgorithmSpecification"]["ContainerEntrypoint"]
    request["HyperParameters"] = {
        "sagemaker_program": '"train.py"',
        "sagemaker_submit_directory": f'"s3://{box.bucket}/src/sourcedir.tar.gz"',
        "epochs": "3",
    }
    sagemaker.create_training_job(**request)
    assert ended(sagemaker)["TrainingJobStatus"] == "Completed", log(box)
    assert unpacked(box, "out/job/output/model.tar.gz") == {"m": "--epochs 3"}


def test_children_of_a_job_end_with_it(box: Sandbox, sagemaker: Any) -> None:
    sagemaker.create_training_job(**training(box, "setsid sleep 300 & echo $!"))
    assert ended(sagemaker)["TrainingJobStatus"] == "Completed"
    assert gone(int(log(box)[0]))


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_jobs_end_with_the_sandbox(number: int, tmp_path: Path) -> None:
    env_file = tmp_path / "env.json"
    command = [sys.executable, "-m", "smext.sandbox", "--mode", "exec", "--env-file", str(env_file)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "TMPDIR": str(tmp_path)}
    ) as server:
        assert server.stdout is not None
        try:
            assert server.stdout.readline().startswith("http://127.0.0.1:")
            pid = start_sleeper(json.loads(env_file.read_text()))
        finally:
            server.send_signal(number)
    until(lambda: gone(pid), "the end of the job's process")


def start_sleeper(env: dict[str, str]) -> int:
    import boto3

    session: Any = boto3.Session(
        env["AWS_ACCESS_KEY_ID"], env["AWS_SECRET_ACCESS_KEY"], region_name=env["AWS_REGION"]
    )
    clients = {
        name: session.client(name, endpoint_url=env["AWS_ENDPOINT_URL"]) for name in ("sagemaker", "logs")
    }
    cluster = {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 5}
    clients["sagemaker"].create_processing_job(
        ProcessingJobName="job",
        RoleArn="arn:aws:iam::123456789012:role/service-role/any",
        AppSpecification={
            "ImageUri": "i",
            "ContainerEntrypoint": ["/bin/sh", "-c", "setsid sleep 300 & echo $!; wait"],
        },
        ProcessingResources={"ClusterConfig": cluster},
    )

    def first_line() -> Any:
        group = "/aws/sagemaker/ProcessingJobs"
        if not clients["logs"].describe_log_groups(logGroupNamePrefix=group)["logGroups"]:
            return None
        events = clients["logs"].filter_log_events(logGroupName=group)["events"]
        return events[0]["message"] if events else None

    return int(until(first_line, "the job's first line"))
