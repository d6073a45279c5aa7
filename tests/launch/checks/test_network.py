"""A network of one's own: that its parts are there, belong together, and lead where the run has to go."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from smext.api import Check, LaunchForm, LaunchRequest, NotebookDocument, Plan
from smext.aws.account import Account
from smext.diagnostics import iam_policy
from smext.launch import Limits, plan
from smext.launch.checks.network import ENDPOINTS
from smext.sandbox import Sandbox, networks

Planned = Callable[..., Plan]
Make = Callable[..., networks.Network]


@pytest.fixture
def network(box: Sandbox) -> Make:
    return lambda *way, **more: networks.make(box.backends, box.region, *way, **more)


def checks(made: Plan, name: str = "network") -> list[Check]:
    return [each for each in made.checks if each.name == name]


def worst(made: Plan, name: str = "network") -> Check:
    order = ["will fail", "warning", "cannot tell", "ok"]
    found = sorted(checks(made, name), key=lambda each: order.index(each.status))
    assert found, made.checks
    return found[0]


@pytest.mark.parametrize("kind", ["training", "processing"])
def test_a_whole_network_is_fine_and_is_sent(planned: Planned, network: Make, kind: str) -> None:
    net = network("nat", s3=False)
    made = planned(job_kind=kind, **net.form)
    assert made.can_run, made.checks
    assert {each.status for each in checks(made)} == {"ok"}
    settings = made.request if kind == "training" else made.request["NetworkConfig"]
    assert settings["VpcConfig"] == {"Subnets": [net.subnet], "SecurityGroupIds": [net.group]}
    assert net.vpc in worst(made).message


@pytest.mark.parametrize(
    ("member", "field"), [("subnets", "subnets"), ("security_groups", "security_groups")]
)
def test_a_part_that_is_not_there_fails_before_it_is_paid_for(
    planned: Planned, network: Make, member: str, field: str
) -> None:
    wrong = "subnet-0123456789abcdef0" if member == "subnets" else "sg-0123456789abcdef0"
    made = planned(**(network("nat").form | {member: [wrong]}))
    found = worst(made)
    assert (found.status, found.field, made.can_run) == ("will fail", field, False)
    assert "There is no such" in found.message
    assert wrong in found.message


def test_parts_of_two_networks_do_not_go_together(planned: Planned, network: Make) -> None:
    one, other = network("nat"), network("nat")
    found = worst(planned(subnets=[one.subnet], security_groups=[other.group]))
    assert (found.status, found.field) == ("will fail", "security_groups")
    assert one.vpc in found.advice
    found = worst(planned(subnets=[one.subnet, other.subnet], security_groups=[one.group]))
    assert (found.status, found.field) == ("will fail", "subnets")
    assert "several networks" in found.message


@pytest.mark.parametrize("given", ["subnets", "security_groups"])
def test_one_of_both_is_refused(planned: Planned, network: Make, given: str) -> None:
    made = planned(**{given: network("nat").form[given]})
    found = worst(made)
    assert (found.status, made.can_run) == ("will fail", False)
    assert found.field != given
    assert "VpcConfig" not in str(made.request)


def test_a_subnet_without_addresses_for_all_machines_fails(
    planned: Planned, network: Make, box: Sandbox
) -> None:
    net = network("nat")
    small = box.client("ec2").create_subnet(VpcId=net.vpc, CidrBlock="10.9.2.0/28")["Subnet"]["SubnetId"]
    form = {"subnets": [small], "security_groups": [net.group], "instance_type": "ml.t3.medium"}
    found = worst(planned(instance_count=12, **form))
    assert (found.status, found.field) == ("will fail", "subnets")
    assert found.message == "The subnets have 11 addresses left, 12 are wanted."
    assert "addresses" not in str(planned(instance_count=11, **form).checks)


def test_a_security_group_that_lets_nothing_out_fails(planned: Planned, network: Make, box: Sandbox) -> None:
    net = network("nat")
    every = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
    box.client("ec2").revoke_security_group_egress(GroupId=net.group, IpPermissions=every)
    found = worst(planned(**net.form))
    assert (found.status, found.field) == ("will fail", "security_groups")
    assert "let nothing out" in found.message


@pytest.mark.parametrize(
    ("way", "s3", "status"),
    [
        ("", False, "will fail"),
        ("internet gateway", False, "will fail"),
        ("peering", False, "cannot tell"),
        ("peering", True, "ok"),
        ("nat", False, "ok"),
    ],
)
def test_the_way_to_s3_is_looked_for(
    planned: Planned, network: Make, box: Sandbox, way: str, s3: bool, status: str
) -> None:
    made = planned(network_isolation=True, **network(way, s3=s3).form)
    [found] = [each for each in checks(made) if "S3" in each.message]
    assert (found.status, found.field) == (status, "subnets")
    if status == "will fail":
        assert f"com.amazonaws.{box.region}.s3" in found.advice


def test_packages_need_a_way_to_an_index_or_go_along(planned: Planned, network: Make) -> None:
    def told(way: str, **form: Any) -> list[Check]:
        made = planned(packages=["xgboost"], **network(way).form, **form)
        return [each for each in made.checks if each.field == "send_wheels"]

    [found] = told("")
    assert (found.status, found.name) == ("warning", "packages")
    assert "package index" in found.message
    assert told("internet gateway")[0].status == "warning"
    assert told("peering")[0].status == "cannot tell"
    assert told("nat") == []
    assert told("", send_wheels=True) == []


def test_endpoints_that_a_private_network_lacks_are_named(planned: Planned, network: Make) -> None:
    found = worst(planned(**network(endpoints=("sts", "logs")).form))
    assert found.status == "warning"
    missing = found.message.rpartition(": ")[2].split(", ")
    assert missing == [each for each in ENDPOINTS if each not in ("sts", "logs")]
    assert worst(planned(**network(endpoints=ENDPOINTS).form)).status == "ok"
    # What has no network calls nothing.
    assert worst(planned(network_isolation=True, **network().form)).status == "ok"


@pytest.mark.parametrize(
    ("operation", "permission"),
    [
        ("DescribeSubnets", "ec2:DescribeSubnets"),
        ("DescribeSecurityGroups", "ec2:DescribeSecurityGroups"),
        ("DescribeRouteTables", "ec2:DescribeRouteTables"),
        ("DescribeVpcEndpoints", "ec2:DescribeVpcEndpoints"),
    ],
)
@pytest.mark.parametrize("code", ["AccessDeniedException", "ThrottlingException"])
def test_what_may_not_be_asked_cannot_be_told(
    planned: Planned, network: Make, box: Sandbox, operation: str, permission: str, code: str
) -> None:
    net = network("nat")
    box.control.fail(f"ec2:{operation}", code)
    made = planned(**net.form)
    assert made.can_run
    untold = [each for each in checks(made) if each.status == "cannot tell"]
    assert untold
    if code == "AccessDeniedException":
        assert all(permission in each.message for each in untold)


def test_a_role_that_may_not_join_a_network_fails(planned: Planned, network: Make, box: Sandbox) -> None:
    iam, name = box.client("iam"), box.role_arn.rsplit("/", 1)[1]
    denied = (
        '{"Version": "2012-10-17", "Statement": '
        '[{"Effect": "Deny", "Action": "ec2:CreateNetworkInterface", "Resource": "*"}]}'
    )
    iam.put_role_policy(RoleName=name, PolicyName="no", PolicyDocument=denied)
    made = planned(**network("nat").form)
    iam.delete_role_policy(RoleName=name, PolicyName="no")
    found = worst(made, "permissions")
    assert (found.status, found.field) == ("will fail", "role")
    assert found.message.endswith(": ec2:CreateNetworkInterface")


def test_whether_a_role_may_join_a_network_cannot_be_told_without_a_simulation(
    planned: Planned, network: Make, box: Sandbox
) -> None:
    box.control.fail("SimulatePrincipalPolicy", "AccessDenied")
    made = planned(**network("nat").form)
    assert {each.status for each in checks(made, "permissions")} == {"cannot tell"}
    assert made.can_run


def test_every_call_of_a_plan_is_in_the_printed_policy(planned: Planned, network: Make, box: Sandbox) -> None:
    net = network("nat")
    named = {"HeadBucket": "ListBucket", "HeadObject": "GetObject", "ListObjectsV2": "ListBucket"}
    named |= {"GetBucketEncryption": "GetEncryptionConfiguration"}
    allowed = {
        action.partition(":")[2] for action in iam_policy.actions(iam_policy.policy(["read", "launch"]))
    }
    box.control.calls.clear()
    planned(
        job_kind="training", inputs=[{"name": "a", "uri": "efs://fs-0123abcd/x"}], kms_key="k", **net.form
    )
    planned(job_kind="training", inputs=[{"name": "a", "uri": "fsx://fs-0123abcd/x"}], **net.form)
    called = {named.get(each, each) for each in box.control.calls}
    assert {"DescribeRouteTables", "DescribeKey", "DescribeFileSystems"} <= called
    assert called <= allowed


def test_a_change_of_the_form_asks_nothing_again(
    planned: Planned, account: Account, network: Make, box: Sandbox, request_of: Callable[..., LaunchRequest]
) -> None:
    box.client("s3").put_object(Bucket=box.bucket, Key="data/a", Body=b"a")
    form: dict[str, Any] = {
        **network("nat").form,
        "packages": [],
        "kms_key": box.client("kms").create_key()["KeyMetadata"]["Arn"],
        "inputs": [{"name": "a", "uri": f"s3://{box.bucket}/data/"}],
        "outputs": [{"name": "b", "uri": f"s3://{box.bucket}/made/"}],
    }
    made = planned(**form)
    assert made.can_run, made.checks
    box.control.calls.clear()
    plan(account, request_of(max_runtime_seconds=7200, **form), None, Limits())
    assert box.control.calls == []


def test_every_check_is_of_a_member_of_the_form(planned: Planned, network: Make) -> None:
    made = planned(
        retries=1,
        spot=True,
        keep_alive_seconds=60,
        max_usd=0.001,
        kms_key="k",
        role="x",
        inputs=[{"name": "", "uri": "x", "mode": "FastFile"}],
        outputs=[{"name": "live", "uri": "x"}],
        tags={"aws:x": "y"},
        environment={"SMEXT_JOB": "x"},
        **network().form,
    )
    fields = {each.field for each in made.checks if each.field}
    assert {"retries", "spot", "keep_alive_seconds", "max_usd", "kms_key", "role", "tags"} <= fields
    assert {"inputs.0.name", "inputs.0.uri", "inputs.0.mode", "outputs.0.name", "outputs.0.uri"} <= fields
    assert {each.partition(".")[0] for each in fields} <= set(LaunchForm.model_fields)


class TestVpcOnlyDomain:
    @pytest.fixture
    def box(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
        with Sandbox(scene="vpc-only") as sandbox:
            for name, value in sandbox.env.items():
                monkeypatch.setenv(name, value)
            yield sandbox

    @pytest.fixture
    def account(self, box: Sandbox) -> Iterator[Account]:
        from smext.api import Target

        made = Account(Target(id="private", label="private"))
        yield made
        made.close()

    def test_a_run_outside_of_its_network_is_warned_of(self, planned: Planned, box: Sandbox) -> None:
        found = worst(planned())
        assert (found.status, found.field) == ("warning", "subnets")
        [domain] = box.client("sagemaker").list_domains()["Domains"]
        assert domain["DomainId"] in found.message
        box.control.fail("DescribeDomain", "AccessDeniedException")
        found = worst(planned())
        assert (found.status, "sagemaker:DescribeDomain" in found.message) == ("cannot tell", True)

    def test_inside_of_it_what_it_lacks_is_named(
        self, planned: Planned, box: Sandbox, document: Callable[..., NotebookDocument]
    ) -> None:
        [domain] = box.client("sagemaker").list_domains()["Domains"]
        found = box.client("sagemaker").describe_domain(DomainId=domain["DomainId"])
        groups = found["DefaultUserSettings"]["SecurityGroups"]
        made = planned(subnets=found["SubnetIds"], security_groups=groups)
        assert made.can_run
        assert "sagemaker.api, sts, ecr.api, ecr.dkr" in worst(made).message
