"""The job's name: whether another job has it."""

from __future__ import annotations

from ... import errors
from ...api import Check, check
from ...aws.account import Account
from ...runs.job_names import is_ours
from ...runs.record import ENV_RUN
from ..request import Asked
from .base import Online, Question
from .context import Context

FIELD = "name"


def name(account: Account, asked: Asked) -> list[Check]:
    """Of a name that no plan made up: whether a job has it. Raises errors.SmextError where it cannot be told."""
    api, wanted = asked.api, asked.run.job
    try:
        found = account.call("sagemaker", api.describe, **{api.name_member: wanted})
    except errors.NotFound:
        return [check("name", "ok", f"No job has this name yet: {wanted}", "", "name")]
    if (found.get("Environment") or {}).get(ENV_RUN) == asked.run.uri:
        return [check("name", "ok", f"This launch has been sent: {wanted}", "It is not sent again.", "name")]
    message = f"There is another job of this name: {wanted}"
    return [check("name", "will fail", message, "Choose another name.", "name")]


def _questions(context: Context) -> dict[str, Question]:
    """None for a name that was made up for this plan."""
    if is_ours(context.asked.run.job):
        return {}
    return {"the name": Question("name", FIELD, lambda: name(context.account, context.asked))}


CHECKS = (Online(350, _questions),)
