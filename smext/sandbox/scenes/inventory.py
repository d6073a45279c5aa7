"""Thousand resources of five kinds, for measuring how fast a whole inventory is read."""

from __future__ import annotations

from datetime import timedelta

from ..request_templates import instance_variant, processing, training
from ..sagemaker.joblog import SILENT
from ..scene import Scene

DOMAIN = "d-inventory1234"
TRAINING, PROCESSING, ENDPOINTS, SPACES, NOTEBOOKS = 600, 200, 60, 50, 40
RUNNING_TRAINING, RUNNING_PROCESSING = 20, 10
_HOUR = timedelta(hours=1)


def build(scene: Scene) -> None:
    """Add them: thirty jobs run, all endpoints are in service, every other notebook instance runs."""
    scene.place("Domain", "InService", 900 * _HOUR, DomainId=DOMAIN, DomainName="inventory", AuthMode="IAM")
    scene.place("UserProfile", "InService", 900 * _HOUR, DomainId=DOMAIN, UserProfileName="worker")
    scene.place("Model", "", 900 * _HOUR, ModelName="model", ExecutionRoleArn=scene.role)
    for index in range(TRAINING):
        status, age = _status(index, RUNNING_TRAINING), (index + 1) * _HOUR
        scene.place("TrainingJob", status, age, **training(scene, f"train-{index:03d}", Sandbox=SILENT))
    for index in range(PROCESSING):
        status, age = _status(index, RUNNING_PROCESSING), (index + 1) * _HOUR
        scene.place("ProcessingJob", status, age, **processing(scene, f"process-{index:03d}", Sandbox=SILENT))
    for index in range(ENDPOINTS):
        _endpoint(scene, f"endpoint-{index:03d}", (index + 1) * _HOUR)
    for index in range(SPACES):
        _space(scene, f"space-{index:03d}", (index + 1) * _HOUR)
    for index in range(NOTEBOOKS):
        _notebook_instance(scene, f"notebook-{index:03d}", (index + 1) * _HOUR, running=index % 2 == 0)


def _endpoint(scene: Scene, name: str, age: timedelta) -> None:
    variant = instance_variant("model", "ml.m5.large")
    scene.place("EndpointConfig", "", age, EndpointConfigName=f"{name}-config", ProductionVariants=[variant])
    scene.place("Endpoint", "InService", age, EndpointName=name, EndpointConfigName=f"{name}-config")


def _status(index: int, running: int) -> str:
    return "InProgress" if index < running else "Completed"


def _space(scene: Scene, name: str, age: timedelta) -> None:
    scene.place(
        "Space",
        "InService",
        age,
        DomainId=DOMAIN,
        SpaceName=name,
        OwnershipSettings={"OwnerUserProfileName": "worker"},
        SpaceSettings={"AppType": "JupyterLab"},
    )
    scene.place(
        "App",
        "InService",
        age,
        DomainId=DOMAIN,
        SpaceName=name,
        AppType="JupyterLab",
        AppName="default",
        ResourceSpec={"InstanceType": "ml.t3.medium"},
    )


def _notebook_instance(scene: Scene, name: str, age: timedelta, *, running: bool) -> None:
    scene.place(
        "NotebookInstance",
        "InService" if running else "Stopped",
        age,
        NotebookInstanceName=name,
        InstanceType="ml.t3.medium",
        RoleArn=scene.role,
    )
