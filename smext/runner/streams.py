"""Stream outputs of the notebook: one per run of text, as a terminal would show it, with a size limit."""

from __future__ import annotations

from typing import Any

from .terminal import Screen

# A notebook with more than this of a cell no longer opens well; the log has all of it.
LIMIT = 4_000_000
# What alternates between the two streams makes an output each time, up to so many.
MOST_OUTPUTS = 500


class _Stream:
    """One output: its final text, and the rows that may still change."""

    def __init__(self, output: dict[str, Any], merger: StreamMerger) -> None:
        self.output = output
        self.name = output["name"]
        self.screen = Screen(left=lambda lines: self.keep("\n".join(lines) + "\n"), returns=True)
        self.dropped = 0
        self._kept: list[str] = []
        self._merger = merger
        self._settled = False

    def add(self, text: str) -> None:
        self._settled = False
        if self._merger.room <= 0:
            self.dropped += len(text)
            return
        self.screen.feed(text)
        if len(self.screen.bottom.text) > self._merger.limit:
            self.keep(self.screen.take_bottom())

    def keep(self, text: str) -> None:
        room = self._merger.room
        if room > 0:
            self._kept.append(text[:room])
            self._merger.room -= min(room, len(text))
        self.dropped += len(text) - min(room, len(text))

    def settle(self) -> None:
        if self._settled:
            return
        self._settled = True
        # Joined once: the next time only what came since then.
        self._kept = ["".join(self._kept)]
        rows, room = self.screen.text, max(0, self._merger.room)
        text = self._kept[0] + rows[:room]
        dropped = self.dropped + len(rows) - min(room, len(rows))
        if dropped:
            text += f"\n... [{dropped} more characters: they are in the job's log]\n"
        self.output["text"] = text


class StreamMerger:
    """Merges what a cell prints into the last output of the same name; one size limit for all of a cell."""

    def __init__(self, limit: int = LIMIT, most: int = MOST_OUTPUTS) -> None:
        self.limit = limit
        self.room = limit
        self._most = most
        self._streams: list[_Stream] = []

    def clear(self) -> None:
        """Forget the outputs: another cell begins, or this one cleared its output."""
        self.settle()
        self._streams = []
        self.room = self.limit

    def take(self, outputs: list[Any], name: str, text: str) -> Any | None:
        """Add text to the output that it continues and return that; None if it needs a new one (`begin`)."""
        stream = self._find(outputs, name)
        if stream is None:
            return None
        stream.add(text)
        return stream.output

    def begin(self, output: dict[str, Any]) -> None:
        """Continue a new output, which has its first text."""
        self._streams.append(_Stream(output, self))
        self._streams[-1].add(output["text"])

    def settle(self) -> None:
        """Bring the texts of the outputs up to date."""
        for stream in self._streams:
            stream.settle()

    def _find(self, outputs: list[Any], name: str) -> _Stream | None:
        if not self._streams or not outputs:
            return None
        last = self._streams[-1]
        if outputs[-1] is last.output and last.name == name:
            return last
        if len(self._streams) < self._most:
            return None
        return next((stream for stream in reversed(self._streams) if stream.name == name), None)
