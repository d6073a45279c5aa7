"""SageMaker of the sandbox: kinds as rows, one engine."""

from __future__ import annotations

from ..clock import Clock
from . import holdings, hosting, jobs, machines, model_jobs, routing, scaling, search, studio, tags, workflows
from .engine import Engine, LogWriter

KINDS = (*jobs.KINDS, *studio.KINDS, *hosting.KINDS, *machines.KINDS)
#: Listed, described and stopped; not all of them can be created or deleted by AWS's own operations.
LISTED = (*model_jobs.KINDS, *workflows.KINDS, *holdings.KINDS, *routing.KINDS)


def build(account: str, clock: Clock, write_logs: LogWriter) -> Engine:
    """The engine with every kind of the sandbox."""
    engine = Engine(account, clock, (*KINDS, *LISTED), write_logs)
    model_jobs.install(engine)
    scaling.install(engine)
    tags.install(engine)
    search.install(engine)
    return engine
