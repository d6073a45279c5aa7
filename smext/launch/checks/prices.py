"""What the table of prices tells of a type beside its price: whether a region offers it, and what else would fit."""

from __future__ import annotations

from ...api import Check
from ...pricing import Component, Rate, has_gpu, instances, known, rate, well_formed
from ...pricing.rates import priced_types
from ..request import Asked

COMPLETE = 100
"""Types with a price from which on a region's list is taken to be whole."""
MOST = 3


def of_offer(asked: Asked, region: str, price: Rate) -> list[Check]:
    """A warning where the region's list of prices is long, and does not have the type; where it is short, nobody can tell."""
    name, component = asked.form.instance_type, asked.api.component
    if price.usd_per_hour is not None or not well_formed(name):
        return []
    offered = is_offered(component, name, region)
    if offered is None and known(component, name, region):
        return [
            Check(
                name="instance type",
                status="cannot tell",
                message=f"Whether it is offered for {asked.form.job_kind} jobs in {region} is not known: {name}",
                advice="AWS says so when the job is created.",
                field="instance_type",
            )
        ]
    if offered is not False:
        return []
    others = similar(component, name, region)
    return [
        Check(
            name="instance type",
            status="warning",
            message=f"It may not be offered for {asked.form.job_kind} jobs in {region}: no price is listed for {name}",
            advice=f"These are: {', '.join(others)}" if others else "Choose a type with a price.",
            field="instance_type",
        )
    ]


def is_offered(component: Component, instance_type: str, region: str) -> bool | None:
    """False where a long list of the region's prices does not have the type, None where the list is short."""
    if rate(component, instance_type, region).usd_per_hour is not None:
        return True
    return False if len(priced_types(region)) >= COMPLETE else None


def similar(component: Component, instance_type: str, region: str) -> list[str]:
    """Other types of the same size, with a GPU where this has one; the nearest price first, the unpriced last."""
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
