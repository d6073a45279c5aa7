"""Run record beside a run's output, and the tags and variables of the job that lead to it.

A record stands in S3 before its job is created, so that nothing that was started is ever unknown.
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from .. import errors
from ..api import LaunchForm, Problem, Upload
from ..api.values import Values
from ..aws import s3
from ..aws.account import Account
from ..aws.s3 import Writer
from ..runner import bounded_json
from .secret_values import masked, with_masked_environment, without_secrets

TAG_NOTEBOOK = "smext:notebook"
"""The notebook's path, as far as a tag can hold it."""
TAG_NOTEBOOK_ID = "smext:notebook-id"
"""The same for every run of one path, whatever letters it has."""
TAG_USER = "smext:user"
TAG_RUN = "smext:run"

ENV_NOTEBOOK = "SMEXT_NOTEBOOK"
ENV_USER = "SMEXT_USER"
ENV_RUN = "SMEXT_RUN"
"""The run prefix, `s3://bucket/…/smext/job/`."""
ENV_LIVE = "SMEXT_LIVE"
"""Where the runner leaves its progress while it runs, `s3://…/`."""

MOST_BYTES = 8 * s3.MB
_NOT_IN_TAG = re.compile(r"[^\w\s.:/=+\-@]", re.UNICODE)


class RunRecord(BaseModel):
    """Request and origin of one run. Not written twice unless there is no job: its status is known by AWS."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    version: Literal[1] = 1
    job: str
    kind: str
    notebook: str
    notebook_id: str
    user: str = ""
    created: datetime
    smext: str
    form: LaunchForm
    parameters: Values = {}
    request: dict[str, Any]
    uploads: list[Upload] = []
    run_uri: str
    live_uri: str
    output_uri: str
    status: Literal["sent", "refused", "unknown", "cancelled"] = "sent"
    """`refused`: AWS said no; `unknown`: it did not answer; `cancelled`: the user called it back."""
    error: Problem | None = None


def notebook_id(path: str) -> str:
    """Hash a contents path to 16 hex digits."""
    return hashlib.sha256(path.encode()).hexdigest()[:16]


def tag_value(text: str, most: int = 256) -> str:
    """Return as much of a text as a tag may hold (botocore: TagValue): its end, which tells most of a path."""
    return _NOT_IN_TAG.sub("_", text)[-most:].strip()


def read_record(account: Account, uri: str) -> RunRecord:
    """Read and validate a run record. Raises errors.SmextError, Unsupported where it cannot be parsed."""
    body = s3.read(account, uri, MOST_BYTES)
    try:
        return RunRecord.model_validate(bounded_json.loads(body))
    except ValueError as error:  # pydantic's is one, too
        raise errors.Unsupported(
            f"Could not understand the run record: {uri}",
            advice="Update smext: a newer one may have written it.",
        ) from error


def write_record(writer: Writer, record: RunRecord, uri: str) -> None:
    """Write a run record without the values of secret variables. Raises errors.SmextError."""
    sent: dict[str, str] = {**(record.request.get("Environment") or {}), **record.form.environment}
    form = record.form.model_copy(update={"environment": masked(record.form.environment)})
    kept = record.model_copy(update={"form": form, "request": with_masked_environment(record.request)})
    # A value may also stand in a parameter, a tag or in what AWS answered.
    writer.put(uri, without_secrets(kept.model_dump_json(indent=1), sent).encode())
