"""Hosting: models, endpoint configurations, endpoints, inference components."""

from __future__ import annotations

import copy
from datetime import datetime

from ..errors import AwsError, validation
from .engine import Engine
from .resource_type import GONE, Complaint, Phase, ResourceType
from .resources import Fields, Resource


def _missing(what: str) -> Complaint:
    return lambda name, arn: validation(f'Could not find {what} "{arn}".')


def _taken(what: str) -> Complaint:
    return lambda name, arn: validation(f'Cannot create already existing {what} "{arn}".')


def _endpoint_refused(resource: Resource, verb: str) -> AwsError:
    return validation(f'Cannot update in-progress endpoint "{resource.arn}".')


def _config(engine: Engine, region: str, name: str) -> Resource:
    config = engine.store(region).get("EndpointConfig", (name,))
    if config is None:
        arn = f"arn:aws:sagemaker:{region}:{engine.account}:endpoint-config/{name}"
        raise engine.kinds["EndpointConfig"].missing(name, arn)
    return config


def _config_fields(engine: Engine, fields: Fields, region: str) -> None:
    for variant in fields["ProductionVariants"]:
        name = variant.get("ModelName")
        if name and engine.store(region).get("Model", (name,)) is None:
            arn = f"arn:aws:sagemaker:{region}:{engine.account}:model/{name}"
            raise engine.kinds["Model"].missing(name, arn)
        variant.setdefault("InitialVariantWeight", 1.0)


def _endpoint_fields(engine: Engine, fields: Fields, region: str) -> None:
    _config(engine, region, fields["EndpointConfigName"])


def _variants(config: Resource, member: str) -> list[Fields]:
    return [_variant(variant) for variant in config.fields.get(member) or []]


def _variant(variant: Fields) -> Fields:
    running: Fields = {
        "VariantName": variant["VariantName"],
        "CurrentWeight": variant.get("InitialVariantWeight", 1.0),
        "DesiredWeight": variant.get("InitialVariantWeight", 1.0),
    }
    if "ServerlessConfig" in variant:
        running["CurrentServerlessConfig"] = copy.deepcopy(variant["ServerlessConfig"])
        running["DesiredServerlessConfig"] = copy.deepcopy(variant["ServerlessConfig"])
    else:
        running["CurrentInstanceCount"] = variant.get("InitialInstanceCount", 1)
        running["DesiredInstanceCount"] = variant.get("InitialInstanceCount", 1)
    for member in ("ManagedInstanceScaling", "RoutingConfig"):
        if member in variant:
            running[member] = variant[member]
    return running


def _endpoint_entered(engine: Engine, resource: Resource, phase: Phase, at: datetime) -> None:
    fields = resource.fields
    if phase.status == "InService":
        config = _config(engine, resource.region, fields["EndpointConfigName"])
        fields["ProductionVariants"] = _variants(config, "ProductionVariants")
        shadows = _variants(config, "ShadowProductionVariants")
        if shadows:
            fields["ShadowProductionVariants"] = shadows
        for member in ("DataCaptureConfig", "AsyncInferenceConfig"):
            if member in config.fields:
                fields[member] = config.fields[member]
    elif phase.status == "Failed":
        fields["FailureReason"] = phase.message


def _endpoint_update(engine: Engine, resource: Resource, change: Fields) -> None:
    _config(engine, resource.region, change["EndpointConfigName"])
    resource.fields["EndpointConfigName"] = change["EndpointConfigName"]


def _component_fields(engine: Engine, fields: Fields, region: str) -> None:
    endpoint = engine.store(region).get("Endpoint", (fields["EndpointName"],))
    if endpoint is None:
        arn = f"arn:aws:sagemaker:{region}:{engine.account}:endpoint/{fields['EndpointName']}"
        raise engine.kinds["Endpoint"].missing(fields["EndpointName"], arn)
    fields["EndpointArn"] = endpoint.arn


def _component_entered(engine: Engine, resource: Resource, phase: Phase, at: datetime) -> None:
    copies = (resource.fields.get("RuntimeConfig") or {}).get("CopyCount", 1)
    current = copies if phase.status == "InService" else 0
    resource.fields["RuntimeConfig"] = {
        "CopyCount": copies,
        "DesiredCopyCount": copies,
        "CurrentCopyCount": current,
    }


MODEL = ResourceType(
    name="Model",
    id=("ModelName",),
    arn="model/{ModelName}",
    missing=_missing("model"),
    taken=_taken("model"),
)

ENDPOINT_CONFIG = ResourceType(
    name="EndpointConfig",
    id=("EndpointConfigName",),
    arn="endpoint-config/{EndpointConfigName}",
    missing=_missing("endpoint configuration"),
    taken=_taken("endpoint configuration"),
    prepare=_config_fields,
)

ENDPOINT = ResourceType(
    name="Endpoint",
    id=("EndpointName",),
    arn="endpoint/{EndpointName}",
    status="EndpointStatus",
    born=(Phase(0, "Creating"), Phase(180, "InService")),
    update=(Phase(0, "Updating"), Phase(120, "InService")),
    updatable=frozenset({"InService"}),
    delete=(Phase(0, "Deleting"), Phase(15, GONE)),
    deletable=frozenset({"InService", "Failed", "OutOfService", "UpdateRollbackFailed"}),
    missing=_missing("endpoint"),
    taken=_taken("endpoint"),
    refused=_endpoint_refused,
    prepare=_endpoint_fields,
    entered=_endpoint_entered,
    apply_update=_endpoint_update,
)

INFERENCE_COMPONENT = ResourceType(
    name="InferenceComponent",
    id=("InferenceComponentName",),
    arn="inference-component/{InferenceComponentName}",
    status="InferenceComponentStatus",
    born=(Phase(0, "Creating"), Phase(60, "InService")),
    update=(Phase(0, "Updating"), Phase(30, "InService")),
    delete=(Phase(0, "Deleting"), Phase(15, GONE)),
    missing=_missing("inference component"),
    taken=_taken("inference component"),
    prepare=_component_fields,
    entered=_component_entered,
)

RESOURCE_TYPES = (MODEL, ENDPOINT_CONFIG, ENDPOINT, INFERENCE_COMPONENT)
