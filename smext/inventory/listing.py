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
from ..kinds.base import Answer, Kind, Listing

EMPTY_PAGES = 5
"""A filtered list may begin with pages that are empty and still go on: so many are read before giving up."""


@dataclass
class Listed:
    """Answers of the list calls of one reading."""

    adding: list[Answer] = field(default_factory=list)
    """Of each listing whose items make rows."""
    deep: list[Answer] = field(default_factory=list)
    """Those that tell what else a describe call would."""
    complete: bool = True
    left_out: str = ""
    """Which ones lie behind the pages that were read: `older ones`."""
    problems: list[Problem] = field(default_factory=list)

    def take(self, kind: Kind, listing: Listing, asked: Future[Answer], now: datetime) -> None:
        """Wait for an answer and add it. Raises errors.SmextError where the table cannot stand without it."""
        answer = Answer()
        answer.whole = False
        try:
            answer = asked.result()
        except errors.SmextError as error:
            told = _unchecked(kind, error)
            if not listing.optional:
                raise told from error
            self.problems.append(told.problem())
        else:
            if not answer.whole:
                self.left_out = self.left_out or listing.left_out(now)
                if not listing.history or not answer:
                    self.problems.append(_cut(kind, listing, len(answer), now))
        self.complete = self.complete and answer.whole
        if listing.adds:
            self.adding.append(answer)
        if listing.deep:
            self.deep.append(answer)


def ask(account: Account, threads: ThreadPoolExecutor, kind: Kind, now: datetime, *, opening: bool) -> Listed:
    """Make all list calls at once, with those of `opening` that save describe calls.

    Raises errors.SmextError.
    """
    asked = [(each, threads.submit(_pages, account, kind, each, now)) for each in kind.listings]
    saving = kind.opening if opening else ()
    besides = [threads.submit(_pages, account, kind, each, now) for each in saving]
    listed = Listed()
    for listing, future in asked:
        listed.take(kind, listing, future, now)
    for future in besides:
        with contextlib.suppress(errors.SmextError):
            listed.deep.append(future.result())
    return listed


def _pages(account: Account, kind: Kind, listing: Listing, now: datetime) -> Answer:
    """Return the items of all pages."""
    items, token, seen = Answer(), None, set[str]()
    for page in range(max(listing.pages, EMPTY_PAGES)):
        if page >= listing.pages and items:
            break
        more: dict[str, Any] = {listing.token: token} if token else {}
        params = {**listing.size, **listing.params(now), **more}
        answer = account.call(kind.service, listing.operation, **params)
        for raw in answer.get(listing.result) or []:
            items.take(listing, raw)
        token = answer.get(listing.next_token)
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


def _cut(kind: Kind, listing: Listing, read: int, now: datetime) -> Problem:
    left_out = listing.left_out(now)
    return Problem(
        code="failed",
        message=f"{kind.label} are not all read: {left_out} are left out after {read} of {listing.operation}.",
        advice="The total is at least what is shown.",
    )
