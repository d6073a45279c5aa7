"""Resource types with instances of their own: notebook instances, MLflow servers, clusters; and images for apps."""

from __future__ import annotations

import secrets
from datetime import datetime

from ..errors import AwsError, validation
from .engine import Engine
from .resource_type import GONE, Phase, ResourceType
from .resources import Fields, Resource

_TARGETS = {"stop": "Stopping", "start": "Pending", "delete": "Deleting", "update": "Updating"}
_ACTIVE_MLFLOW = frozenset({"Created", "Started", "Updated", "Updating", "Stopping", "StopFailed"})


def _notebook_refused(resource: Resource, verb: str) -> AwsError:
    kind = resource.kind
    allowed = {
        "stop": kind.stoppable,
        "start": kind.startable,
        "delete": kind.deletable,
        "update": kind.updatable,
    }
    return validation(
        f"Status ({resource.status}) not in ([{', '.join(sorted(allowed[verb], reverse=True))}]). "
        f"Unable to transition to ({_TARGETS[verb]}) for Notebook Instance ({resource.arn})"
    )


def _notebook_fields(engine: Engine, fields: Fields, region: str) -> None:
    fields.setdefault("VolumeSizeInGB", 5)
    fields.setdefault("DirectInternetAccess", "Enabled")
    fields.setdefault("RootAccess", "Enabled")
    if "LifecycleConfigName" in fields:
        fields["NotebookInstanceLifecycleConfigName"] = fields.pop("LifecycleConfigName")
    fields["Url"] = f"{fields['NotebookInstanceName']}.notebook.{region}.sagemaker.aws"


def _notebook_entered(engine: Engine, resource: Resource, phase: Phase, at: datetime) -> None:
    if phase.status == "Failed":
        resource.fields["FailureReason"] = phase.message


def _mlflow_fields(engine: Engine, fields: Fields, region: str) -> None:
    fields.setdefault("TrackingServerSize", "Small")
    fields.setdefault("MlflowVersion", "3.0")
    fields["TrackingServerUrl"] = f"https://{region}.experiments.sagemaker.aws"


def _mlflow_active(fields: Fields) -> Fields:
    active = fields.get("TrackingServerStatus") in _ACTIVE_MLFLOW
    return {"IsActive": "Active" if active else "Inactive"}


def _schedule_fields(engine: Engine, fields: Fields, region: str) -> None:
    config = fields["MonitoringScheduleConfig"]
    fields.setdefault("MonitoringJobDefinitionName", config.get("MonitoringJobDefinitionName"))
    fields.setdefault("MonitoringType", config.get("MonitoringType", "DataQuality"))


def _cluster_fields(engine: Engine, fields: Fields, region: str) -> None:
    fields["ClusterId"] = secrets.token_hex(6)
    fields["InstanceGroups"] = [
        {**group, "CurrentCount": 0, "TargetCount": group["InstanceCount"], "Status": "Creating"}
        for group in fields.get("InstanceGroups") or []
    ]


def _cluster_entered(engine: Engine, resource: Resource, phase: Phase, at: datetime) -> None:
    for group in resource.fields["InstanceGroups"]:
        group["Status"] = phase.status
        if phase.status == "InService":
            group["CurrentCount"] = group["TargetCount"]


def _image_fields(engine: Engine, fields: Fields, region: str) -> None:
    fields.setdefault("DisplayName", fields["ImageName"])


def _version_fields(engine: Engine, fields: Fields, region: str) -> None:
    store = engine.store(region)
    image = store.get("Image", (fields["ImageName"],))
    if image is None:
        raise AwsError("ResourceNotFound", f"No Image with the name {fields['ImageName']} found.")
    earlier = store.find("ImageVersion", lambda version: version["ImageName"] == fields["ImageName"])
    fields["Version"] = str(len(earlier) + 1)
    fields["ImageArn"] = image.arn
    fields["ContainerImage"] = fields["BaseImage"]


def _version_view(fields: Fields) -> Fields:
    return {"Version": int(fields["Version"])}


NOTEBOOK_INSTANCE = ResourceType(
    name="NotebookInstance",
    id=("NotebookInstanceName",),
    arn="notebook-instance/{NotebookInstanceName}",
    status="NotebookInstanceStatus",
    born=(Phase(0, "Pending"), Phase(120, "InService")),
    stop=(Phase(0, "Stopping"), Phase(40, "Stopped")),
    start=(Phase(0, "Pending"), Phase(120, "InService")),
    update=(Phase(0, "Updating"), Phase(20, "Stopped")),
    delete=(Phase(0, "Deleting"), Phase(20, GONE)),
    stoppable=frozenset({"InService"}),
    startable=frozenset({"Stopped", "Failed"}),
    updatable=frozenset({"Stopped", "Failed"}),
    deletable=frozenset({"Stopped", "Failed"}),
    missing=lambda name, arn: validation("RecordNotFound"),
    taken=lambda name, arn: validation(f"Cannot create a duplicate Notebook Instance ({arn})"),
    refused=_notebook_refused,
    prepare=_notebook_fields,
    entered=_notebook_entered,
)

MLFLOW = ResourceType(
    name="MlflowTrackingServer",
    id=("TrackingServerName",),
    arn="mlflow-tracking-server/{TrackingServerName}",
    arn_member="TrackingServerArn",
    status="TrackingServerStatus",
    born=(Phase(0, "Creating"), Phase(600, "Created")),
    stop=(Phase(0, "Stopping"), Phase(120, "Stopped")),
    start=(Phase(0, "Starting"), Phase(600, "Started")),
    update=(Phase(0, "Updating"), Phase(120, "Updated")),
    delete=(Phase(0, "Deleting"), Phase(60, GONE)),
    stoppable=frozenset({"Created", "Started", "Updated", "StopFailed"}),
    startable=frozenset({"Stopped", "StartFailed"}),
    prepare=_mlflow_fields,
    summary=_mlflow_active,
    view=_mlflow_active,
)

MONITORING_SCHEDULE = ResourceType(
    name="MonitoringSchedule",
    id=("MonitoringScheduleName",),
    arn="monitoring-schedule/{MonitoringScheduleName}",
    status="MonitoringScheduleStatus",
    born=(Phase(0, "Pending"), Phase(20, "Scheduled")),
    stop=(Phase(0, "Stopped"),),
    start=(Phase(0, "Scheduled"),),
    update=(Phase(0, "Pending"), Phase(20, "Scheduled")),
    prepare=_schedule_fields,
)

CLUSTER = ResourceType(
    name="Cluster",
    id=("ClusterName",),
    arn="cluster/{ClusterId}",
    status="ClusterStatus",
    born=(Phase(0, "Creating"), Phase(300, "InService")),
    delete=(Phase(0, "Deleting"), Phase(60, GONE)),
    prepare=_cluster_fields,
    entered=_cluster_entered,
)

IMAGE = ResourceType(
    name="Image",
    id=("ImageName",),
    arn="image/{ImageName}",
    status="ImageStatus",
    born=(Phase(0, "CREATING"), Phase(5, "CREATED")),
    delete=(Phase(0, "DELETING"), Phase(5, GONE)),
    prepare=_image_fields,
)

IMAGE_VERSION = ResourceType(
    name="ImageVersion",
    id=("ImageName", "Version"),
    arn="image-version/{ImageName}/{Version}",
    status="ImageVersionStatus",
    born=(Phase(0, "CREATING"), Phase(10, "CREATED")),
    delete=(Phase(0, "DELETING"), Phase(5, GONE)),
    prepare=_version_fields,
    summary=_version_view,
    view=_version_view,
)

APP_IMAGE_CONFIG = ResourceType(
    name="AppImageConfig", id=("AppImageConfigName",), arn="app-image-config/{AppImageConfigName}"
)

STUDIO_LIFECYCLE = ResourceType(
    name="StudioLifecycleConfig",
    id=("StudioLifecycleConfigName",),
    arn="studio-lifecycle-config/{StudioLifecycleConfigName}",
)

NOTEBOOK_LIFECYCLE = ResourceType(
    name="NotebookInstanceLifecycleConfig",
    id=("NotebookInstanceLifecycleConfigName",),
    arn="notebook-instance-lifecycle-config/{NotebookInstanceLifecycleConfigName}",
    missing=lambda name, arn: validation("RecordNotFound"),
)

RESOURCE_TYPES = (
    NOTEBOOK_INSTANCE,
    MLFLOW,
    MONITORING_SCHEDULE,
    CLUSTER,
    IMAGE,
    IMAGE_VERSION,
    APP_IMAGE_CONFIG,
    STUDIO_LIFECYCLE,
    NOTEBOOK_LIFECYCLE,
)
