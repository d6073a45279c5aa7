"""The long lists behind the choice of a machine: an account's quotas, and what a region offers for a kind of job."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...aws.account import Account
from ...aws.background_list import BackgroundList, background_list
from ...pricing import Component
from ...pricing.offers import Offer, offers

HOUR = 3600.0
PAGES = 60
"""SageMaker has some 2,300 quotas, a hundred on a page."""


def quotas(account: Account, patience: float) -> BackgroundList[float]:
    """Values by the quota's name, as `ml.m5.xlarge for training job usage`."""
    return background_list(account, "quotas", lambda: _quotas(account), patience, HOUR)


def offered_types(
    account: Account, component: Component, region: str, patience: float
) -> BackgroundList[Offer]:
    """Return what the Price List has for a component in a region, by type."""
    question = ("offers", component, region)
    return background_list(
        account, question, lambda: [offers(account, component, region)], patience, 24 * HOUR
    )


def _quotas(account: Account) -> Iterator[Mapping[str, float]]:
    for page in account.pages(
        "service-quotas", "ListServiceQuotas", "Quotas", most=PAGES, ServiceCode="sagemaker", MaxResults=100
    ):
        yield {str(each.get("QuotaName")): float(each["Value"]) for each in page if "Value" in each}
