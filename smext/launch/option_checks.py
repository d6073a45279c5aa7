"""What can be said of inputs, tags, spot machines and kept ones."""

from __future__ import annotations

import re
from collections.abc import Callable

from .. import errors
from ..api import Check, InputChannel, LaunchForm, NotebookDocument
from ..aws import Account
from . import notebook, storage
from .request import CHANNEL, longest_wait

CHECKPOINTS = "/opt/ml/checkpoints"
NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")
"""botocore: ChannelName."""
_RESERVED_TAG = re.compile(r"\s*(aws|smext):", re.IGNORECASE)


def of_options(form: LaunchForm, document: NotebookDocument, hourly: float | None) -> list[Check]:
    """Before AWS is asked anything; `hourly` in USD for all machines."""
    return [
        *_of_spot(form, document),
        *_of_keeping(form, hourly),
        *_of_inputs(form),
        *(
            _said("tags", "will fail", f"This name is taken: {name}", "Choose another name.", "tags")
            for name in form.tags
            if _RESERVED_TAG.match(name)
        ),
    ]


def questions(account: Account, form: LaunchForm) -> dict[str, Callable[[], Check]]:
    """Whether there is anything at the inputs; each raises errors.SmextError where it cannot be told."""
    return {
        f"the input {each.name}": lambda each=each: _of_data(account, each)  # type: ignore[misc]
        for each in form.inputs
        if each.uri.startswith("s3://")
    }


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
    if not any(CHECKPOINTS in notebook.source(cell) for cell in notebook.cells(document)):
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


def _of_inputs(form: LaunchForm) -> list[Check]:
    checks = []
    names = [CHANNEL, *(each.name for each in form.inputs)]
    for each in form.inputs:
        if not NAME.fullmatch(each.name) or names.count(each.name) > 1:
            message = f"No input can have this name, or another has it: {each.name or '(empty)'}"
            advice = "Use letters, digits, dots, hyphens and underscores."
            checks.append(_said("inputs", "will fail", message, advice, "inputs"))
        if not each.uri.startswith("s3://") or not each.uri.removeprefix("s3://").partition("/")[0]:
            message = f"This is no address in S3: {each.uri or '(empty)'}"
            checks.append(_said("inputs", "will fail", message, "Write it as s3://bucket/prefix/.", "inputs"))
        if each.mode == "FastFile" and form.job_kind == "processing":
            message = f"A processing job cannot open files in S3 as it goes (FastFile): {each.name}"
            checks.append(
                _said("inputs", "will fail", message, "Choose File, or run a training job.", "inputs")
            )
    return checks


def _of_data(account: Account, channel: InputChannel) -> Check:
    bucket, key = storage.split(channel.uri)
    try:
        answer = account.client("s3").list_objects_v2(Bucket=bucket, Prefix=key, MaxKeys=1)
    except Exception as error:
        ours = errors.translate(error, f"Could not look at {channel.uri}", "s3:ListBucket")
        if not isinstance(ours, errors.NotFound):
            raise ours from error
        answer = {}
    if answer.get("Contents"):
        return _said("inputs", "ok", f"{channel.name}: {channel.uri}", "", "inputs")
    message = f"There is nothing at this address: {channel.uri}"
    return _said("inputs", "will fail", message, "Check the bucket and the prefix.", "inputs")


def _said(name: str, status: str, message: str, advice: str, field: str) -> Check:
    return Check.model_validate(
        {"name": name, "status": status, "message": message, "advice": advice, "field": field}
    )
