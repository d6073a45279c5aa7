"""What a check is: a function of the context, and where it asks AWS, questions that fail each by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from ... import errors
from ...api import Check, check
from .context import Context


@dataclass(frozen=True)
class Question:
    """`check` and `field` name the check that is made of no answer.

    `ask` raises errors.SmextError where it cannot be told.
    """

    check: str
    field: str | None
    ask: Callable[[], list[Check]]

    def cannot_tell(self, error: errors.SmextError) -> Check:
        """Make the check that stands for an answer that did not come."""
        return check(self.check, "cannot tell", error.message, error.advice, self.field)

    def part(self, ask: Callable[[], list[Check]]) -> list[Check]:
        """Ask a part of the answer that may fail by itself. Never raises errors.SmextError."""
        try:
            return ask()
        except errors.SmextError as error:
            return [self.cannot_tell(error)]


@dataclass(frozen=True)
class Offline:
    """A check that asks AWS nothing. `order` is its place in a plan, the least first; no two have the same."""

    order: int
    run: Callable[[Context], Iterable[Check]]


@dataclass(frozen=True)
class Online:
    """A check that asks AWS; it stands after those that do not.

    `questions` by name are asked all at once; the name is said where no answer comes in time.
    """

    order: int
    questions: Callable[[Context], Mapping[str, Question]]
