"""The machines that a run may take: what they have, cost, and how many of them the account may use."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from typing import Any

from ... import errors
from ...api import JobKind, Machine, Machines, Problem
from ...aws.account import Account
from ...aws.background_list import BackgroundList
from ...aws.concurrent import Answer, together
from ...pricing import Component, Hardware, RateOf, hardware, instances, rate
from ...pricing.hardware import as_of
from ...pricing.offered_types import is_offered
from ...pricing.offers import Offer
from ...pricing.similar_types import cheapest_first
from ..limits import Limits
from ..request import APIS
from .catalog import offered_types, quotas
from .in_use import in_use

PATIENCE_SECONDS = 1.0
SOURCE = "what EC2 tells of its instance types"


def machines(
    account: Account,
    job_kind: JobKind,
    limits: Limits,
    *,
    rate: RateOf = rate,
    patience: float = PATIENCE_SECONDS,
) -> Machines:
    """List the instance types, the cheapest first, those without a price last.

    What AWS does not tell within `patience` seconds comes with a later look. `rate` is for what the Price List's own
    list does not tell; it is asked of every type: one that asks AWS for each is no good here. Raises errors.SmextError
    where there is no region.
    """
    region, component = account.region, APIS[job_kind].component
    end = time.monotonic() + patience
    quotas(account, 0)
    offered_types(account, component, region, 0)
    counted = _counted(account, job_kind, patience)
    in_use: Counter[str] | None = counted.value
    listed = quotas(account, max(0.0, end - time.monotonic()))
    offers = offered_types(account, component, region, max(0.0, end - time.monotonic()))
    found = [
        _machine(each.name, component, region, offers, rate).model_copy(
            update={
                "quota": listed.values.get(f"{each.name} for {job_kind} job usage"),
                "in_use": None if in_use is None else in_use[each.name],
                "allowed": limits.allows(each.name),
            }
        )
        for each in instances(component, region)
    ]
    return Machines(
        machines=sorted(found, key=lambda each: cheapest_first(each.usd_per_hour, each.name)),
        as_of=as_of(),
        source=SOURCE,
        ready=listed.ready and offers.ready,
        problems=_problems(counted.error, listed.error, offers.error),
    )


def _counted(account: Account, job_kind: JobKind, patience: float) -> Answer:
    question = "what is in use"
    try:
        return together(patience, {question: lambda: in_use(account, job_kind, spot=False)})[question]
    except errors.SmextError as error:
        return Answer(error=error)


def _machine(
    name: str, component: Component, region: str, offers: BackgroundList[Offer], rate: RateOf
) -> Machine:
    offer, has = offers.values.get(name), hardware(name)
    usd = offer.usd if offer else None
    if usd is None:
        usd = rate(component, name, region).usd_per_hour
    return Machine(
        name=name,
        usd_per_hour=usd,
        offered=_offered(name, component, region, usd, offers),
        **_figures(has, offer),
    )


def _offered(
    name: str, component: Component, region: str, usd: float | None, offers: BackgroundList[Offer]
) -> bool | None:
    """Tell whether the region offers a type: the Price List has every type that a component can take there, and no other."""
    if offers.values and offers.ready and offers.error is None:
        return name in offers.values
    return True if usd is not None else is_offered(component, name, region)


def _figures(has: Hardware | None, offer: Offer | None) -> dict[str, Any]:
    if has is None:
        return {"vcpus": offer.vcpus, "memory_gib": offer.memory_gib, "gpus": offer.gpus} if offer else {}
    return {
        "vcpus": has.vcpus,
        "memory_gib": has.memory_gib,
        "gpus": has.gpus,
        "gpu": has.gpu,
        "gpu_memory_gib": has.gpu_memory_gib,
    }


def _problems(*found: errors.SmextError | None) -> list[Problem]:
    """List the problems; the same trouble with several is said once."""
    told: Iterable[Problem] = (each.problem() for each in found if each)
    return list({(each.code, each.permission): each for each in told}.values())
