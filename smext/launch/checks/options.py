"""What can be said of tags, spot machines, kept ones, retries, inputs and outputs."""

from __future__ import annotations

import re

from ...api import Check, LaunchForm, NotebookDocument
from ..notebook import content
from ..request import longest_wait
from . import data as data_checks

CHECKPOINTS = "/opt/ml/checkpoints"
_RESERVED_TAG = re.compile(r"\s*(aws|smext):", re.IGNORECASE)


def of_options(
    form: LaunchForm, document: NotebookDocument, hourly: float | None, network: bool
) -> list[Check]:
    """Before AWS is asked anything; `hourly` in USD for all machines; `network`: the run is in one of its own."""
    return [
        *_of_spot(form, document),
        *_of_keeping(form, hourly),
        *_of_retries(form),
        *_of_network(form),
        *data_checks.of_inputs(form, network),
        *data_checks.of_outputs(form),
        *(
            _said("tags", "will fail", f"This name is taken: {name}", "Choose another name.", "tags")
            for name in form.tags
            if _RESERVED_TAG.match(name)
        ),
    ]


def _of_spot(form: LaunchForm, document: NotebookDocument) -> list[Check]:
    if not form.spot:
        return []
    if form.job_kind != "training":
        return [
            _said(
                "spot", "will fail", "A processing job has no spot machines.", "Run a training job.", "spot"
            )
        ]
    checks = []
    if form.max_wait_seconds and form.max_wait_seconds < form.max_runtime_seconds:
        message = f"It may wait and run {longest_wait(form)} seconds, as long as the longest run."
        advice = "The longest wait holds the run itself: choose more than the longest run."
        checks.append(_said("spot", "warning", message, advice, "max_wait_seconds"))
    if not any(CHECKPOINTS in content.source(cell) for cell in content.cells(document)):
        message = (
            f"When AWS takes the machine away the notebook begins anew: nothing in it names {CHECKPOINTS}"
        )
        advice = "Keep what is worth keeping in that folder, and look for it at the start."
        checks.append(_said("spot", "warning", message, advice, "spot"))
    return checks or [
        _said("spot", "ok", f"Checkpoints in {CHECKPOINTS} outlive an interruption.", "", "spot")
    ]


def _of_keeping(form: LaunchForm, hourly: float | None) -> list[Check]:
    if not form.keep_alive_seconds:
        return []
    field = "keep_alive_seconds"
    if form.job_kind != "training" or form.spot:
        kind = "Spot machines" if form.spot else "The machines of a processing job"
        return [_said("warm pool", "will fail", f"{kind} cannot be kept.", "Set it to 0.", field)]
    cost = "" if hourly is None else f", for ${hourly * form.keep_alive_seconds / 3600:.2f} at most"
    message = (
        f"The machines are kept and billed for {form.keep_alive_seconds // 60} minutes after the end{cost}."
    )
    return [_said("warm pool", "warning", message, "Set it to 0 if no run follows soon.", field)]


def _of_retries(form: LaunchForm) -> list[Check]:
    if form.retries and form.job_kind != "training":
        message = "SageMaker does not begin a processing job anew."
        return [_said("retries", "will fail", message, "Set it to 0, or run a training job.", "retries")]
    return []


def _of_network(form: LaunchForm) -> list[Check]:
    if bool(form.subnets) == bool(form.security_groups):
        return []
    field = "security_groups" if form.subnets else "subnets"
    message = (
        f"A network is named by subnets and security groups, and there are no {field.replace('_', ' ')}."
    )
    return [_said("network", "will fail", message, "Choose both, or neither.", field)]


def _said(name: str, status: str, message: str, advice: str, field: str) -> Check:
    return Check.model_validate(
        {"name": name, "status": status, "message": message, "advice": advice, "field": field}
    )
