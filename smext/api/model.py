"""Base class of the wire models, and problems."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

Tone = Literal["running", "ok", "warn", "bad", "off", "neutral"]
"""How a status looks. Closed: the frontend knows these and no status by name."""

Format = Literal["text", "money", "rate", "time", "duration", "bytes", "count", "code"]
"""How a cell is drawn; an unknown one is drawn as text."""

Certainty = Literal["billing", "may be billing", "storage only", "none"]

ProblemCode = Literal[
    "denied",
    "throttled",
    "expired",
    "no-credentials",
    "no-region",
    "clock",
    "misconfigured",
    "waiting",
    "unreachable",
    "timeout",
    "not-understood",
    "unsupported",
    "outdated",
    "not-found",
    "conflict",
    "cancelled",
    "quota",
    "capacity",
    "invalid",
    "read-only",
    "failed",
]


class Wire(BaseModel):
    """Base of the wire models: unknown members are an error, so that both sides stay one version."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_serialization_defaults_required=True,
        hide_input_in_errors=True,  # a value may be a secret, and an error ends in a log
    )


class Problem(Wire):
    """Error with its advice."""

    code: ProblemCode
    message: str
    advice: str = ""
    permission: str | None = None
    """Missing IAM action, such as `sagemaker:ListEndpoints`."""
    field: str | None = None
    """Member of the form that is at fault."""
    cause: str | None = None
    """Cause shared by several problems, in the same words in each."""
    since: datetime | None = None


class ErrorBody(Wire):
    """Body of every response that is not 2xx; `message` is what JupyterLab itself shows."""

    problem: Problem
    message: str
