"""The machines that a run may take."""

from __future__ import annotations

from ..api import JobKind, Machine, Machines
from ..aws import Account
from ..pricing import instances
from .limits import Limits
from .request import APIS


def machines(account: Account, job_kind: JobKind, limits: Limits) -> Machines:
    """The cheapest first. Raises errors.SmextError where there is no region."""
    choices = instances(APIS[job_kind].component, account.region)
    return Machines(
        machines=[Machine(name=each.name, usd_per_hour=each.usd_per_hour) for each in choices],
        as_of="unknown",
        source="the dated price table",
    )
