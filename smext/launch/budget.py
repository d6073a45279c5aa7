"""What a run may cost at a price, and how long it may take for that."""

from __future__ import annotations

from ..api import Check, LaunchForm
from ..pricing import Rate
from .request import APIS

SHORTEST = 60
LONGEST = 432_000
"""Seconds. Service Quotas: what an account may run a job for unless it asked for more."""
FIELD = "max_usd"


def hourly(price: Rate, form: LaunchForm) -> float | None:
    """USD of all machines."""
    return None if price.usd_per_hour is None else price.usd_per_hour * form.instance_count


def most(price: Rate, form: LaunchForm) -> float | None:
    """USD of the longest run, and of the machines that are kept after it."""
    usd, seconds = hourly(price, form), form.max_runtime_seconds + form.keep_alive_seconds
    return None if usd is None else usd * seconds / 3600


def unpriced(price: Rate) -> Check:
    return Check(
        name="price",
        status="cannot tell",
        message=price.source[:1].upper() + price.source[1:],
        advice="Look it up at aws.amazon.com/sagemaker/ai/pricing before you run it.",
        field="instance_type",
    )


def capped(form: LaunchForm, usd_per_hour: float | None) -> tuple[LaunchForm, list[Check]]:
    """The form with the longest run that its money pays for; `usd_per_hour` is of all machines, None if unknown."""
    if form.max_usd is None:
        return form, []
    usd = f"${form.max_usd:.2f}"
    if usd_per_hour is None or usd_per_hour <= 0:
        message = (
            f"Without a price {usd} cannot be made into a longest run: it is {form.max_runtime_seconds} s."
        )
        return form, [_said("cannot tell", message, "Set the longest run itself.")]
    # A cent's rounding must not take a second away.
    paid = int(form.max_usd / usd_per_hour * 3600 + 1e-6) - form.keep_alive_seconds
    longest_run = min(APIS[form.job_kind].longest_run, LONGEST)
    seconds = max(SHORTEST, min(paid, longest_run))
    longest = form.model_copy(update={"max_runtime_seconds": seconds})
    if paid < SHORTEST:
        cost = usd_per_hour * (SHORTEST + form.keep_alive_seconds) / 3600
        message = f"The shortest run, {SHORTEST} s, may cost ${cost:.2f}, which is more than {usd}"
        kept = " or keep them for less time" if form.keep_alive_seconds else ""
        return longest, [_said("warning", message, f"Allow more, choose cheaper machines{kept}.")]
    if paid > longest_run:
        message = f"It is stopped after {seconds} s, long before it costs {usd}."
        return longest, [_said("ok", message, "")]
    return longest, [_said("ok", f"It is stopped after {seconds} s, which costs {usd} at most.", "")]


def _said(status: str, message: str, advice: str) -> Check:
    return Check.model_validate(
        {"name": "cost", "status": status, "message": message, "advice": advice, "field": FIELD}
    )
