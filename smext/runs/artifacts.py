"""Artifacts of a run in S3: its progress, notebook and outputs. Written by smext/runner, read here."""

from __future__ import annotations

import contextlib
import gzip
import io
import re
import tarfile
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

from .. import errors
from ..api import Output, Outputs, Progress, RunProgress
from ..aws import s3
from ..aws.account import Account
from ..aws.s3 import MB
from ..runner import bounded_json

NOTEBOOK = "notebook.ipynb"
PROGRESS = "progress.json"
ARCHIVE = "output.tar.gz"
"""What a training job makes of its output directory, at its end."""
MOST_OUTPUTS = 1000
_DRAFT = re.compile(r"(?:^|/)\.[^/]+\.part$")
"""What the runner was just writing when it was synced out."""
MOST_BYTES = 200 * MB
"""A notebook, or an archive that holds one, larger than this is not opened but downloaded."""
MOST_UNPACKED = 2000 * MB
"""So much of an archive is looked through for the notebook: a small one may unpack without end."""
MOST_PROGRESS = 8 * MB
MOST_LABEL = 200


def run_progress(account: Account, live: str) -> RunProgress | None:
    """Read the runner's progress file; None before there is one. Raises errors.SmextError.

    Whoever can write there may have written it: it is read within bounds, and nothing is taken for granted.
    """
    try:
        found = bounded_json.loads(s3.read(account, _join(live, PROGRESS), MOST_PROGRESS))
        if isinstance(found, dict):
            found = {k: v for k, v in found.items() if k in RunProgress.model_fields}
        return RunProgress.model_validate(found)
    except errors.NotFound:
        return None
    except ValueError as error:  # pydantic's is one, too
        raise errors.Unsupported(
            f"Could not understand the progress of this run: {live}",
            advice="Update smext: a newer one may have started it.",
        ) from error


def row_progress(account: Account, live: str) -> Progress | None:
    """Return the progress of a run for its row; None where it cannot be read."""
    try:
        found = run_progress(account, live)
    except errors.SmextError:
        return None
    if found is None:
        return None
    running = next((cell.label for cell in found.cells if cell.status == "running"), found.phase)
    return Progress(done=found.done, total=found.total, label=running[:MOST_LABEL])


def notebook(account: Account, live: str | None, prefixes: Sequence[str]) -> bytes:
    """Read the newest notebook that a run has left. Raises errors.NotFound where there is none yet."""
    places = [*([live] if live else []), *prefixes]
    for place in places:
        found = _notebook_at(account, place)
        if found is not None:
            return found
    raise errors.NotFound(
        "There is no notebook yet: the run has not begun its first cell.",
        advice="Wait until cells are done. If the job has failed, its log says why.",
    )


def outputs(account: Account, prefixes: Sequence[str]) -> Outputs:
    """List the objects under the prefixes, at most MOST_OUTPUTS; `problem` names a prefix that cannot be listed."""
    found: list[Output] = []
    complete, problem = True, None
    for prefix in prefixes:
        try:
            for entry in _entries(account, _folder(prefix)):
                if len(found) == MOST_OUTPUTS:
                    complete = False
                    break
                found.append(entry)
        except errors.SmextError as error:
            problem = error.problem()
    return Outputs(
        outputs=found,
        uri=prefixes[0] if prefixes else None,
        complete=complete and not problem,
        problem=problem,
    )


def open_output(account: Account, prefixes: Sequence[str], uri: str) -> tuple[Any, int]:
    """Open one output: its body and size in bytes.

    Raises errors.NotFound for anything outside of the prefixes.
    """
    if not any(uri.startswith(_folder(prefix)) for prefix in prefixes):
        raise errors.NotFound(f"This job has no such output: {uri}")
    return s3.open_object(account, uri)


def _folder(prefix: str) -> str:
    """Return the prefix with a slash at its end: `run` is not where `run-2` writes."""
    return f"{prefix.rstrip('/')}/"


def _entries(account: Account, prefix: str) -> Iterator[Output]:
    bucket, key = s3.split(prefix)
    pages = iter(account.client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=key))
    while True:
        page = account.within(
            f"Could not list {prefix}", s3.ACTIONS["list_objects_v2"], lambda: next(pages, None)
        )
        if page is None:
            return
        for entry in page.get("Contents") or []:
            if _DRAFT.search(entry["Key"]):
                continue
            uri = f"s3://{bucket}/{entry['Key']}"
            yield Output(
                name=entry["Key"].removeprefix(key) or entry["Key"],
                uri=uri,
                bytes=entry.get("Size"),
                modified=entry.get("LastModified"),
                key=uri,
            )


def _notebook_at(account: Account, place: str) -> bytes | None:
    for name, unpack in ((NOTEBOOK, bytes), (ARCHIVE, _from_archive)):
        try:
            body, size = s3.open_object(account, _join(place, name))
        except errors.NotFound:
            continue
        with contextlib.closing(body):
            if size > MOST_BYTES:
                raise errors.Invalid(
                    f"The notebook is too large to be opened from here: {_join(place, name)}",
                    advice="Download it from the job's outputs.",
                )
            with s3.translated(f"read {_join(place, name)}", "get_object"):
                try:
                    return unpack(body.read())
                except (tarfile.TarError, zlib.error, EOFError, OSError) as error:
                    raise broken(_join(place, name)) from error
    return None


def broken(what: str, why: str = "") -> errors.SmextError:
    """Make the error for a run's output that is no notebook."""
    return errors.Invalid(
        f"No notebook can be read out of what the run left: {what}{f' ({why})' if why else ''}",
        advice="Download it from the job's outputs; a run that was ended hard may leave half of it.",
    )


def _from_archive(body: bytes) -> bytes | None:
    with gzip.open(io.BytesIO(body)) as packed, tarfile.open(fileobj=_Bounded(packed), mode="r|") as archive:  # type: ignore[call-overload]  # it asks for no more
        for member in archive:
            if member.isfile() and member.name.removeprefix("./") == NOTEBOOK and member.size <= MOST_BYTES:
                held = archive.extractfile(member)
                return held.read() if held else None
    return None


class _Bounded:
    """Stream that raises tarfile.ReadError after MOST_UNPACKED bytes."""

    def __init__(self, stream: gzip.GzipFile) -> None:
        self._stream, self._left = stream, MOST_UNPACKED

    def read(self, size: int) -> bytes:
        found = self._stream.read(size)
        self._left -= len(found)
        if self._left < 0:
            raise tarfile.ReadError(f"more than {MOST_UNPACKED // MB} MB")
        return found


def _join(place: str, name: str) -> str:
    return f"{_folder(place)}{name}"
