"""How fast all kinds are read: 300 resources, 50 ms a call, beside boto3 calls one after another."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from smext import context
from smext.api import Target
from smext.aws import Account, snake
from smext.kinds import registry
from smext.kinds.base import Kind
from smext.table import Memory, Reader

from .figure import Figure

DELAY_MS = 50
ACTIVE = {"InProgress", "Stopping", "InService", "Creating", "Updating", "Pending"}


def measure() -> list[Figure]:
    with sandbox("inventory") as env:
        os.environ.update(env)
        _wake_up()
        control(env, {"delay": DELAY_MS})
        slow = _timed(env, _one_after_another)
        first, memories, reader = _timed(env, lambda: _all_at_once(env))[1]
        refresh = _timed(env, lambda: _read(reader, memories, quiet=False))
        reader.details.shutdown()
        reader.account.close()
    beside = f"boto3 in order, {slow[0]:.1f} s and {slow[2]} calls"
    return [
        Figure("inventory of 300 resources", first[0], "s", 1.0, beside, first[0] / slow[0]),
        Figure("its calls", first[1], "calls", slow[2], beside, first[1] / slow[2]),
        Figure("inventory again", refresh[0], "s", 0.3, beside, refresh[0] / slow[0]),
        Figure("its calls again", refresh[2], "calls", 40, beside, refresh[2] / slow[2]),
    ]


def _wake_up() -> None:
    """Ask every service once: the sandbox loads those that are not SageMaker when they are first asked."""
    import boto3

    session: Any = boto3.Session()
    for service, listing in {kind.service: kind.listings[0] for kind in registry().values()}.items():
        client = session.client(service)
        getattr(client, snake(listing.operation))(
            **listing.size, **listing.params(datetime.now(timezone.utc))
        )


def _timed(env: dict[str, str], work: Any) -> tuple[float, Any, int]:
    """Seconds, what came of it, and how many calls it took."""
    before, start = _calls(env), time.perf_counter()
    answer = work()
    return time.perf_counter() - start, answer, _calls(env) - before


def _all_at_once(env: dict[str, str]) -> tuple[tuple[float, int], dict[str, Memory], Reader]:
    account = Account(Target(id="bench", label="bench"))
    for service in {kind.service for kind in registry().values()}:
        account.client(service)  # boto3's own start is in neither figure
    reader = Reader(account, context.here(account, context.read_metadata()), ThreadPoolExecutor(32))
    memories = {name: Memory() for name in registry()}
    before, start = _calls(env), time.perf_counter()
    _read(reader, memories)
    return (time.perf_counter() - start, _calls(env) - before), memories, reader


def _read(reader: Reader, memories: dict[str, Memory], *, quiet: bool = True) -> None:
    """Read all kinds, or but for those in which nothing is: the poller leaves these for later."""
    kinds = [kind for kind in registry().values() if quiet or memories[kind.name].active]

    def read(kind: Kind) -> None:
        reader.read(kind, memories[kind.name], datetime.now(timezone.utc), lambda rows: None)

    with ThreadPoolExecutor(len(memories)) as threads:
        list(threads.map(read, kinds))


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
