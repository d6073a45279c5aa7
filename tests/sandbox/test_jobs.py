from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from botocore.exceptions import ClientError

from smext.sandbox import Sandbox


def training(box: Sandbox, name: str = "job", **more: Any) -> dict[str, Any]:
    return {
        "TrainingJobName": name,
        "RoleArn": box.role_arn,
        "AlgorithmSpecification": {"TrainingImage": "image", "TrainingInputMode": "File"},
        "OutputDataConfig": {"S3OutputPath": f"s3://{box.bucket}/out"},
        "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 5},
        "StoppingCondition": {"MaxRuntimeInSeconds": 600},
        **more,
    }


def processing(box: Sandbox, name: str = "job", **more: Any) -> dict[str, Any]:
    cluster = {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 5}
    return {
        "ProcessingJobName": name,
        "RoleArn": box.role_arn,
        "AppSpecification": {"ImageUri": "image"},
        "ProcessingResources": {"ClusterConfig": cluster},
        **more,
    }


def test_a_training_job_moves_through_its_statuses(box: Sandbox, sagemaker: Any) -> None:
    sagemaker.create_training_job(**training(box))
    seen = []
    for _ in range(20):
        job = sagemaker.describe_training_job(TrainingJobName="job")
        seen.append(job["SecondaryStatus"])
        box.control.advance(10)
    assert list(dict.fromkeys(seen)) == ["Starting", "Downloading", "Training", "Uploading", "Completed"]
    assert job["TrainingJobStatus"] == "Completed"
    assert [step["Status"] for step in job["SecondaryStatusTransitions"]] == [
        "Starting",
        "Starting",
        "Downloading",
        "Training",
        "Uploading",
        "Completed",
    ]
    assert all(step["EndTime"] >= step["StartTime"] for step in job["SecondaryStatusTransitions"])
    assert job["TrainingEndTime"] >= job["TrainingStartTime"] >= job["CreationTime"]
    assert job["LastModifiedTime"] == job["TrainingEndTime"]
    assert job["ModelArtifacts"]["S3ModelArtifacts"] == f"s3://{box.bucket}/out/job/output/model.tar.gz"


def test_statuses_move_by_themselves_with_the_clock() -> None:
    with Sandbox(speed=100_000) as box:
        sagemaker = box.client("sagemaker")
        sagemaker.create_training_job(**training(box))
        for _ in range(100):
            job = sagemaker.describe_training_job(TrainingJobName="job")
            if job["TrainingJobStatus"] == "Completed":
                break
    assert job["TrainingJobStatus"] == "Completed"
    assert job["TrainingEndTime"] <= datetime.now(timezone.utc)


def test_what_the_request_said_is_kept(box: Sandbox, sagemaker: Any) -> None:
    sagemaker.create_training_job(**training(box, Environment={"A": "1"}))
    sagemaker.create_processing_job(**processing(box, Environment={"B": "2"}))
    assert sagemaker.describe_training_job(TrainingJobName="job")["Environment"] == {"A": "1"}
    job = sagemaker.describe_processing_job(ProcessingJobName="job")
    assert job["Environment"] == {"B": "2"}
    assert job["ProcessingResources"]["ClusterConfig"]["InstanceType"] == "ml.m5.xlarge"


def test_a_stopped_job_goes_through_stopping(box: Sandbox, sagemaker: Any) -> None:
    sagemaker.create_training_job(**training(box))
    sagemaker.create_processing_job(**processing(box))
    box.control.advance(60)
    sagemaker.stop_training_job(TrainingJobName="job")
    sagemaker.stop_processing_job(ProcessingJobName="job")
    assert sagemaker.describe_training_job(TrainingJobName="job")["TrainingJobStatus"] == "Stopping"
    assert sagemaker.describe_processing_job(ProcessingJobName="job")["ProcessingJobStatus"] == "Stopping"
    box.control.advance(30)
    assert sagemaker.describe_training_job(TrainingJobName="job")["TrainingJobStatus"] == "Stopped"
    assert sagemaker.describe_processing_job(ProcessingJobName="job")["ProcessingJobStatus"] == "Stopped"
    with pytest.raises(ClientError, match="is in status Stopped"):
        sagemaker.stop_training_job(TrainingJobName="job")


def test_a_name_is_taken_once(box: Sandbox, sagemaker: Any) -> None:
    sagemaker.create_training_job(**training(box))
    with pytest.raises(sagemaker.exceptions.ResourceInUse, match="already exists"):
        sagemaker.create_training_job(**training(box))
    sagemaker.create_processing_job(**processing(box))
    with pytest.raises(sagemaker.exceptions.ResourceInUse):
        sagemaker.create_processing_job(**processing(box))


def test_unknown_jobs_are_missed_as_the_service_does(sagemaker: Any) -> None:
    with pytest.raises(ClientError) as training_error:
        sagemaker.describe_training_job(TrainingJobName="nobody")
    assert training_error.value.response["Error"] == {
        "Code": "ValidationException",
        "Message": "Requested resource not found.",
    }
    with pytest.raises(sagemaker.exceptions.ResourceNotFound):
        sagemaker.describe_processing_job(ProcessingJobName="nobody")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"TrainingJobName": "-bad"}, "regular expression pattern"),
        ({"TrainingJobName": "x" * 64}, "length less than or equal to 63"),
        (
            {"ResourceConfig": {"InstanceType": "ml.zz9.large", "InstanceCount": 1, "VolumeSizeInGB": 5}},
            "Value 'ml.zz9.large' at 'resourceConfig.instanceType' failed to satisfy constraint: "
            "Member must satisfy enum value set",
        ),
        ({"RoleArn": "arn:aws:iam::123456789012:user/someone"}, "at 'roleArn' failed"),
    ],
)
def test_bad_requests_are_refused_with_the_service_s_words(
    box: Sandbox, sagemaker: Any, change: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(ClientError) as refused:
        sagemaker.create_training_job(**{**training(box), **change})
    assert refused.value.response["Error"]["Code"] == "ValidationException"
    assert complaint in refused.value.response["Error"]["Message"]


def test_a_job_writes_log_lines_while_it_works(box: Sandbox, sagemaker: Any) -> None:
    sagemaker.create_training_job(**training(box))
    box.control.advance(70)
    logs = box.client("logs")
    group = "/aws/sagemaker/TrainingJobs"
    streams = logs.describe_log_streams(logGroupName=group, logStreamNamePrefix="job/")["logStreams"]
    events = logs.get_log_events(logGroupName=group, logStreamName=streams[0]["logStreamName"])["events"]
    assert streams[0]["logStreamName"].startswith("job/algo-1-")
    assert any(event["message"].startswith("step 1/") for event in events)


def test_lists_are_filtered_sorted_and_paged(box: Sandbox, sagemaker: Any) -> None:
    for index in range(25):
        sagemaker.create_processing_job(**processing(box, f"job-{index:02d}"))
    sagemaker.stop_processing_job(ProcessingJobName="job-07")
    first = sagemaker.list_processing_jobs()
    assert len(first["ProcessingJobSummaries"]) == 10
    assert first["ProcessingJobSummaries"][0]["ProcessingJobName"] == "job-24"
    pages = sagemaker.get_paginator("list_processing_jobs").paginate(
        SortBy="Name", SortOrder="Ascending", PaginationConfig={"PageSize": 4}
    )
    names = [job["ProcessingJobName"] for page in pages for job in page["ProcessingJobSummaries"]]
    assert names == [f"job-{index:02d}" for index in range(25)]
    stopping = sagemaker.list_processing_jobs(StatusEquals="Stopping")["ProcessingJobSummaries"]
    assert [job["ProcessingJobName"] for job in stopping] == ["job-07"]
    named = sagemaker.list_processing_jobs(NameContains="OB-1", MaxResults=100)["ProcessingJobSummaries"]
    assert len(named) == 10
    later = datetime.now(timezone.utc) + timedelta(hours=1)
    assert sagemaker.list_processing_jobs(CreationTimeAfter=later)["ProcessingJobSummaries"] == []
    with pytest.raises(ClientError, match="Invalid NextToken"):
        sagemaker.list_processing_jobs(NextToken="nonsense")


def test_training_jobs_are_filtered_by_status_after_the_page_was_cut(box: Sandbox, sagemaker: Any) -> None:
    for index in range(15):
        sagemaker.create_training_job(**training(box, f"job-{index:02d}"))
    sagemaker.stop_training_job(TrainingJobName="job-00")
    first = sagemaker.list_training_jobs(StatusEquals="Stopping")
    assert first["TrainingJobSummaries"] == []
    assert first["NextToken"]


def test_tags_are_kept_changed_and_found(box: Sandbox, sagemaker: Any) -> None:
    tags = [{"Key": "smext:notebook", "Value": "a/b.ipynb"}]
    arn = sagemaker.create_processing_job(**processing(box, Tags=tags))["ProcessingJobArn"]
    sagemaker.create_training_job(**training(box, Tags=tags))
    sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "team", "Value": "crm"}])
    assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == [*tags, {"Key": "team", "Value": "crm"}]
    found = box.client("resourcegroupstaggingapi").get_resources(
        TagFilters=[{"Key": "smext:notebook", "Values": ["a/b.ipynb"]}],
        ResourceTypeFilters=["sagemaker:processing-job"],
    )["ResourceTagMappingList"]
    assert [item["ResourceARN"] for item in found] == [arn]
    sagemaker.delete_tags(ResourceArn=arn, TagKeys=["smext:notebook"])
    assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "team", "Value": "crm"}]


def test_search_finds_training_jobs_by_tag(box: Sandbox, sagemaker: Any) -> None:
    for name, team in (("a", "crm"), ("b", "ads")):
        sagemaker.create_training_job(**training(box, name, Tags=[{"Key": "team", "Value": team}]))
    found = sagemaker.search(
        Resource="TrainingJob",
        SearchExpression={"Filters": [{"Name": "Tags.team", "Operator": "Equals", "Value": "crm"}]},
    )
    assert [result["TrainingJob"]["TrainingJobName"] for result in found["Results"]] == ["a"]
    assert found["Results"][0]["TrainingJob"]["Tags"] == [{"Key": "team", "Value": "crm"}]
