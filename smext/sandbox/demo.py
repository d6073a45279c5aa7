"""Demo: a sandbox in exec mode and a JupyterLab on it, which start and end together."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
import webbrowser
from collections import deque
from pathlib import Path

from jupyter_core.paths import jupyter_config_dir, jupyter_data_dir

from .client_environment import forget_account
from .examples import FIRST, copy_to
from .exec.isolation import Namespace, chosen
from .exec.process import Process
from .local_account import Sandbox

_START_SECONDS = 90
#: From SIGTERM to SIGKILL, and then for what SIGKILL has ended to be gone.
_END_SECONDS = 2.0
_GONE_SECONDS = 5.0
_POLL_SECONDS = 0.1
#: Timelines of the seeded resources and of apps and endpoints: lively, yet not hectic.
_SPEED = 4.0
_GRACE_SECONDS = 30.0
_OTHERS = ("AWS_", "SAGEMAKER_", "RESOURCE_METADATA_FILE", "SMEXT_")


class DemoError(Exception):
    """Failure to start the demo; the text says why and what to do."""


class Demo:
    """`smext demo` as an object; `port` None is any free one, `directory` None is ./smext-demo."""

    def __init__(
        self, scene: str, port: int | None, base_url: str, directory: Path | None, browser: bool
    ) -> None:
        self._scene = scene
        self._port = _port(port)
        self._base_url = f"/{base_url.strip('/')}/".replace("//", "/")
        self._directory = directory
        self._browser = browser
        self._token = secrets.token_hex(16)
        self._said: deque[str] = deque(maxlen=20)
        self._ended = threading.Event()

    @property
    def url(self) -> str:
        """URL of the JupyterLab, without its token."""
        return f"http://127.0.0.1:{self._port}{self._base_url}"

    def serve(self) -> int:
        """Run until SIGINT or SIGTERM, or until JupyterLab ends by itself; return the exit code."""
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # until there is something to end
        forget_account()
        try:
            box = Sandbox(self._scene, "exec", _SPEED, grace=_GRACE_SECONDS)
        except ValueError as error:
            raise DemoError(str(error)) from error
        with box:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, lambda *_: self._ended.set())
            # Not before it is sure that the demo can start: a wrong option leaves nothing behind.
            directory = self._work_directory()
            kept = copy_to(directory)
            lab = Process(self._command(directory, box), self._environment(box), directory, self._said.extend)
            try:
                self._wait_for(lab)
                self._announce(directory, kept)
                return self._until_the_end(lab)
            finally:
                _end(lab, box)

    def _work_directory(self) -> Path:
        if self._directory is not None:
            return self._directory.resolve()
        here = Path("smext-demo").resolve()
        writable = os.access(here if here.exists() else here.parent, os.W_OK)
        return here if writable else Path(tempfile.mkdtemp(prefix="smext-demo-"))

    def _command(self, directory: Path, box: Sandbox) -> list[str]:
        options = {
            "ServerApp.ip": "127.0.0.1",
            "ServerApp.port": str(self._port),
            "ServerApp.port_retries": "0",
            "ServerApp.base_url": self._base_url,
            "ServerApp.root_dir": str(directory),
            "ServerApp.open_browser": "False",
            "ServerApp.allow_root": "True",
            "LabApp.default_url": f"/lab/tree/{FIRST}",
        }
        lab = [sys.executable, "-m", "jupyterlab", *(f"--{name}={value}" for name, value in options.items())]
        return _as_in_studio(lab, box)

    def _environment(self, box: Sandbox) -> dict[str, str]:
        """Return JupyterLab's environment, without another account and with the demo's own settings folders."""
        settings = box.root / "settings"
        notification = settings / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
        notification.parent.mkdir(parents=True)
        notification.write_text(json.dumps({"fetchNews": "false"}), encoding="utf-8")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(_OTHERS)}
        state = box.root / "jupyter"
        return {
            **kept,
            **box.env,
            # What is installed for this user is found; what is written goes to the demo's own folder.
            "JUPYTER_PATH": os.pathsep.join(filter(None, [kept.get("JUPYTER_PATH"), jupyter_data_dir()])),
            "JUPYTER_CONFIG_PATH": os.pathsep.join(
                filter(None, [kept.get("JUPYTER_CONFIG_PATH"), jupyter_config_dir()])
            ),
            "JUPYTER_DATA_DIR": str(state / "data"),
            "JUPYTER_CONFIG_DIR": str(state / "config"),
            "JUPYTER_RUNTIME_DIR": str(state / "runtime"),
            "IPYTHONDIR": str(state / "ipython"),
            "AWS_CONFIG_FILE": str(state / "aws-config"),
            "AWS_SHARED_CREDENTIALS_FILE": str(state / "aws-credentials"),
            "JUPYTER_TOKEN": self._token,
            "JUPYTERLAB_SETTINGS_DIR": str(settings),
            "JUPYTERLAB_WORKSPACES_DIR": str(box.root / "workspaces"),
        }

    def _wait_for(self, lab: Process) -> None:
        limit = time.monotonic() + _START_SECONDS
        while not self._ended.is_set() and not self._answers():
            if lab.wait(_POLL_SECONDS) is not None:
                raise DemoError(
                    "JupyterLab ended before it answered. Its last lines:\n" + "\n".join(self._said)
                )
            if time.monotonic() > limit:
                raise DemoError(f"JupyterLab did not answer within {_START_SECONDS} s: {self.url}")

    def _answers(self) -> bool:
        request = urllib.request.Request(
            f"{self.url}api/status", headers={"Authorization": f"token {self._token}"}
        )
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                return int(answer.status) == 200
        except (urllib.error.URLError, OSError):
            return False

    def _announce(self, directory: Path, kept: list[str]) -> None:
        if self._ended.is_set():
            return
        address = f"{self.url}lab/tree/{FIRST}?token={self._token}"
        lines = [
            "",
            "  JupyterLab on a local SageMaker account. Nothing here costs money.",
            f"  Open       {address}",
            f"  Notebooks  {directory}",
        ]
        if kept:
            lines.append(f"  Kept as you changed them: {', '.join(kept)}")
        sys.stdout.write("\n".join([*lines, "  End        Ctrl-C", "", ""]))
        sys.stdout.flush()
        if self._browser:
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    def _until_the_end(self, lab: Process) -> int:
        while not self._ended.is_set():
            code = lab.wait(_POLL_SECONDS)
            if code is not None:
                sys.stderr.write("smext demo: JupyterLab ended by itself.\n" + "\n".join(self._said) + "\n")
                return code
        sys.stdout.write("\nEnding JupyterLab, the jobs and the account.\n")
        return 0


def _as_in_studio(command: list[str], box: Sandbox) -> list[str]:
    """Wrap the command so that it sees /opt/ml/metadata, where possible: the SageMaker SDK reads only that."""
    isolation = chosen()
    if not isinstance(isolation, Namespace) or os.geteuid() != 0:
        return command
    root, scratch = box.root / "ml", box.root / "scratch"
    scratch.mkdir()
    box.client_env.write_as_in_studio(root)
    return isolation.command(command, root, scratch)


def _port(wanted: int | None) -> int:
    """Return the wanted port, or one that is free at this moment."""
    if wanted is not None and not 0 < wanted < 65536:
        raise DemoError(f"A port is a number from 1 to 65535: {wanted}")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted or 0))
        except OSError as error:
            raise DemoError(
                f"Port {wanted} cannot be used ({error.strerror}). Choose another with --port, or leave it out."
            ) from error
        return int(probe.getsockname()[1])


def _end(lab: Process, box: Sandbox) -> None:
    """Send SIGTERM to JupyterLab and the jobs, and SIGKILL to what is left two seconds later."""
    box.stop_jobs()
    lab.terminate()
    limit = time.monotonic() + _END_SECONDS
    while time.monotonic() < limit and (lab.wait(0.05) is None or box.busy):
        time.sleep(0.05)
    lab.kill()
    lab.wait(_GONE_SECONDS)
