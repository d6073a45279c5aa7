"""The files on their way to the run: once in the bucket, the same files are not sent again."""

from __future__ import annotations

import contextlib
import tempfile
from concurrent.futures import Future
from pathlib import Path

from .. import errors
from ..aws import Account
from .digests import Digests
from .files import FileSet
from .pack import pack
from .place import Run
from .storage import Writer, exists

FILES_NAME = "files.tar.gz"
PATIENCE_SECONDS = 10.0
_under_way: dict[str, Future[bool]] = {}
"""Archives on their way into the store, by address."""


def stored(run: Run, key: str) -> str:
    """Where an archive is kept for later runs, beside them."""
    return f"{run.base}cache/{key}.tar.gz"


def is_stored(account: Account, uri: str, owner: str | None) -> bool:
    """Raises errors.SmextError where that may not be asked."""
    under_way = _under_way.get(uri)
    if under_way is not None:
        # Of a launch just before this one.
        return under_way.result(PATIENCE_SECONDS)
    return exists(account, uri, owner)


def send(writer: Writer, files: FileSet, key: str | None, run: Run) -> None:
    """Put the archive beside the run's other inputs: out of what is stored, or else packed and sent.

    Raises errors.SmextError.
    """
    target = run.input_uri + FILES_NAME
    if key and _copied(writer, stored(run, key), target):
        return
    with tempfile.TemporaryDirectory(prefix="smext-") as folder:
        archive = Path(folder) / FILES_NAME
        key = _packed(files, archive)
        writer.put_file(target, archive)
    # Only a saving: nobody waits for it, and a bucket that does not let us is no reason to fail.
    kept = stored(run, key)
    copying = _under_way[kept] = writer.account.threads.submit(_copied, writer, target, kept)
    copying.add_done_callback(lambda _: _under_way.pop(kept, None))


def _packed(files: FileSet, archive: Path) -> str:
    assert files.folder is not None
    digests = Digests(files.folder)
    try:
        with archive.open("wb") as target:
            key = pack(files, target, digests)
    except OSError as error:
        raise errors.SmextError(
            f"Could not pack the notebook's folder: {error.strerror or error}",
            advice="Free some space, or launch without the files.",
            field="include_files",
        ) from error
    digests.save()
    return key


def _copied(writer: Writer, source: str, target: str) -> bool:
    with contextlib.suppress(errors.SmextError):
        writer.copy(source, target)
        return True
    return False
