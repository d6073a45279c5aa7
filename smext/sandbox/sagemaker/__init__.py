"""SageMaker of the sandbox: kinds as rows, one engine."""

from __future__ import annotations

from ..clock import Clock
from . import hosting, jobs, machines, search, studio, tags
from .engine import Engine, LogWriter

KINDS = (*jobs.KINDS, *studio.KINDS, *hosting.KINDS, *machines.KINDS)


def build(account: str, clock: Clock, write_logs: LogWriter) -> Engine:
    """The engine with every kind of the sandbox."""
    engine = Engine(account, clock, KINDS, write_logs)
    tags.install(engine)
    search.install(engine)
    return engine
