"""A JupyterLab of the benchmark's own: no settings but the environment's, no credentials."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TIMEOUT = 60.0


@dataclass(frozen=True)
class Lab:
    url: str
    pid: int
    log: Path
    seconds: float
    """From the start of the process to its first answer."""


@contextlib.contextmanager
def running_lab(*options: str) -> Iterator[Lab]:
    """Start a JupyterLab with these options; it ends with the block."""
    with tempfile.TemporaryDirectory(prefix="smext-bench-") as home:
        port = _free_port()
        url = f"http://127.0.0.1:{port}"
        log = Path(home) / "server.log"
        command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1"]
        own = [f"--port={port}", "--ServerApp.port_retries=0", f"--ServerApp.root_dir={home}"]
        unguarded = ["--IdentityProvider.token=", "--ServerApp.password="]
        start = time.perf_counter()
        with log.open("wb") as output:
            process = subprocess.Popen(
                [*command, *own, *unguarded, *options],
                env=_environment(home),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        try:
            _wait(url, process, log)
            yield Lab(url, process.pid, log, time.perf_counter() - start)
        finally:
            process.terminate()
            process.wait()


def _environment(home: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "JUPYTER"))}
    return {**kept, "HOME": home, "AWS_EC2_METADATA_DISABLED": "true"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + TIMEOUT
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{url}/api", timeout=TIMEOUT).close()
            return
        time.sleep(0.002)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text()}")
