"""A launch is carried out once, or says why not; nothing that was started is ever unknown."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from smext import errors
from smext.api import LaunchRequest, NotebookDocument, Target
from smext.aws.account import Account
from smext.launch import Limits, apply, plan
from smext.runs.record import RunRecord, read_record
from smext.sandbox import Sandbox

Make = Callable[..., LaunchRequest]
Notebook = Callable[..., NotebookDocument]
LIMITS = Limits()
KINDS = ["training", "processing"]


@pytest.fixture
def ready(account: Account, request_of: Make, root: Path) -> Callable[..., LaunchRequest]:
    """A request with the name that its plan gave it."""

    def make(notebook: NotebookDocument | None = None, **form: Any) -> LaunchRequest:
        request = request_of(notebook, **form)
        made = plan(account, request, root, LIMITS)
        return request.model_copy(update={"name": made.name})

    return make


def stored(box: Sandbox, name: str) -> dict[str, bytes]:
    """What lies below a run's prefix, by the rest of its key."""
    s3, prefix = box.client("s3"), f"smext/{name}/"
    found = s3.list_objects_v2(Bucket=box.bucket, Prefix=prefix).get("Contents", [])
    keys = [str(each["Key"]) for each in found]
    return {
        key.removeprefix(prefix): s3.get_object(Bucket=box.bucket, Key=key)["Body"].read() for key in keys
    }


def record(account: Account, box: Sandbox, name: str) -> RunRecord:
    return read_record(account, f"s3://{box.bucket}/smext/{name}/record.json")


def describe(box: Sandbox, kind: str, name: str) -> dict[str, Any]:
    client = box.client("sagemaker")
    if kind == "training":
        return dict(client.describe_training_job(TrainingJobName=name))
    return dict(client.describe_processing_job(ProcessingJobName=name))


def created(box: Sandbox) -> int:
    return sum(1 for call in box.control.calls if call.startswith("Create"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_launch_leaves_a_job_its_inputs_and_its_record(
    account: Account, box: Sandbox, ready: Make, root: Path, document: Notebook, kind: str
) -> None:
    notebook = document(("parameters", "lr = 0.1\nwhen = now()"), "print(lr)")
    request = ready(notebook, job_kind=kind, parameters={"lr": 0.5, "when": "now()"})
    launched = apply(account, request, root, LIMITS)
    name = request.name or ""
    assert (launched.kind, launched.key, launched.name, launched.existed) == (
        f"{kind}-job",
        name,
        name,
        False,
    )
    files = stored(box, name)
    assert set(files) == {
        "record.json", "input/runner.pyz", "input/run.json", "input/notebook.ipynb", "input/files.manifest",
    }  # fmt: skip
    run = json.loads(files["input/run.json"])
    assert run == {
        "version": 1, "job": name, "notebook": "churn.ipynb", "kernel": "python3", "language": "python",
        "parameters": {"lr": 0.5}, "packages": [], "packages_if_missing": [], "extras": {}, "paths": [],
        "outputs_limit_bytes": 5368709120, "encryption": None,
    }  # fmt: skip
    sent = json.loads(files["input/notebook.ipynb"])
    assert [cell["source"] for cell in sent["cells"]] == ["lr = 0.1\nwhen = now()", "print(lr)"]
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in sent["cells"])
    where, archive = json.loads(files["input/files.manifest"])
    assert where == {"prefix": f"s3://{box.bucket}/smext/cache/"}
    body = box.client("s3").get_object(Bucket=box.bucket, Key=f"smext/cache/{archive}")["Body"].read()
    with tarfile.open(fileobj=io.BytesIO(body)) as opened:
        assert opened.getnames() == ["data.csv", "lib/features.py"]
    job = describe(box, kind, name)
    kept = record(account, box, name)
    assert job["Environment"]["SMEXT_RUN"] == kept.run_uri
    assert kept.status == "sent"
    assert kept.parameters == {"lr": 0.5}
    assert kept.request["RoleArn"] == job["RoleArn"]
    assert kept.notebook == "analysis/churn.ipynb"


def test_the_record_stands_before_the_job(account: Account, box: Sandbox, ready: Make, root: Path) -> None:
    request = ready()
    box.control.calls.clear()
    apply(account, request, root, LIMITS)
    calls = box.control.calls
    # runner.pyz, run.json, notebook.ipynb, files.manifest, record.json; and the archive, unless it is there.
    assert calls.count("PutObject") in (5, 6)
    assert max(i for i, call in enumerate(calls) if call == "PutObject") < calls.index("CreateProcessingJob")


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_launch_sent_twice_is_one_job(
    account: Account, box: Sandbox, ready: Make, root: Path, kind: str
) -> None:
    request = ready(job_kind=kind)
    box.control.calls.clear()
    first, second = (apply(account, request, root, LIMITS) for _ in range(2))
    assert (first.existed, second.existed) == (False, True)
    assert first.key == second.key
    assert created(box) == 1
    assert box.control.calls.count("PutObject") in (5, 6)


@pytest.mark.parametrize("kind", KINDS)
def test_two_at_once_are_one_job(account: Account, box: Sandbox, ready: Make, root: Path, kind: str) -> None:
    request = ready(job_kind=kind)
    with ThreadPoolExecutor(8) as pool:
        futures = [pool.submit(apply, account, request, root, LIMITS) for _ in range(8)]
        launched = [future.result() for future in futures]
    assert sorted(each.existed for each in launched) == [False] + [True] * 7
    assert len({each.key for each in launched}) == 1
    # The others waited instead of writing over the inputs of a job that already runs.
    assert box.control.calls.count("PutObject") in (5, 6)


@pytest.mark.parametrize("kind", KINDS)
def test_two_servers_at_once_are_one_job(
    account: Account, box: Sandbox, ready: Make, root: Path, kind: str
) -> None:
    """Another server has no lock in common with this one: only the name holds."""
    request = ready(job_kind=kind)
    box.control.fail(f"Describe{kind.title()}Job", "AccessDeniedException")
    first = apply(account, request, root, LIMITS)
    second = apply(account, request, root, LIMITS)
    assert (first.existed, second.existed) == (False, True)


def test_a_name_that_somebody_else_took_is_a_conflict(
    account: Account, box: Sandbox, ready: Make, root: Path
) -> None:
    request = ready()
    made = plan(account, request, root, LIMITS)
    taken = made.request | {"Environment": {"SMEXT_RUN": "s3://another/run/"}}
    box.client("sagemaker").create_processing_job(**taken)
    with pytest.raises(errors.Conflict, match="another job"):
        apply(account, request, root, LIMITS)
    assert "record.json" not in stored(box, made.name)


def test_a_name_that_is_taken_by_nothing_is_a_conflict(
    account: Account, box: Sandbox, ready: Make, root: Path
) -> None:
    """The job went away between two answers: nothing runs, and nobody may think so."""
    request = ready()
    box.control.fail("CreateProcessingJob", "ResourceInUse", message="The job's name is in use")
    with pytest.raises(errors.Conflict):
        apply(account, request, root, LIMITS)


def test_only_a_bucket_of_ones_own_gets_the_notebook(
    account: Account, box: Sandbox, ready: Make, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Anybody may have made a bucket of the default's name: S3 refuses where the owner is another."""
    for variable in ("SAGEMAKER_USER_CONFIG_OVERRIDE", "SAGEMAKER_ADMIN_CONFIG_OVERRIDE"):
        monkeypatch.setenv(variable, "/dev/null")
    seen: list[tuple[str, str | None]] = []

    def note(model: Any, params: dict[str, Any], **_: Any) -> None:
        seen.append((model.name, params["headers"].get("x-amz-expected-bucket-owner")))

    events = account.client("s3").meta.events
    events.register("before-call.s3", note, unique_id="owner")
    try:
        apply(account, ready(), root, LIMITS)
    finally:
        events.unregister("before-call.s3", unique_id="owner")
    assert {"HeadBucket", "HeadObject", "PutObject"} <= {name for name, _ in seen}
    assert {owner for _, owner in seen} == {box.account_id}


def test_a_plan_that_cannot_run_is_not_carried_out(
    account: Account, box: Sandbox, ready: Make, root: Path, document: Notebook
) -> None:
    request = ready(document("  "))
    with pytest.raises(errors.Invalid, match="nothing to run") as caught:
        apply(account, request, root, LIMITS)
    assert caught.value.advice
    assert created(box) == 0
    assert stored(box, request.name or "") == {}


def test_the_field_at_fault_is_named(account: Account, ready: Make, root: Path) -> None:
    with pytest.raises(errors.Invalid) as caught:
        apply(account, ready(instance_type="huge"), root, LIMITS)
    assert caught.value.field == "instance_type"


def test_a_launch_needs_the_name_of_its_plan(account: Account, request_of: Make) -> None:
    with pytest.raises(errors.Invalid) as caught:
        apply(account, request_of(), None, LIMITS)
    assert caught.value.field == "name"


def test_read_only_launches_nothing(account: Account, box: Sandbox, ready: Make, root: Path) -> None:
    with pytest.raises(errors.ReadOnly):
        apply(account, ready(), root, Limits(read_only=True))
    assert created(box) == 0


QUOTA = (
    "The account-level service limit 'ml.m5.xlarge for training job usage' is 0 Instances, with current "
    "utilization of 0 Instances and a request delta of 1 Instances. Please use AWS Service Quotas to request "
    "an increase for this quota."
)
ENUM = (
    "1 validation error detected: Value 'ml.m5.xxlarge' at 'resourceConfig.instanceType' failed to satisfy "
    "constraint: Member must satisfy enum value set: [ml.m5.large, ml.m5.xlarge, ml.m5.2xlarge]"
)
ASSUME = (
    "Could not assume role arn:aws:iam::1:role/x. Please ensure that the role exists and allows principal."
)
PASS = "User: arn:aws:sts::1:assumed-role/a/b is not authorized to perform: iam:PassRole on resource: arn:aws:iam::1:role/x because no identity-based policy allows the iam:PassRole action"


@pytest.mark.parametrize(
    ("code", "text", "kind", "field", "words"),
    [
        (
            "ResourceLimitExceeded",
            QUOTA,
            errors.Quota,
            "instance_type",
            "ml.m5.xlarge for training job usage",
        ),
        ("ValidationException", ENUM, errors.Invalid, "instance_type", "ml.m5.xxlarge"),
        ("ValidationException", ASSUME, errors.Invalid, "role", "assume role"),
        ("AccessDeniedException", PASS, errors.Denied, "role", "iam:PassRole"),
        ("AccessDeniedException", None, errors.Denied, None, "sagemaker:CreateTrainingJob"),
    ],
)
def test_a_refusal_is_explained_and_recorded(
    account: Account, box: Sandbox, ready: Make, root: Path, code: str, text: str | None,
    kind: type[errors.SmextError], field: str | None, words: str,
) -> None:  # fmt: skip
    request = ready(job_kind="training")
    box.control.fail("CreateTrainingJob", code, message=text)
    with pytest.raises(kind) as caught:
        apply(account, request, root, LIMITS)
    assert words in caught.value.message
    assert "ml.m5.2xlarge" not in caught.value.message
    assert caught.value.advice
    assert caught.value.field == field
    kept = record(account, box, request.name or "")
    assert kept.status == "refused"
    assert kept.error is not None
    assert kept.error.message == caught.value.message
    box.control.heal()
    assert apply(account, request, root, LIMITS).existed is False
    assert record(account, box, request.name or "").status == "sent"


@pytest.mark.parametrize(("code", "text"), [("ResourceLimitExceeded", QUOTA), ("CapacityError", "none left")])
def test_a_type_that_is_not_to_be_had_names_others(
    account: Account, box: Sandbox, ready: Make, root: Path, code: str, text: str
) -> None:
    request = ready(job_kind="training")
    box.control.fail("CreateTrainingJob", code, message=text)
    with pytest.raises(errors.SmextError) as caught:
        apply(account, request, root, LIMITS)
    assert ": ml." in caught.value.advice
    assert ("/quotas/L-CCE2AFA6" in caught.value.advice) == (code == "ResourceLimitExceeded")
    assert caught.value.field == "instance_type"


def test_throttling_is_waited_out(account: Account, box: Sandbox, ready: Make, root: Path) -> None:
    request = ready()
    box.control.fail("CreateProcessingJob", "ThrottlingException", times=2)
    assert apply(account, request, root, LIMITS).existed is False


def test_an_upload_that_is_denied_creates_nothing(
    account: Account, box: Sandbox, ready: Make, root: Path
) -> None:
    request = ready()
    box.control.calls.clear()
    box.control.fail("PutObject", "AccessDeniedException")
    with pytest.raises(errors.Denied) as caught:
        apply(account, request, root, LIMITS)
    assert caught.value.permission == "s3:PutObject"
    assert box.bucket in caught.value.message
    assert created(box) == 0


def test_a_missing_bucket_is_made(
    account: Account, box: Sandbox, ready: Make, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("SageMaker: {PythonSDK: {Modules: {Session: {DefaultS3Bucket: made-by-launch}}}}")
    monkeypatch.setenv("SAGEMAKER_USER_CONFIG_OVERRIDE", str(path))
    request = ready()
    apply(account, request, root, LIMITS)
    listed = box.client("s3").list_objects_v2(Bucket="made-by-launch")["Contents"]
    assert f"smext/{request.name}/record.json" in [each["Key"] for each in listed]


def test_a_bucket_that_may_not_be_made_is_an_error(
    account: Account, box: Sandbox, ready: Make, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("SageMaker: {PythonSDK: {Modules: {Session: {DefaultS3Bucket: not-for-you}}}}")
    monkeypatch.setenv("SAGEMAKER_USER_CONFIG_OVERRIDE", str(path))
    request = ready()
    box.control.fail("CreateBucket", "AccessDeniedException")
    with pytest.raises(errors.Denied, match="not-for-you") as caught:
        apply(account, request, root, LIMITS)
    assert caught.value.permission == "s3:CreateBucket"


# --- silence ------------------------------------------------------------------------------------


@pytest.fixture
def impatient(box: Sandbox) -> Any:
    """An account that gives up on what hangs, but not on what a busy machine takes its time for."""
    account = Account(Target(id="fast", label="fast"), connect_timeout=30, read_timeout=15)
    yield account
    account.close()


def test_a_server_fault_is_tried_again_under_the_same_name(
    account: Account, box: Sandbox, ready: Make, root: Path
) -> None:
    request = ready()
    box.control.fail("CreateProcessingJob", "InternalServerError", times=1)
    assert apply(account, request, root, LIMITS).existed is False
    assert describe(box, "processing", request.name or "")


def test_a_creation_without_an_answer_is_looked_up(
    impatient: Account, box: Sandbox, ready: Make, root: Path
) -> None:
    """AWS created it, the answer was lost on the way."""
    request = ready()
    made = plan(impatient, request, root, LIMITS)
    box.control.fail(
        "DescribeProcessingJob", "ResourceNotFound", times=1, message="Could not find requested job"
    )
    box.client("sagemaker").create_processing_job(**made.request)
    box.control.hang("CreateProcessingJob")
    launched = apply(impatient, request, root, LIMITS)
    assert launched.name == request.name
    assert created(box) == 2


def test_without_any_answer_the_record_says_unknown(
    impatient: Account, account: Account, box: Sandbox, ready: Make, root: Path
) -> None:
    request = ready()
    box.control.hang("CreateProcessingJob")
    with pytest.raises(errors.TimedOut) as caught:
        apply(impatient, request, root, LIMITS)
    assert "Run it again" in caught.value.advice
    assert record(account, box, request.name or "").status == "unknown"
    box.control.heal()
    assert apply(account, request, root, LIMITS).name == request.name
