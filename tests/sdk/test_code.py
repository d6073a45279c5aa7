"""The code that a plan is shown as asks for what the launch asks for: run with the real SDKs, and compared."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import tarfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from smext.api import CodeRequest, JobKind, LaunchForm, LaunchRequest, NotebookDocument, SdkVersion, Target
from smext.aws.account import Account
from smext.aws.rate_limit import Budget
from smext.aws.s3 import read
from smext.launch import Limits, apply, code, plan
from smext.launch.options import OPTIONS
from smext.sandbox import Sandbox, networks

HERE = Path(__file__).parent
SECONDS = 900.0
OTHER_IMAGE = "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.8.0-cpu-py312"
# What may differ from our own request, and why. Every line is met by some case below.
ALLOWED = {
    r"\w+Job(Name|Arn)|.*Time(InSeconds)?|SecondaryStatus.*|\w+JobStatus|ModelArtifacts.*|WarmPoolStatus.*": (
        "each job has its own"
    ),
    r"Environment\.SMEXT_\w+|Tags\.smext:.*": "marks by which smext finds its runs again",
    r"AppSpecification\.ContainerEntrypoint.*|AlgorithmSpecification\.Container(Entrypoint|Arguments).*": (
        "papermill runs the notebook, as smext's runner is not there"
    ),
    r"(InputDataConfig|ProcessingInputs)\.(smext|smext-files|notebook|code|sm_drivers)\..*": (
        "the folder itself goes along, in place of the runner and its archives"
    ),
    r"ProcessingOutputConfig\.Outputs\.live\..*": "the runner's progress",
    r"ProcessingInputs\.\w+\.S3Input\.S3CompressionType": "Processor says what is the default",
    r"ProcessingOutputConfig\.Outputs\.(output|tables)\.S3Output\.S3Uri|CheckpointConfig\.S3Uri": (
        "it lies below the job's own name"
    ),
}
ALLOWED_OF: dict[SdkVersion, dict[str, str]] = {
    "3": {r"OutputDataConfig\.CompressionType": "ModelTrainer says what is the default"},
    "2": {
        r"ProfilerConfig.*|ProfilingStatus": "Estimator says that there is no profiler",
        r"ProcessingInputs\.\w+\.AppManaged|ProcessingOutputConfig\.Outputs\.\w+\.AppManaged": (
            "Processor says what is the default"
        ),
    },
}
BY_NAME = {"InputDataConfig": "ChannelName", "ProcessingInputs": "InputName", "Outputs": "OutputName"}
"""Lists that are compared by their entries' names."""


@dataclass(frozen=True)
class Case:
    """A form, and whether the SDK's config file sets more."""

    kind: JobKind
    form: dict[str, Any] = field(default_factory=dict)
    configured: bool = False


FULL: dict[str, Any] = {
    "instance_type": "ml.c5.2xlarge",
    "instance_count": 2,
    "volume_gb": 77,
    "max_runtime_seconds": 7200,
    "environment": {"COLOUR": "green", "QUOTED": 'it\'s "so" {x} \\ é'},
    "parameters": {"rate": 1e-05, "name": "a 'b'", "rows": [1, {"a": None}], "flag": False},
}
DATA = "s3://BUCKET/data/"
NETWORK: dict[str, Any] = {"subnets": ["SUBNET"], "security_groups": ["GROUP"]}
SECURED = {
    **FULL,
    **NETWORK,
    "network_isolation": True,
    "kms_key": "KEY",
    "tags": {"team": "a b", "cost": "x"},
}
KEPT = {**SECURED, "keep_alive_seconds": 900}
SPOT = {
    **NETWORK,
    "spot": True,
    "max_wait_seconds": 9000,
    "max_runtime_seconds": 7200,
    "retries": 4,
    "inputs": [
        {"name": "train", "uri": DATA},
        {"name": "fast", "uri": DATA, "mode": "FastFile"},
        {"name": "piped", "uri": DATA, "mode": "Pipe"},
        {"name": "home", "uri": "efs://EFS/home/me"},
        {"name": "scratch", "uri": "fsx://FSX/mnt/data"},
    ],
}
PLACES = {
    "inputs": [{"name": "train", "uri": DATA}, {"name": "piped", "uri": DATA, "mode": "Pipe"}],
    "outputs": [{"name": "tables"}, {"name": "there", "uri": "s3://BUCKET/there/"}],
}
CAPPED = {"max_usd": 1.5, "instance_type": "ml.g5.xlarge", "kms_key": "KEY"}


def switched(kind: JobKind) -> dict[str, Any]:
    """Every switch and number of the table of options away from its default, so that a new row is compared, too."""
    plain = [
        each for each in OPTIONS if each.places(kind) and each.value_type in (bool, int) and not each.needs
    ]
    # Spot machines cannot be kept.
    return {each.member: each.away for each in plain if each.member != "spot"}


# Words in capitals stand for what the sandbox's account has. With the other image, SDK 3 has another class.
CASES = {
    "plain-processing": Case("processing"),
    "plain-training": Case("training"),
    "secured-processing": Case("processing", SECURED),
    "secured-training": Case("training", KEPT),
    "secured-training-2": Case("training", {**KEPT, "image": OTHER_IMAGE}),
    "data-processing": Case("processing", PLACES),
    "data-training": Case("training", SPOT),
    "data-training-2": Case("training", {**SPOT, "image": OTHER_IMAGE}),
    "capped-processing": Case("processing", CAPPED),
    "options-processing": Case("processing", switched("processing")),
    "options-training": Case("training", switched("training")),
    "options-training-2": Case("training", {**switched("training"), "image": OTHER_IMAGE}),
    "configured-processing": Case("processing", configured=True),
    "configured-training": Case("training", configured=True),
    "configured-training-2": Case("training", {"image": OTHER_IMAGE}, configured=True),
}


def config(has: dict[str, str]) -> dict[str, Any]:
    """Sections of the SDK's config file, with what the form has and what it has not."""
    network = {
        "VpcConfig": {"Subnets": [has["SUBNET"]], "SecurityGroupIds": [has["GROUP"]]},
        "EnableNetworkIsolation": True,
        "EnableInterContainerTrafficEncryption": True,
    }
    more = {"Environment": {"FROM": "config"}, "Tags": [{"Key": "team", "Value": "a b"}]}
    key = has["KEY"]
    return {
        "TrainingJob": {
            **network,
            **more,
            "OutputDataConfig": {"KmsKeyId": key},
            "ResourceConfig": {"VolumeKmsKeyId": key},
        },
        "ProcessingJob": {
            "NetworkConfig": network,
            **more,
            "ProcessingOutputConfig": {"KmsKeyId": key},
            "ProcessingResources": {"ClusterConfig": {"VolumeKmsKeyId": key}},
        },
    }


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox(scene="empty", mode="timeline") as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def has(box: Sandbox) -> dict[str, str]:
    """What the cases name in capitals."""
    net = networks.make(box.backends, box.region)
    efs, fsx = box.client("efs"), box.client("fsx")
    system = efs.create_file_system(CreationToken="home")["FileSystemId"]
    efs.create_mount_target(FileSystemId=system, SubnetId=net.subnet)
    lustre = fsx.create_file_system(
        FileSystemType="LUSTRE",
        StorageCapacity=1200,
        SubnetIds=[net.subnet],
        LustreConfiguration={"DeploymentType": "SCRATCH_2"},
    )
    box.client("s3").put_object(Bucket=box.bucket, Key="data/a.csv", Body=b"a")
    return {
        "SUBNET": net.subnet,
        "GROUP": net.group,
        "KEY": box.client("kms").create_key()["KeyMetadata"]["Arn"],
        "BUCKET": box.bucket,
        "EFS": system,
        "FSX": lustre["FileSystem"]["FileSystemId"],
    }


def filled(value: Any, has: dict[str, str]) -> Any:
    text = json.dumps(value)
    for word, name in has.items():
        text = re.sub(rf"\b{word}\b", name, text)
    return json.loads(text)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "root" / "study"
    (made / "lib").mkdir(parents=True)
    (made / "data.csv").write_text("a,b\n1,2\n")
    (made / "lib" / "features.py").write_text("X = 7\n")
    return made


def document(name: str, *cells: str) -> NotebookDocument:
    """The first cell is that of the parameters."""
    made: list[dict[str, Any]] = [
        {
            "id": f"cell-{number}",
            "cell_type": "code",
            "metadata": {"tags": ["parameters"]} if number == 0 else {},
            "source": text,
            "outputs": [],
            "execution_count": None,
        }
        for number, text in enumerate(cells)
    ]
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    content = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": spec}, "cells": made}
    return NotebookDocument(path=f"study/{name}.ipynb", content=content)


def account_on(box: Sandbox) -> Account:
    return Account(Target(id="here", label="here"), budget=Budget(rate=1000, burst=1000))


def run_cells(box: Sandbox, python: str, cells: dict[str, str], folder: Path) -> dict[str, str]:
    """Names of the jobs that the cells made, by case."""
    listed = folder.parent / "cells.json"
    listed.write_text(
        json.dumps({case: {"source": text, "folder": str(folder)} for case, text in cells.items()})
    )
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "SAGEMAKER_"))}
    ran = subprocess.run(
        [python, str(HERE / "run_cells.py"), str(listed)],
        env={**plain, **box.env, "SAGEMAKER_SUPPRESS_V2_WARNING": "1"},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    names: dict[str, str] = json.loads(ran.stdout.splitlines()[-1])
    return names


def describe(account: Account, kind: JobKind, name: str) -> dict[str, Any]:
    word = kind.title()
    job = account.call("sagemaker", f"Describe{word}Job", **{f"{word}JobName": name})
    tags = account.call("sagemaker", "ListTags", ResourceArn=job[f"{word}JobArn"])["Tags"]
    return {**job, "Tags": {tag["Key"]: tag["Value"] for tag in tags}}


def flat(value: Any, path: str = "") -> dict[str, Any]:
    """Every leaf by its path; what is empty is not there."""
    if not isinstance(value, (dict, list)):
        return {path: value}
    found: dict[str, Any] = {}
    named = BY_NAME.get(path.rpartition(".")[2])
    if named and isinstance(value, list):
        value = {each[named]: each for each in value}
    for name, item in value.items() if isinstance(value, dict) else enumerate(value):
        found |= flat(item, f"{path}.{name}" if path else str(name))
    return found


def differences(ours: dict[str, Any], theirs: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    for each in (ours, theirs):
        each.pop("ResponseMetadata", None)
    one, other = flat(ours), flat(theirs)
    return {
        path: (one.get(path), other.get(path))
        for path in one.keys() | other.keys()
        if one.get(path) != other.get(path)
    }


def planned(
    account: Account, case: Case, form: dict[str, Any], name: str, sdk: SdkVersion, folder: Path
) -> tuple[LaunchRequest, CodeRequest]:
    (folder / f"{name}.ipynb").write_text("{}")
    notebook = document(name, "rate = 1.0\nname = 'x'\nrows = []\nflag = True", "print(rate)")
    # The kernel is not asked what it has each time.
    request = LaunchRequest(notebook=notebook, form=LaunchForm(job_kind=case.kind, packages=[], **form))
    made = plan(account, request, folder.parent, Limits())
    assert made.can_run, (name, [each for each in made.checks if each.status == "will fail"])
    asked = CodeRequest(notebook=notebook, form=request.form, name=made.name, sdk=sdk)
    return request.model_copy(update={"name": made.name}), asked


@pytest.mark.parametrize("sdk", ["3", "2"])
def test_the_code_asks_for_what_the_launch_asks_for(
    box: Sandbox,
    has: dict[str, str],
    interpreter: Callable[[int], str],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    sdk: SdkVersion,
) -> None:
    for name, value in box.env.items():
        monkeypatch.setenv(name, value)
    text = yaml.safe_load(Path(box.env["SAGEMAKER_USER_CONFIG_OVERRIDE"]).read_text())
    text["SageMaker"] |= config(has)
    (folder.parent / "config.yaml").write_text(yaml.safe_dump(text))
    account = account_on(box)
    cells, ours = {}, {}
    for name, case in CASES.items():
        with monkeypatch.context() as patch:
            if case.configured:
                patch.setenv("SAGEMAKER_USER_CONFIG_OVERRIDE", str(folder.parent / "config.yaml"))
            request, asked = planned(account, case, filled(case.form, has), name, sdk, folder)
            ours[name] = apply(account, request, folder.parent, Limits()).name
            made = code(account, asked, folder.parent, Limits())
        assert (made.sdk, made.note) == (sdk, "")
        cells[name] = made.source
    # The SDK's own config file is the plain one again: the code has to say all by itself.
    theirs = run_cells(box, interpreter(int(sdk)), cells, folder)
    allowed = ALLOWED | ALLOWED_OF[sdk]
    met, wrong = set[str](), []
    for name, case in CASES.items():
        found = differences(
            describe(account, case.kind, ours[name]), describe(account, case.kind, theirs[name])
        )
        for path, values in found.items():
            reasons = [pattern for pattern in allowed if re.fullmatch(pattern, path)]
            met |= set(reasons)
            if not reasons:
                wrong.append((name, path, *values))
    account.close()
    assert wrong == []
    assert met == set(allowed)


@pytest.fixture
def running() -> Iterator[Sandbox]:
    with Sandbox(scene="empty", mode="exec") as sandbox:
        yield sandbox


def ended(account: Account, kind: JobKind, name: str) -> dict[str, Any]:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        job = describe(account, kind, name)
        if job[f"{kind.title()}JobStatus"] != "InProgress":
            return job
        time.sleep(0.1)
    raise AssertionError(f"{name} did not end in {SECONDS:.0f} s")


def outputs(account: Account, kind: JobKind, job: dict[str, Any], notebook: str) -> dict[str, bytes]:
    """The executed notebook and the file that it wrote."""
    wanted = [f"notebook/study/{notebook}.ipynb", "notebook/study/made.txt"]
    if kind == "processing":
        place = job["ProcessingOutputConfig"]["Outputs"][0]["S3Output"]["S3Uri"]
        return {name: read(account, f"{place}/{name}") for name in wanted}
    archive = read(
        account, f"{job['OutputDataConfig']['S3OutputPath']}{job['TrainingJobName']}/output/output.tar.gz"
    )
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        return {name: held.read() for name in wanted if (held := files.extractfile(name))}


RUNS: dict[SdkVersion, dict[str, Case]] = {
    "3": {
        "processing": Case("processing"),
        "training": Case("training"),
        "trainer": Case("training", {"image": OTHER_IMAGE}),
    },
    "2": {"processing": Case("processing"), "training": Case("training")},
}


@pytest.mark.parametrize("sdk", ["3", "2"])
def test_the_code_runs_the_notebook_that_it_is_a_cell_of_and_launches_it_once(
    running: Sandbox,
    interpreter: Callable[[int], str],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    sdk: SdkVersion,
) -> None:
    for name, value in running.env.items():
        monkeypatch.setenv(name, value)
    (folder.parent / "above.py").write_text("Y = 8\n")
    account, sources = account_on(running), {}
    for name, case in RUNS[sdk].items():
        notebook = document(
            f"{name}{sdk}",
            "rate = 1.0\nname = 'x'",
            "import os, sys\nsys.path.insert(0, 'lib')\nimport above, features\n"
            "open('made.txt', 'w').write(f'{rate!r} {name!r} {features.X} {above.Y} {os.environ[\"COLOUR\"]}')\n"
            "print('read', len(open('data.csv').read()))",
        )
        values: dict[str, Any] = {
            "parameters": {"rate": 1e-05, "name": "a 'b' {c}"},
            "environment": {"COLOUR": "green"},
        }
        form = LaunchForm(job_kind=case.kind, **{**values, **case.form})
        # Its folder goes along only where the notebook is a file there.
        (folder / f"{name}{sdk}.ipynb").write_text(json.dumps(notebook.content))
        request = CodeRequest(notebook=notebook, form=form, sdk=sdk)
        made = code(account, request, folder.parent, Limits())
        sources[name] = made.source
        notebook.content["cells"].append(
            {**notebook.content["cells"][1], "id": "launch", "source": made.source}
        )
        (folder / f"{name}{sdk}.ipynb").write_text(json.dumps(notebook.content))
    names = run_cells(running, interpreter(int(sdk)), sources, folder)
    for name, case in RUNS[sdk].items():
        job = ended(account, case.kind, names[name])
        assert job[f"{case.kind.title()}JobStatus"] == "Completed", (name, job.get("FailureReason"))
        found = outputs(account, case.kind, job, f"{name}{sdk}")
        assert found["notebook/study/made.txt"].decode() == "1e-05 \"a 'b' {c}\" 7 8 green"
        assert "read 8" in found[f"notebook/study/{name}{sdk}.ipynb"].decode()
    listed = [
        *account.call("sagemaker", "ListTrainingJobs")["TrainingJobSummaries"],
        *account.call("sagemaker", "ListProcessingJobs")["ProcessingJobSummaries"],
    ]
    account.close()
    assert len(listed) == len(names)
