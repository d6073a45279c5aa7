"""What AWS says of a launch: all questions at once, each with an answer of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ...api import Check
from ...aws.concurrent import Answer, together
from . import registry
from .base import Online, Question
from .context import Context

PATIENCE_SECONDS = 4.0
"""No answer is worth more waiting: the plan stands without it."""


def ask(context: Context, also: Mapping[str, Callable[[], Any]]) -> tuple[list[Check], Mapping[str, Answer]]:
    """Return what all checks say that ask AWS, and the answers to what is asked beside them, by name.

    Raises errors.SmextError only where the credentials are no good.
    """
    wanted: dict[str, Question] = {}
    for each in registry():
        if isinstance(each, Online):
            wanted |= each.questions(context)
    questions: dict[str, Callable[[], Any]] = {name: question.ask for name, question in wanted.items()}
    answers = together(min(context.limits.patience_seconds, PATIENCE_SECONDS), {**questions, **also})
    told: list[Check] = []
    for name, question in wanted.items():
        error = answers[name].error
        told += [question.cannot_tell(error)] if error else answers[name].value
    return _together(told), answers


def _together(found: list[Check]) -> list[Check]:
    """Questions that are refused alike are said once."""
    return list({(each.name, each.message): each for each in found}.values())
