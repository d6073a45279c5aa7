"""Instance types that a region offers, by its list of prices, and types of the same size."""

from __future__ import annotations

from .instances import has_gpu, instances
from .price_table import Component, priced_types, rate

COMPLETE = 100
"""Types with a price from which on a region's list is taken to be whole."""
MOST = 3


def is_offered(component: Component, instance_type: str, region: str) -> bool | None:
    """Return False where a long list of the region's prices does not have the type, None where the list is short."""
    if rate(component, instance_type, region).usd_per_hour is not None:
        return True
    return False if len(priced_types(region)) >= COMPLETE else None


def similar(component: Component, instance_type: str, region: str) -> list[str]:
    """Return other types of the same size, with a GPU where this has one; the nearest price first, the unpriced last."""
    size = instance_type.rpartition(".")[2]
    price = rate(component, instance_type, region).usd_per_hour
    found = [
        choice
        for choice in instances(component, region)
        if choice.name != instance_type
        and choice.name.rpartition(".")[2] == size
        and has_gpu(choice.name) == has_gpu(instance_type)
        and choice.usd_per_hour is not None
    ]
    found.sort(key=lambda choice: abs((choice.usd_per_hour or 0.0) - (price or 0.0)))
    return [choice.name for choice in found[:MOST]]
