"""Endpoints. Billed by instance-hours of every variant while in service (facts: SageMaker pricing page).

The list names no instance type: DescribeEndpoint gives the counts, DescribeEndpointConfig the types.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from ..api import Certainty, Column, Fact
from ..context import Here
from ..errors import NotFound
from .base import Action, Call, Detail, Facts, Item, Kind, Listing, LogSource, Meter, Status, moment
from .signal import Signal

_UP = Status("running", active=True, certainty="billing")
_MOVING = Status("running", active=True, changing=True, certainty="billing")
_UNKNOWN = "AWS does not say whether an endpoint in this status bills"

STATUSES = {
    "InService": _UP,
    "Updating": _MOVING,
    "SystemUpdating": _MOVING,
    "RollingBack": _MOVING,
    "UpdateRollbackFailed": Status(
        "bad", active=True, certainty="billing", why="a mix of old and new machines serves"
    ),
    "Creating": Status("warn", active=True, changing=True, certainty="may be billing", why=_UNKNOWN),
    "Deleting": Status("warn", active=True, changing=True, certainty="may be billing", why=_UNKNOWN),
    "Failed": Status("bad", active=True, certainty="may be billing", why=_UNKNOWN),
    "OutOfService": Status("bad", active=True, certainty="may be billing", why=_UNKNOWN),
}

_CHANGING = {
    name for name, status in STATUSES.items() if status.certainty == "billing" and name != "InService"
}


def _describe(call: Call, item: Item) -> Item:
    # Search has told of it already, at the first reading.
    found = item if _counted(item) else call("DescribeEndpoint", EndpointName=item["EndpointName"])
    name = found.get("EndpointConfigName")
    try:
        config = call("DescribeEndpointConfig", EndpointConfigName=name) if name else {}
    except NotFound:
        config = {}  # a configuration may be deleted while its endpoint serves, and bills
    return {**found, "Config": config}


def _counted(item: Item) -> bool:
    """Whether its variants are there with their counts, and its configuration is not yet."""
    return "EndpointConfigName" in item and "ProductionVariants" in item and "Config" not in item


def _variants(item: Item) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each variant as it runs with what its configuration says; shadow variants too."""
    config = item.get("Config") or {}
    for member in ("ProductionVariants", "ShadowProductionVariants"):
        configured = {v.get("VariantName"): v for v in config.get(member) or []}
        for running in item.get(member) or []:
            yield running, configured.get(running.get("VariantName"), {})


def _meters(item: Item) -> list[Meter]:
    found = list(_variants(item))
    return [m for running, configured in found for m in _variant_meters(running, configured)]


def _variant_meters(running: dict[str, Any], configured: dict[str, Any]) -> list[Meter]:
    """One for each pool of machines; a count that AWS does not give makes the rate unknown, not zero."""
    if _serverless(running, configured):
        return []
    pools = running.get("InstancePools") or [{"InstanceType": configured.get("InstanceType"), **running}]
    return [_pool_meter(pool) for pool in pools]


def _pool_meter(pool: dict[str, Any]) -> Meter:
    count = pool.get("CurrentInstanceCount")
    if count is None:
        return Meter("Hosting", None)
    # Machines of a reservation were paid for with its training plan (botocore: CapacityReservationConfig).
    reserved = (pool.get("CapacityReservationConfig") or {}).get("UsedByCurrentEndpoint") or 0
    return Meter("Hosting", pool.get("InstanceType"), max(0.0, float(count - reserved)))


def _serverless(running: dict[str, Any], configured: dict[str, Any]) -> bool:
    return bool(running.get("CurrentServerlessConfig") or configured.get("ServerlessConfig"))


def _provisioned(item: Item) -> bool:
    found = (r.get("CurrentServerlessConfig") or c.get("ServerlessConfig") or {} for r, c in _variants(item))
    return any(config.get("ProvisionedConcurrency") for config in found)


def _facts(item: Item, here: Here) -> Facts:
    meters = _meters(item)
    variants = list(_variants(item))
    only_requests = bool(variants) and not meters
    asleep = bool(meters) and not any(meter.count for meter in meters)
    subtitle = " + ".join(f"{m.count:g} × {m.instance_type or 'unknown type'}" for m in meters)
    certainty: Certainty | None = None
    why = ""
    if only_requests and _provisioned(item):
        certainty, why = (
            "may be billing",
            "provisioned concurrency bills while it is on; its price is not known",
        )
    elif only_requests:
        certainty, why = "none", "serverless: only requests bill"
    elif asleep and item.get("EndpointStatus") == "InService":
        certainty, why = "none", "no machine of its own bills now: scaled to zero, or paid for in advance"
    elif asleep and item.get("EndpointStatus") in _CHANGING:
        certainty, why = "may be billing", "none of its machines is counted yet"
    elif item.get("Config") is None:
        certainty, why = "may be billing", "its machines are not known yet"
    return Facts(
        name=item["EndpointName"],
        status=str(item.get("EndpointStatus") or ""),
        reason=str(item.get("FailureReason") or ""),
        created=moment(item.get("CreationTime")),
        started=moment(item.get("CreationTime")),
        meters=meters,
        billed_from=moment(item.get("CreationTime")),
        certainty=certainty,
        why=why,
        cells={"instance": subtitle or ("serverless" if only_requests else ""), "variants": len(variants)},
        subtitle=subtitle or ("serverless" if only_requests else ""),
    )


def _more(item: Item) -> list[Fact]:
    return [
        Fact(label="Configuration", value=item.get("EndpointConfigName")),
        Fact(label="Answers", value="later, into S3" if _asynchronous(item) else "at once"),
        *(
            Fact(label=f"Variant {running.get('VariantName')}", value=_machines(running, configured))
            for running, configured in _variants(item)
        ),
    ]


def _machines(running: dict[str, Any], configured: dict[str, Any]) -> str:
    meters = _variant_meters(running, configured)
    return " + ".join(f"{m.count:g} × {m.instance_type or 'unknown type'}" for m in meters) or "serverless"


def _asynchronous(item: Item) -> bool:
    return bool(item.get("AsyncInferenceConfig") or (item.get("Config") or {}).get("AsyncInferenceConfig"))


def _each_variant(item: Item) -> list[dict[str, str]]:
    """Dimensions of its variants: CloudWatch counts invocations by endpoint and variant together only."""
    names = [str(running.get("VariantName")) for running, _ in _variants(item)]
    return [{"EndpointName": item["EndpointName"], "VariantName": name} for name in names]


def _queue(item: Item) -> list[dict[str, str]]:
    queued = (item.get("Config") or {}).get("AsyncInferenceConfig")
    return [{"EndpointName": item["EndpointName"]}] if queued else []


_HOUR = timedelta(hours=1)
SIGNALS = (
    Signal("AWS/SageMaker", "Invocations", _each_variant, means="no invocations", window=_HOUR, silence=True),
    Signal(
        "AWS/SageMaker",
        "ApproximateBacklogSize",
        _queue,
        means="no invocations",
        window=_HOUR,
        statistic="Maximum",
    ),
)

KIND = Kind(
    name="endpoint",
    label="Endpoints",
    singular="endpoint",
    listings=(Listing("ListEndpoints", "Endpoints"),),
    opening=(
        Listing(
            "Search",
            "Results",
            lambda now: {"Resource": "Endpoint"},
            pick=lambda hit: dict(hit["Endpoint"]),
            deep=True,
        ),
    ),
    key_members=("EndpointName",),
    arn="EndpointArn",
    status_of=lambda item: str(item.get("EndpointStatus") or ""),
    statuses=STATUSES,
    status_shapes=("EndpointStatus",),
    bills="machines of all variants, shadow variants and pools; serverless ones only by request",
    facts=_facts,
    columns=(
        Column(name="name", label="Name"),
        Column(name="status", label="Status"),
        Column(name="instance", label="Machines"),
        Column(name="variants", label="Variants", format="count"),
        Column(name="created", label="Created", format="time"),
        Column(name="usd_per_hour", label="$/hour", format="rate"),
        Column(name="accrued_usd", label="Cost so far", format="money"),
    ),
    detail=Detail(
        ("DescribeEndpoint", "DescribeEndpointConfig"),
        _describe,
        lambda item: (item.get("EndpointStatus"), item.get("LastModifiedTime")),
    ),
    actions=(
        Action(
            name="delete",
            label="Delete",
            operations=("DeleteEndpoint",),
            run=lambda call, item: call("DeleteEndpoint", EndpointName=item["EndpointName"]),
            # SystemUpdating cannot be deleted (botocore: EndpointStatus).
            allowed=lambda item: item.get("EndpointStatus") not in {"Deleting", "SystemUpdating", None},
            done="Deleting endpoint {name}.",
            lost="The endpoint and its machines. Whoever calls it gets errors at once.",
            stays="Its configuration, its models and their files in S3: it can be made again in some minutes.",
            danger=True,
        ),
    ),
    logs=lambda item: LogSource(f"/aws/sagemaker/Endpoints/{item['EndpointName']}", recent_seconds=3600),
    more=_more,
    signals=SIGNALS,
)
