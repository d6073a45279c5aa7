"""Spot machines, kept ones, retries, the network and tags."""

from __future__ import annotations

import re

from ...api import Check, LaunchForm, NotebookDocument, check
from .. import cost_limit
from ..notebook import content
from ..request import longest_wait
from .base import Offline
from .context import Context

CHECKPOINTS = "/opt/ml/checkpoints"
_RESERVED_TAG = re.compile(r"\s*(aws|smext):", re.IGNORECASE)


def _of_machines(context: Context) -> list[Check]:
    form = context.form
    return [
        *_of_spot(form, context.notebook),
        *_of_keeping(form, cost_limit.hourly(context.price, form)),
        *_of_retries(form),
        *_of_network(form),
    ]


def _of_tags(context: Context) -> list[Check]:
    taken = filter(_RESERVED_TAG.match, context.form.tags)
    return [
        check("tags", "will fail", f"This name is taken: {name}", "Choose another name.", "tags")
        for name in taken
    ]


def _of_spot(form: LaunchForm, document: NotebookDocument) -> list[Check]:
    if not form.spot:
        return []
    if form.job_kind != "training":
        return [
            check(
                "spot", "will fail", "A processing job has no spot machines.", "Run a training job.", "spot"
            )
        ]
    checks = []
    if form.max_wait_seconds and form.max_wait_seconds < form.max_runtime_seconds:
        message = f"It may wait and run {longest_wait(form)} seconds, as long as the longest run."
        advice = "The longest wait holds the run itself: choose more than the longest run."
        checks.append(check("spot", "warning", message, advice, "max_wait_seconds"))
    if not any(CHECKPOINTS in content.source(cell) for cell in content.cells(document)):
        message = (
            f"When AWS takes the machine away the notebook begins anew: nothing in it names {CHECKPOINTS}"
        )
        advice = "Keep what is worth keeping in that folder, and look for it at the start."
        checks.append(check("spot", "warning", message, advice, "spot"))
    return checks or [
        check("spot", "ok", f"Checkpoints in {CHECKPOINTS} outlive an interruption.", "", "spot")
    ]


def _of_keeping(form: LaunchForm, hourly: float | None) -> list[Check]:
    if not form.keep_alive_seconds:
        return []
    field = "keep_alive_seconds"
    if form.job_kind != "training" or form.spot:
        kind = "Spot machines" if form.spot else "The machines of a processing job"
        return [check("warm pool", "will fail", f"{kind} cannot be kept.", "Set it to 0.", field)]
    cost = "" if hourly is None else f", for ${hourly * form.keep_alive_seconds / 3600:.2f} at most"
    message = (
        f"The machines are kept and billed for {form.keep_alive_seconds // 60} minutes after the end{cost}."
    )
    return [check("warm pool", "warning", message, "Set it to 0 if no run follows soon.", field)]


def _of_retries(form: LaunchForm) -> list[Check]:
    if form.retries and form.job_kind != "training":
        message = "SageMaker does not begin a processing job anew."
        return [check("retries", "will fail", message, "Set it to 0, or run a training job.", "retries")]
    return []


def _of_network(form: LaunchForm) -> list[Check]:
    if bool(form.subnets) == bool(form.security_groups):
        return []
    field = "security_groups" if form.subnets else "subnets"
    message = (
        f"A network is named by subnets and security groups, and there are no {field.replace('_', ' ')}."
    )
    return [check("network", "will fail", message, "Choose both, or neither.", field)]


CHECKS = (
    Offline(190, _of_machines),
    Offline(210, _of_tags),
)
