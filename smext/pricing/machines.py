"""What the machine behind an instance type has, out of machines.json, and which others would do in its place."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from .instances import instances
from .rates import Component, RateOf, rate

_BURSTS = "ml.t"
"""Types that are fast for a while only, on credits."""


@dataclass(frozen=True)
class Hardware:
    """Of one machine; the memory of a GPU is that of each. `gpu` is what it computes with beside the processor."""

    vcpus: int
    memory_gib: float
    gpus: int
    gpu: str
    gpu_gib: float | None
    accelerators: int
    """Chips that are no GPUs: Trainium, Inferentia, Gaudi."""
    as_of: str
    source: str

    @property
    def gpu_memory_gib(self) -> float | None:
        """Of all GPUs together; None where there is none."""
        return None if self.gpu_gib is None else round(self.gpu_gib * self.gpus, 2)

    def serves(self, wanted: Hardware) -> bool:
        """Whether it has all that another one has, and GPUs or other chips of a sort that the same code uses."""
        return (
            self.vcpus >= wanted.vcpus
            and self.memory_gib >= wanted.memory_gib
            and self.gpus >= wanted.gpus
            and (self.gpu_gib or 0.0) >= (wanted.gpu_gib or 0.0)
            and self.accelerators >= wanted.accelerators
            and bool(self.accelerators) == bool(wanted.accelerators)
            and (self.gpu == wanted.gpu or not wanted.accelerators)
        )


def hardware(instance_type: str) -> Hardware | None:
    """None where the catalogue does not have the type. That of `ml.X` is that of EC2's `X`."""
    table = _table()
    found = table["machines"].get(instance_type)
    if found is None:
        return None
    vcpus, memory, gpus, gpu, gpu_gib, accelerators, as_of, source = found
    return Hardware(vcpus, memory, gpus, gpu, gpu_gib, accelerators or 0, as_of, table["sources"][source])


def as_of() -> str:
    """The catalogue's date: that of its newest figure."""
    return str(_table()["as_of"])


def fits_like(component: Component, instance_type: str, region: str, rate_of: RateOf = rate) -> list[str]:
    """Other types of the component with as much of everything, the cheapest first and those without a price last.

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
    """Order of types to choose from: by price, those without one last, and there the smaller first."""
    has = hardware(name)
    return usd is None, usd or 0.0, has.vcpus if has else 0, name


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    text = resources.files(__package__).joinpath("machines.json").read_text(encoding="utf-8")
    return dict(json.loads(text))
