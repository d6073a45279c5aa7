"""Answers of AWS that hold for a minute: a form that changes asks for nothing that the change does not touch."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from typing import Any
from weakref import WeakKeyDictionary

from .. import errors
from .account import Account

SECONDS = 60.0
MOST = 500
_LASTING = (errors.Denied, errors.NotFound, errors.Unsupported)
"""Errors that are answers, too."""

_answers: WeakKeyDictionary[Account, dict[Hashable, tuple[float, Any, errors.SmextError | None]]] = (
    WeakKeyDictionary()
)
_lock = threading.Lock()


def remembered(account: Account, question: Hashable, ask: Callable[[], Any]) -> Any:
    """The answer, asked for at most once a minute. Raises what `ask` raises."""
    with _lock:
        known = _answers.setdefault(account, {}).get(question)
    if known is None or time.monotonic() - known[0] > SECONDS:
        known = _asked(ask)
        with _lock:
            answers = _answers.setdefault(account, {})
            if len(answers) >= MOST:
                answers.clear()
            answers[question] = known
    if known[2] is not None:
        raise known[2].with_traceback(None)
    return known[1]


def learn(account: Account, question: Hashable, answer: Any) -> None:
    """What it would answer now, from whoever has just made it so."""
    with _lock:
        _answers.setdefault(account, {})[question] = (time.monotonic(), answer, None)


def forget(account: Account) -> None:
    """Ask anew, whatever is known."""
    with _lock:
        _answers.pop(account, None)


def _asked(ask: Callable[[], Any]) -> tuple[float, Any, errors.SmextError | None]:
    try:
        return time.monotonic(), ask(), None
    except _LASTING as error:
        return time.monotonic(), None, error.with_traceback(None)
