"""What a run may cost, made into how long it may take."""

from __future__ import annotations

from ..api import Check, LaunchForm
from .request import APIS

SHORTEST = 60
LONGEST = 432_000
"""Seconds. Service Quotas: what an account may run a job for unless it asked for more."""
FIELD = "max_usd"


def capped(form: LaunchForm, hourly: float | None) -> tuple[LaunchForm, list[Check]]:
    """The form with the longest run that its money pays for; `hourly` in USD for all machines, None if unknown."""
    if form.max_usd is None:
        return form, []
    usd = f"${form.max_usd:.2f}"
    if hourly is None or hourly <= 0:
        message = (
            f"Without a price {usd} cannot be made into a longest run: it is {form.max_runtime_seconds} s."
        )
        return form, [_said("cannot tell", message, "Set the longest run itself.")]
    # A cent's rounding must not take a second away.
    paid = int(form.max_usd / hourly * 3600 + 1e-6) - form.keep_alive_seconds
    most = min(APIS[form.job_kind].longest_run, LONGEST)
    seconds = max(SHORTEST, min(paid, most))
    longest = form.model_copy(update={"max_runtime_seconds": seconds})
    if paid < SHORTEST:
        cost = hourly * (SHORTEST + form.keep_alive_seconds) / 3600
        message = f"The shortest run, {SHORTEST} s, may cost ${cost:.2f}, which is more than {usd}"
        kept = " or keep them for less time" if form.keep_alive_seconds else ""
        return longest, [_said("warning", message, f"Allow more, choose cheaper machines{kept}.")]
    if paid > most:
        message = f"It is stopped after {seconds} s, long before it costs {usd}."
        return longest, [_said("ok", message, "")]
    return longest, [_said("ok", f"It is stopped after {seconds} s, which costs {usd} at most.", "")]


def _said(status: str, message: str, advice: str) -> Check:
    return Check.model_validate(
        {"name": "cost", "status": status, "message": message, "advice": advice, "field": FIELD}
    )
