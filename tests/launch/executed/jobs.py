"""Jobs that run: waiting for their end."""

from __future__ import annotations

import time
from typing import Any

from smext.aws.account import Account

SECONDS = 900.0


def ended(account: Account, kind: str, name: str) -> dict[str, Any]:
    """Return the description of a training or processing job at its end."""
    prefix = kind.title()
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        job = account.call("sagemaker", f"Describe{prefix}Job", **{f"{prefix}JobName": name})
        if job[f"{prefix}JobStatus"] not in {"InProgress", "Stopping"}:
            return job
        time.sleep(0.1)
    raise AssertionError(f"{name} did not end in {SECONDS:.0f} s")
