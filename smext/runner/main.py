"""Main function of the runner: exit code 0 completed, 1 failed, 143 stopped by SIGTERM."""

from __future__ import annotations

import contextlib
import io
import sys

from . import layout
from .console import Console
from .failure import Failure
from .live_files import write_whole
from .run import EXIT_CODES, NotebookRun
from .stop import StopSignal


def main() -> int:
    """Run the notebook of this job and return the exit code."""
    # jsonschema, which nbformat brings, would have a grammar of all addresses compiled: seconds, for a check that nobody makes.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    stop = StopSignal()
    stop.install()
    if isinstance(sys.stdout, io.TextIOWrapper):
        # The image's locale must not decide whether an emoji ends the run.
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    console = Console(sys.stdout)
    try:
        run = NotebookRun(layout.find(sys.argv[0]), console, stop)
    except Failure as failure:
        return _give_up(console, str(failure))
    return EXIT_CODES[run.execute()]


def _give_up(console: Console, text: str) -> int:
    console.marker("failed: " + text)
    with contextlib.suppress(OSError):
        write_whole(layout.root() / "output" / "failure", text.encode("utf-8", "replace")[:1000])
    return 1
