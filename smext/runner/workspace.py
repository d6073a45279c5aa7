"""Working tree of the run: the files that came along, and the notebook at its place among them."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tarfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO, Callable

from .failure import Failure, reason

FILES = "smext-files"
"""The input beside the runner's own that holds the archives, in folders as they are kept in S3."""
_START = "SMEXT.start"
"""The pax header of a part of a large file, whose parts lie in several archives: where in the file it begins."""
_FORMAT = "smext files 3"
"""The first line of what an archive's name is the SHA-256 of (smext.launch.files.archives: Archive.key)."""
_CHUNK = 1024 * 1024


def make(
    scratch: Path, inputs: Path, notebook: PurePosixPath, note: Callable[[str], None], encryption: str
) -> Path:
    """Build the tree in the scratch directory and return its root.

    Archives are shared by all who use the bucket: one that does not hold what its name says is a Failure.
    """
    tree = scratch / "work"
    tree.mkdir()
    try:
        for archive in sorted((inputs.parent / FILES).rglob("*.tar.gz")):
            _check(archive, unpack(archive, tree), encryption)
        folder = tree / notebook.parent
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, EOFError, ValueError, zlib.error, tarfile.TarError) as error:
        text = reason(error) if isinstance(error, OSError) else str(error)
        raise Failure(
            f"Could not unpack the files that came along: {text}. "
            "Give the job a larger volume if it is full; otherwise launch the run again."
        ) from error
    try:
        shutil.copyfile(inputs / "notebook.ipynb", tree / notebook)
    except OSError as error:
        # It is there for code that looks at its own notebook; what runs is read from the input.
        note(f"could not put the notebook into the working directory ({reason(error)})")
    return tree


def unpack(archive: Path, tree: Path) -> list[str]:
    """Unpack files, which stay inside the tree, and return a line for each; Failure on anything else."""
    root = Path(os.path.realpath(tree))
    with tarfile.open(archive, "r:*") as tar:
        return [_unpack_member(tar, member, root) for member in tar]


def _check(archive: Path, lines: list[str], encryption: str) -> None:
    key = hashlib.sha256("\n".join([_FORMAT, encryption, *lines]).encode()).hexdigest()
    if archive.name != key + ".tar.gz":
        raise Failure(
            f"An archive of files does not hold what was sent: {archive.name}. "
            "Somebody has changed it in the bucket: delete it below smext/cache/ there, and launch the run again."
        )


def _unpack_member(tar: tarfile.TarFile, member: tarfile.TarInfo, root: Path) -> str:
    """Unpack one member; return its line in the archive's digest."""
    target = _inside(root, member.name, member.name)
    source = tar.extractfile(member) if member.isreg() else None
    if source is None:
        raise Failure(
            f"An archive holds something that is no file: {member.name}. Leave it out and launch the run again."
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    start = member.pax_headers.get(_START)
    with source, target.open("r+b" if start and target.exists() else "wb") as file:
        file.seek(int(start or 0))
        digest = _copied(source, file)
    target.chmod(member.mode & 0o777 | 0o600)
    mode = "x" if member.mode & 0o100 else "-"
    return f"{mode} {digest} {start or 'whole'} {json.dumps(member.name)}"


def _copied(source: IO[bytes], target: IO[bytes]) -> str:
    """Copy a stream; return the SHA-256 of its bytes in hex."""
    digest = hashlib.sha256()
    while True:
        content = source.read(_CHUNK)
        if not content:
            return digest.hexdigest()
        digest.update(content)
        target.write(content)


def _inside(root: Path, path: str, name: str) -> Path:
    """Return the place of `path` below the root, its parent directories resolved.

    Raises Failure outside of it.
    """
    joined = os.path.join(str(root), path)
    parent = Path(os.path.realpath(os.path.dirname(os.path.normpath(joined))))
    target = parent / os.path.basename(os.path.normpath(joined))
    if os.path.isabs(path) or (target != root and root not in target.parents):
        raise Failure(
            f"An archive holds a path outside the working tree: {name}. Leave it out and launch the run again."
        )
    return target
