"""Hourly on-demand rates of one instance type from AWS's Price List (GetProducts); ambiguous products are skipped.

A call for each type in use, not the whole region: a region has some forty pages of a hundred products, a type
one, and an account uses few types.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from .. import errors
from ..aws.account import Account
from .price_table import Component

# Words of the attribute `component` (AWS: Price List of AmazonSageMaker), lower case since AWS's case varies.
COMPONENTS: Mapping[str, Component] = {
    "training": "Training",
    "processing": "Processing",
    "batchtransform": "Transform",
    "hosting": "Hosting",
    "notebook": "Notebook",
    "studio-jupyterlab": "Studio",
    "cluster": "Cluster",
}
# Of those that share a component with on-demand hours at another rate.
_OTHER_TERMS = ("trainingplan", "reserved", "trspt", "spot")
_PAGES = 3
_ELSEWHERE = ("cn-", "us-gov-", "us-iso", "eu-isoe-", "eusc-")

T = TypeVar("T")

Rates = dict[Component, float]
"""USD per hour by component."""


def home(region: str) -> str | None:
    """Return the region of the Price List endpoint: there are three (AWS docs: using-price-list-query-api.html).

    None outside of the commercial partition.
    """
    if region.startswith(_ELSEWHERE):
        return None
    if region.startswith("ap-"):
        return "ap-south-1"
    return "eu-central-1" if region.startswith(("eu-", "af-", "me-", "il-")) else "us-east-1"


def ask(account: Account, instance_type: str, region: str) -> Rates:
    """Fetch the rates of a type in a region; empty where the Price List has none. Blocking.

    Raises errors.SmextError, also where the answer has a shape that nobody knows.
    """
    return products(
        account,
        region,
        {"instanceName": instance_type},
        _PAGES,
        lambda texts: read(texts, instance_type, region),
    )


def products(
    account: Account,
    region: str,
    wanted: Mapping[str, str],
    most: int,
    reading: Callable[[list[Any]], T],
) -> T:
    """Fetch the products with these attributes, at most `most` pages, and parse them with `reading`.

    Raises errors.SmextError, also where they have a shape that `reading` does not know.
    """
    endpoint = home(region)
    if endpoint is None:
        raise errors.Unsupported(f"The Price List does not serve this region: {region}")
    fields = {"productFamily": "ML Instance", "regionCode": region, **wanted}
    pages = account.pages(
        "pricing",
        "GetProducts",
        "PriceList",
        most=most,
        region=endpoint,
        ServiceCode="AmazonSageMaker",
        Filters=[{"Type": "TERM_MATCH", "Field": field, "Value": value} for field, value in fields.items()],
        MaxResults=100,
    )
    texts = [text for page in pages for text in page]
    try:
        return reading(texts)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise errors.SmextError(
            f"The Price List answers in a shape that smext does not know: {error}"
        ) from error


def read(texts: Iterable[str], instance_type: str, region: str) -> Rates:
    """Parse the hourly rates by component; a component with two different rates is left out.

    Raises ValueError, TypeError, KeyError or AttributeError for what is no product.
    """
    found: dict[Component, set[float]] = defaultdict(set)
    for text in texts:
        product = json.loads(text)
        attributes = product["product"]["attributes"]
        component = COMPONENTS.get(_component(attributes))
        if component and _fits(attributes, instance_type, region):
            found[component] |= set(_hourly(product["terms"].get("OnDemand") or {}))
    return {component: rates.pop() for component, rates in found.items() if len(rates) == 1}


def _component(attributes: Mapping[str, Any]) -> str:
    return str(attributes.get("component") or attributes.get("platoinstancetype") or "").lower()


def _fits(attributes: Mapping[str, Any], instance_type: str, region: str) -> bool:
    words = f"{attributes.get('instanceType')} {attributes.get('usagetype')}".lower()
    return (
        attributes.get("instanceName") == instance_type
        and attributes.get("regionCode") == region
        and attributes.get("locationType") != "AWS Outposts"
        and not any(word in words for word in _OTHER_TERMS)
    )


def _hourly(terms: Mapping[str, Any]) -> Iterator[float]:
    """Yield USD per hour of each hourly dimension; rows of the free tier (0 USD) are skipped."""
    for term in terms.values():
        for dimension in term["priceDimensions"].values():
            usd = float(dimension["pricePerUnit"].get("USD") or 0)
            if str(dimension["unit"]).lower() in {"hrs", "hours", "hour"} and usd > 0:
                yield usd
