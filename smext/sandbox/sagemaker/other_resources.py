"""Other resource types: training plans, feature groups, MLflow apps, partner apps."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from .engine import Engine
from .resource_type import GONE, Phase, ResourceType
from .resources import Fields


def _app_arn(what: str) -> Callable[[Engine, Fields, str], None]:
    def prepare(engine: Engine, fields: Fields, region: str) -> None:
        fields["AppId"] = f"app-{secrets.token_hex(6).upper()}"
        fields["Arn"] = f"arn:aws:sagemaker:{region}:{engine.account}:{what}/{fields['AppId']}"

    return prepare


def _plan_fields(engine: Engine, fields: Fields, region: str) -> None:
    now = engine.clock.now()
    fields.setdefault("StartTime", now)
    fields.setdefault("EndTime", now)
    fields.setdefault("CurrencyCode", "USD")


TRAINING_PLAN = ResourceType(
    name="TrainingPlan",
    id=("TrainingPlanName",),
    arn="training-plan/{TrainingPlanName}",
    status="Status",
    born=(Phase(0, "Pending"), Phase(60, "Scheduled"), Phase(600, "Active")),
    prepare=_plan_fields,
)

FEATURE_GROUP = ResourceType(
    name="FeatureGroup",
    id=("FeatureGroupName",),
    arn="feature-group/{FeatureGroupName}",
    status="FeatureGroupStatus",
    born=(Phase(0, "Creating"), Phase(30, "Created")),
    delete=(Phase(0, "Deleting"), Phase(20, GONE)),
)

MLFLOW_APP = ResourceType(
    name="MlflowApp",
    id=("Arn",),
    arn="mlflow-app/{AppId}",
    arn_member="Arn",
    status="Status",
    born=(Phase(0, "Creating"), Phase(60, "Created")),
    delete=(Phase(0, "Deleting"), Phase(20, GONE)),
    prepare=_app_arn("mlflow-app"),
)

PARTNER_APP = ResourceType(
    name="PartnerApp",
    id=("Arn",),
    arn="partner-app/{AppId}",
    arn_member="Arn",
    status="Status",
    born=(Phase(0, "Creating"), Phase(300, "Available")),
    delete=(Phase(0, "Deleting"), Phase(60, GONE)),
    prepare=_app_arn("partner-app"),
)

RESOURCE_TYPES = (TRAINING_PLAN, FEATURE_GROUP, MLFLOW_APP, PARTNER_APP)
