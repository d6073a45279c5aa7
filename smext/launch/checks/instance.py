"""The instance type: whether it is one, whether it is offered, how many of it, and for how long."""

from __future__ import annotations

import difflib

from ...api import Check, CheckStatus, check
from ...pricing import Rate, instances, known, well_formed
from ...pricing.offered_types import is_offered, similar
from ..request import Asked
from .base import Offline

FIELD = "instance_type"


def of_instance(asked: Asked, region: str) -> list[Check]:
    """Check the instance type and the number of instances."""
    form, component = asked.form, asked.api.component
    name = form.instance_type
    checks = []
    if not well_formed(name):
        checks.append(
            _instance("will fail", f"This is no instance type: {name or '(empty)'}", _similar(asked, region))
        )
    elif not known(component, name, region):
        message = f"boto3 does not list this type for {form.job_kind} jobs: {name}"
        checks.append(_instance("cannot tell", message, _similar(asked, region)))
    if form.instance_count > 1:
        message = f"Each of the {form.instance_count} machines runs the whole notebook."
        checks.append(check("instances", "warning", message, field="instance_count"))
    return checks


def of_longest_run(asked: Asked) -> list[Check]:
    """Check the time limit against SageMaker's."""
    most = asked.api.longest_run
    if asked.form.max_runtime_seconds <= most:
        return []
    message = f"A {asked.form.job_kind} job may run {most // 3600} hours at most."
    return [
        check(
            "longest run",
            "will fail",
            message,
            f"Choose {most} seconds or less.",
            "max_runtime_seconds",
        )
    ]


def of_offer(asked: Asked, region: str, price: Rate) -> list[Check]:
    """Warn where the region's list of prices is long, and does not have the type; where it is short, nobody can tell."""
    name, component = asked.form.instance_type, asked.api.component
    if price.usd_per_hour is not None or not well_formed(name):
        return []
    offered = is_offered(component, name, region)
    if offered is None and known(component, name, region):
        return [
            check(
                "instance type",
                "cannot tell",
                f"Whether it is offered for {asked.form.job_kind} jobs in {region} is not known: {name}",
                "AWS says so when the job is created.",
                FIELD,
            )
        ]
    if offered is not False:
        return []
    others = similar(component, name, region)
    return [
        check(
            "instance type",
            "warning",
            f"It may not be offered for {asked.form.job_kind} jobs in {region}: no price is listed for {name}",
            f"These are: {', '.join(others)}" if others else "Choose a type with a price.",
            FIELD,
        )
    ]


def _instance(status: CheckStatus, message: str, similar: list[str]) -> Check:
    advice = f"Did you mean {similar[0]}?" if similar else "Write it like ml.m5.xlarge."
    return check("instance type", status, message, advice, FIELD)


def _similar(asked: Asked, region: str) -> list[str]:
    names = [choice.name for choice in instances(asked.api.component, region)]
    wanted = asked.form.instance_type.lower()
    wanted = wanted if wanted.startswith("ml.") else f"ml.{wanted}"
    return difflib.get_close_matches(wanted, names, n=1, cutoff=0.7)


CHECKS = (
    Offline(30, lambda context: of_instance(context.asked, context.region)),
    Offline(40, lambda context: of_longest_run(context.asked)),
    Offline(230, lambda context: of_offer(context.asked, context.region, context.price)),
)
