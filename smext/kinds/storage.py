"""Monthly storage rates. Only us-east-1 is known; another region's price is not borrowed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from ..api import PriceNote

Product = Literal["space volume", "notebook volume", "file system"]

# USD per GB and month. AmazonSageMaker offer file (usage type USE1-Studio:VolumeUsage.gp3), the ML storage of
# notebook instances on the same price page, and Amazon EFS Standard; all second-hand, of 2026-09.
_RATES: Mapping[tuple[Product, str], float] = {
    ("space volume", "us-east-1"): 0.112,
    ("notebook volume", "us-east-1"): 0.14,
    ("file system", "us-east-1"): 0.30,
}
_AS_OF = "2026-09"
_SOURCES: Mapping[Product, str] = {
    "space volume": "USE1-Studio:VolumeUsage.gp3, $0.112 per GB-month",
    "notebook volume": "ML storage of notebook instances, $0.14 per GB-month",
    "file system": "Amazon EFS Standard, $0.30 per GB-month",
}


def monthly(product: Product, gigabytes: float | None, region: str) -> float | None:
    """Return USD per month, or None where the size or the region's price is not known."""
    rate = _RATES.get((product, region))
    return rate * gigabytes if rate is not None and gigabytes is not None else None


def note(product: Product) -> PriceNote:
    """Return source and date of the rate."""
    return PriceNote(source=_SOURCES[product], as_of=_AS_OF)
