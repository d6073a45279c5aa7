"""Output that the kernel's process writes itself, without what also comes as a message."""

from __future__ import annotations

import math
import time
from collections import Counter, deque
from typing import Callable

from .terminal import Screen

WAIT_SECONDS = 1.0
"""How long a line waits for the message that may say the same; ipykernel sends one every fifth of a second."""
LONGEST_WAIT_SECONDS = 10.0
"""The same while messages keep coming: those of a flood come late."""
_LONGEST = 1_000_000
MOST_LINES = 100_000
"""Where more wait, the process has to."""


class _Block:
    """Lines that came together."""

    def __init__(self, since: float, lines: list[str]) -> None:
        self.since = since
        self.lines = lines
        self._counts: Counter[str] | None = None

    def take_first(self, lines: list[str]) -> int:
        """Remove the lines that both begin with; return how many."""
        count = min(len(lines), len(self.lines))
        if self.lines[:count] != lines[:count]:
            return 0
        del self.lines[:count]
        self._counts = None
        return count

    def take(self, line: str) -> bool:
        """Remove one such line, wherever it is; return True if there was one."""
        if self._counts is None:
            self._counts = Counter(self.lines)
        if not self._counts[line]:
            return False
        self._counts[line] -= 1
        self.lines.remove(line)
        return True


class _Queue:
    """Blocks of lines, the oldest first."""

    def __init__(self) -> None:
        self._blocks: deque[_Block] = deque()
        self.count = 0

    def add(self, now: float, lines: list[str]) -> None:
        if lines:
            self.count += len(lines)
            self._blocks.append(_Block(now, lines))

    def unmatched(self, lines: list[str]) -> list[str]:
        """Remove the lines that are here too and return the others. Mostly all come in the same order."""
        if not self._blocks:
            return lines
        rest: list[str] = []
        place = 0
        while place < len(lines) and self._blocks:
            first = self._blocks[0]
            taken = first.take_first(lines[place : place + len(first.lines)])
            if not taken and any(block.take(lines[place]) for block in self._blocks):
                self.count -= 1
            elif not taken:
                rest.append(lines[place])
            self.count -= taken
            place += taken or 1
            while self._blocks and not self._blocks[0].lines:
                self._blocks.popleft()
        return [*rest, *lines[place:]]

    def take(self, until: float, keep: float = math.inf) -> list[str]:
        """Remove and return blocks up to a time, and what is more than `keep` lines."""
        found: list[str] = []
        while self._blocks and (self._blocks[0].since <= until or self.count > keep):
            lines = self._blocks.popleft().lines
            self.count -= len(lines)
            found += lines
        return found


class Echo:
    """Filter for output that comes twice: from C code and subprocesses, as a message and from the process itself.

    Of such a line one is enough. What comes in no message, such as a crash's last words, is all the more important.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._screen = Screen(self._heard)
        self._waiting = _Queue()
        # Lines of messages that may be ahead of the process's own output.
        self._ahead = _Queue()
        self._last_match = -math.inf

    def add_output(self, text: str) -> None:
        """Add the process's own output."""
        # What was told long ago is no reason to pass over what comes now.
        self._ahead.take(self._clock() - WAIT_SECONDS, MOST_LINES)
        self._screen.feed(text)
        if len(self._screen.bottom.text) > _LONGEST:
            self._heard([self._screen.take_bottom()])

    @property
    def full(self) -> bool:
        """True if more than MOST_LINES lines wait, so that the process has to wait too."""
        return self._waiting.count > MOST_LINES

    def add_message(self, *lines: str) -> None:
        """Add lines that came as a message."""
        now = self._clock()
        self._ahead.take(now - WAIT_SECONDS, MOST_LINES)
        self._ahead.add(now, self._compared(self._waiting, list(lines)))

    def due(self, everything: bool = False) -> list[str]:
        """Return lines of which no message has come in time; with `everything`, all that wait."""
        now = self._clock()
        flood = now - self._last_match < WAIT_SECONDS
        wait = LONGEST_WAIT_SECONDS if flood else WAIT_SECONDS
        found = self._waiting.take(math.inf if everything else now - wait)
        if everything:
            found += [row.text for row in self._screen.pending()]
            self._screen.clear()
        return found

    def _heard(self, lines: list[str]) -> None:
        self._waiting.add(self._clock(), self._compared(self._ahead, lines))

    def _compared(self, queue: _Queue, lines: list[str]) -> list[str]:
        rest = queue.unmatched(lines)
        if len(rest) < len(lines):
            self._last_match = self._clock()
        return rest
