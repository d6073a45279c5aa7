"""Endpoints. Billed by instance-hours of every variant while in service (facts: SageMaker pricing page).

The list names no instance type: DescribeEndpoint gives the counts, DescribeEndpointConfig the types.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from ..api import Certainty, Column, Fact
from ..aws.studio import ServerIdentity
from ..errors import Denied, NotFound
from . import endpoint_machines
from .base import (
    NEWEST,
    Action,
    Call,
    Detail,
    Facts,
    Item,
    Kind,
    ListCall,
    LogSource,
    Meter,
    Status,
    moment,
    newest,
)
from .endpoint_machines import Machines, Variant
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
    name, unread = found.get("EndpointConfigName"), ""
    try:
        config = call("DescribeEndpointConfig", EndpointConfigName=name) if name else {}
    except NotFound:
        config = {}  # a configuration may be deleted while its endpoint serves, and bills
    except Denied as error:
        config, unread = {}, f"needs {error.permission}" if error.permission else error.message
    return {**found, "Config": config, "ConfigUnread": unread}


def _counted(item: Item) -> bool:
    """Return True if the variants and their counts are known and the configuration is not described yet.

    Search does not tell of a deployment under way (botocore: Endpoint), so that only one at rest is whole.
    """
    whole = "EndpointConfigName" in item and "ProductionVariants" in item and "Config" not in item
    return whole and item.get("EndpointStatus") == "InService"


def _certainty(item: Item, machines: Sequence[Machines], unseen: str) -> tuple[Certainty | None, str]:
    """Return what its machines tell of the bill, and why; None where only the status does."""
    status = str(item.get("EndpointStatus") or "")
    if status not in STATUSES:
        return None, ""  # a status that nobody knows is no reassurance
    if item.get("Config") is None:
        return "may be billing", "its machines are not known yet"
    if any(each.billed != 0 for each in machines):
        return None, unseen or _untold(item, machines)
    if unseen:
        return "may be billing", unseen
    if not machines:
        found = endpoint_machines.variants(item)
        return ("none", "serverless: only requests bill") if found else (None, "")
    if status == "InService":
        return "none", "no machine of its own bills now: scaled to zero, or paid for in advance"
    return ("may be billing", "none of its machines is counted yet") if status in _CHANGING else (None, "")


def _untold(item: Item, machines: Sequence[Machines]) -> str:
    """Return why the rate is unknown, where AWS did not tell all."""
    if any(each.billed is None and each.variant.reservation for each in machines):
        return "how many of its machines a capacity reservation pays for is not known"
    if any(each.billed is None for each in machines):
        return "how many machines it has AWS does not say"
    unread = item.get("ConfigUnread")
    untyped = any(each.instance_type is None for each in machines)
    return f"the types of its machines are not known: {unread}" if unread and untyped else ""


def _text(machines: Sequence[Machines], variants: Sequence[Variant]) -> str:
    """Format the machines: `2 × ml.m5.xlarge + 1 × ml.g5.xlarge`, `serverless`; empty where nothing is known."""
    return " + ".join(each.text for each in machines) or ("serverless" if variants else "")


def _facts(item: Item, here: ServerIdentity) -> Facts:
    machines, variants, unseen = (
        endpoint_machines.machines(item),
        endpoint_machines.variants(item),
        endpoint_machines.unseen(item),
    )
    certainty, why = _certainty(item, machines, unseen)
    meters = [each.meter for each in machines]
    if unseen and meters:
        meters.append(Meter("Hosting", None))  # so that what is counted is not taken for all
    created, text = moment(item.get("CreationTime")), _text(machines, variants)
    return Facts(
        name=item["EndpointName"],
        status=str(item.get("EndpointStatus") or ""),
        reason=str(item.get("FailureReason") or ""),
        created=created,
        started=created,
        meters=meters,
        # Machines of a deployment under way have not been there as long as the endpoint; others may have been before.
        billed_from=None if certainty == "none" or any(variant.pending for variant in variants) else created,
        certainty=certainty,
        why=why,
        cells={"instance": text, "variants": len(variants)},
        subtitle=text,
    )


def _more(item: Item) -> list[Fact]:
    machines = endpoint_machines.machines(item)
    return [
        Fact(label="Configuration", value=item.get("EndpointConfigName")),
        Fact(label="Answers", value="later, into S3" if _asynchronous(item) else "at once"),
        *(
            Fact(label=_label(variant), value=_machines(variant, machines))
            for variant in endpoint_machines.variants(item)
        ),
    ]


def _label(variant: Variant) -> str:
    return f"{'New variant' if variant.pending else 'Variant'} {variant.name}"


def _machines(variant: Variant, machines: Sequence[Machines]) -> str:
    return _text([each for each in machines if each.variant == variant], [variant])


def _asynchronous(item: Item) -> bool:
    return bool(item.get("AsyncInferenceConfig") or (item.get("Config") or {}).get("AsyncInferenceConfig"))


def _each_variant(item: Item) -> list[dict[str, Any]]:
    """Return the CloudWatch dimensions of each variant: invocations have no series for an endpoint alone."""
    names = dict.fromkeys(variant.running.get("VariantName") for variant in endpoint_machines.variants(item))
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
    list_calls=(newest("ListEndpoints", "Endpoints"),),
    opening=(
        ListCall(
            "Search",
            "Results",
            lambda now: {"Resource": "Endpoint", **NEWEST},
            pick=lambda hit: dict(hit["Endpoint"]),
            deep=True,
        ),
    ),
    key_members=("EndpointName",),
    arn="EndpointArn",
    status_of=lambda item: str(item.get("EndpointStatus") or ""),
    statuses=STATUSES,
    status_shapes=("EndpointStatus",),
    bills="machines of all variants, shadow variants and pools, of a deployment under way too; serverless ones only by request",
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
        # A permission may have been given meanwhile, and managed scaling need not change the endpoint.
        lasts=timedelta(hours=1),
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
