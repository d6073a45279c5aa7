"""Lists with many pages, read in the background and cached, so that nobody waits for them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from .. import errors
from . import service_errors
from .account import Account

V = TypeVar("V")

REFUSED_SECONDS = 60.0
"""So long a no holds: a permission may be given meanwhile."""


@dataclass(frozen=True)
class BackgroundList(Generic[V]):
    """Values by name, as far as they have been read."""

    values: Mapping[str, V]
    ready: bool
    """Nothing more is under way."""
    error: errors.SmextError | None = None
    """Why it stops short."""


@dataclass
class _Reading:
    values: dict[str, Any]
    over: threading.Event = field(default_factory=threading.Event)
    error: errors.SmextError | None = None
    at: float = 0.0

    def read(self, ask: Callable[[], Iterable[Mapping[str, Any]]]) -> None:
        try:
            for page in ask():
                self.values = {**self.values, **page}
        except Exception as error:
            # Whatever it was, what came before it is not all.
            self.error = service_errors.translate(error, "Could not read all that AWS tells")
        finally:
            self.at = time.monotonic()
            self.over.set()

    def stale(self, fresh: float) -> bool:
        age = time.monotonic() - self.at
        return self.over.is_set() and age > (REFUSED_SECONDS if self.error else fresh)


_readings: WeakKeyDictionary[Account, dict[Hashable, _Reading]] = WeakKeyDictionary()
_lock = threading.Lock()


def background_list(
    account: Account,
    question: Hashable,
    ask: Callable[[], Iterable[Mapping[str, V]]],
    patience: float,
    fresh: float,
) -> BackgroundList[V]:
    """Return the cached list after at most `patience` seconds; it is read again when `fresh` seconds old.

    It is asked for once, whoever looks meanwhile; `ask` gives a page at a time. What was known before stays
    where a later answer stops short.
    """
    with _lock:
        readings = _readings.setdefault(account, {})
        reading = readings.get(question)
        if reading is None or reading.stale(fresh):
            reading = readings[question] = _Reading(reading.values if reading else {})
            threading.Thread(target=reading.read, args=(ask,), name="smext-listing", daemon=True).start()
    reading.over.wait(patience)
    ready = reading.over.is_set()
    return BackgroundList(reading.values, ready, reading.error if ready else None)


def forget(account: Account) -> None:
    """Drop the account's lists from the cache."""
    with _lock:
        _readings.pop(account, None)
