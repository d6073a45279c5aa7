"""What stands before endpoints: inference routers."""

from __future__ import annotations

from .kind import GONE, Kind, Phase

ROUTER = Kind(
    name="InferenceRouter",
    id=("InferenceRouterName",),
    arn="inference-router/{InferenceRouterName}",
    status="Status",
    born=(Phase(0, "Creating"), Phase(30, "InService")),
    update=(Phase(0, "Updating"), Phase(60, "InService")),
    delete=(Phase(0, "Deleting"), Phase(15, GONE)),
)

KINDS = (ROUTER,)
