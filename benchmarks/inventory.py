"""How fast all kinds are read: a thousand resources, 50 ms a call, beside boto3 calls one after another.

Then the same under throttling, and an account with ten thousand jobs.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from smext import errors
from smext.api import Target
from smext.aws import studio
from smext.aws.account import Account, snake
from smext.inventory.owners import Owners
from smext.inventory.reader import Memory, Reader
from smext.kinds import registry
from smext.kinds.base import Kind

from .figure import Figure

DELAY_MS = 50
CALLS_A_SECOND = 10
RUNNING = 10
"""Jobs of the long past that still run; each is described, and two calls tell whose they are."""
REST = 2.0
"""Seconds in which the budget of calls fills up again."""
ACTIVE = {"InProgress", "Stopping", "InService", "Creating", "Updating", "Pending"}


def measure() -> list[Figure]:
    return [*_thousand(), *_history()]


def _thousand() -> list[Figure]:
    with sandbox("inventory") as env:
        os.environ.update(env)
        _wake_up()
        control(env, {"delay": DELAY_MS})
        slow = _timed(env, _one_after_another)
        first = _picture(env)
        # The poller reads again two seconds later at the soonest.
        time.sleep(REST)
        refresh = _timed(env, lambda: _again(first))
        first.close()
        control(env, {"limit": ["sagemaker", CALLS_A_SECOND]})
        throttled = _picture(env)
        throttled.close()
    beside = f"boto3 in order, {slow[0]:.1f} s and {slow[2]} calls"
    # A second's worth of calls goes through at once.
    allowed = (first.calls - CALLS_A_SECOND) / CALLS_A_SECOND
    return [
        Figure("inventory of 1,000 resources", first.seconds, "s", 1.0, beside, first.seconds / slow[0]),
        Figure("its calls", first.calls, "calls", 160, beside, first.calls / slow[2]),
        Figure("its first rows", first.first_rows, "calls", 2, "calls on the way to them"),
        Figure("inventory again", refresh[0], "s", 0.3, beside, refresh[0] / slow[0]),
        Figure("its calls again", refresh[2], "calls", 40, beside, refresh[2] / slow[2]),
        Figure(
            "inventory at 10 calls a second",
            throttled.seconds,
            "s",
            1.3 * allowed,
            f"{allowed:.1f} s are what the service allows",
            throttled.seconds / allowed,
        ),
        Figure("tables with an error then", throttled.problems, "tables", 0),
    ]


def _history() -> list[Figure]:
    """The same account with and without its past."""
    with sandbox("many") as env:
        os.environ.update(env)
        _wake_up()
        control(env, {"delay": DELAY_MS})
        long = _picture(env)
        long.close()
    with sandbox("empty") as env:
        os.environ.update(env)
        _wake_up()
        control(env, {"delay": DELAY_MS})
        none = _picture(env)
        none.close()
    beside = f"an empty account, {none.seconds:.2f} s and {none.calls} calls"
    return [
        Figure(
            "inventory of 10,000 jobs",
            long.calls,
            "calls",
            none.calls + RUNNING + 2,
            beside,
            long.calls / none.calls,
        ),
        Figure("its seconds", long.seconds, "s", 1.0, beside, long.seconds / none.seconds),
    ]


@dataclass
class Picture:
    """One reading of everything, and what it takes to read it again."""

    account: Account
    reader: Reader
    memories: dict[str, Memory]
    seconds: float = 0.0
    calls: int = 0
    first_rows: int = 0
    """Calls of the kind whose rows came first."""
    problems: int = 0

    def close(self) -> None:
        self.reader.details.shutdown()
        self.account.close()


def _wake_up() -> None:
    """Ask every service once: the sandbox loads those that are not SageMaker when they are first asked."""
    import boto3

    session: Any = boto3.Session()
    for service, list_call in {kind.service: kind.list_calls[0] for kind in registry().values()}.items():
        client = session.client(service)
        getattr(client, snake(list_call.operation))(
            **list_call.size, **list_call.params(datetime.now(timezone.utc))
        )


def _timed(env: dict[str, str], work: Any) -> tuple[float, Any, int]:
    """Seconds, what came of it, and how many calls it took."""
    before, start = _calls(env), time.perf_counter()
    answer = work()
    return time.perf_counter() - start, answer, _calls(env) - before


def _picture(env: dict[str, str]) -> Picture:
    account = Account(Target(id="bench", label="bench"))
    for service in {kind.service for kind in registry().values()}:
        account.client(service)  # boto3's own start is in neither figure
    reader = Reader(
        account,
        studio.server_identity(account, studio.read_metadata()),
        ThreadPoolExecutor(32),
        owners=Owners(account),
    )
    made = Picture(account, reader, {name: Memory() for name in registry()})
    made.first_rows = _first_rows(env, reader)
    time.sleep(2 * REST)
    before, start = _calls(env), time.perf_counter()
    made.problems = _read(made, registry().values())
    made.seconds, made.calls = time.perf_counter() - start, _calls(env) - before
    return made


def _first_rows(env: dict[str, str], reader: Reader) -> int:
    """Calls before the endpoints can be shown, which wait longest for what they cost."""
    seen: list[int] = []
    before, now = _calls(env), datetime.now(timezone.utc)
    reader.read(registry()["endpoint"], Memory(), now, lambda rows: seen.append(_calls(env) - before))
    return seen[0] if seen else _calls(env) - before


def _again(picture: Picture) -> None:
    """Read again what is in use: the poller leaves the other kinds for later."""
    _read(picture, [kind for kind in registry().values() if picture.memories[kind.name].active])


def _read(picture: Picture, kinds: Iterable[Kind]) -> int:
    """How many of them had a problem."""

    def read(kind: Kind) -> bool:
        try:
            reading = picture.reader.read(
                kind, picture.memories[kind.name], datetime.now(timezone.utc), lambda rows: None
            )
        except errors.SmextError:
            return True
        return reading.problem is not None

    with ThreadPoolExecutor(len(picture.memories)) as threads:
        return sum(threads.map(read, kinds))


def _one_after_another() -> None:
    """What a script does: list everything, describe what is active."""
    import boto3

    client = boto3.client("sagemaker")
    pages = {
        "list_training_jobs": ("TrainingJobSummaries", "TrainingJob", "describe_training_job"),
        "list_processing_jobs": ("ProcessingJobSummaries", "ProcessingJob", "describe_processing_job"),
        "list_endpoints": ("Endpoints", "Endpoint", "describe_endpoint"),
        "list_notebook_instances": ("NotebookInstances", "NotebookInstance", "describe_notebook_instance"),
    }
    for operation, (member, noun, describe) in pages.items():
        for page in client.get_paginator(operation).paginate(PaginationConfig={"PageSize": 100}):
            for item in page[member]:
                if item[f"{noun}Status"] in ACTIVE:
                    found = getattr(client, describe)(**{f"{noun}Name": item[f"{noun}Name"]})
                    if noun == "Endpoint":
                        client.describe_endpoint_config(EndpointConfigName=found["EndpointConfigName"])
    for operation in ("list_apps", "list_spaces"):
        for _ in client.get_paginator(operation).paginate(PaginationConfig={"PageSize": 100}):
            pass


@contextmanager
def sandbox(scene: str) -> Iterator[dict[str, str]]:
    """A sandbox in a process of its own; its environment."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "env.json"
        command = [sys.executable, "-m", "smext.sandbox", "--scene", scene, "--env-file", str(file)]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            while not file.exists() or not file.read_text():
                if process.poll() is not None:
                    raise RuntimeError("the sandbox did not start")
                time.sleep(0.05)
            yield json.loads(file.read_text())
        finally:
            process.terminate()
            process.wait()


def control(env: dict[str, str], command: dict[str, Any]) -> dict[str, Any]:
    request = urllib.request.Request(
        f"{env['AWS_ENDPOINT_URL']}/_sandbox/control",
        json.dumps(command).encode(),
        {"Authorization": f"Bearer {env['SMEXT_SANDBOX_TOKEN']}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        return dict(json.load(answer))


def _calls(env: dict[str, str]) -> int:
    return len(control(env, {"calls": None})["calls"])
