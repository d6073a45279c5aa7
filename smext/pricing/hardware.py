"""Hardware of instance types (vCPUs, memory, GPUs), read from machines.json."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any


@dataclass(frozen=True)
class Hardware:
    """Hardware of one machine.

    `gpu_gib` is the memory of each GPU; `gpu` is the name of the GPU or other accelerator.
    """

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
        """Memory of all GPUs together, in GiB; None where there is no GPU."""
        return None if self.gpu_gib is None else round(self.gpu_gib * self.gpus, 2)

    @property
    def about(self) -> str:
        """Summary for people: `4 vCPU · 16 GiB · 1 A10G 22 GiB`."""
        told = [f"{self.vcpus} vCPU", _gib(self.memory_gib)]
        if self.gpu_gib is not None:
            each = _gib(self.gpu_gib)
            told.append(f"{self.gpus} {self.gpu} {f'{self.gpus} × {each}' if self.gpus > 1 else each}")
        elif self.gpu:
            told.append(self.gpu)
        return " · ".join(told)

    def serves(self, wanted: Hardware) -> bool:
        """Return True if this machine has at least the resources of `wanted` and accelerators for the same code."""
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
    """Return the hardware of an instance type, or None where the catalogue lacks it; `ml.X` has that of EC2's `X`."""
    table = _table()
    found = table["machines"].get(instance_type)
    if found is None:
        return None
    vcpus, memory, gpus, gpu, gpu_gib, accelerators, as_of, source = found
    return Hardware(vcpus, memory, gpus, gpu, gpu_gib, accelerators or 0, as_of, table["sources"][source])


def as_of() -> str:
    """Return the date (ISO 8601) of the newest figure in the catalogue."""
    return str(_table()["as_of"])


def _gib(size: float) -> str:
    return f"{size:.0f} GiB" if size >= 10 or size == int(size) else f"{size:.1f} GiB"


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    text = resources.files(__package__).joinpath("machines.json").read_text(encoding="utf-8")
    return dict(json.loads(text))
