"""SageMaker of the sandbox: resource types as rows, one engine."""

from __future__ import annotations

from ..clock import Clock
from . import (
    hosting,
    jobs,
    machines,
    model_jobs,
    other_resources,
    routing,
    scaling,
    search,
    studio,
    tags,
    workflows,
)
from .engine import Engine, LogWriter

RESOURCE_TYPES = (
    *jobs.RESOURCE_TYPES,
    *studio.RESOURCE_TYPES,
    *hosting.RESOURCE_TYPES,
    *machines.RESOURCE_TYPES,
)
#: Listed, described and stopped; not all of them can be created or deleted by AWS's own operations.
LISTED = (
    *model_jobs.RESOURCE_TYPES,
    *workflows.RESOURCE_TYPES,
    *other_resources.RESOURCE_TYPES,
    *routing.RESOURCE_TYPES,
)


def build(account: str, clock: Clock, write_logs: LogWriter) -> Engine:
    """Make the engine with every resource type of the sandbox."""
    engine = Engine(account, clock, (*RESOURCE_TYPES, *LISTED), write_logs)
    model_jobs.install(engine)
    scaling.install(engine)
    tags.install(engine)
    search.install(engine)
    return engine
