"""What a run may cost at a price, and how long it may take for that."""

from __future__ import annotations

from dataclasses import dataclass

from ..api import LaunchForm
from ..pricing import Rate
from .request import APIS

SHORTEST = 60
LONGEST = 432_000
"""Seconds. Service Quotas: what an account may run a job for unless it asked for more."""


def hourly(price: Rate, form: LaunchForm) -> float | None:
    """USD of all machines."""
    return None if price.usd_per_hour is None else price.usd_per_hour * form.instance_count


def most(price: Rate, form: LaunchForm) -> float | None:
    """USD of the longest run, and of the machines that are kept after it."""
    usd, seconds = hourly(price, form), form.max_runtime_seconds + form.keep_alive_seconds
    return None if usd is None else usd * seconds / 3600


@dataclass(frozen=True)
class Paid:
    """Seconds that the money of a form pays for, those that such a job may take at most, and those that it gets."""

    paid: int
    longest: int
    seconds: int


def paid(form: LaunchForm, usd_per_hour: float | None) -> Paid | None:
    """How long the form's money lasts; None without any, or without a price of all machines."""
    if form.max_usd is None or usd_per_hour is None or usd_per_hour <= 0:
        return None
    # A cent's rounding must not take a second away.
    seconds = int(form.max_usd / usd_per_hour * 3600 + 1e-6) - form.keep_alive_seconds
    longest = min(APIS[form.job_kind].longest_run, LONGEST)
    return Paid(seconds, longest, max(SHORTEST, min(seconds, longest)))


def capped(form: LaunchForm, usd_per_hour: float | None) -> LaunchForm:
    """Return the form with the longest run that its money pays for."""
    time = paid(form, usd_per_hour)
    return form if time is None else form.model_copy(update={"max_runtime_seconds": time.seconds})
