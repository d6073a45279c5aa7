"""List calls of a kind: their pages, and what they leave out."""

from __future__ import annotations

import contextlib
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .. import errors
from ..api import Problem
from ..aws.account import Account
from ..kinds.base import Answer, Kind, ListCall

EMPTY_PAGES = 5
"""A filtered list may begin with pages that are empty and still go on: so many are read before giving up."""


@dataclass
class ListAnswers:
    """Answers of the list calls of one reading."""

    adding: list[Answer] = field(default_factory=list)
    """Of each list call whose items make rows."""
    deep: list[Answer] = field(default_factory=list)
    """Those that tell what else a describe call would."""
    complete: bool = True
    left_out: str = ""
    """Which ones lie behind the pages that were read: `older ones`."""
    problems: list[Problem] = field(default_factory=list)

    def take(self, kind: Kind, list_call: ListCall, asked: Future[Answer], now: datetime) -> None:
        """Wait for an answer and add it. Raises errors.SmextError where the table cannot stand without it."""
        answer = Answer()
        answer.whole = False
        try:
            answer = asked.result()
        except errors.SmextError as error:
            told = _unchecked(kind, error)
            if not list_call.optional:
                raise told from error
            self.problems.append(told.problem())
        else:
            if not answer.whole:
                self.left_out = self.left_out or list_call.left_out(now)
                if not list_call.history or not answer:
                    self.problems.append(_cut(kind, list_call, len(answer), now))
        self.complete = self.complete and answer.whole
        if list_call.adds:
            self.adding.append(answer)
        if list_call.deep:
            self.deep.append(answer)


def ask(
    account: Account, threads: ThreadPoolExecutor, kind: Kind, now: datetime, *, opening: bool
) -> ListAnswers:
    """Make all list calls at once, with those of `opening` that save describe calls.

    Raises errors.SmextError.
    """
    asked = [(each, threads.submit(_pages, account, kind, each, now)) for each in kind.list_calls]
    saving = kind.opening if opening else ()
    besides = [threads.submit(_pages, account, kind, each, now) for each in saving]
    listed = ListAnswers()
    for list_call, future in asked:
        listed.take(kind, list_call, future, now)
    for future in besides:
        with contextlib.suppress(errors.SmextError):
            listed.deep.append(future.result())
    return listed


def _pages(account: Account, kind: Kind, list_call: ListCall, now: datetime) -> Answer:
    """Return the items of all pages."""
    items, token, seen = Answer(), None, set[str]()
    for page in range(max(list_call.pages, EMPTY_PAGES)):
        if page >= list_call.pages and items:
            break
        more: dict[str, Any] = {list_call.token: token} if token else {}
        params = {**list_call.size, **list_call.params(now), **more}
        answer = account.call(kind.service, list_call.operation, **params)
        for raw in answer.get(list_call.result) or []:
            items.take(list_call, raw)
        token = answer.get(list_call.next_token)
        if not token:
            return items
        if token in seen:
            break  # the same page again and again: what lies behind it cannot be read
        seen.add(token)
    items.whole = False
    return items


def _unchecked(kind: Kind, error: errors.SmextError) -> errors.SmextError:
    """Translate Unsupported: not listable by this boto3 may bill unseen, not in this region cannot exist."""
    if not isinstance(error, errors.Unsupported):
        return error
    reason = error.message.rpartition(": ")[2]
    unseen = isinstance(error, errors.Outdated)
    told = (
        "The total holds everything else." if unseen else "There is nothing of the kind here that could bill."
    )
    return type(error)(f"{kind.label} are not checked: {reason}", advice=f"{told} {error.advice}".strip())


def _cut(kind: Kind, list_call: ListCall, read: int, now: datetime) -> Problem:
    left_out = list_call.left_out(now)
    return Problem(
        code="failed",
        message=f"{kind.label} are not all read: {left_out} are left out after {read} of {list_call.operation}.",
        advice="The total is at least what is shown.",
    )
