"""Inputs and outputs that the form names: in the request, and what is known of them before the run is paid for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from smext.api import Check, LaunchRequest, NotebookDocument, Plan
from smext.aws.account import Account
from smext.aws.cache import forget
from smext.launch import Limits, plan
from smext.launch.channels import FileSystem, file_system
from smext.launch.checks.botocore_model import violations
from smext.sandbox import Sandbox, networks

Planned = Callable[..., Plan]
KINDS = ["training", "processing"]


@pytest.fixture
def planned(
    account: Account, request_of: Callable[..., LaunchRequest], unhurried: Limits
) -> Iterator[Planned]:
    def make(**form: Any) -> Plan:
        forget(account)
        made = plan(account, request_of(**form), None, unhurried)
        assert violations(made.operation, made.request) == [] or not made.can_run
        return made

    yield make
    forget(account)


@pytest.fixture
def data(box: Sandbox) -> str:
    """An address with two files and a folder's mark."""
    s3 = box.client("s3")
    for key, body in (("data/", b""), ("data/a.csv", b"a" * 1500), ("data/b.csv", b"b" * 1500)):
        s3.put_object(Bucket=box.bucket, Key=key, Body=body)
    return f"s3://{box.bucket}/data/"


@pytest.fixture
def net(box: Sandbox) -> networks.Network:
    return networks.make(box.backends, box.region, endpoints=("logs",))


def checks(made: Plan, name: str) -> list[Check]:
    return [each for each in made.checks if each.name == name]


def check(made: Plan, name: str) -> Check:
    found = checks(made, name)
    assert found, [(each.name, each.message) for each in made.checks]
    return found[0]


def channel(uri: str, name: str = "train", mode: str = "File") -> dict[str, str]:
    return {"name": name, "uri": uri, "mode": mode}


def inputs(made: Plan) -> list[dict[str, Any]]:
    """Those of the form."""
    member, name = (
        ("InputDataConfig", "ChannelName")
        if made.kind == "training-job"
        else ("ProcessingInputs", "InputName")
    )
    return [each for each in made.request[member] if not each[name].startswith("smext")]


# --- inputs from S3 -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_data_in_s3_is_an_input_whose_folder_the_notebook_is_told(
    planned: Planned, data: str, kind: str
) -> None:
    made = planned(job_kind=kind, inputs=[channel(f" {data} ")])
    assert made.can_run, made.checks
    assert [each.status for each in checks(made, "inputs")] == ["warning", "ok"]
    [found] = inputs(made)
    assert f"{data}'" in str(found)
    folder = "/opt/ml/input/data/train" if kind == "training" else "/opt/ml/processing/input/train"
    assert made.request["Environment"]["SM_CHANNEL_TRAIN"] == folder
    assert kind == "training" or found["S3Input"]["LocalPath"] == folder


def test_how_much_there_is_is_said(planned: Planned, data: str, box: Sandbox) -> None:
    found = check(planned(inputs=[channel(data)]), "inputs")
    assert (found.status, found.field) == ("ok", "inputs.0.uri")
    assert "3.0 kB in 2 objects" in found.message
    assert "at least" not in found.message


def test_of_very_many_objects_the_first_are_counted(planned: Planned, box: Sandbox) -> None:
    for number in range(1001):
        box.backends.put_object(box.bucket, f"many/{number:04}", b"xy")
    found = check(planned(inputs=[channel(f"s3://{box.bucket}/many/")]), "inputs")
    assert "2.0 kB in 1000 objects at least" in found.message


def test_an_input_without_data_fails_before_it_is_paid_for(planned: Planned, box: Sandbox) -> None:
    box.client("s3").put_object(Bucket=box.bucket, Key="hollow/")
    for uri in (
        f"s3://{box.bucket}/nothing-there/",
        "s3://no-bucket-of-this-name/",
        f"s3://{box.bucket}/hollow/",
    ):
        made = planned(inputs=[channel(uri)])
        assert (made.can_run, check(made, "inputs").field) == (False, "inputs.0.uri")
        assert "nothing at this address" in check(made, "inputs").message


@pytest.mark.parametrize(("code", "word"), [("AccessDenied", "s3:ListBucket"), ("SlowDown", "fewer calls")])
def test_an_input_that_may_not_be_seen_cannot_be_told(
    planned: Planned, box: Sandbox, code: str, word: str
) -> None:
    box.control.fail("ListObjectsV2", code)
    made = planned(inputs=[channel(f"s3://{box.bucket}/data/")])
    found = check(made, "inputs")
    assert (made.can_run, found.status, found.field) == (True, "cannot tell", "inputs.0.uri")
    assert word in found.message


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"uri": "data/"}, "uri"),
        ({"uri": "s3:///data"}, "uri"),
        ({"uri": "s3://b/d", "name": "smext"}, "name"),
        ({"uri": "s3://b/d", "name": "smext-files"}, "name"),
        ({"uri": "s3://b/d", "name": "a b"}, "name"),
        ({"uri": "s3://b/d", "mode": "FastFile"}, "mode"),
        ({"uri": "efs://fs-0123abcd/"}, "uri"),
    ],
)
def test_an_input_that_cannot_be_is_refused(planned: Planned, given: dict[str, Any], field: str) -> None:
    made = planned(inputs=[channel("s3://b/e", "other"), channel(**given)])
    assert not made.can_run
    fields = {each.field for each in checks(made, "inputs") if each.status == "will fail"}
    assert f"inputs.1.{field}" in fields


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("uri", ["", "s3://b d/x"])
def test_an_address_is_refused_once(planned: Planned, data: str, kind: str, uri: str) -> None:
    made = planned(job_kind=kind, inputs=[channel(data, "other"), channel(uri)])
    assert [(each.name, each.field) for each in made.checks if each.status == "will fail"] == [
        ("inputs", "inputs.1.uri")
    ]


def test_what_the_model_alone_refuses_is_said_at_its_row(planned: Planned, box: Sandbox) -> None:
    long = f"s3://{box.bucket}/{'x' * 1024}"
    made = planned(outputs=[{"name": "first"}, {"name": "long", "uri": long}])
    [found] = [each for each in made.checks if each.status == "will fail"]
    assert (found.name, found.field) == ("request", "outputs.1.uri")


def test_two_inputs_may_not_have_one_variable(planned: Planned, data: str) -> None:
    made = planned(inputs=[channel(data, "a.b"), channel(data, "a-b")])
    assert {each.field for each in checks(made, "inputs") if each.status == "will fail"} == {
        "inputs.0.name",
        "inputs.1.name",
    }
    assert planned(inputs=[channel(data, "a.b")]).request["Environment"]["SM_CHANNEL_A_B"].endswith("/a.b")


@pytest.mark.parametrize("kind", KINDS)
def test_a_pipe_is_sent_and_explained(planned: Planned, data: str, kind: str) -> None:
    made = planned(job_kind=kind, inputs=[channel(data, mode="Pipe")])
    assert made.can_run
    assert "'Pipe'" in str(inputs(made))
    found = next(each for each in checks(made, "inputs") if each.field == "inputs.0.mode")
    assert (found.status, "train_0" in found.advice) == ("warning", True)


def test_data_of_another_region_fails(planned: Planned, box: Sandbox) -> None:
    s3 = box.client("s3")
    west = {"LocationConstraint": "eu-west-1"}
    s3.create_bucket(Bucket="western-data", CreateBucketConfiguration=west)
    s3.put_object(Bucket="western-data", Key="a", Body=b"a")
    made = planned(
        inputs=[channel("s3://western-data/a")], outputs=[{"name": "x", "uri": "s3://western-data/x"}]
    )
    for name in ("inputs", "outputs"):
        found = check(made, name)
        assert (found.status, found.field) == ("will fail", f"{name}.0.uri")
        assert "(eu-west-1)" in found.message


def test_a_role_that_may_not_read_or_write_it_fails(planned: Planned, box: Sandbox, data: str) -> None:
    iam, name = box.client("iam"), box.role_arn.rsplit("/", 1)[1]
    statement = {"Effect": "Deny", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_role_policy(RoleName=name, PolicyName="no", PolicyDocument=document)
    made = planned(inputs=[channel(data)], outputs=[{"name": "made", "uri": f"s3://{box.bucket}/made"}])
    iam.delete_role_policy(RoleName=name, PolicyName="no")
    found = {each.field: each for each in checks(made, "permissions")}
    assert "s3:GetObject" in found["inputs.0.uri"].message
    assert "s3:PutObject" in found["outputs.0.uri"].message
    assert {found[field].status for field in ("inputs.0.uri", "outputs.0.uri")} == {"will fail"}
    box.control.fail("SimulatePrincipalPolicy", "AccessDenied")
    made = planned(inputs=[channel(data)])
    assert {each.status for each in checks(made, "permissions")} == {"cannot tell"}
    assert made.can_run


# --- file systems -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("uri", "found"),
    [
        ("efs://fs-0123abcd/a/b", FileSystem("EFS", "fs-0123abcd", "/a/b")),
        ("efs://fs-0123abcd", FileSystem("EFS", "fs-0123abcd", "/")),
        ("fsx://fs-0123456789abcdef0/mnt/a", FileSystem("FSxLustre", "fs-0123456789abcdef0", "/mnt/a")),
        ("efs://other/a", None),
        ("nfs://fs-0123abcd/a", None),
        ("s3://fs-0123abcd/a", None),
    ],
)
def test_addresses_of_file_systems(uri: str, found: FileSystem | None) -> None:
    assert file_system(uri) == found


@pytest.fixture
def efs(box: Sandbox, net: networks.Network) -> str:
    client = box.client("efs")
    made = str(client.create_file_system(CreationToken=net.vpc)["FileSystemId"])
    client.create_mount_target(FileSystemId=made, SubnetId=net.subnet)
    return made


@pytest.fixture
def fsx(box: Sandbox, net: networks.Network) -> str:
    made = box.client("fsx").create_file_system(
        FileSystemType="LUSTRE",
        StorageCapacity=1200,
        SubnetIds=[net.subnet],
        LustreConfiguration={"DeploymentType": "SCRATCH_2"},
    )
    return str(made["FileSystem"]["FileSystemId"])


@pytest.mark.parametrize("scheme", ["efs", "fsx"])
def test_a_file_system_is_mounted_for_reading(
    planned: Planned, net: networks.Network, scheme: str, request: pytest.FixtureRequest
) -> None:
    system = request.getfixturevalue(scheme)
    made = planned(job_kind="training", inputs=[channel(f"{scheme}://{system}/mnt/data")], **net.form)
    assert made.can_run, made.checks
    assert check(made, "inputs").status == "ok"
    [found] = inputs(made)
    assert found["DataSource"] == {
        "FileSystemDataSource": {
            "FileSystemId": system,
            "FileSystemAccessMode": "ro",
            "FileSystemType": "EFS" if scheme == "efs" else "FSxLustre",
            "DirectoryPath": "/mnt/data",
        }
    }
    assert made.request["Environment"]["SM_CHANNEL_TRAIN"] == "/opt/ml/input/data/train"


@pytest.mark.parametrize("scheme", ["efs", "fsx"])
def test_a_file_system_that_is_not_there_or_in_another_network_fails(
    planned: Planned, box: Sandbox, net: networks.Network, scheme: str, request: pytest.FixtureRequest
) -> None:
    system = request.getfixturevalue(scheme)
    made = planned(job_kind="training", inputs=[channel(f"{scheme}://fs-0123456789abcdef0/m")], **net.form)
    found = check(made, "inputs")
    assert (found.status, found.field) == ("will fail", "inputs.0.uri")
    assert "no such file system" in found.message
    other = networks.make(box.backends, box.region)
    made = planned(job_kind="training", inputs=[channel(f"{scheme}://{system}/m")], **other.form)
    assert (check(made, "inputs").status, made.can_run) == ("will fail", False)
    assert "no mount target" in check(made, "inputs").message


def test_a_file_system_that_is_not_ready_fails(
    planned: Planned, box: Sandbox, net: networks.Network, efs: str
) -> None:
    box.backends.service("efs", box.region).file_systems_by_id[efs].life_cycle_state = "creating"
    made = planned(job_kind="training", inputs=[channel(f"efs://{efs}/m")], **net.form)
    assert (check(made, "inputs").status, made.can_run) == ("will fail", False)
    assert "it is creating" in check(made, "inputs").message


def test_the_path_of_a_file_system_begins_with_its_mount_name(
    planned: Planned, box: Sandbox, net: networks.Network, fsx: str
) -> None:
    box.backends.service("fsx", box.region).file_systems[fsx].lustre_configuration["MountName"] = "abcd1234"
    made = planned(job_kind="training", inputs=[channel(f"fsx://{fsx}/data")], **net.form)
    found = check(made, "inputs")
    assert (found.status, found.field) == ("will fail", "inputs.0.uri")
    assert f"fsx://{fsx}/abcd1234/path" in found.advice
    assert planned(job_kind="training", inputs=[channel(f"fsx://{fsx}/abcd1234/data")], **net.form).can_run


def test_no_job_mounts_another_fsx(planned: Planned, box: Sandbox, net: networks.Network) -> None:
    made = box.client("fsx").create_file_system(
        FileSystemType="OPENZFS", StorageCapacity=64, SubnetIds=[net.subnet]
    )
    uri = f"fsx://{made['FileSystem']['FileSystemId']}/m"
    found = check(planned(job_kind="training", inputs=[channel(uri)], **net.form), "inputs")
    assert (found.status, "OPENZFS" in found.message) == ("will fail", True)


@pytest.mark.parametrize(
    ("scheme", "operation", "permission"),
    [
        ("efs", "efs:DescribeFileSystems", "elasticfilesystem:DescribeFileSystems"),
        ("efs", "efs:DescribeMountTargets", "elasticfilesystem:DescribeMountTargets"),
        ("fsx", "fsx:DescribeFileSystems", "fsx:DescribeFileSystems"),
    ],
)
def test_a_file_system_that_may_not_be_seen_cannot_be_told(
    planned: Planned,
    box: Sandbox,
    net: networks.Network,
    request: pytest.FixtureRequest,
    scheme: str,
    operation: str,
    permission: str,
) -> None:
    system = request.getfixturevalue(scheme)
    box.control.fail(operation, "AccessDeniedException")
    made = planned(job_kind="training", inputs=[channel(f"{scheme}://{system}/m")], **net.form)
    found = check(made, "inputs")
    assert (found.status, made.can_run) == ("cannot tell", True)
    assert permission in found.message


def test_a_file_system_without_a_network_fails(planned: Planned) -> None:
    made = planned(job_kind="training", inputs=[channel("efs://fs-0123abcd/")])
    assert (check(made, "inputs").field, made.can_run) == ("subnets", False)
    made = planned(job_kind="training", inputs=[channel("fsx://fs-0123abcd")])
    assert "mount name" in check(made, "inputs").message


# --- outputs ------------------------------------------------------------------------------------


def test_an_output_goes_to_s3_as_it_comes(planned: Planned, box: Sandbox) -> None:
    given = [{"name": "tables"}, {"name": "side-by", "uri": f" s3://{box.bucket}/mine/ "}]
    made = planned(outputs=given)
    assert made.can_run, made.checks
    found = {
        each["OutputName"]: each["S3Output"] for each in made.request["ProcessingOutputConfig"]["Outputs"]
    }
    assert found["tables"] == {
        "S3Uri": f"{made.output_uri}tables",
        "LocalPath": "/opt/ml/processing/output/tables",
        "S3UploadMode": "Continuous",
    }
    assert found["side-by"]["S3Uri"] == f"s3://{box.bucket}/mine"
    environment = made.request["Environment"]
    assert environment["SM_OUTPUT_TABLES"] == "/opt/ml/processing/output/tables"
    assert environment["SM_OUTPUT_SIDE_BY"] == "/opt/ml/processing/output/side-by"


@pytest.mark.parametrize("name", ["", "live", "output", "data", "files", "data-dir", "a/b", "../x", "a b"])
def test_an_output_that_cannot_be_is_refused(planned: Planned, name: str) -> None:
    made = planned(outputs=[{"name": name}])
    assert (made.can_run, check(made, "outputs").field) == (False, "outputs.0.name")


def test_an_output_needs_a_bucket_that_is_there(planned: Planned, box: Sandbox) -> None:
    made = planned(outputs=[{"name": "a", "uri": "s3://no-bucket-of-this-name/x"}])
    assert (check(made, "outputs").status, check(made, "outputs").field) == ("will fail", "outputs.0.uri")
    made = planned(outputs=[{"name": "a", "uri": "/tmp/x"}])
    assert (check(made, "outputs").status, made.can_run) == ("will fail", False)
    box.control.fail("HeadBucket", "AccessDenied")
    made = planned(outputs=[{"name": "a", "uri": f"s3://{box.bucket}/x"}])
    assert (check(made, "outputs").status, made.can_run) == ("cannot tell", True)


def test_no_more_outputs_than_a_job_has(planned: Planned) -> None:
    assert planned(outputs=[{"name": f"o{number}"} for number in range(8)]).can_run
    made = planned(outputs=[{"name": f"o{number}"} for number in range(9)])
    assert (made.can_run, check(made, "outputs").field) == (False, "outputs")


def test_a_training_job_is_told_where_its_outputs_go(planned: Planned) -> None:
    made = planned(job_kind="training", outputs=[{"name": "tables"}])
    found = check(made, "outputs")
    assert (found.status, found.field) == ("will fail", "outputs")
    assert "SM_OUTPUT_DATA_DIR" in found.advice
    assert "SM_MODEL_DIR" in found.advice
    assert "SM_OUTPUT_TABLES" not in made.request["Environment"]


def test_large_files_are_better_an_input(
    account: Account,
    request_of: Callable[..., LaunchRequest],
    document: Callable[..., NotebookDocument],
    root: Any,
) -> None:
    (root / "analysis" / "big.bin").write_bytes(bytes(11 * 1024 * 1024))
    made = plan(account, request_of(), root, Limits())
    found = check(made, "files")
    assert "big.bin" in found.message
    assert "as an input" in found.advice
