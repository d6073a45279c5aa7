"""Resource types in front of endpoints and clusters: inference routers and global inference gateways."""

from __future__ import annotations

import secrets

from .engine import Engine
from .resource_type import GONE, Phase, ResourceType
from .resources import Fields, Key


def _identified(kind: ResourceType, params: Fields) -> Key:
    """Return the ARN, which requests call Identifier, as the key."""
    return (str(params.get("Identifier") or params.get("Arn") or ""),)


def _gateway_fields(engine: Engine, fields: Fields, region: str) -> None:
    fields["Id"] = secrets.token_hex(6)
    fields["Arn"] = f"arn:aws:sagemaker:{region}:{engine.account}:global-inference-gateway/{fields['Id']}"
    fields["EndpointUrl"] = f"https://{fields['Id']}.gateway.invalid"


ROUTER = ResourceType(
    name="InferenceRouter",
    id=("InferenceRouterName",),
    arn="inference-router/{InferenceRouterName}",
    status="Status",
    born=(Phase(0, "Creating"), Phase(30, "InService")),
    update=(Phase(0, "Updating"), Phase(60, "InService")),
    delete=(Phase(0, "Deleting"), Phase(15, GONE)),
)

GATEWAY = ResourceType(
    name="GlobalInferenceGateway",
    id=("Arn",),
    arn="global-inference-gateway/{Id}",
    arn_member="Arn",
    status="Status",
    born=(Phase(0, "CREATING"), Phase(120, "ACTIVE")),
    delete=(Phase(0, "DELETING"), Phase(60, GONE)),
    key=_identified,
    prepare=_gateway_fields,
)

RESOURCE_TYPES = (ROUTER, GATEWAY)
