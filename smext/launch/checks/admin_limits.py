"""What an administrator has forbidden: the launch fails for it, whoever asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...api import Check, LaunchForm, check
from .. import cost_limit
from ..limits import READ_ONLY, READ_ONLY_ADVICE, Limits
from .base import Offline
from .context import Context
from .whitespace import trimmed


def of_limits(
    form: LaunchForm, request: Mapping[str, Any], most: float | None, limits: Limits
) -> list[Check]:
    """`request` is what will be sent, `most` the most that it can cost in USD; None is not known."""
    return [
        *_of_reading(limits),
        *(check("settings", "will fail", each.message, each.advice) for each in limits.problems),
        *(check("settings", "cannot tell", each.message, each.advice) for each in limits.unread),
        *_of_machine(form, limits),
        *_of_cost(form, most, limits),
        *_of_tags(request, limits),
    ]


def of_changes(asked: LaunchForm, applied: LaunchForm) -> list[Check]:
    """Say what was asked for and is fixed otherwise."""
    names = [name for name in LaunchForm.model_fields if getattr(asked, name) != getattr(applied, name)]
    return [
        check(
            "settings",
            "warning",
            f"Your administrator has set this, and not as it was asked for: {name}",
            "Ask who looks after this server if you need another value.",
            name,
        )
        for name in names
    ]


def _of_reading(limits: Limits) -> list[Check]:
    if not limits.read_only:
        return []
    return [check("read-only", "will fail", READ_ONLY.capitalize(), READ_ONLY_ADVICE)]


def _of_machine(form: LaunchForm, limits: Limits) -> list[Check]:
    if limits.allows(form.instance_type):
        return []
    message = f"Your administrator does not allow this type: {form.instance_type}"
    return [
        check(
            "limits",
            "will fail",
            message,
            f"Allowed are: {', '.join(limits.instance_types)}",
            "instance_type",
        )
    ]


def _of_cost(form: LaunchForm, most: float | None, limits: Limits) -> list[Check]:
    if limits.max_usd is None:
        return []
    limit = f"${limits.max_usd:,.2f}"
    if most is None:
        message = f"A launch may cost {limit} at most here, and this one has no price: {form.instance_type}"
        return [check("limits", "will fail", message, "Choose a type with a price.", "instance_type")]
    if most <= limits.max_usd:
        return []
    return [
        check(
            "limits",
            "will fail",
            f"It may cost ${most:,.2f}, and a launch may cost {limit} at most here.",
            "Choose a shorter longest run, fewer machines or a cheaper type.",
            "max_runtime_seconds" if form.max_usd is None else "max_usd",
        )
    ]


def _of_tags(request: Mapping[str, Any], limits: Limits) -> list[Check]:
    given = {tag["Key"]: tag["Value"] for tag in request.get("Tags") or []}
    missing = [name for name in limits.required_tags if not given.get(name, "").strip()]
    return [
        check(
            "limits",
            "will fail",
            f"Your administrator wants a value for this tag: {name}",
            "Give it one.",
            "tags",
        )
        for name in missing
    ]


def _changes(context: Context) -> list[Check]:
    asked = trimmed(context.sent)
    return of_changes(asked, context.limits.applied(asked))


def _limits(context: Context) -> list[Check]:
    return of_limits(
        context.form, context.request, cost_limit.most(context.price, context.form), context.limits
    )


CHECKS = (Offline(130, _changes), Offline(150, _limits))
