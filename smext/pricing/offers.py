"""All offers of the Price List for one component in a region: types, rates and hardware."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..aws.account import Account
from .price_list import COMPONENTS, products, read
from .price_table import Component

_PAGES = 8
"""A region has some 220 types for a component."""


@dataclass(frozen=True)
class Offer:
    """One type in the Price List; `usd` per hour is None where it has more than one rate."""

    usd: float | None
    vcpus: int | None = None
    memory_gib: float | None = None
    gpus: int | None = None


def offers(account: Account, component: Component, region: str) -> dict[str, Offer]:
    """Fetch the offers of a component by instance type; empty where the Price List has none.

    Blocking: a few pages.

    Raises errors.SmextError, also where the answer has a shape that nobody knows.
    """
    word = next(word for word, name in COMPONENTS.items() if name == component)
    return products(
        account,
        region,
        {"component": word.capitalize()},
        _PAGES,
        lambda texts: read_offers(texts, component, region),
    )


def read_offers(texts: Iterable[str], component: Component, region: str) -> dict[str, Offer]:
    """Parse the offers in the products of a GetProducts answer, by instance type.

    Raises ValueError, TypeError, KeyError or AttributeError for what is no product.
    """
    by_type: dict[str, list[str]] = defaultdict(list)
    about: dict[str, Mapping[str, Any]] = {}
    for text in texts:
        attributes = json.loads(text)["product"]["attributes"]
        name = str(attributes.get("instanceName") or "")
        by_type[name].append(text)
        about.setdefault(name, attributes)
    return {
        name: _offer(read(group, name, region).get(component), about[name])
        for name, group in by_type.items()
        if name.startswith("ml.")
    }


def _offer(usd: float | None, attributes: Mapping[str, Any]) -> Offer:
    vcpus, memory = _figure(attributes.get("vCpu")), _figure(attributes.get("memory"))
    gpus = _figure(attributes.get("gpu"))
    return Offer(usd, _whole(vcpus), memory, _whole(gpus))


def _figure(text: Any) -> float | None:
    """Parse the number in `1,152 GiB` (1152.0); None for a text without one, such as `N/A`."""
    match = re.match(r"\s*([\d,]+(?:\.\d+)?)", str(text or ""))
    return float(match[1].replace(",", "")) if match else None


def _whole(figure: float | None) -> int | None:
    return None if figure is None else int(figure)
