"""What the kernel's process writes by itself, without what also comes as a message."""

from __future__ import annotations

import time
from collections import Counter, deque
from typing import Callable

from .text import settled

WAIT_SECONDS = 1.0
"""How long a line waits for the message that may say the same; ipykernel sends one every fifth of a second."""
_REMEMBERED = 2000
_LONGEST = 1_000_000


class Echo:
    """ipykernel takes what C code and subprocesses print for a message, and writes it to the process's own output too.

    Of such a line one is enough. What comes in no message, such as a crash's last words, is all the more important.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._rest = ""
        self._waiting: deque[tuple[float, str]] = deque()
        self._told: deque[tuple[float, str]] = deque()
        self._counts: Counter[str] = Counter()

    def hear(self, text: str) -> None:
        """Of the process's own output."""
        lines = (self._rest + text).replace("\r\n", "\n").split("\n")
        self._rest = lines.pop()
        if len(self._rest) > _LONGEST:
            lines.append(self._rest)
            self._rest = ""
        self._forget()
        for line in map(settled, lines):
            if self._counts[line] > 0:
                self._counts[line] -= 1
            else:
                self._waiting.append((self._clock(), line))

    def told(self, line: str) -> None:
        """A line that came as a message."""
        for place, (_, waiting) in enumerate(self._waiting):
            if waiting == line:
                del self._waiting[place]
                return
            if place > _REMEMBERED:
                break
        self._told.append((self._clock(), line))
        self._counts[line] += 1
        self._forget()

    def due(self, everything: bool = False) -> list[str]:
        """Lines of which no message has come in time; all that wait where nothing more will come."""
        latest = self._clock() - WAIT_SECONDS
        found = []
        while self._waiting and (everything or self._waiting[0][0] <= latest):
            found.append(self._waiting.popleft()[1])
        if everything and self._rest:
            found.append(settled(self._rest))
            self._rest = ""
        return found

    def _forget(self) -> None:
        """What was told long ago is no reason to pass over what comes now."""
        oldest = self._clock() - WAIT_SECONDS
        while self._told and (self._told[0][0] < oldest or len(self._told) > _REMEMBERED):
            _, line = self._told.popleft()
            self._counts[line] -= 1
            if self._counts[line] <= 0:
                del self._counts[line]
