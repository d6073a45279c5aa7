"""Standard output and error of the kernel's process, read as they come."""

from __future__ import annotations

import asyncio
import codecs
import contextlib
import os
import time

from .console import Console
from .raw_output import WAIT_SECONDS

_CHUNK = 65536
# Of these at once.
_CHUNKS = 16
_PAUSE_SECONDS = 0.05
_DRAIN_SECONDS = 5.0


class ProcessOutput:
    """One pipe for both; what is read goes to the console."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._read_end = self._write_end = -1
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._paused = False

    def open(self) -> int:
        """Open the pipe and return the end for the kernel's process. To be called in the event loop."""
        self._read_end, self._write_end = os.pipe()
        os.set_blocking(self._read_end, False)
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._read_end, self._read)
        return self._write_end

    def started(self) -> None:
        """Close our copy of the process's end, so that the pipe ends with the process."""
        if self._write_end >= 0:
            os.close(self._write_end)
            self._write_end = -1

    def drain(self) -> None:
        """Show all that came, before something else is said."""
        # What the kernel left running may write for ever.
        end = time.monotonic() + _DRAIN_SECONDS
        while self._read() and time.monotonic() < end:
            self._console.release(everything=True)
        self._console.release(everything=True)

    def close(self) -> None:
        """Close the pipe and show what is left."""
        self.started()
        if self._read_end < 0:
            return
        self.drain()
        self._stop_reading()
        os.close(self._read_end)
        self._read_end = -1
        if self._timer is not None:
            self._timer.cancel()

    def _read(self) -> bool:
        """Read what is there, but not without end: messages want to be read as well. Return whether there is more."""
        with contextlib.suppress(BlockingIOError):
            for _ in range(_CHUNKS):
                if self._read_end < 0:
                    return False
                if self._console.behind:
                    self._pause()
                    return True
                chunk = os.read(self._read_end, _CHUNK)
                if not chunk:
                    self._stop_reading()
                    return False
                self._console.process(self._decoder.decode(chunk))
                self._look_again()
            return True
        return False

    def _pause(self) -> None:
        """Let the process wait until messages have said what it wrote, or their time is over."""
        self._stop_reading()
        if self._loop is not None and not self._paused:
            self._paused = True
            self._loop.call_later(_PAUSE_SECONDS, self._go_on)

    def _go_on(self) -> None:
        self._paused = False
        if self._loop is not None and self._read_end >= 0:
            self._console.release()
            self._loop.add_reader(self._read_end, self._read)

    def _look_again(self) -> None:
        """Look again once the message that may say the same had its time."""
        if self._loop is not None and self._timer is None:
            self._timer = self._loop.call_later(1.1 * WAIT_SECONDS, self._release)

    def _release(self) -> None:
        self._timer = None
        self._console.release()

    def _stop_reading(self) -> None:
        if self._loop is not None:
            self._loop.remove_reader(self._read_end)
