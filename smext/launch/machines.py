"""The machines that a run may take: what they have, cost, and how many of them the account may use."""

from __future__ import annotations

import time
from collections import Counter

from .. import errors
from ..api import JobKind, Machine, Machines
from ..aws import Account
from ..pricing import Component, RateOf, hardware, instances, rate
from ..pricing.hardware import as_of
from ..pricing.machines import cheapest_first
from . import usage
from .asking import Answer, together
from .limits import Limits
from .pricing_checks import is_offered
from .quota_list import quota_list
from .request import APIS

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
    """The cheapest first, those without a price last.

    What AWS does not tell within `patience` seconds comes with a later look. `rate` is asked of every type: one that
    asks AWS for each is no good here. Raises errors.SmextError where there is no region.
    """
    region, component = account.region, APIS[job_kind].component
    end = time.monotonic() + patience
    counted = _counted(account, job_kind, patience)
    in_use: Counter[str] | None = counted.value
    listed = quota_list(account, max(0.0, end - time.monotonic()))
    found = [
        _machine(each.name, component, region, rate).model_copy(
            update={
                "quota": listed.values.get(f"{each.name} for {job_kind} job usage"),
                "in_use": None if in_use is None else in_use[each.name],
                "allowed": limits.allows(each.name),
            }
        )
        for each in instances(component, region)
    ]
    problems = [each.problem() for each in (counted.error, listed.error) if each]
    return Machines(
        machines=sorted(found, key=lambda each: cheapest_first(each.usd_per_hour, each.name)),
        as_of=as_of(),
        source=SOURCE,
        ready=listed.ready,
        # The same trouble with both is said once.
        problems=list({(each.code, each.permission): each for each in problems}.values()),
    )


def _counted(account: Account, job_kind: JobKind, patience: float) -> Answer:
    question = "what is in use"
    try:
        return together(patience, {question: lambda: usage.used(account, job_kind, spot=False)})[question]
    except errors.SmextError as error:
        return Answer(error=error)


def _machine(name: str, component: Component, region: str, rate: RateOf) -> Machine:
    has, usd = hardware(name), rate(component, name, region).usd_per_hour
    offered = is_offered(component, name, region) if usd is None else True
    if has is None:
        return Machine(name=name, usd_per_hour=usd, offered=offered)
    return Machine(
        name=name,
        usd_per_hour=usd,
        vcpus=has.vcpus,
        memory_gib=has.memory_gib,
        gpus=has.gpus,
        gpu=has.gpu,
        gpu_memory_gib=has.gpu_memory_gib,
        offered=offered,
    )
