from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from botocore.exceptions import ClientError

from smext.sandbox import Sandbox


def test_the_caller_is_an_assumed_role_that_exists(box: Sandbox) -> None:
    identity = box.client("sts").get_caller_identity()
    assert identity["Account"] == box.account_id
    name = identity["Arn"].split(":assumed-role/")[1].split("/")[0]
    role = box.client("iam").get_role(RoleName=name)["Role"]
    assert role["Arn"] == box.role_arn
    assert role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"] == {
        "Service": "sagemaker.amazonaws.com"
    }


def test_the_role_may_do_everything(box: Sandbox) -> None:
    answer = box.client("iam").simulate_principal_policy(
        PolicySourceArn=box.role_arn, ActionNames=["s3:PutObject", "sagemaker:ListApps"], ResourceArns=["*"]
    )
    decisions = {item["EvalActionName"]: item["EvalDecision"] for item in answer["EvaluationResults"]}
    assert decisions == {"s3:PutObject": "allowed", "sagemaker:ListApps": "allowed"}


def test_quotas_have_their_real_codes(box: Sandbox) -> None:
    quotas = box.client("service-quotas")
    quota = quotas.get_service_quota(ServiceCode="sagemaker", QuotaCode="L-CCE2AFA6")["Quota"]
    assert quota["QuotaName"] == "ml.m5.xlarge for training job usage"
    pages = quotas.get_paginator("list_service_quotas").paginate(ServiceCode="sagemaker")
    codes = [quota["QuotaCode"] for page in pages for quota in page["Quotas"]]
    assert "L-0307F515" in codes
    assert len(codes) == len(set(codes)) > 100
    with pytest.raises(quotas.exceptions.NoSuchResourceException):
        quotas.get_service_quota(ServiceCode="sagemaker", QuotaCode="L-00000000")


def test_prices_have_the_shape_of_the_price_list(box: Sandbox) -> None:
    wanted = {"instanceName": "ml.g5.xlarge", "component": "Training", "regionCode": "us-east-1"}
    filters: Any = [{"Type": "TERM_MATCH", "Field": field, "Value": value} for field, value in wanted.items()]
    answer = box.client("pricing").get_products(ServiceCode="AmazonSageMaker", Filters=filters)
    (product,) = (json.loads(text) for text in answer["PriceList"])
    assert product["product"]["attributes"]["usagetype"] == "USE1-Train:ml.g5.xlarge"
    (term,) = product["terms"]["OnDemand"].values()
    (dimension,) = term["priceDimensions"].values()
    assert dimension["unit"] == "Hrs"
    assert 1.40 < float(dimension["pricePerUnit"]["USD"]) < 1.42


def test_prices_can_be_read_page_by_page(box: Sandbox) -> None:
    pages = box.client("pricing").get_paginator("get_products").paginate(ServiceCode="AmazonSageMaker")
    usage = [
        json.loads(text)["product"]["attributes"]["usagetype"] for page in pages for text in page["PriceList"]
    ]
    assert len(usage) == len(set(usage)) > 1000


def test_tags_of_other_services_are_seen_beside_ours(box: Sandbox) -> None:
    box.client("s3").put_bucket_tagging(
        Bucket=box.bucket, Tagging={"TagSet": [{"Key": "team", "Value": "crm"}]}
    )
    box.client("sagemaker").create_image(
        ImageName="i", RoleArn=box.role_arn, Tags=[{"Key": "team", "Value": "crm"}]
    )
    found = box.client("resourcegroupstaggingapi").get_resources(TagFilters=[{"Key": "team"}])
    arns = {item["ResourceARN"] for item in found["ResourceTagMappingList"]}
    assert arns == {f"arn:aws:s3:::{box.bucket}", f"arn:aws:sagemaker:us-east-1:{box.account_id}:image/i"}


@pytest.mark.parametrize(
    ("service", "operation", "params"),
    [
        ("cloudwatch", "list_metrics", {}),
        ("ec2", "describe_subnets", {}),
        ("ecr", "describe_repositories", {}),
        ("emr", "list_clusters", {}),
        ("emr-serverless", "list_applications", {}),
        ("scheduler", "list_schedules", {}),
        ("budgets", "describe_budgets", {"AccountId": "123456789012"}),
        ("efs", "describe_file_systems", {}),
        ("logs", "describe_log_groups", {}),
    ],
)
def test_the_other_services_answer(
    box: Sandbox, service: str, operation: str, params: dict[str, Any]
) -> None:
    answer = getattr(box.client(service), operation)(**params)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_a_bucket_that_is_missing_is_missed(box: Sandbox) -> None:
    with pytest.raises(ClientError) as missed:
        box.client("s3").list_objects_v2(Bucket="no-such-bucket-here")
    assert missed.value.response["Error"]["Code"] == "NoSuchBucket"


def test_the_environment_is_complete_and_the_sdk_s_config_has_the_bucket(box: Sandbox) -> None:
    env = box.env
    config = yaml.safe_load(Path(env["SAGEMAKER_USER_CONFIG_OVERRIDE"]).read_text())
    modules = config["SageMaker"]["PythonSDK"]["Modules"]
    assert modules == {"Session": {"DefaultS3Bucket": box.bucket}, "TelemetryOptOut": True}
    assert env["AWS_ENDPOINT_URL"] == box.url
    assert env["AWS_REGION"] == env["AWS_DEFAULT_REGION"] == "us-east-1"
    assert Path(env["AWS_CONFIG_FILE"]).read_text() == ""
    assert json.loads(Path(env["RESOURCE_METADATA_FILE"]).read_text()) == {"ExecutionRoleArn": box.role_arn}


def test_nothing_is_left_when_it_closes() -> None:
    with Sandbox() as box:
        root = box.root
        assert root.is_dir()
    assert not root.exists()


def test_the_caller_s_own_profile_and_proxy_have_no_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "somebody-else")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with Sandbox() as box:
        assert box.env["NO_PROXY"].endswith("127.0.0.1")
        monkeypatch.setenv("NO_PROXY", box.env["NO_PROXY"])
        assert box.client("sts").get_caller_identity()["Account"] == box.account_id
