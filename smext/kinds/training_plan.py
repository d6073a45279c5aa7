"""Training plans: capacity that is paid for in advance, so nothing of it bills by the hour."""

from __future__ import annotations

from ..api import Column, Fact
from ..aws.studio import ServerIdentity
from .base import Detail, Facts, Item, Kind, Status, calling, moment, newest

_PAID = "paid for in advance"

STATUSES = {
    "Pending": Status("warn", active=True, changing=True, why=_PAID),
    "Scheduled": Status("ok", active=True, why=_PAID),
    "Active": Status("running", active=True, why=_PAID),
    "Expired": Status("off"),
    "Failed": Status("bad"),
}


def _status(item: Item) -> str:
    return str(item.get("Status") or "")


def _facts(item: Item, here: ServerIdentity) -> Facts:
    start, end = moment(item.get("StartTime")), moment(item.get("EndTime"))
    fee = " ".join(filter(None, [item.get("UpfrontFee"), item.get("CurrencyCode")]))
    said = ", ".join(filter(None, [_PAID, fee, f"ends on {end:%Y-%m-%d}" if end else ""]))
    return Facts(
        name=item["TrainingPlanName"],
        status=_status(item),
        reason=str(item.get("StatusMessage") or "") if _status(item) == "Failed" else "",
        created=start,
        started=start if _status(item) == "Active" else None,
        ended=end if _status(item) == "Expired" else None,
        why=said if _status(item) in {"Pending", "Scheduled", "Active"} else "",
        cells={
            "fee": fee,
            "ends": end.isoformat() if end else None,
            "machines": item.get("TotalInstanceCount"),
            "free": item.get("AvailableInstanceCount"),
        },
        subtitle=fee,
    )


def _more(item: Item) -> list[Fact]:
    reserved = item.get("ReservedCapacitySummaries") or []
    return [
        Fact(label="For", value=", ".join(item.get("TargetResources") or []) or None),
        Fact(label="In use", value=item.get("InUseInstanceCount"), format="count"),
        Fact(label="Machines", value=", ".join(str(r.get("InstanceType")) for r in reserved) or None),
    ]


KIND = Kind(
    name="training-plan",
    label="Training plans",
    singular="training plan",
    list_calls=(newest("ListTrainingPlans", "TrainingPlanSummaries", "StartTime"),),
    key_members=("TrainingPlanName",),
    arn="TrainingPlanArn",
    status_of=_status,
    statuses=STATUSES,
    status_shapes=("TrainingPlanStatus",),
    facts=_facts,
    columns=(
        Column(name="name", label="Name"),
        Column(name="status", label="Status"),
        Column(name="fee", label="Paid"),
        Column(name="machines", label="Machines", format="count"),
        Column(name="free", label="Free", format="count"),
        Column(name="ends", label="Ends", format="time"),
    ),
    detail=Detail(
        ("DescribeTrainingPlan",),
        calling("DescribeTrainingPlan", "TrainingPlanName"),
        _status,
        rows=False,
    ),
    more=_more,
    bills="paid for in advance, in one sum",
    ends="It cannot be stopped: it ends on its date.",
)
