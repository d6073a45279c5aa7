"""How fast a launch is with 50 MB in 502 files, 50 ms a call: the first time, and again; and a folder of 20,000 files."""

from __future__ import annotations

import os
import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from smext.api import LaunchForm, LaunchRequest, NotebookDocument, Plan, Target
from smext.aws import Account
from smext.launch import Limits, apply, plan
from smext.launch.digests import YOUNG_SECONDS

from .figure import Figure
from .inventory import DELAY_MS, control, sandbox

SMALL, LARGE = 500, 2
MANY = 20_000
CODE = "import csv, json\nrows = list(csv.reader(open('f0.bin')))"


def measure() -> list[Figure]:
    with sandbox("empty") as env, _cache(), tempfile.TemporaryDirectory() as folder:
        os.environ.update(env)
        account = Account(Target(id="bench", label="bench"))
        for service in ("sagemaker", "s3", "sts", "iam", "service-quotas", "resourcegroupstaggingapi"):
            account.client(service)  # boto3's own start is in no figure
        root = Path(folder)
        _fill(root)
        control(env, {"delay": DELAY_MS})
        beside = _one_by_one(account, root)
        first, _ = _launch(account, root)
        again, made = _launch(account, root)
        refresh, _ = _timed_plan(account, root)
        _fill_many(root / "many")
        many, _ = _timed_plan(account, root / "many")
        account.close()
    compared = f"each file by itself, {beside:.1f} s"
    sent = sum(upload.bytes for upload in made.uploads if upload.name == "files.tar.gz" and not upload.there)
    return [
        Figure("launch with 50 MB in 502 files", first, "s", 2.0, compared, first / beside),
        Figure("the same again", again, "s", 0.5, compared, again / beside),
        Figure("bytes of files sent again", sent, "bytes", 0),
        Figure("plan refreshed", refresh, "s", 1.0),
        Figure("plan of a folder of 20,000 files", many, "s", 1.0),
    ]


def _request(name: str | None = None) -> LaunchRequest:
    metadata = {"kernelspec": {"name": "python3", "language": "python"}}
    cells: list[dict[str, object]] = [
        {"cell_type": "code", "source": CODE, "metadata": {}, "outputs": [], "execution_count": None}
    ]
    content = {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}
    notebook = NotebookDocument(path="bench.ipynb", content=content)
    return LaunchRequest(notebook=notebook, form=LaunchForm(), name=name)


def _launch(account: Account, root: Path) -> tuple[float, Plan]:
    """Seconds from the button to the job; the plan was shown before."""
    made = plan(account, _request(), root, Limits())
    start = time.perf_counter()
    apply(account, _request(made.name), root, Limits())
    return time.perf_counter() - start, made


def _timed_plan(account: Account, root: Path) -> tuple[float, Plan]:
    start = time.perf_counter()
    made = plan(account, _request(), root, Limits())
    return time.perf_counter() - start, made


def _one_by_one(account: Account, root: Path) -> float:
    """What a script does: put each file."""
    bucket = plan(account, _request(), None, Limits()).record_uri.split("/")[2]
    start, client = time.perf_counter(), account.client("s3")
    for path in sorted(root.iterdir()):
        client.upload_file(str(path), bucket, f"beside/{path.name}")
    return time.perf_counter() - start


def _fill(root: Path) -> None:
    noise = random.Random(1)
    for index in range(SMALL):
        (root / f"f{index}.bin").write_bytes(noise.randbytes(20_000))
    for index in range(LARGE):
        (root / f"large{index}.bin").write_bytes(noise.randbytes(20_000_000))
    time.sleep(YOUNG_SECONDS + 0.1)


def _fill_many(root: Path) -> None:
    for index in range(MANY // 100):
        folder = root / f"d{index}"
        folder.mkdir(parents=True)
        for number in range(100):
            with (folder / f"f{number}.bin").open("wb") as file:
                file.truncate(5_000_000_000 // MANY)


@contextmanager
def _cache() -> Iterator[None]:
    """A cache of this run alone: the first launch is a first one."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = folder
        yield
