"""Cache of AWS's answers; concurrent callers share one call."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from .. import errors
from .account import Account

T = TypeVar("T")

SECONDS = 60.0
"""TTL of what `remembered` keeps: a form that changes asks for nothing that the change does not touch."""
MOST = 500
LASTING = (errors.Denied, errors.NotFound, errors.Unsupported)
"""Failures that are answers, too."""


class Cache(Generic[T]):
    """Cache of answers by question.

    Thread-safe; callers that ask at the same time share one call and its outcome.
    """

    def __init__(
        self,
        ttl: float,
        failure_ttl: float = 0.0,
        *,
        failures: tuple[type[errors.SmextError], ...] = (errors.SmextError,),
        most: int = MOST,
    ) -> None:
        """Keep answers for `ttl` seconds, these failures for `failure_ttl`, others not at all; at most `most` of them."""
        self._ttl, self._failure_ttl, self._failures, self._most = ttl, failure_ttl, failures, most
        self._lock = threading.Lock()
        self._entries: dict[Hashable, _Entry[T]] = {}

    def get(self, question: Hashable, ask: Callable[[], T]) -> T:
        """Return the cached answer, else what `ask` returns.

        Raises what `ask` raises, or a cached failure.
        """
        with self._lock:
            entry = self._entries.get(question)
            asks = entry is None or entry.is_over()
            if entry is None or asks:
                entry = _Entry[T]()
                self._put(question, entry)
        if asks:
            entry.fill(ask, self._seconds)
        return entry.outcome()

    def peek(self, question: Hashable) -> T | None:
        """Return the answer that is kept; None without one, and while it is being asked for."""
        with self._lock:
            entry = self._entries.get(question)
        return entry.answer() if entry else None

    def forget(self, question: Hashable) -> None:
        """Ask for it anew, whatever is kept."""
        with self._lock:
            self._entries.pop(question, None)

    def learn(self, question: Hashable, answer: T) -> None:
        """Cache an answer that was not asked for."""
        entry = _Entry[T]()
        entry.fill(lambda: answer, self._seconds)
        with self._lock:
            self._put(question, entry)

    def _put(self, question: Hashable, entry: _Entry[T]) -> None:
        if len(self._entries) >= self._most and question not in self._entries:
            self._entries.clear()
        self._entries[question] = entry

    def _seconds(self, error: BaseException | None) -> float:
        if error is None:
            return self._ttl
        return self._failure_ttl if isinstance(error, self._failures) else 0.0


class _Entry(Generic[T]):
    """One question: being asked, then its outcome."""

    def __init__(self) -> None:
        self._done = threading.Event()
        self._until = 0.0
        self._answers: list[T] = []
        self._error: BaseException | None = None

    def is_over(self) -> bool:
        return self._done.is_set() and time.monotonic() >= self._until

    def fill(self, ask: Callable[[], T], seconds: Callable[[BaseException | None], float]) -> None:
        try:
            self._answers.append(ask())
        except BaseException as error:
            # Its frames hold all that the caller works with, and would live as long as this.
            self._error = error.with_traceback(None)
        self._until = time.monotonic() + seconds(self._error)
        self._done.set()

    def answer(self) -> T | None:
        """Return it while it is kept; None for a failure."""
        return self._answers[0] if self._answers and not self.is_over() else None

    def outcome(self) -> T:
        """Wait for it. Raises what the call raised."""
        self._done.wait()
        if self._error is not None:
            raise self._error.with_traceback(None)
        return self._answers[0]


_caches: WeakKeyDictionary[Account, Cache[Any]] = WeakKeyDictionary()
_lock = threading.Lock()


def remembered(account: Account, question: Hashable, ask: Callable[[], Any]) -> Any:
    """Return the account's answer, cached for a minute.

    Raises what `ask` raises; LASTING failures are cached too.
    """
    return _cache(account).get(question, ask)


def learn(account: Account, question: Hashable, answer: Any) -> None:
    """Cache an answer for `remembered` that the caller has just obtained or made so."""
    _cache(account).learn(question, answer)


def forget(account: Account) -> None:
    """Drop the account's answers from the cache."""
    with _lock:
        _caches.pop(account, None)


def _cache(account: Account) -> Cache[Any]:
    with _lock:
        found = _caches.get(account)
        if found is None:
            found = _caches[account] = Cache(SECONDS, SECONDS, failures=LASTING)
        return found
