"""Three hundred resources of the five kinds, for measuring how fast a whole inventory is read."""

from __future__ import annotations

from datetime import timedelta

from ..furniture import instance_variant, processing, training
from ..sagemaker.joblog import SILENT
from ..scene import Scene

DOMAIN = "d-inventory1234"
JOBS, ENDPOINTS, SPACES, NOTEBOOKS = 75, 50, 50, 50
_HOUR = timedelta(hours=1)


def build(scene: Scene) -> None:
    """Two of five jobs run, every endpoint is in service, every other space and notebook instance runs."""
    scene.place("Domain", "InService", 900 * _HOUR, DomainId=DOMAIN, DomainName="inventory", AuthMode="IAM")
    scene.place("UserProfile", "InService", 900 * _HOUR, DomainId=DOMAIN, UserProfileName="worker")
    scene.place("Model", "", 900 * _HOUR, ModelName="model", ExecutionRoleArn=scene.role)
    for index in range(JOBS):
        status = "InProgress" if index % 5 < 2 else "Completed"
        age = (index + 1) * _HOUR
        scene.place("TrainingJob", status, age, **training(scene, f"train-{index:03d}", Sandbox=SILENT))
        scene.place("ProcessingJob", status, age, **processing(scene, f"process-{index:03d}", Sandbox=SILENT))
    for index in range(ENDPOINTS):
        _endpoint(scene, f"endpoint-{index:03d}", (index + 1) * _HOUR)
    for index in range(SPACES):
        _space(scene, f"space-{index:03d}", (index + 1) * _HOUR, running=index % 2 == 0)
    for index in range(NOTEBOOKS):
        _notebook_instance(scene, f"notebook-{index:03d}", (index + 1) * _HOUR, running=index % 2 == 0)


def _endpoint(scene: Scene, name: str, age: timedelta) -> None:
    variant = instance_variant("model", "ml.m5.large")
    scene.place("EndpointConfig", "", age, EndpointConfigName=f"{name}-config", ProductionVariants=[variant])
    scene.place("Endpoint", "InService", age, EndpointName=name, EndpointConfigName=f"{name}-config")


def _space(scene: Scene, name: str, age: timedelta, *, running: bool) -> None:
    scene.place(
        "Space",
        "InService",
        age,
        DomainId=DOMAIN,
        SpaceName=name,
        OwnershipSettings={"OwnerUserProfileName": "worker"},
        SpaceSettings={"AppType": "JupyterLab"},
    )
    if running:
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
