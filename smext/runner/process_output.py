"""The standard output and error of the kernel's process, read as they come."""

from __future__ import annotations

import asyncio
import codecs
import contextlib
import os

from .console import Console
from .echo import WAIT_SECONDS

_CHUNK = 65536


class ProcessOutput:
    """One pipe for both; what is read goes to the console."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._read_end = self._write_end = -1
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.TimerHandle | None = None

    def open(self) -> int:
        """The end that the kernel's process gets. To be called in the event loop."""
        self._read_end, self._write_end = os.pipe()
        os.set_blocking(self._read_end, False)
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._read_end, self._read)
        return self._write_end

    def started(self) -> None:
        """The process has its end: ours is closed, so that the pipe ends with it."""
        if self._write_end >= 0:
            os.close(self._write_end)
            self._write_end = -1

    def drain(self) -> None:
        """Show all that came, before something else is said."""
        self._read()
        self._console.release(everything=True)

    def close(self) -> None:
        self.started()
        if self._read_end < 0:
            return
        self.drain()
        self._stop_reading()
        os.close(self._read_end)
        self._read_end = -1
        if self._timer is not None:
            self._timer.cancel()

    def _read(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while self._read_end >= 0:
                chunk = os.read(self._read_end, _CHUNK)
                if not chunk:
                    self._stop_reading()
                    return
                self._console.process(self._decoder.decode(chunk))
                self._look_again()

    def _look_again(self) -> None:
        """Once the message that may say the same had its time."""
        if self._loop is not None and self._timer is None:
            self._timer = self._loop.call_later(1.1 * WAIT_SECONDS, self._release)

    def _release(self) -> None:
        self._timer = None
        self._console.release()

    def _stop_reading(self) -> None:
        if self._loop is not None:
            self._loop.remove_reader(self._read_end)
