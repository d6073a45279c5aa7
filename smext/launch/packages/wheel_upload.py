"""Downloaded wheels on their way to the run: once in the bucket, the same wheel is not sent again."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ... import errors
from ...aws.s3 import Writer, modified
from ..progress import LaunchState
from ..s3_layout import RunLayout
from . import wheel_cache

SENDERS = 8


def stored(run: RunLayout, wheel: Path) -> str:
    """Where a wheel is kept for later runs: under what is in it."""
    return f"{run.base}cache/wheels/{wheel_cache.digest_of(wheel)}/{wheel.name}"


def send(writer: Writer, wheels: Sequence[Path], run: RunLayout, way: LaunchState) -> None:
    """Put them beside the run's other inputs, and what each is to hold, which the run compares.

    Raises errors.SmextError.
    """
    told = {wheel.name: wheel_cache.digest_of(wheel) for wheel in wheels}
    writer.put(f"{run.input_uri}wheels.json", json.dumps(told, indent=1).encode())
    with ThreadPoolExecutor(SENDERS, thread_name_prefix="smext-upload") as pool:
        for done in [pool.submit(_send, writer, wheel, run, way) for wheel in wheels]:
            done.result()


def _send(writer: Writer, wheel: Path, run: RunLayout, way: LaunchState) -> None:
    kept, target = stored(run, wheel), f"{run.input_uri}wheels/{wheel.name}"
    with contextlib.suppress(errors.SmextError):
        if modified(writer.account, kept, writer.owner) is not None:
            writer.copy(kept, target)
            return
    size = wheel.stat().st_size
    way.expect(size)
    writer.put_file(target, wheel, way.sent)
    # Only a saving: a bucket that does not let us is no reason to fail.
    with contextlib.suppress(errors.SmextError):
        writer.copy(target, kept)
