"""What the run may cost: how long its money lasts, and whether a price is known at all."""

from __future__ import annotations

from ...api import Check, LaunchForm, check
from ...pricing import Rate
from .. import cost_limit
from ..cost_limit import SHORTEST
from .base import Offline
from .context import Context

FIELD = "max_usd"


def of_money(form: LaunchForm, usd_per_hour: float | None) -> list[Check]:
    """Return what becomes of the money of the form; `usd_per_hour` is of all machines, None if unknown."""
    if form.max_usd is None:
        return []
    usd = f"${form.max_usd:.2f}"
    time = cost_limit.paid(form, usd_per_hour)
    if usd_per_hour is None or time is None:
        message = (
            f"Without a price {usd} cannot be made into a longest run: it is {form.max_runtime_seconds} s."
        )
        return [check("cost", "cannot tell", message, "Set the longest run itself.", FIELD)]
    if time.paid < SHORTEST:
        cost = usd_per_hour * (SHORTEST + form.keep_alive_seconds) / 3600
        message = f"The shortest run, {SHORTEST} s, may cost ${cost:.2f}, which is more than {usd}"
        kept = " or keep them for less time" if form.keep_alive_seconds else ""
        return [check("cost", "warning", message, f"Allow more, choose cheaper machines{kept}.", FIELD)]
    if time.paid > time.longest:
        message = f"It is stopped after {time.seconds} s, long before it costs {usd}."
        return [check("cost", "ok", message, "", FIELD)]
    return [
        check("cost", "ok", f"It is stopped after {time.seconds} s, which costs {usd} at most.", "", FIELD)
    ]


def of_price(price: Rate) -> list[Check]:
    """Say so where no price is known."""
    if price.note:
        return []
    message = price.source[:1].upper() + price.source[1:]
    advice = "Look it up at aws.amazon.com/sagemaker/ai/pricing before you run it."
    return [check("price", "cannot tell", message, advice, "instance_type")]


def _of_money(context: Context) -> list[Check]:
    return of_money(context.form, cost_limit.hourly(context.price, context.form))


CHECKS = (Offline(140, _of_money), Offline(220, lambda context: of_price(context.price)))
