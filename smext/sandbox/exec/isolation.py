"""Isolation of a job's /opt/ml: a mount namespace, or its paths rewritten to a directory."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Protocol

from .contract import ML

CHOICE = "SMEXT_SANDBOX_ISOLATION"
_WAYS = ("namespace", "rewrite")
_PROBE_SECONDS = 10

#: Runs inside the new mount namespace: $1 is the job's directory, $2 a scratch directory, the rest the command.
#: Where the machine has no /opt/ml, /opt gets a stand-in that holds what it held, and ml.
_MOUNT = """
set -e
job=$1 stage=$2
shift 2
if [ ! -d /opt/ml ]; then
  [ -d /opt ]
  mount -t tmpfs tmpfs "$stage"
  for item in /opt/* /opt/.[!.]*; do
    [ -e "$item" ] || continue
    name=${item##*/}
    if [ -d "$item" ]; then mkdir "$stage/$name"; else : > "$stage/$name"; fi
    mount --rbind "$item" "$stage/$name"
  done
  mkdir "$stage/ml"
  mount --rbind "$stage" /opt
fi
mount --bind "$job" /opt/ml
cd /opt/ml
exec "$@"
"""


class Isolation(Protocol):
    """Translation of a job's command and environment into those of a process here."""

    name: str

    def command(self, command: list[str], root: Path, scratch: Path) -> list[str]:
        """Return the command to start; `scratch` is an empty directory for its own use."""

    def env(self, env: dict[str, str], root: Path) -> dict[str, str]:
        """Return the environment to start it with."""


class Namespace:
    """Isolation by a mount namespace: only the job sees its directory as /opt/ml."""

    name = "namespace"

    def __init__(self, unshare: list[str]) -> None:
        self._unshare = unshare

    def command(self, command: list[str], root: Path, scratch: Path) -> list[str]:
        """Return the command in a new mount namespace."""
        stage = scratch / "opt"
        stage.mkdir(exist_ok=True)
        return [*self._unshare, "/bin/sh", "-c", _MOUNT, "sh", str(root), str(stage), *command]

    def env(self, env: dict[str, str], root: Path) -> dict[str, str]:
        """Return the environment as it is."""
        return env


class Rewrite:
    """Isolation by rewriting /opt/ml in the command and the environment to the job's directory."""

    name = "rewrite"

    def command(self, command: list[str], root: Path, scratch: Path) -> list[str]:
        """Return the command with its paths rewritten."""
        return [part.replace(ML, str(root)) for part in command]

    def env(self, env: dict[str, str], root: Path) -> dict[str, str]:
        """Return the environment with its paths rewritten, and SMEXT_OPT_ML."""
        moved = {name: value.replace(ML, str(root)) for name, value in env.items()}
        return {**moved, "SMEXT_OPT_ML": str(root)}


def chosen() -> Isolation:
    """Return the isolation that SMEXT_SANDBOX_ISOLATION names, else a namespace where possible.

    Raises ValueError.
    """
    wanted = os.environ.get(CHOICE, "")
    if wanted and wanted not in _WAYS:
        raise ValueError(f"{CHOICE} must be one of {', '.join(_WAYS)}: {wanted}")
    unshare = _working_unshare() if wanted != "rewrite" else None
    if unshare is None and wanted == "namespace":
        raise ValueError(
            f"This machine allows no mount namespaces. Leave {CHOICE} empty, or set it to: rewrite"
        )
    return Namespace(list(unshare)) if unshare is not None else Rewrite()


@functools.cache
def _working_unshare() -> tuple[str, ...] | None:
    """Return the first unshare command with which /opt/ml can be mounted, or None."""
    if shutil.which("unshare") is None or shutil.which("mount") is None:
        return None
    for way in (("unshare", "-m"), ("unshare", "-rm")):
        with tempfile.TemporaryDirectory(prefix="smext-probe-") as scratch:
            root = Path(scratch, "ml")
            root.mkdir()
            probe = Namespace(list(way)).command(
                ["/bin/sh", "-c", "echo ok > /opt/ml/probe"], root, Path(scratch)
            )
            if _succeeds(probe) and (root / "probe").is_file():
                return way
    return None


def _succeeds(command: list[str]) -> bool:
    try:
        run = subprocess.run(command, capture_output=True, timeout=_PROBE_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return run.returncode == 0
