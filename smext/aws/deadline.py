"""Threads with timeouts for calls that may never end."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from queue import SimpleQueue
from typing import Any, TypeVar

T = TypeVar("T")

MOST_LOST = 48
"""So many calls that nobody waits for any more may still hang; with more, no other is begun."""
RESTING = 32
"""Threads that are kept for the next call."""


class DeadlineExceeded(Exception):
    """Timeout of a call. It goes on in its thread, and its result is dropped."""


class Workers:
    """Daemon threads, which hold up neither the caller nor the end of the process.

    A timeout of a socket is one for each read: who sends a byte a second is never late. A name that is looked up or a
    credential_process have none at all.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._resting: list[SimpleQueue[Any]] = []
        self._lost: set[Future[Any]] = set()
        self._closed = False

    def run(self, function: Callable[[], T], seconds: float) -> T:
        """Run the function; return or raise what it does. Raises DeadlineExceeded after so many seconds."""
        with self._lock:
            self._lost = {future for future in self._lost if not future.done()}
            if len(self._lost) >= MOST_LOST:
                raise DeadlineExceeded
        future = self.start(function)
        if not wait([future], seconds).done:
            with self._lock:
                self._lost.add(future)
            raise DeadlineExceeded
        return future.result()

    def start(self, function: Callable[[], T]) -> Future[T]:
        """Run the function in a thread; wait for it with concurrent.futures.wait."""
        future: Future[T] = Future()
        with self._lock:
            jobs = self._resting.pop() if self._resting else None
        if jobs is None:
            jobs = SimpleQueue()
            threading.Thread(target=self._work, args=(jobs,), daemon=True, name=self._name).start()
        jobs.put((future, function))
        return future

    def close(self) -> None:
        """End idle threads; the others end with their call."""
        with self._lock:
            self._closed, resting, self._resting = True, self._resting, []
        for jobs in resting:
            jobs.put(None)

    def _work(self, jobs: SimpleQueue[Any]) -> None:
        while (job := jobs.get()) is not None:
            future, function = job
            try:
                result = function()
            except BaseException as error:
                done = (future.set_exception, error)
            else:
                done = (future.set_result, result)
                del result
            # It rests before anybody hears of the answer: the next call finds it.
            rests = self._rests(jobs)
            done[0](done[1])
            # What a resting thread would hold on to lives as long as it rests.
            del job, future, function, done
            if not rests:
                return

    def _rests(self, jobs: SimpleQueue[Any]) -> bool:
        with self._lock:
            if self._closed or len(self._resting) >= RESTING:
                return False
            self._resting.append(jobs)
            return True
