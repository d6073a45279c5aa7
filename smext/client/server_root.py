"""The folder that a Jupyter server shows a file from: a run has the same name for its notebook from the panel and from code."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path


def root_of(path: Path, environ: Mapping[str, str] = os.environ) -> Path:
    """Of a resolved path: the root of a running server that shows it, else the working directory, else its own folder.

    Of several servers it is the one that started this kernel, else the one whose root is nearest.
    """
    # A kernel is told the process of its server.
    ours = environ.get("JPY_PARENT_PID", "")
    roots = [
        (str(pid) == ours, len(root.parts), root) for pid, root in _servers() if path.is_relative_to(root)
    ]
    if roots:
        return max(roots)[2]
    here = Path.cwd().resolve()
    return here if path.is_relative_to(here) else path.parent


def _servers() -> Iterator[tuple[int, Path]]:
    """Process and root of each server of this user that is alive.

    As jupyter_server.serverapp.list_running_servers reads them; importing that takes longer than all else here.
    """
    from jupyter_core.paths import jupyter_runtime_dir

    for file in sorted(Path(jupyter_runtime_dir()).glob("jpserver-*.json")):
        try:
            found = json.loads(file.read_text(encoding="utf-8"))
            pid, root = int(found["pid"]), Path(found["root_dir"]).expanduser().resolve()
        except (OSError, ValueError, TypeError, KeyError):
            continue
        if _alive(pid):
            yield pid, root


def _alive(pid: int) -> bool:
    if os.name == "nt":  # where signal 0 is no question, but Ctrl-C
        return True
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
    return True
