"""What smext adds to the start of a Jupyter server, in time and in memory."""

from __future__ import annotations

import statistics
import time
import urllib.error
import urllib.request
from dataclasses import dataclass

import psutil  # type: ignore[import-untyped]

from .figure import Figure
from .lab import TIMEOUT, running_lab

PAIRS = 9
SETTLE = 0.5
"""Seconds after the first answer, in which what loads in the background shows in the memory."""


@dataclass(frozen=True)
class Start:
    seconds: float
    processor_seconds: float
    """Up to the first answer; what `seconds` would be on a machine with nothing else to do."""
    megabytes: float


def measure() -> list[Figure]:
    """Alternating starts with and without smext; the medians, the first pair left out."""
    _start(True), _start(False)
    pairs = [(_start(True), _start(False)) for _ in range(PAIRS)]
    return [
        _figure("server start, added", "s", 0.05, [(a.seconds, b.seconds) for a, b in pairs]),
        _figure(
            "server start, processor time added",
            "s",
            0.05,
            [(a.processor_seconds, b.processor_seconds) for a, b in pairs],
        ),
        _figure("server memory, added", "MB", 5.0, [(a.megabytes, b.megabytes) for a, b in pairs]),
    ]


def _figure(name: str, unit: str, target: float, pairs: list[tuple[float, float]]) -> Figure:
    given, bare = (statistics.median(side) for side in zip(*pairs, strict=True))
    beside = f"with smext {given:.4g} {unit}, without {bare:.4g} {unit}, medians of {len(pairs)} starts each"
    return Figure(name, given - bare, unit, target, beside, given / bare)


def _start(enabled: bool) -> Start:
    with running_lab(f"--ServerApp.jpserver_extensions=smext={enabled}") as lab:
        server = psutil.Process(lab.pid)
        used = server.cpu_times()
        time.sleep(SETTLE)
        start = Start(lab.seconds, used.user + used.system, server.memory_info().rss / 1e6)
        if _answers(f"{lab.url}/smext/kinds") is not enabled:
            raise RuntimeError(
                f"smext is not what it should be here (enabled: {enabled}):\n{lab.log.read_text()}"
            )
        return start


def _answers(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=TIMEOUT).close()
    except urllib.error.HTTPError as error:
        if error.code != 404:
            raise
        return False
    return True
