"""Rates that were read, on this machine's disk: one file for each region, shared by all servers of a user."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import cast

from .price_list import COMPONENTS, Rates


@dataclass(frozen=True)
class Quote:
    """What the Price List said of a type, and when (UTC)."""

    at: datetime
    rates: Rates


def folder() -> Path:
    """Where they lie: in Jupyter's data directory, which a Studio space keeps when it is stopped."""
    from jupyter_core.paths import jupyter_data_dir

    return Path(jupyter_data_dir()) / "smext" / "prices"


def load(place: Path, region: str) -> dict[str, Quote]:
    """Quotes by instance type; a file that is missing or broken holds none."""
    try:
        found = json.loads((place / f"{region}.json").read_text(encoding="utf-8"))
        return {name: _quote(value["at"], value["rates"]) for name, value in found.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def save(place: Path, region: str, quotes: dict[str, Quote]) -> None:
    """Add to what other servers have kept. A disk that refuses is no reason to fail."""
    merged = {**load(place, region), **quotes}
    text = json.dumps({name: asdict(quote) | {"at": quote.at.isoformat()} for name, quote in merged.items()})
    with contextlib.suppress(OSError):
        place.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=place, suffix=".tmp")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(name, place / f"{region}.json")


def _quote(at: str, rates: dict[str, float]) -> Quote:
    when = datetime.fromisoformat(at)
    if when.tzinfo is None:
        raise ValueError("a time without its zone")
    known = {name: float(usd) for name, usd in rates.items() if name in COMPONENTS.values() and usd > 0}
    return Quote(when, cast(Rates, known))
