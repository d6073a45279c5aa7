"""File systems (EFS) of Studio domains: home directories, billed by the month.

SageMaker marks those that it makes with a tag (AWS docs: security-iam-awsmanpol, AmazonSageMakerFullAccess).
"""

from __future__ import annotations

from collections.abc import Sequence

from ..api import Column, Fact
from ..aws.studio import ServerIdentity
from .base import Call, Detail, Facts, Item, Kind, ListCall, Status, Volume, moment

_TAG = "ManagedByAmazonSageMakerResource"
_STORED = "home directories of a domain, billed by the month"
_UNTOLD = "billed by the month; whether it belongs to a domain is not known: AWS gave no tags"
_ONE_ZONE = "it is a One Zone file system, whose price is not known here"
_COLDER = "a part of it is in a cheaper class, whose price is not known here"
_THROUGHPUT = "its provisioned throughput bills besides"
_GB = 2**30

STATUSES = {
    "available": Status("ok", active=True, certainty="storage only", why=_STORED),
    "updating": Status("ok", active=True, changing=True, certainty="storage only", why=_STORED),
    "creating": Status("warn", active=True, changing=True, certainty="storage only", why=_STORED),
    "deleting": Status("off", active=True, changing=True, certainty="storage only", why=_STORED),
    "error": Status("bad", active=True, certainty="storage only", why=_STORED),
    "deleted": Status("off"),
}
_THERE = set(STATUSES) - {"deleted"}
_ENDS_UNTOLD = "Whether a domain needs it is not known here: see its tags in the EFS console."
_ENDS = "Its files are people's home directories: delete it in the EFS console once its domain is gone."


def _domain(item: Item) -> str:
    """Return the Studio domain of the file system, by its tag; empty for any other file system."""
    tags = {str(tag.get("Key")): str(tag.get("Value")) for tag in item.get("Tags") or []}
    return tags.get(_TAG, "").rpartition("/")[2]


def _of_domains(answers: Sequence[list[Item]]) -> list[Item]:
    # One whose tags are missing may be a domain's: it is shown rather than left out.
    return [item for answer in answers for item in answer if _domain(item) or item.get("Tags") is None]


def _describe(call: Call, item: Item) -> Item:
    found = call("DescribeFileSystems", FileSystemId=item["FileSystemId"]).get("FileSystems") or []
    return dict(next(iter(found), {}))


def _one_zone(item: Item) -> bool:
    """Return True for a One Zone file system (botocore: AvailabilityZoneName and -Id are set only there)."""
    return bool(item.get("AvailabilityZoneName") or item.get("AvailabilityZoneId"))


def _colder(item: Item) -> bool:
    size = item.get("SizeInBytes") or {}
    return bool((size.get("ValueInIA") or 0) + (size.get("ValueInArchive") or 0))


def _gigabytes(item: Item) -> float | None:
    """Return its size in GB; None where a part of it is of a class with another price."""
    value = (item.get("SizeInBytes") or {}).get("Value")
    return None if value is None or _one_zone(item) or _colder(item) else value / _GB


def _why(item: Item) -> str:
    said = [
        _STORED if _domain(item) else _UNTOLD,
        _ONE_ZONE if _one_zone(item) else _COLDER if _colder(item) else "",
        _THROUGHPUT if item.get("ThroughputMode") == "provisioned" else "",
    ]
    return "; ".join(filter(None, said))


def _facts(item: Item, here: ServerIdentity) -> Facts:
    domain = _domain(item)
    return Facts(
        name=str(item.get("Name") or item["FileSystemId"]),
        status=str(item.get("LifeCycleState") or ""),
        created=moment(item.get("CreationTime")),
        volumes=[Volume("file system", _gigabytes(item))],
        why=_why(item) if item.get("LifeCycleState") in _THERE else "",
        cells={"domain": domain, "size": (item.get("SizeInBytes") or {}).get("Value")},
        subtitle=f"domain {domain}" if domain else "",
    )


def _more(item: Item) -> list[Fact]:
    return [
        Fact(label="Domain", value=_domain(item)),
        Fact(label="Throughput", value=item.get("ThroughputMode")),
        Fact(label="Provisioned, MiB/s", value=item.get("ProvisionedThroughputInMibps"), format="count"),
        Fact(label="One Zone, in", value=item.get("AvailabilityZoneName") or item.get("AvailabilityZoneId")),
        Fact(label="Encrypted", value=item.get("Encrypted")),
        Fact(label="How to end it", value=_ENDS if _domain(item) else _ENDS_UNTOLD),
    ]


KIND = Kind(
    name="file-system",
    label="File systems of domains",
    singular="file system",
    service="efs",
    list_calls=(
        ListCall(
            "DescribeFileSystems",
            "FileSystems",
            size={"MaxItems": 100},
            token="Marker",
            next_token="NextMarker",
        ),
    ),
    join=_of_domains,
    key_members=("FileSystemId",),
    status_of=lambda item: str(item.get("LifeCycleState") or ""),
    statuses=STATUSES,
    status_shapes=("LifeCycleState",),
    facts=_facts,
    columns=(
        Column(name="name", label="Name"),
        Column(name="status", label="Status"),
        Column(name="domain", label="Domain"),
        Column(name="size", label="Size", format="bytes"),
        Column(name="usd_per_month", label="Storage, $/month", format="money"),
    ),
    detail=Detail(("DescribeFileSystems",), _describe, lambda item: item.get("LifeCycleState"), rows=False),
    more=_more,
    bills="its gigabytes by the month; provisioned throughput besides",
    ends=_ENDS,
)
