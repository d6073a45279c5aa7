"""The JupyterLab that the user opens may be another Python's: the one on PATH, and those that run now."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from .finding import Finding

_SECONDS = 15.0
_SHEBANG = re.compile(rb"\A#!\s*(?:/bin/sh\s+'''exec'\s+)?(\"[^\"]+\"|\S+)")


@dataclass(frozen=True)
class Server:
    """A running Jupyter server; `python` is None where the system does not tell."""

    pid: int
    url: str
    token: str
    python: str | None


def examine(python: str = sys.executable, environ: Mapping[str, str] = os.environ) -> Iterator[Finding]:
    """Yield what is to be known of the JupyterLab on PATH and of each running server, where it is not this Python's."""
    command = shutil.which("jupyter-lab", path=environ.get("PATH"))
    other = command and interpreter_of(Path(command))
    if command and other and not same(other, python):
        yield Finding(
            "warning",
            f"`jupyter lab` starts {command}, which is another Python: {other}",
            f"To examine that one: {how_to_examine(other)}",
        )
    for server in running_servers():
        yield of_server(server, python)


def of_server(server: Server, python: str) -> Finding:
    """Say whether a running server answers for smext."""
    known = f", Python {server.python}" if server.python else ""
    name = f"the Jupyter server at {server.url} (process {server.pid}{known})"
    answer = ask(server)
    if answer is None:
        return Finding("warning", f"{name} does not tell whether it has smext", "It may ask for a password.")
    if answer:
        return Finding("ok", f"{name} has loaded smext")
    if server.python and not same(server.python, python):
        advice = f"If you open that one: {how_to_examine(server.python)}"
    else:
        advice = "If you open that one: restart it (in a Studio space: restart-jupyter-server)."
    return Finding("warning", f"{name} has not loaded smext", advice)


def how_to_examine(python: str) -> str:
    """Return the commands that run doctor with another Python."""
    try:
        done = subprocess.run(
            [python, "-c", "import smext"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=30,
            cwd=os.sep,
        )
        missing = done.returncode != 0
    except (OSError, subprocess.TimeoutExpired):
        missing = False
    quoted = shlex.quote(python) if os.name == "posix" else f'"{python}"'
    command = f"{quoted} -m smext doctor"
    return f"{quoted} -m pip install smext (it has none), then {command}" if missing else command


def same(one: str, other: str) -> bool:
    """Return whether two interpreters are of one environment; links are not followed, as a venv's leads out of it."""
    first, second = (os.path.normcase(os.path.abspath(os.path.dirname(each))) for each in (one, other))
    return first == second


def interpreter_of(script: Path) -> str | None:
    """Return the Python that a script of pip or conda names in its first line; None where it names none."""
    try:
        with script.open("rb") as opened:
            found = _SHEBANG.match(opened.read(1024))
    except OSError:
        return None
    python = found.group(1).decode("utf-8", "replace").strip('"') if found else ""
    return python if os.path.basename(python).startswith("python") else None


def running_servers() -> Iterator[Server]:
    """Yield the servers of this user that run on this machine."""
    from jupyter_server.serverapp import list_running_servers

    for info in list_running_servers():
        try:
            pid, url = int(info["pid"]), str(info["url"])
        except (KeyError, TypeError, ValueError):
            continue
        if url.startswith("http"):
            yield Server(pid, url, str(info.get("token") or ""), _python_of(pid))


def _python_of(pid: int) -> str | None:
    """Return the Python as the process was called, which is a venv's own; only Linux tells it."""
    try:
        first = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0].decode("utf-8", "replace")
    except OSError:
        return None
    found = first if os.path.isabs(first) else None
    return found if found and os.path.basename(found).startswith("python") else None


def ask(server: Server) -> bool | None:
    """Ask a server for smext's kinds of resources, which asks AWS nothing; None where it does not tell."""
    request = urllib.request.Request(
        f"{server.url.rstrip('/')}/smext/kinds", headers={"Authorization": f"token {server.token}"}
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=_SECONDS) as answer:
            return "kinds" in json.load(answer)
    except urllib.error.HTTPError as error:
        return False if error.code == 404 else None
    except (OSError, ValueError):
        return None
