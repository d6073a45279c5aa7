"""Stream outputs in the notebook: one per run of text, rewritten lines in their last state, not endless."""

from __future__ import annotations

from typing import Any

from .text import settled, unfinished

# A notebook with more than this in one output no longer opens well; the log has all of it.
LIMIT = 4_000_000


class StreamMerger:
    """Joins what a cell prints into the last output while it has the same name."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._output: dict[str, Any] | None = None
        self._done: list[str] = []
        self._line = ""
        self._size = 0
        self._dropped = 0

    def take(self, outputs: list[Any], name: str, text: str) -> bool:
        """Whether the text was joined to the last output; if not, it begins a new one, to be given to `begin`."""
        if (
            self._output is None
            or not outputs
            or outputs[-1] is not self._output
            or self._output["name"] != name
        ):
            return False
        self._add(text)
        return True

    def begin(self, output: dict[str, Any]) -> None:
        self.settle()
        self._output = output
        self._done, self._line, self._size, self._dropped = [], "", 0, 0
        self._add(output["text"])

    def settle(self) -> None:
        """Bring the output's text up to date."""
        if self._output is None:
            return
        text = "".join(self._done) + settled(self._line)
        if self._dropped:
            text += f"\n... [{self._dropped} more characters: they are in the job's log]\n"
        self._output["text"] = text
        # Joined once: the next time only what came since then.
        self._done = ["".join(self._done)]

    def _add(self, text: str) -> None:
        lines = (self._line + text).replace("\r\n", "\n").split("\n")
        for line in lines[:-1]:
            self._keep(settled(line) + "\n")
        self._line = unfinished(lines[-1])
        if len(self._line) > self._limit:
            self._keep(settled(self._line))
            self._line = ""

    def _keep(self, text: str) -> None:
        room = max(0, self._limit - self._size)
        if room:
            self._done.append(text[:room])
        self._size += len(text)
        self._dropped += len(text) - min(room, len(text))
