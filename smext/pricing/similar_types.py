"""Alternatives to an instance type, and the order in which they are shown."""

from __future__ import annotations

from .hardware import hardware
from .instances import instances
from .price_table import Component, RateOf, rate

_BURSTS = "ml.t"
"""Types that are fast for a while only, on credits."""


def fits_like(component: Component, instance_type: str, region: str, rate_of: RateOf = rate) -> list[str]:
    """Return other types of the component with at least the same resources, the cheapest first, unpriced ones last.

    Empty where nothing is known of the type. One that bursts stands in for another that does, and for no other.
    """
    wanted = hardware(instance_type)
    if wanted is None:
        return []
    priced = [
        (rate_of(component, each.name, region).usd_per_hour, each.name)
        for each in instances(component, region)
        if each.name != instance_type
        and (has := hardware(each.name)) is not None
        and has.serves(wanted)
        and (not each.name.startswith(_BURSTS) or instance_type.startswith(_BURSTS))
    ]
    return [name for _, name in sorted(priced, key=lambda pair: cheapest_first(*pair))]


def cheapest_first(usd: float | None, name: str) -> tuple[bool, float, int, str]:
    """Return a sort key: by price, unpriced types last and by vCPUs."""
    has = hardware(name)
    return usd is None, usd or 0.0, has.vcpus if has else 0, name
