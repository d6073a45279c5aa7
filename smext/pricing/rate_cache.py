"""Cache of rates on disk: one file for each region, shared by all servers of a user."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import cast

from .. import disk
from .price_list import COMPONENTS, Rates


@dataclass(frozen=True)
class Quote:
    """Rates of one type from the Price List, and when they were read (UTC)."""

    at: datetime
    rates: Rates


def folder() -> Path:
    """Return the folder of the rate cache, in smext's data folder."""
    return disk.folder("prices")


def load(place: Path, region: str) -> dict[str, Quote]:
    """Read the cached quotes of a region by instance type; empty where the file is missing or broken."""
    found = disk.read(place / f"{region}.json")
    try:
        return {name: _quote(value["at"], value["rates"]) for name, value in found.items()}
    except (ValueError, TypeError, KeyError, AttributeError):
        return {}


def save(place: Path, region: str, quotes: dict[str, Quote]) -> None:
    """Merge quotes into the region's cache file."""
    merged = {**load(place, region), **quotes}
    values = {name: asdict(quote) | {"at": quote.at.isoformat()} for name, quote in merged.items()}
    disk.write(place / f"{region}.json", values)


def _quote(at: str, rates: dict[str, float]) -> Quote:
    when = datetime.fromisoformat(at)
    if when.tzinfo is None:
        raise ValueError("a time without its zone")
    known = {name: float(usd) for name, usd in rates.items() if name in COMPONENTS.values() and usd > 0}
    return Quote(when, cast(Rates, known))
