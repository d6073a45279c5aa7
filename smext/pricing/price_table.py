"""Dated table of rates by component, instance type and region, read from prices.json."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Literal

from ..api import PriceNote

Component = Literal[
    "Training", "Processing", "Transform", "Hosting", "Notebook", "Studio", "Cluster", "Canvas", "MLflow"
]

# One rate per type serves these: they cost the same to within a cent an hour wherever both are known.
COMPUTE = frozenset({"Training", "Processing", "Transform", "Hosting", "Notebook", "Studio"})


@dataclass(frozen=True)
class Rate:
    """On-demand USD per hour of one machine; None is unknown. `as_of` is a date, or `unknown`."""

    usd_per_hour: float | None
    source: str
    as_of: str

    @property
    def note(self) -> PriceNote | None:
        """Source and date to show beside the figure; None where the rate is unknown."""
        return PriceNote(source=self.source, as_of=self.as_of) if self.usd_per_hour is not None else None


RateOf = Callable[[Component, str, str], Rate]
"""The rate of a component, an instance type and a region; answers at once."""


def rate(component: Component, instance_type: str, region: str) -> Rate:
    """Return the dated rate of a type in a region.

    None where the table does not hold this very region: the price of another region is not a price.
    Canvas and MLflow have types of their own: `canvas.session`, `mlflow.Small`.
    """
    table = _table()
    found = table["rates"].get(region, {}).get(instance_type, {})
    entry = found.get(component) or (found.get("any") if component in COMPUTE else None)
    if entry is None:
        return Rate(None, f"no price is known for {instance_type} in {region}", "unknown")
    usd, as_of, source = entry
    return Rate(usd, table["sources"][source], as_of)


def priced_types(region: str) -> list[str]:
    """Return the instance types that have a rate in a region."""
    return [name for name in _table()["rates"].get(region, {}) if name.startswith("ml.")]


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    text = resources.files(__package__).joinpath("prices.json").read_text(encoding="utf-8")
    return dict(json.loads(text))
