"""Busy account: three people, their jobs, endpoints, spaces and notebook instances."""

from __future__ import annotations

from datetime import timedelta

from ..past_runs import notebook_run
from ..request_templates import (
    STUDIO_IMAGE,
    instance_variant,
    processing,
    serverless_variant,
    tags,
    training,
    transform,
)
from ..sagemaker.resources import Fields, Resource
from ..scene import Scene

DOMAIN = "d-sandbox12345"
ME = "maria"
MY_SPACE = "maria-lab"
_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


def build(scene: Scene) -> None:
    """Add the resources, and run the client in Maria's space."""
    _studio(scene)
    _training(scene)
    _processing(scene)
    _notebook_runs(scene)
    _hosting(scene)
    _notebook_instances(scene)


def _studio(scene: Scene) -> None:
    settings = {"ExecutionRole": scene.role}
    scene.place(
        "Domain",
        "InService",
        400 * _DAY,
        DomainId=DOMAIN,
        DomainName="data-science",
        AuthMode="IAM",
        DefaultUserSettings=settings,
        SubnetIds=["subnet-0a1b2c3d"],
        VpcId="vpc-0a1b2c3d",
    )
    for person, age in ((ME, 380), ("jonas", 350), ("priya", 120)):
        scene.place(
            "UserProfile",
            "InService",
            age * _DAY,
            DomainId=DOMAIN,
            UserProfileName=person,
            UserSettings=settings,
        )
    mine = _space(scene, MY_SPACE, ME, "JupyterLab", "ml.t3.medium", 20, 90 * _DAY)
    here = _app(scene, MY_SPACE, "JupyterLab", 3 * _HOUR)
    _space(scene, "jonas-gpu", "jonas", "JupyterLab", "ml.g5.xlarge", 100, 60 * _DAY)
    _app(scene, "jonas-gpu", "JupyterLab", 3 * _DAY + 2 * _HOUR)
    _space(scene, "maria-editor", ME, "CodeEditor", "ml.t3.large", 5, 30 * _DAY)
    _app(scene, "maria-editor", "CodeEditor", 5 * _HOUR)
    _space(scene, "priya-archive", "priya", "JupyterLab", "ml.m5.4xlarge", 250, 110 * _DAY)
    _classic(scene, "jonas", "KernelGateway", "datascience-1-0-ml-m5-xlarge", "ml.m5.xlarge", 26 * _HOUR)
    _classic(scene, "jonas", "JupyterServer", "default", "system", 26 * _HOUR)
    _classic(scene, "priya", "Canvas", "default", None, 9 * _HOUR)
    _here(scene, mine, here)


def _space(
    scene: Scene, name: str, owner: str, app_type: str, instance: str, gigabytes: int, age: timedelta
) -> Resource:
    storage = {"EbsStorageSettings": {"EbsVolumeSizeInGb": gigabytes}}
    settings = {"DefaultResourceSpec": {"InstanceType": instance, "SageMakerImageArn": _image(scene)}}
    return scene.place(
        "Space",
        "InService",
        age,
        DomainId=DOMAIN,
        SpaceName=name,
        OwnershipSettings={"OwnerUserProfileName": owner},
        SpaceSharingSettings={"SharingType": "Private"},
        SpaceSettings={
            "AppType": app_type,
            "SpaceStorageSettings": storage,
            f"{app_type}AppSettings": settings,
        },
    )


def _image(scene: Scene) -> str:
    return f"arn:aws:sagemaker:{scene.region}:885854791233:image/sagemaker-distribution-cpu"


def _app(scene: Scene, space: str, app_type: str, age: timedelta) -> Resource:
    return scene.place(
        "App", "InService", age, DomainId=DOMAIN, SpaceName=space, AppType=app_type, AppName="default"
    )


def _classic(
    scene: Scene, person: str, app_type: str, name: str, instance: str | None, age: timedelta
) -> None:
    spec: Fields = {"ResourceSpec": {"InstanceType": instance}} if instance else {}
    scene.place(
        "App",
        "InService",
        age,
        DomainId=DOMAIN,
        UserProfileName=person,
        AppType=app_type,
        AppName=name,
        **spec,
    )


def _here(scene: Scene, space: Resource, app: Resource) -> None:
    """Run the client in Maria's space, by its metadata file."""
    scene.stand_in(
        {
            "AppType": "JupyterLab",
            "DomainId": DOMAIN,
            "SpaceName": space.key[-1],
            "UserProfileName": ME,
            "ExecutionRoleArn": scene.role,
            "ResourceArn": app.arn,
            "ResourceName": "default",
        },
        {
            "SAGEMAKER_APP_TYPE": "JupyterLab",
            "SAGEMAKER_SPACE_TYPE_LOWERCASE": "private",
            "SAGEMAKER_INTERNAL_IMAGE_URI": STUDIO_IMAGE.format(region=scene.region),
        },
    )


def _training(scene: Scene) -> None:
    forecast = training(
        scene,
        "demand-forecast-2026-11-20",
        "ml.g5.2xlarge",
        hours=48,
        Environment={"EPOCHS": "40"},
        Tags=tags(team="forecasting", owner="jonas"),
    )
    scene.place("TrainingJob", "InProgress", 3 * _HOUR, lasted=20 * _MINUTE, **forecast)
    scene.create(
        "TrainingJob",
        2 * _MINUTE,
        **training(scene, "churn-xgb-tune-07", "ml.m5.2xlarge", Tags=tags(team="crm", owner="priya")),
    )
    spot = training(
        scene,
        "embeddings-spot-3",
        "ml.g5.xlarge",
        EnableManagedSpotTraining=True,
        StoppingCondition={"MaxRuntimeInSeconds": 36000, "MaxWaitTimeInSeconds": 72000},
    )
    scene.place("TrainingJob", "Completed", 2 * _DAY, lasted=5 * _HOUR, **spot)
    scene.place(
        "TrainingJob",
        "Completed",
        26 * _HOUR,
        lasted=42 * _MINUTE,
        **training(scene, "churn-xgb-tune-06", "ml.m5.2xlarge", Tags=tags(team="crm", owner="priya")),
    )
    scene.place(
        "TrainingJob",
        "Failed",
        7 * _HOUR,
        lasted=11 * _MINUTE,
        reason=(
            'AlgorithmError: ExecuteUserScriptError: ExitCode 1 ErrorMessage "torch.OutOfMemoryError: '
            'CUDA out of memory. Tried to allocate 2.50 GiB", exit code: 1'
        ),
        **training(scene, "segmentation-unet-12", "ml.g4dn.xlarge", Tags=tags(owner="jonas")),
    )
    scene.place(
        "TrainingJob",
        "Stopped",
        5 * _DAY,
        lasted=90 * _MINUTE,
        **training(scene, "llm-finetune-lora-2", "ml.g5.12xlarge", Tags=tags(owner="jonas")),
    )
    warm = training(scene, "warm-start-baseline", "ml.m5.xlarge")
    warm["ResourceConfig"]["KeepAlivePeriodInSeconds"] = 3600
    scene.place("TrainingJob", "Completed", 40 * _MINUTE, lasted=12 * _MINUTE, **warm)


def _processing(scene: Scene) -> None:
    scene.place(
        "ProcessingJob",
        "InProgress",
        50 * _MINUTE,
        lasted=10 * _MINUTE,
        **processing(scene, "clickstream-features-1120", "ml.m5.4xlarge", 2, Tags=tags(team="crm")),
    )
    scene.create("ProcessingJob", _MINUTE, **processing(scene, "quality-report-hourly"))
    scene.place(
        "ProcessingJob",
        "Completed",
        25 * _HOUR,
        lasted=18 * _MINUTE,
        **processing(scene, "clickstream-features-1119", "ml.m5.4xlarge", 2, Tags=tags(team="crm")),
    )
    scene.place(
        "ProcessingJob",
        "Failed",
        4 * _HOUR,
        lasted=6 * _MINUTE,
        reason="AlgorithmError: Container exited with a non-zero code, exit code: 137",
        **processing(scene, "join-orders-big", "ml.m5.large", Tags=tags(owner="priya")),
    )
    scene.place(
        "ProcessingJob", "Stopped", 3 * _DAY, lasted=33 * _MINUTE, **processing(scene, "backfill-2025")
    )


def _notebook_runs(scene: Scene) -> None:
    study = "churn/visits_study.ipynb"
    notebook_run(scene, study, ME, 27 * _HOUR, done=5)
    notebook_run(scene, study, ME, 6 * _HOUR, done=3, error="KeyError: 'tenure'")
    notebook_run(scene, "pricing/elasticity.ipynb", "priya", 14 * _MINUTE, done=2, instance="ml.m5.4xlarge")


def _hosting(scene: Scene) -> None:
    for model in ("ranker-v3", "ranker-v4", "churn-xgb", "summarizer-7b", "ocr-lite", "toxicity"):
        scene.place(
            "Model",
            "",
            40 * _DAY,
            ModelName=model,
            ExecutionRoleArn=scene.role,
            PrimaryContainer={"Image": STUDIO_IMAGE.format(region=scene.region)},
        )
    _endpoint(
        scene, "summarizer-demo", "InService", 12 * _DAY, instance_variant("summarizer-7b", "ml.g5.2xlarge")
    )
    _endpoint(
        scene,
        "ranker-prod",
        "InService",
        38 * _DAY,
        instance_variant("ranker-v3", "ml.c5.xlarge", 2, "blue", 0.9),
        instance_variant("ranker-v4", "ml.c5.2xlarge", 1, "green", 0.1),
    )
    _endpoint(scene, "ocr-on-demand", "InService", 20 * _DAY, serverless_variant("ocr-lite"))
    _endpoint(scene, "churn-scoring", "Creating", 2 * _MINUTE, instance_variant("churn-xgb", "ml.m5.large"))
    _endpoint(
        scene,
        "toxicity-gpu",
        "Failed",
        2 * _DAY,
        instance_variant("toxicity", "ml.g4dn.xlarge"),
        reason="The primary container for production variant AllTraffic did not pass the ping health check. "
        "Please check CloudWatch logs for this endpoint.",
    )
    scene.place(
        "TransformJob",
        "Completed",
        22 * _HOUR,
        lasted=24 * _MINUTE,
        **transform(scene, "churn-scoring-weekly-46", "churn-xgb", "ml.m5.xlarge"),
    )
    scene.place(
        "TransformJob",
        "InProgress",
        15 * _MINUTE,
        lasted=5 * _MINUTE,
        **transform(scene, "churn-scoring-weekly-47", "churn-xgb", "ml.m5.xlarge"),
    )


def _endpoint(
    scene: Scene, name: str, status: str, age: timedelta, *variants: object, reason: str = ""
) -> None:
    config = f"{name}-config"
    scene.place("EndpointConfig", "", age, EndpointConfigName=config, ProductionVariants=list(variants))
    if status == "Creating":
        scene.create("Endpoint", age, EndpointName=name, EndpointConfigName=config)
    else:
        scene.place(
            "Endpoint",
            status,
            age,
            lasted=4 * _MINUTE,
            reason=reason,
            EndpointName=name,
            EndpointConfigName=config,
        )


def _notebook_instances(scene: Scene) -> None:
    for name, status, instance, gigabytes, age in (
        ("legacy-reports", "InService", "ml.m5.xlarge", 50, 9 * _DAY),
        ("jonas-sandbox", "InService", "ml.t3.medium", 5, 5 * _HOUR),
        ("old-fraud-study", "Stopped", "ml.g4dn.xlarge", 200, 200 * _DAY),
    ):
        scene.place(
            "NotebookInstance",
            status,
            age,
            NotebookInstanceName=name,
            InstanceType=instance,
            VolumeSizeInGB=gigabytes,
            RoleArn=scene.role,
        )
