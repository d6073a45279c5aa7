"""What is found out around a launch before its request can be written: who, where, as which role, with which files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .. import errors
from ..api import Check, LaunchForm, NotebookDocument
from ..aws.account import Account
from ..aws.concurrent import Answer, together
from ..aws.identity import Caller, identity, identity_label, user
from ..aws.studio import read_metadata
from . import dependencies, sdk_config
from .files.selection import FileSet
from .limits import Limits
from .notebook import content
from .packages import interpreter
from .role import find_role
from .s3_layout import RunBucket, find_bucket
from .sdk_config import SdkConfig


@dataclass(frozen=True)
class Prerequisites:
    """What the form does not say."""

    region: str
    caller: Caller | None
    config: SdkConfig
    bucket: RunBucket
    user: str
    role: str
    why_no_role: str
    files: FileSet | None
    said_of_files: list[Check]
    no_files: errors.SmextError | None
    """Why the folder could not be looked through."""
    kernel: Answer | None
    """The interpreter of the kernel; None where nobody wants to know."""


def look(
    account: Account, form: LaunchForm, document: NotebookDocument, root: Path | None, limits: Limits
) -> Prerequisites:
    """Find all of it out at once, within the limits' patience.

    Raises errors.SmextError where there are no credentials, no region or no bucket to plan for.
    """
    region, metadata = account.region, read_metadata()
    config = sdk_config.load(account)
    questions: dict[str, Callable[[], Any]] = {
        "the identity": lambda: identity(account),
        "the user": lambda: user(account, metadata),
        "the files": lambda: dependencies.files(document, form, root, limits),
    }
    if not form.role:
        questions["the role"] = lambda: find_role(account, metadata, form.job_kind, config)
    kernel = content.kernel(document)
    if kernel and dependencies.reads_kernel(document, form):
        questions["the kernel"] = lambda: interpreter.read(kernel, limits.patience_seconds)
    answers = together(limits.patience_seconds, questions)
    caller: Caller | None = answers["the identity"].value
    role, why = (form.role, "") if form.role else _role(answers["the role"])
    bucket = find_bucket(config, region, caller.account if caller else _account_of(role))
    if bucket is None:
        raise answers["the identity"].error or errors.NotFound("No AWS account was found.")
    files, said = answers["the files"].value or (None, [])
    return Prerequisites(
        region=region,
        caller=caller,
        config=config,
        bucket=bucket,
        user=answers["the user"].value or identity_label(caller.arn if caller else None),
        role=role or "",
        why_no_role=why,
        files=files,
        said_of_files=said,
        no_files=answers["the files"].error,
        kernel=answers.get("the kernel"),
    )


def _role(answer: Answer) -> tuple[str | None, str]:
    return answer.value if answer.error is None else (None, answer.error.message)


def _account_of(role: str | None) -> str | None:
    parts = (role or "").split(":")
    return parts[4] if len(parts) > 5 and parts[4].isdigit() else None
