from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from smext.sandbox import Sandbox

DOMAIN = {"DomainName": "d", "AuthMode": "IAM", "DefaultUserSettings": {}}


@pytest.fixture
def domain(box: Sandbox, sagemaker: Any) -> str:
    made = sagemaker.create_domain(**{**DOMAIN, "DefaultUserSettings": {"ExecutionRole": box.role_arn}})
    box.control.advance(60)
    sagemaker.create_user_profile(DomainId=made["DomainId"], UserProfileName="eve")
    sagemaker.create_space(
        DomainId=made["DomainId"],
        SpaceName="lab",
        OwnershipSettings={"OwnerUserProfileName": "eve"},
        SpaceSharingSettings={"SharingType": "Private"},
        SpaceSettings={"AppType": "JupyterLab"},
    )
    box.control.advance(10)
    return str(made["DomainId"])


def test_a_space_s_app_starts_stops_and_starts_again(box: Sandbox, sagemaker: Any, domain: str) -> None:
    app = {"DomainId": domain, "SpaceName": "lab", "AppType": "JupyterLab", "AppName": "default"}
    sagemaker.create_app(**app, ResourceSpec={"InstanceType": "ml.t3.medium"})
    assert sagemaker.describe_app(**app)["Status"] == "Pending"
    box.control.advance(60)
    assert sagemaker.describe_app(**app)["Status"] == "InService"
    with pytest.raises(sagemaker.exceptions.ResourceInUse):
        sagemaker.create_app(**app)
    with pytest.raises(sagemaker.exceptions.ResourceInUse):
        sagemaker.delete_space(DomainId=domain, SpaceName="lab")
    sagemaker.delete_app(**app)
    assert sagemaker.describe_app(**app)["Status"] == "Deleting"
    box.control.advance(20)
    listed = sagemaker.list_apps(DomainIdEquals=domain)["Apps"]
    assert [(item["Status"], item["SpaceName"]) for item in listed] == [("Deleted", "lab")]
    sagemaker.create_app(**app)
    assert sagemaker.describe_app(**app)["Status"] == "Pending"


def test_spaces_are_listed_with_owner_and_storage(sagemaker: Any, domain: str) -> None:
    space = sagemaker.list_spaces(DomainIdEquals=domain)["Spaces"][0]
    assert space["OwnershipSettingsSummary"] == {"OwnerUserProfileName": "eve"}
    assert (
        space["SpaceSettingsSummary"]["SpaceStorageSettings"]["EbsStorageSettings"]["EbsVolumeSizeInGb"] == 5
    )
    assert sagemaker.list_spaces(SpaceNameContains="zzz")["Spaces"] == []


def test_apps_need_what_they_stand_on(box: Sandbox, sagemaker: Any, domain: str) -> None:
    app = {"DomainId": domain, "AppType": "JupyterLab", "AppName": "default"}
    with pytest.raises(sagemaker.exceptions.ResourceNotFound, match=r"Space \[nowhere\] does not exist"):
        sagemaker.create_app(**app, SpaceName="nowhere")
    with pytest.raises(ClientError, match="Exactly one of UserProfileName and SpaceName"):
        sagemaker.create_app(**app)
    with pytest.raises(sagemaker.exceptions.ResourceNotFound):
        sagemaker.describe_app(**app, SpaceName="lab")


def test_a_domain_is_deleted_after_its_children(box: Sandbox, sagemaker: Any, domain: str) -> None:
    with pytest.raises(sagemaker.exceptions.ResourceInUse):
        sagemaker.delete_domain(DomainId=domain)
    sagemaker.delete_space(DomainId=domain, SpaceName="lab")
    sagemaker.delete_user_profile(DomainId=domain, UserProfileName="eve")
    box.control.advance(10)
    sagemaker.delete_domain(DomainId=domain)
    box.control.advance(30)
    assert sagemaker.list_domains()["Domains"] == []


def test_a_notebook_instance_stops_and_starts(box: Sandbox, sagemaker: Any) -> None:
    name = {"NotebookInstanceName": "nb"}
    sagemaker.create_notebook_instance(**name, InstanceType="ml.t3.medium", RoleArn=box.role_arn)
    with pytest.raises(ClientError, match=r"Status \(Pending\) not in \(\[InService\]\)"):
        sagemaker.stop_notebook_instance(**name)
    seen = []
    for act in (None, sagemaker.stop_notebook_instance, sagemaker.start_notebook_instance):
        if act:
            act(**name)
        for _ in range(2):
            seen.append(sagemaker.describe_notebook_instance(**name)["NotebookInstanceStatus"])
            box.control.advance(120)
    assert seen == ["Pending", "InService", "Stopping", "Stopped", "Pending", "InService"]
    with pytest.raises(ClientError, match=r"Unable to transition to \(Deleting\)"):
        sagemaker.delete_notebook_instance(**name)
    sagemaker.stop_notebook_instance(**name)
    box.control.advance(40)
    sagemaker.delete_notebook_instance(**name)
    box.control.advance(20)
    with pytest.raises(ClientError, match="RecordNotFound"):
        sagemaker.describe_notebook_instance(**name)


def make_endpoint(box: Sandbox, sagemaker: Any) -> None:
    sagemaker.create_model(ModelName="m", ExecutionRoleArn=box.role_arn, PrimaryContainer={"Image": "i"})
    variant = {"VariantName": "v", "ModelName": "m", "InstanceType": "ml.m5.large", "InitialInstanceCount": 2}
    sagemaker.create_endpoint_config(EndpointConfigName="c", ProductionVariants=[variant])
    sagemaker.create_endpoint(EndpointName="e", EndpointConfigName="c")


def test_an_endpoint_comes_into_service_is_updated_and_deleted(box: Sandbox, sagemaker: Any) -> None:
    make_endpoint(box, sagemaker)
    assert sagemaker.describe_endpoint(EndpointName="e")["EndpointStatus"] == "Creating"
    with pytest.raises(ClientError, match="Cannot update in-progress endpoint"):
        sagemaker.delete_endpoint(EndpointName="e")
    box.control.advance(180)
    endpoint = sagemaker.describe_endpoint(EndpointName="e")
    assert endpoint["EndpointStatus"] == "InService"
    assert endpoint["ProductionVariants"][0]["CurrentInstanceCount"] == 2
    sagemaker.update_endpoint(EndpointName="e", EndpointConfigName="c")
    assert sagemaker.describe_endpoint(EndpointName="e")["EndpointStatus"] == "Updating"
    box.control.advance(120)
    sagemaker.delete_endpoint(EndpointName="e")
    box.control.advance(15)
    with pytest.raises(ClientError, match='Could not find endpoint "arn:aws:sagemaker:'):
        sagemaker.describe_endpoint(EndpointName="e")
    assert sagemaker.describe_endpoint_config(EndpointConfigName="c")["ProductionVariants"]
    assert sagemaker.describe_model(ModelName="m")["ModelArn"]


def test_an_endpoint_needs_its_config_and_the_config_its_model(sagemaker: Any) -> None:
    with pytest.raises(ClientError, match="Could not find endpoint configuration"):
        sagemaker.create_endpoint(EndpointName="e", EndpointConfigName="c")
    variant = {"VariantName": "v", "ModelName": "m", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    with pytest.raises(ClientError, match="Could not find model"):
        sagemaker.create_endpoint_config(EndpointConfigName="c", ProductionVariants=[variant])


def test_transform_and_tuning_jobs_run_their_course(box: Sandbox, sagemaker: Any) -> None:
    source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"s3://{box.bucket}/in"}}
    sagemaker.create_transform_job(
        TransformJobName="t",
        ModelName="m",
        TransformInput={"DataSource": source},
        TransformOutput={"S3OutputPath": f"s3://{box.bucket}/out"},
        TransformResources={"InstanceType": "ml.m5.large", "InstanceCount": 1},
    )
    limits = {"MaxNumberOfTrainingJobs": 4, "MaxParallelTrainingJobs": 2}
    sagemaker.create_hyper_parameter_tuning_job(
        HyperParameterTuningJobName="h",
        HyperParameterTuningJobConfig={"Strategy": "Random", "ResourceLimits": limits},
    )
    counters = sagemaker.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName="h")
    assert counters["TrainingJobStatusCounters"]["InProgress"] == 2
    box.control.advance(400)
    job = sagemaker.describe_transform_job(TransformJobName="t")
    assert job["TransformJobStatus"] == "Completed"
    assert job["TransformEndTime"] >= job["TransformStartTime"]
    summary = sagemaker.list_hyper_parameter_tuning_jobs()["HyperParameterTuningJobSummaries"][0]
    assert (summary["HyperParameterTuningJobStatus"], summary["Strategy"]) == ("Completed", "Random")


def test_tracking_servers_say_whether_they_are_active(box: Sandbox, sagemaker: Any) -> None:
    sagemaker.create_mlflow_tracking_server(
        TrackingServerName="mlflow", ArtifactStoreUri=f"s3://{box.bucket}/ml", RoleArn=box.role_arn
    )
    box.control.advance(600)
    assert sagemaker.list_mlflow_tracking_servers()["TrackingServerSummaries"][0]["IsActive"] == "Active"
    sagemaker.stop_mlflow_tracking_server(TrackingServerName="mlflow")
    box.control.advance(120)
    server = sagemaker.describe_mlflow_tracking_server(TrackingServerName="mlflow")
    assert (server["TrackingServerStatus"], server["IsActive"]) == ("Stopped", "Inactive")


def test_regions_are_apart(box: Sandbox, sagemaker: Any) -> None:
    make_endpoint(box, sagemaker)
    assert sagemaker.list_endpoints()["Endpoints"]
    assert box.client("sagemaker", region_name="eu-west-1").list_endpoints()["Endpoints"] == []


def test_two_sandboxes_of_one_process_share_nothing(box: Sandbox, sagemaker: Any) -> None:
    with Sandbox() as other:
        assert other.account_id != box.account_id
        other.client("s3").put_object(Bucket=other.bucket, Key="k", Body=b"")
        other.client("sagemaker").create_image(ImageName="i", RoleArn=other.role_arn)
        assert sagemaker.list_images()["Images"] == []
        assert [bucket["Name"] for bucket in box.client("s3").list_buckets()["Buckets"]] == [box.bucket]
