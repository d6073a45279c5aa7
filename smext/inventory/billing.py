"""Cost of an item: its meters and volumes at their rates. Unknown rates never count as zero."""

from __future__ import annotations

import math
from datetime import datetime

from ..api import Billing, Certainty, PriceNote
from ..kinds import storage
from ..kinds.base import BILLS, Facts
from ..pricing import Component, Rate, RateOf, rate

MOST = 1e6
"""More machines than AWS has of a type: a count that is none."""


def bill(
    facts: Facts, by_status: Certainty, why: str, region: str, now: datetime, rate_of: RateOf = rate
) -> Billing:
    """Compute what an item costs; `usd_per_hour` is None unless the rate of every meter is known."""
    certainty = facts.certainty or by_status
    rates = [(meter, _rate(rate_of, meter.component, meter.instance_type, region)) for meter in facts.meters]
    known = [
        found.usd_per_hour * meter.count
        for meter, found in rates
        if found.usd_per_hour is not None and 0 <= meter.count < MOST
    ]
    hourly = sum(known) if rates and len(known) == len(rates) else None
    if hourly == 0 and certainty in BILLS:
        hourly = None  # none of its machines is counted yet: that is not known to be free
    ran = _seconds_billed(facts, now)
    running = certainty in BILLS
    note = next(
        (PriceNote(source=r.source, as_of=r.as_of) for _, r in rates if r.usd_per_hour is not None), None
    )
    stored = _stored(facts, region)
    if stored is not None and (note is None or not running):
        note = storage.note(facts.volumes[0].product)
    return Billing(
        certainty=certainty,
        usd_per_hour=hourly if running else None,
        usd_per_month=stored,
        since=facts.billed_from if running else None,
        accrued_usd=hourly * ran / 3600 if hourly is not None and ran is not None else None,
        why=facts.why or why or ("no price known" if running and hourly is None else ""),
        price=note,
    )


def _stored(facts: Facts, region: str) -> float | None:
    """Return USD per month of all volumes; None where one is unknown or there is none."""
    if any(volume.gigabytes is not None and not 0 <= volume.gigabytes < math.inf for volume in facts.volumes):
        return None  # what AWS tells is no size
    each = [storage.monthly(volume.product, volume.gigabytes, region) for volume in facts.volumes]
    known = [usd for usd in each if usd is not None]
    return sum(known) if each and len(known) == len(each) else None


def _rate(rate_of: RateOf, component: Component, instance_type: str | None, region: str) -> Rate:
    if not instance_type:
        return Rate(None, "", "")
    return rate_of(component, instance_type, region)


def _seconds_billed(facts: Facts, now: datetime) -> float | None:
    if facts.billed_seconds is not None:
        return facts.billed_seconds if facts.billed_seconds >= 0 else None
    if facts.billed_from is None:
        return None
    if facts.ended:
        ran = (facts.ended - facts.billed_from).total_seconds()
        return ran if ran >= 0 else None
    # AWS's clock and this machine's differ: an age is never negative.
    return max(0.0, (now - facts.billed_from).total_seconds())
