"""What the tests share: a sandbox by scene, an account on it, and a real Jupyter server with smext."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from smext.api import Row, Target
from smext.aws import account as aws
from smext.aws import credentials, studio
from smext.aws.account import Account
from smext.inventory.reader import Memory, Reader, Reading
from smext.kinds import registry
from smext.sandbox import Sandbox
from smext.server import service

pytest_plugins = ("pytest_jupyter.jupyter_server", "jupyter_events.pytest_plugin")

_AWS = ("AWS_", "SAGEMAKER_", "RESOURCE_METADATA_FILE", "SMEXT_SANDBOX", "SMEXT_OPT_ML")


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Name bytes by their argument and a number: an archive has the time in it, and workers would collect other tests."""
    return argname if isinstance(val, bytes) else None


@pytest.fixture(autouse=True)
def no_aws_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the credentials, region or metadata that the machine has."""
    for name in list(os.environ):
        if name.startswith(_AWS):
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def jupyter_of_this_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads the settings or servers of whoever runs it, or leaves something for the next one."""
    for name in ("DATA", "CONFIG", "RUNTIME"):
        monkeypatch.setenv(f"JUPYTER_{name}_DIR", str(tmp_path / "jupyter" / name.lower()))


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test ends otherwise because this machine is busy; those of the deadlines set them."""
    monkeypatch.setattr(aws, "CALL_SECONDS", 60.0)
    monkeypatch.setattr("smext.launch.checks.with_aws.PATIENCE_SECONDS", 60.0)
    # Tests share accounts: what was silent in one answers in the next.
    monkeypatch.setattr(aws, "SILENCE", 0.0)
    monkeypatch.setattr(credentials, "SECONDS", 60.0)
    monkeypatch.setattr(service, "PROMPT", 60.0)


@pytest.fixture
def scene() -> str:
    """The scene of `box`; a test module or class overrides it."""
    return "empty"


@pytest.fixture
def box(scene: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """A sandbox whose environment is this process's."""
    with Sandbox(scene=scene, mode="timeline", speed=1.0) as sandbox:
        for name, value in sandbox.env.items():
            monkeypatch.setenv(name, value)
        yield sandbox


@pytest.fixture
def read_timeout() -> float:
    """Seconds that `account` waits for an answer: more than a busy machine takes; less where one never comes."""
    return 60.0


@pytest.fixture
def account(box: Sandbox, read_timeout: float) -> Iterator[Account]:
    target, patience = Target(id="test", label="test"), 2 * read_timeout
    made = Account(target, connect_timeout=30, read_timeout=read_timeout, call_seconds=patience)
    yield made
    made.close()


@pytest.fixture
def reader(account: Account) -> Iterator[Reader]:
    with ThreadPoolExecutor(16) as threads:
        here = studio.server_identity(account, studio.read_metadata())
        yield Reader(account, here, threads)


@pytest.fixture
def silent() -> Iterator[Callable[[bool], str]]:
    """Make an address that takes a connection and never answers; or, with True, sends a byte now and then."""
    over, sockets = threading.Event(), list[socket.socket]()

    def drip(connection: socket.socket) -> None:
        try:
            connection.recv(1 << 16)
            for byte in b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + b" " * 100_000:
                connection.send(bytes([byte]))
                if over.wait(0.1):
                    return
        except OSError:
            return

    def serve(listener: socket.socket, trickles: bool) -> None:
        while not over.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            sockets.append(connection)
            if trickles:
                threading.Thread(target=drip, args=(connection,), daemon=True).start()

    def make(trickles: bool) -> str:
        listener = socket.create_server(("127.0.0.1", 0), backlog=200)
        sockets.append(listener)
        threading.Thread(target=serve, args=(listener, trickles), daemon=True).start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}"

    yield make
    over.set()
    for each in list(sockets):
        with contextlib.suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
        each.close()


Read = Callable[..., Reading]


@pytest.fixture
def read(reader: Reader) -> Read:
    """Read a kind's table by its name: `read("endpoint")`, with a memory to go on with."""

    def read(name: str, memory: Memory | None = None, first: Callable[[list[Row]], None] = len) -> Reading:  # type: ignore[assignment]
        return reader.read(registry()[name], memory or Memory(), datetime.now(timezone.utc), first)

    return read


@pytest.fixture
def jp_server_config(jp_server_config: dict[str, Any]) -> dict[str, Any]:
    return {
        "ServerApp": {"jpserver_extensions": {"smext": True}, "allow_unauthenticated_access": False},
        "SmextApp": {
            "cadence_scale": 0.02,
            "calls_per_second": 500,
            "connect_seconds": 30,
            "read_seconds": 60,
            "call_seconds": 120,
        },
    }
