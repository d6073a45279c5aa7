"""Access to the directories that the run must be able to read and write.

In a SageMaker Distribution image the container runs as sagemaker-user, who may use sudo without a password,
while what SageMaker mounts belongs to root.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Callable

from .failure import Failure, reason
from .layout import TRAINING, Layout

_SUDO_SECONDS = 300


def prepare(layout: Layout, note: Callable[[str], None]) -> Path:
    """Make the directories accessible; return the scratch directory.

    Raises Failure without a place for results.
    """
    _make_readable(layout.inputs.parent)
    if not make_writable(layout.results):
        raise Failure(
            f"Could not write to the output directory as user {os.getuid()}: {layout.results}. "
            "Use an image that runs as root, or whose user may use sudo without a password."
        )
    wanted = [layout.messages, layout.live]
    if layout.kind == TRAINING:
        wanted += [layout.model, layout.root / "checkpoints"]
    else:
        wanted += _named_outputs(layout.root / "processing" / "output")
    for path in wanted:
        if not make_writable(path):
            note(f"could not write to {path}; going on without it")
    return _scratch()


def _named_outputs(base: Path) -> list[Path]:
    """Return the folders that the launch named, from SM_OUTPUT_NAME variables."""
    given = [Path(value) for name, value in os.environ.items() if name.startswith("SM_OUTPUT_")]
    return [path for path in given if base in path.parents]


def make_writable(path: Path) -> bool:
    """Return True if the directory exists and can be written in, after an attempt to make it so."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError:
        sudo("mkdir", "-p", str(path))
    if _writable(path):
        return True
    sudo("chown", "-R", f"{os.getuid()}:{os.getgid()}", str(path))
    if not _writable(path):
        sudo("chmod", "-R", "a+rwX", str(path))
    return _writable(path)


def _writable(path: Path) -> bool:
    return path.is_dir() and os.access(path, os.R_OK | os.W_OK | os.X_OK)


def _make_readable(inputs: Path) -> None:
    """Make inputs readable, but not what is mounted there: a file system may hold a million files."""
    try:
        device = inputs.stat().st_dev
        channels = [path for path in inputs.iterdir() if path.stat().st_dev == device]
        entries = [path for channel in channels for path in [channel, *_children(channel)]]
    except OSError:
        channels = entries = [inputs]
    if not all(os.access(path, os.R_OK) for path in entries):
        sudo("chmod", "-R", "a+rX", *map(str, channels))


def _children(path: Path) -> list[Path]:
    """Return the first level only: a data channel may hold a million files."""
    try:
        return list(path.iterdir())[:100] if path.is_dir() else []
    except OSError:
        return [path]


def _scratch() -> Path:
    """Make a new directory for the working tree and all that is needed beside it."""
    try:
        return Path(tempfile.mkdtemp(prefix="smext-"))
    except OSError:
        sudo("chmod", "1777", "/tmp")
    try:
        return Path(tempfile.mkdtemp(prefix="smext-"))
    except OSError as error:
        raise Failure(
            f"Could not make a working directory: {reason(error)}. "
            "Give the job a larger volume, or set TMPDIR to a directory that can be written."
        ) from error


def sudo(*command: str) -> bool:
    """Run a command as root if this user may do so without a password; return True on success."""
    program = shutil.which("sudo")
    if program is None:
        return False
    try:
        done = subprocess.run(
            [program, "-n", *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_SUDO_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
