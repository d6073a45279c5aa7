"""Rates that were read, on this machine's disk: one file for each region, shared by all servers of a user."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import cast

from .. import disk
from .price_list import COMPONENTS, Rates


@dataclass(frozen=True)
class Quote:
    """What the Price List said of a type, and when (UTC)."""

    at: datetime
    rates: Rates


def folder() -> Path:
    return disk.folder("prices")


def load(place: Path, region: str) -> dict[str, Quote]:
    """Quotes by instance type; a file that is missing or broken holds none."""
    found = disk.read(place / f"{region}.json")
    try:
        return {name: _quote(value["at"], value["rates"]) for name, value in found.items()}
    except (ValueError, TypeError, KeyError, AttributeError):
        return {}


def save(place: Path, region: str, quotes: dict[str, Quote]) -> None:
    """Add to what other servers have kept."""
    merged = {**load(place, region), **quotes}
    values = {name: asdict(quote) | {"at": quote.at.isoformat()} for name, quote in merged.items()}
    disk.write(place / f"{region}.json", values)


def _quote(at: str, rates: dict[str, float]) -> Quote:
    when = datetime.fromisoformat(at)
    if when.tzinfo is None:
        raise ValueError("a time without its zone")
    known = {name: float(usd) for name, usd in rates.items() if name in COMPONENTS.values() and usd > 0}
    return Quote(when, cast(Rates, known))
