"""The working tree: the files that came along, and the notebook at its place among them."""

from __future__ import annotations

import os
import shutil
import tarfile
from pathlib import Path, PurePosixPath
from typing import Callable

from .failure import Failure, reason

FILES = "smext-files"
"""The input beside the runner's own that holds the archives, in folders as they are kept in S3."""
_START = "SMEXT.start"
"""The pax header of a part of a large file, whose parts lie in several archives: where in the file it begins."""


def make(scratch: Path, inputs: Path, notebook: PurePosixPath, note: Callable[[str], None]) -> Path:
    """Build the tree in the scratch directory and return its root."""
    tree = scratch / "work"
    tree.mkdir()
    try:
        for archive in sorted((inputs.parent / FILES).rglob("*.tar.gz")):
            unpack(archive, tree)
        folder = tree / notebook.parent
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, EOFError, tarfile.TarError) as error:
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


def unpack(archive: Path, tree: Path) -> None:
    """Unpack files, directories and links that stay inside the tree; Failure on anything that leaves it."""
    root = Path(os.path.realpath(tree))
    with tarfile.open(archive, "r:*") as tar:
        for member in tar:
            _unpack_member(tar, member, root)


def _unpack_member(tar: tarfile.TarFile, member: tarfile.TarInfo, root: Path) -> None:
    target = _inside(root, member.name, member.name)
    if member.isdir():
        target.mkdir(parents=True, exist_ok=True)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.is_symlink():
        target.unlink()
    if member.issym():
        _inside(root, str(PurePosixPath(member.name).parent / member.linkname), member.name)
        os.symlink(member.linkname, target)
        return
    source = tar.extractfile(member)
    if source is None:
        raise Failure(
            f"An archive holds something that is neither a file nor a directory: {member.name}. "
            "Leave it out and launch the run again."
        )
    start = member.pax_headers.get(_START)
    with source, target.open("r+b" if start and target.exists() else "wb") as file:
        file.seek(int(start or 0))
        shutil.copyfileobj(source, file)
    target.chmod(member.mode & 0o777 | 0o600)


def _inside(root: Path, path: str, name: str) -> Path:
    """The place of `path` below the root, its parent directories resolved."""
    joined = os.path.join(str(root), path)
    parent = Path(os.path.realpath(os.path.dirname(os.path.normpath(joined))))
    target = parent / os.path.basename(os.path.normpath(joined))
    if os.path.isabs(path) or (target != root and root not in target.parents):
        raise Failure(
            f"An archive holds a path outside the working tree: {name}. Leave it out and launch the run again."
        )
    return target
