"""Job names: `churn-1120-1004-x7k2q` for churn.ipynb on 20 November at 10:04 UTC."""

from __future__ import annotations

import re
import secrets
import unicodedata
from datetime import datetime
from pathlib import PurePosixPath

LONGEST = 63
"""botocore: TrainingJobName, ProcessingJobName."""
VALID = re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}")
TOKEN_LENGTH = 5
TOKEN_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"

_OURS = re.compile(r"[a-zA-Z0-9](?:-?[a-zA-Z0-9])*-\d{4}-\d{4}-[a-z0-9]{5}")
_OTHER = re.compile(r"[^a-zA-Z0-9]+")


def job_name(path: str, when: datetime, token: str) -> str:
    """Return a valid job name for any notebook name; `token` keeps two launches of one minute apart."""
    tail = f"-{when:%m%d-%H%M}-{token}"
    stem = _plain(PurePosixPath(path.replace("\\", "/")).name.removesuffix(".ipynb"))
    return (stem[: LONGEST - len(tail)].rstrip("-") or "notebook") + tail


def new_token() -> str:
    """Return TOKEN_LENGTH random letters and digits."""
    return "".join(secrets.choice(TOKEN_LETTERS) for _ in range(TOKEN_LENGTH))


def is_valid(name: str) -> bool:
    """Return True if SageMaker accepts the name for a job."""
    return len(name) <= LONGEST and bool(VALID.fullmatch(name))


def is_ours(name: str) -> bool:
    """Return True if the name has the form that `job_name` gives."""
    return len(name) <= LONGEST and bool(_OURS.fullmatch(name))


def _plain(text: str) -> str:
    """Reduce a text to letters, digits and single hyphens: accents are dropped, anything else becomes a hyphen."""
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return _OTHER.sub("-", bare).strip("-")
