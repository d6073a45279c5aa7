"""Machines of an endpoint: all variants, shadow ones, pools, reservations, and a deployment under way.

While an endpoint gets a new configuration, the machines of both are up: those of the new one stand in
PendingDeploymentSummary alone (botocore: DescribeEndpoint).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .base import Item, Meter

_MEMBERS = ("ProductionVariants", "ShadowProductionVariants")


@dataclass(frozen=True)
class Variant:
    """Variant as it runs, merged with its configuration."""

    running: Mapping[str, Any]
    configured: Mapping[str, Any]
    pending: bool = False

    @property
    def name(self) -> str:
        """Name of the variant in the endpoint."""
        return str(self.running.get("VariantName"))

    @property
    def serverless(self) -> Mapping[str, Any]:
        """Serverless configuration; empty where it runs on machines, or still does."""
        if self.running.get("CurrentInstanceCount") or self.running.get("InstancePools"):
            return {}
        now, wanted = self.running.get("CurrentServerlessConfig"), self.running.get("DesiredServerlessConfig")
        return dict(now or wanted or self.configured.get("ServerlessConfig") or {})

    @property
    def provisioned(self) -> bool:
        """True if provisioned concurrency is kept ready, or about to be."""
        wanted = self.running.get("DesiredServerlessConfig") or {}
        return bool(self.serverless.get("ProvisionedConcurrency") or wanted.get("ProvisionedConcurrency"))

    @property
    def reservation(self) -> Mapping[str, Any]:
        """Capacity reservation that its machines, of all pools, are launched into."""
        return dict(self.running.get("CapacityReservationConfig") or {})

    @property
    def growing(self) -> bool:
        """True if more machines were asked for than are there, so that some may be starting."""
        now, wanted = self.running.get("CurrentInstanceCount"), self.running.get("DesiredInstanceCount")
        return now is not None and wanted is not None and wanted > now


@dataclass(frozen=True)
class Machines:
    """Machines of one type in a variant. None is unknown, never zero."""

    variant: Variant
    instance_type: str | None
    count: float | None
    billed: float | None
    """So many of them bill; those of a reservation were paid for in advance."""

    @property
    def text(self) -> str:
        """Machines for people: `2 × ml.m5.xlarge`."""
        count = "?" if self.count is None else f"{self.count:g}"
        return f"{count} × {self.instance_type or 'unknown type'}"

    @property
    def meter(self) -> Meter:
        """Meter of these machines; its type is None where the number that bills is unknown."""
        return (
            Meter("Hosting", None)
            if self.billed is None
            else Meter("Hosting", self.instance_type, self.billed)
        )


def variants(item: Item) -> list[Variant]:
    """Return the variants of the endpoint, then those of a deployment under way."""
    config = item.get("Config") or {}
    found = [Variant(running, configured) for running, configured in _matched(item, config)]
    if found and item.get("EndpointStatus") == "Creating":
        return found  # the deployment under way is the endpoint's first one
    pending = item.get("PendingDeploymentSummary") or {}
    same = pending.get("EndpointConfigName") == item.get("EndpointConfigName")
    return found + [Variant(*each, pending=True) for each in _matched(pending, config if same else {})]


def _matched(
    item: Mapping[str, Any], config: Mapping[str, Any]
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for member in _MEMBERS:
        configured = {v.get("VariantName"): v for v in config.get(member) or []}
        for running in item.get(member) or []:
            yield running, configured.get(running.get("VariantName"), {})


def machines(item: Item) -> list[Machines]:
    """Return the machines of all variants, with how many of each bill."""
    found = [each for variant in variants(item) if not variant.serverless for each in _pools(variant)]
    reserved: dict[str, list[Machines]] = {}
    for each in found:
        if each.variant.reservation:
            reserved.setdefault(_reservation(each.variant), []).append(each)
    billed = {
        id(old): new
        for group in reserved.values()
        for old, new in zip(group, _unreserved(group), strict=True)
    }
    found = [billed.get(id(each), each) for each in found]
    # The summary of a deployment under way does not tell whether its machines are of the reservation, too.
    return [replace(each, billed=None) if each.variant.pending and reserved else each for each in found]


def _reservation(variant: Variant) -> str:
    """Return the identity of a reservation: its count of used machines is that of the whole endpoint."""
    return str(variant.reservation.get("MlReservationArn") or f"of variant {variant.name}")


def _pools(variant: Variant) -> list[Machines]:
    """Return the machines of each pool; a count that AWS does not give makes the rate unknown, not zero."""
    running, total = variant.running, variant.running.get("CurrentInstanceCount")
    named = running.get("InstanceType") or variant.configured.get("InstanceType")
    pools = running.get("InstancePools") or [{"InstanceType": named, "CurrentInstanceCount": total}]
    counts = [(pool.get("InstanceType"), pool.get("CurrentInstanceCount")) for pool in pools]
    found = [Machines(variant, name, count, count) for name, count in counts]
    known = [count for _, count in counts if count is not None]
    if len(known) == len(counts) and total is not None and sum(known) < total:
        found.append(Machines(variant, None, total - sum(known), None))  # machines of no pool that is told
    return found


def _unreserved(group: Sequence[Machines]) -> list[Machines]:
    """Return what bills of machines that share a reservation (botocore: UsedByCurrentEndpoint)."""
    used = [each.variant.reservation.get("UsedByCurrentEndpoint") for each in group]
    told = [count for count in used if count is not None]
    counts = [each.count for each in group]
    if not told or None in counts:
        return [replace(each, billed=None) for each in group]
    left = float(max(told))
    if (
        left < sum(count or 0 for count in counts)
        and left
        and len({each.instance_type for each in group}) > 1
    ):
        return [replace(each, billed=None) for each in group]  # which of them are reserved is not told
    found = list[Machines]()
    for each in group:
        paid = min(left, each.count or 0)
        left -= paid
        found.append(replace(each, billed=(each.count or 0) - paid))
    return found


def unseen(item: Item) -> str:
    """Return what may bill besides the counted machines; empty where they are all."""
    found, status = variants(item), item.get("EndpointStatus")
    pending = item.get("PendingDeploymentSummary")
    if status in {"RollingBack", "UpdateRollbackFailed"} and not pending:
        return "machines of the deployment that failed may be up: AWS does not count them"
    if pending is not None and status != "Creating" and not any(variant.pending for variant in found):
        return "machines of the deployment under way may be up: AWS does not count them"
    if any(variant.growing for variant in found):
        return "more machines are being started: AWS does not say from when on they bill"
    if any(variant.provisioned for variant in found):
        return "provisioned concurrency bills while it is on; its price is not known"
    return ""
