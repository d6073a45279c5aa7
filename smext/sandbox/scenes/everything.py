"""Busy account with at least one of every kind that smext knows, and with what is easily counted twice."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from moto.emr import models as emr_models

from ..request_templates import instance_variant, processing, serverless_variant, tags, training
from ..sagemaker.resources import Resource
from ..scene import Scene
from . import busy

# moto gives it no methods for CloudFormation, which mypy takes for abstract.
_Cluster: Any = emr_models.Cluster
_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


def build(scene: Scene) -> None:
    """Add the busy account, and the kinds that it lacks."""
    busy.build(scene)
    _apps(scene)
    _training(scene)
    _causes(scene)
    _model_jobs(scene)
    _customization(scene)
    _endpoints(scene)
    _routing(scene)
    _machines(scene)
    _other_resources(scene)
    _emr(scene)
    _file_systems(scene)


def _apps(scene: Scene) -> None:
    for person, kind, name, instance in (
        ("jonas", "KernelGateway", "pytorch-2-ml-m5-xlarge", "ml.m5.xlarge"),  # on the machine of another app
        ("priya", "KernelGateway", "base-python", "system"),
        ("priya", "TensorBoard", "default", "ml.t3.medium"),
        ("priya", "RStudioServerPro", "default", "ml.t3.medium"),
        ("priya", "RSessionGateway", "session", "ml.m5.large"),
    ):
        scene.place(
            "App",
            "InService",
            7 * _HOUR,
            DomainId=busy.DOMAIN,
            UserProfileName=person,
            AppType=kind,
            AppName=name,
            ResourceSpec={"InstanceType": instance},
        )


def _training(scene: Scene) -> None:
    mixed = training(scene, "mixed-cluster-4")
    groups = [("ml.g5.xlarge", 2, "gpu"), ("ml.c5.2xlarge", 1, "data")]
    mixed["ResourceConfig"] = {
        "VolumeSizeInGB": 50,
        "InstanceGroups": [
            {"InstanceType": kind, "InstanceCount": count, "InstanceGroupName": name}
            for kind, count, name in groups
        ],
    }
    scene.place("TrainingJob", "InProgress", 2 * _HOUR, lasted=10 * _MINUTE, **mixed)
    planned = training(scene, "llm-pretrain-planned", "ml.p5.48xlarge", 2)
    planned["ResourceConfig"]["TrainingPlanArn"] = _arn(scene, "training-plan/p5-november")
    scene.place("TrainingJob", "InProgress", 5 * _HOUR, lasted=20 * _MINUTE, **planned)
    newest = training(scene, "brand-new-machines", "ml.p5.48xlarge")
    job = scene.place("TrainingJob", "InProgress", 3 * _HOUR, lasted=10 * _MINUTE, **newest)
    job.fields["ResourceConfig"]["InstanceType"] = "ml.x9.96xlarge"


def _causes(scene: Scene) -> None:
    tuning: Any = {
        "HyperParameterTuningJobConfig": {
            "Strategy": "Bayesian",
            "ResourceLimits": {"MaxNumberOfTrainingJobs": 20, "MaxParallelTrainingJobs": 2},
        }
    }
    for name, status, age in (("churn-search-4", "InProgress", _HOUR), ("churn-search-3", "Completed", _DAY)):
        scene.place(
            "HyperParameterTuningJob",
            status,
            age,
            lasted=20 * _MINUTE,
            HyperParameterTuningJobName=name,
            **tuning,
        )
    for index in (1, 2):
        child = training(scene, f"churn-search-4-00{index}", "ml.m5.xlarge", Tags=tags(owner="priya"))
        trial = scene.place("TrainingJob", "InProgress", 30 * _MINUTE, lasted=10 * _MINUTE, **child)
        trial.fields["TuningJobArn"] = _arn(scene, "hyper-parameter-tuning-job/churn-search-4")
    scene.place("AutoMLJob", "InProgress", _HOUR, AutoMLJobName="automl-prices", RoleArn=scene.role)
    scene.place("AutoMLJob", "Completed", 2 * _DAY, AutoMLJobName="automl-churn", RoleArn=scene.role)
    _pipelines(scene)
    scene.place(
        "MonitoringSchedule",
        "Scheduled",
        20 * _DAY,
        MonitoringScheduleName="ranker-data-quality",
        EndpointName="ranker-prod",
        MonitoringScheduleConfig={
            "ScheduleConfig": {"ScheduleExpression": "cron(0 * ? * * *)"},
            "MonitoringType": "DataQuality",
        },
    )
    monitored = processing(scene, "ranker-data-quality-1120", "ml.m5.xlarge")
    check = scene.place("ProcessingJob", "InProgress", 12 * _MINUTE, lasted=10 * _MINUTE, **monitored)
    check.fields["MonitoringScheduleArn"] = _arn(scene, "monitoring-schedule/ranker-data-quality")


def _pipelines(scene: Scene) -> None:
    for name in ("nightly-features", "retrain-weekly", "never-run"):
        scene.place("Pipeline", "Active", 60 * _DAY, PipelineName=name, RoleArn=scene.role)
    for name, status, age in (
        ("nightly-features", "Succeeded", 26 * _HOUR),
        ("nightly-features", "Executing", _HOUR),
        ("retrain-weekly", "Failed", 30 * _HOUR),
    ):
        scene.place("PipelineExecution", status, age, PipelineName=name, reason="Step Train failed.")


def _model_jobs(scene: Scene) -> None:
    for name, status in (("label-receipts", "InProgress"), ("label-logos", "Completed")):
        scene.place("LabelingJob", status, 6 * _HOUR, LabelingJobName=name)
    for name, status in (("edge-resnet", "INPROGRESS"), ("edge-mobilenet", "COMPLETED")):
        scene.place(
            "CompilationJob",
            status,
            20 * _MINUTE,
            CompilationJobName=name,
            OutputConfig={"TargetDevice": "jetson_nano"},
        )
    scene.place(
        "OptimizationJob",
        "INPROGRESS",
        40 * _MINUTE,
        OptimizationJobName="llama-awq",
        DeploymentInstanceType="ml.g5.12xlarge",
    )
    scene.place(
        "InferenceRecommendationsJob", "IN_PROGRESS", 30 * _MINUTE, JobName="ranker-sizing", JobType="Default"
    )
    scene.place("AIBenchmarkJob", "InProgress", 15 * _MINUTE, AIBenchmarkJobName="summarizer-load")
    scene.place(
        "AIRecommendationJob",
        "InProgress",
        25 * _MINUTE,
        AIRecommendationJobName="summarizer-machines",
        ComputeSpec={"InstanceTypes": ["ml.g6.12xlarge", "ml.p5.48xlarge"]},
    )


def _customization(scene: Scene) -> None:
    for category, name, status in (
        ("AgentRFT", "helpdesk-agent", "InProgress"),
        ("AgentRFTEvaluation", "helpdesk-agent-eval", "Completed"),
        ("DataQualityEvaluation", "tickets-quality", "Stopping"),
        ("DataTransformation", "tickets-to-chat", "InProgress"),
        ("SyntheticDataGeneration", "tickets-made-up", "InProgress"),
    ):
        scene.place("Job", status, 50 * _MINUTE, JobCategory=category, JobName=name, RoleArn=scene.role)
    for name, status in (("lora-by-hand", "Running"), ("lora-yesterday", "Stopped")):
        scene.place(
            "TrainingSession",
            status,
            2 * _HOUR,
            TrainingSessionName=name,
            LoraConfig={"Rank": 16, "Alpha": 32},
            BillableTokenUsage={"PrefillTokenCount": 0, "SampleTokenCount": 0, "TrainingTokenCount": 812_000},
        )


def _routing(scene: Scene) -> None:
    scene.place(
        "InferenceRouter",
        "InService",
        8 * _DAY,
        InferenceRouterName="ranker-everywhere",
        RoutingTargets=[
            {"Name": "ranker", "Destinations": [{"ResourceArn": _arn(scene, "endpoint/ranker-prod")}]}
        ],
    )
    scene.place("GlobalInferenceGateway", "ACTIVE", 8 * _DAY, Name="llm-everywhere")


def _endpoints(scene: Scene) -> None:
    shadow = _endpoint(
        scene,
        "ranker-shadow",
        ProductionVariants=[instance_variant("ranker-v3", "ml.c5.xlarge", 1, "blue")],
        ShadowProductionVariants=[instance_variant("ranker-v4", "ml.c5.xlarge", 1, "shadow")],
    )
    _endpoint(
        scene,
        "documents-async",
        ProductionVariants=[instance_variant("ocr-lite", "ml.m5.xlarge", 2)],
        AsyncInferenceConfig={"OutputConfig": {"S3OutputPath": f"s3://{scene.bucket}/documents"}},
    )
    asleep = _endpoint(
        scene, "asleep-async", ProductionVariants=[instance_variant("ocr-lite", "ml.g5.xlarge")]
    )
    asleep.fields["ProductionVariants"][0] |= {"CurrentInstanceCount": 0, "DesiredInstanceCount": 0}
    ready = serverless_variant("ocr-lite")
    ready["ServerlessConfig"]["ProvisionedConcurrency"] = 2
    _endpoint(scene, "ocr-always-ready", ProductionVariants=[ready])
    pools = _endpoint(
        scene, "llm-pools", ProductionVariants=[instance_variant("summarizer-7b", "ml.g5.xlarge", 3)]
    )
    pools.fields["ProductionVariants"][0] |= {
        "InstancePools": [
            {"InstanceType": "ml.g5.xlarge", "CurrentInstanceCount": 2},
            {"InstanceType": "ml.g5.2xlarge", "CurrentInstanceCount": 1},
        ]
    }
    scene.place(
        "InferenceComponent",
        "InService",
        3 * _DAY,
        InferenceComponentName="summarizer-adapter",
        EndpointName="llm-pools",
        VariantName="AllTraffic",
        RuntimeConfig={"CopyCount": 2},
    )
    scene.place(
        "InferenceExperiment",
        "Running",
        2 * _DAY,
        Name="ranker-v4-shadow",
        Type="ShadowMode",
        EndpointMetadata={"EndpointName": shadow.fields["EndpointName"]},
        ModelVariants=[{"ModelName": "ranker-v4", "VariantName": "shadow"}],
    )


def _endpoint(scene: Scene, name: str, **config: Any) -> Resource:
    scene.place("EndpointConfig", "", 5 * _DAY, EndpointConfigName=f"{name}-config", **config)
    return scene.place(
        "Endpoint", "InService", 5 * _DAY, EndpointName=name, EndpointConfigName=f"{name}-config"
    )


def _machines(scene: Scene) -> None:
    for name, status, size in (
        ("experiments", "Created", "Small"),
        ("research-runs", "Started", "Medium"),
        ("old-experiments", "Stopped", "Small"),
    ):
        scene.place(
            "MlflowTrackingServer", status, 30 * _DAY, TrackingServerName=name, TrackingServerSize=size
        )
    cluster = scene.place(
        "Cluster",
        "InService",
        9 * _DAY,
        ClusterName="llm-hyperpod",
        InstanceGroups=[
            {"InstanceGroupName": "workers", "InstanceType": "ml.g5.12xlarge", "InstanceCount": 2},
            {"InstanceGroupName": "reserved", "InstanceType": "ml.p5.48xlarge", "InstanceCount": 1},
        ],
    )
    cluster.fields["InstanceGroups"][1]["TrainingPlanArn"] = _arn(scene, "training-plan/p5-november")


def _other_resources(scene: Scene) -> None:
    now = datetime.now(timezone.utc)
    scene.place(
        "TrainingPlan",
        "Active",
        20 * _DAY,
        TrainingPlanName="p5-november",
        StartTime=now - 9 * _DAY,
        EndTime=now + 5 * _DAY,
        UpfrontFee="41184.00",
        TotalInstanceCount=3,
        AvailableInstanceCount=0,
    )
    online = {"EnableOnlineStore": True}
    for name, more in (
        ("customers", {"OnlineStoreConfig": online}),
        (
            "clicks-provisioned",
            {"OnlineStoreConfig": online, "ThroughputConfig": {"ThroughputMode": "Provisioned"}},
        ),
        ("sessions-in-memory", {"OnlineStoreConfig": {**online, "StorageType": "InMemory"}}),
        ("archive-offline", {}),
    ):
        scene.place(
            "FeatureGroup",
            "Created",
            50 * _DAY,
            FeatureGroupName=name,
            RecordIdentifierFeatureName="id",
            EventTimeFeatureName="at",
            FeatureDefinitions=[{"FeatureName": "id", "FeatureType": "String"}],
            **more,
        )
    scene.place("MlflowApp", "Created", 11 * _DAY, Name="tracking", MlflowVersion="3.4")
    scene.place("PartnerApp", "Available", 6 * _DAY, Name="comet-team", Type="comet", Tier="small")


def _emr(scene: Scene) -> None:
    emr = scene.box.backends.service("emr", scene.region)
    for name, state in (("spark-team", "WAITING"), ("spark-old", "TERMINATED")):
        cluster = _Cluster(
            emr,
            name=name,
            log_uri=f"s3://{scene.bucket}/emr",
            job_flow_role="EMR_EC2_DefaultRole",
            service_role="EMR_DefaultRole",
            steps=[],
            instance_attrs={"keep_job_flow_alive_when_no_steps": True},
            release_label="emr-7.5.0",
        )
        cluster.state = state
    serverless = scene.box.backends.service("emr-serverless", scene.region)
    ready = {"DRIVER": {"workerCount": 2}}
    for name, capacity, runs, release in (
        ("spark-ready", ready, 0, "7.5.0"),
        ("spark-on-demand", {}, 0, "7.5.0"),
        ("spark-busy", {}, 2, "7.5.0"),
        ("spark-interactive", {}, 0, "7.13.0"),
    ):
        application = serverless.create_application(
            name, f"emr-{release}", "SPARK", name, capacity, {}, {}, {}, {}, None
        )
        application.state = "STARTED"
        # moto's list of an application without runs is an error, AWS's is empty.
        serverless.job_runs[application.id] = []
        for _ in range(runs):
            run = serverless.start_job_run(
                application.id, name, scene.box.role_arn, {}, None, {}, None, f"{name}-run"
            )
            run.state = "RUNNING"
        if release == "7.13.0":
            scene.box.emr_sessions[application.id] = [
                _session(application.id, state) for state in ("TERMINATED", "IDLE")
            ]


def _session(application: str, state: str) -> dict[str, Any]:
    return {"applicationId": application, "sessionId": f"session-{state.lower()}", "state": state}


def _file_systems(scene: Scene) -> None:
    efs = scene.box.backends.service("efs", scene.region)
    for name, its_tags in (
        (
            "home",
            [{"Key": "ManagedByAmazonSageMakerResource", "Value": _arn(scene, f"domain/{busy.DOMAIN}")}],
        ),
        ("of-another-team", [{"Key": "team", "Value": "web"}]),
    ):
        made = efs.create_file_system(
            creation_token=name,
            performance_mode="generalPurpose",
            encrypted=True,
            kms_key_id=None,
            throughput_mode="bursting",
            provisioned_throughput_in_mibps=None,
            availability_zone_name=None,
            backup=False,
            tags=[{"Key": "Name", "Value": name}, *its_tags],
        )
        made.life_cycle_state = "available"
        made._size_value = 42 * 2**30


def _arn(scene: Scene, what: str) -> str:
    return f"arn:aws:sagemaker:{scene.region}:{scene.account}:{what}"
