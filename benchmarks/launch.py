"""How fast a launch is with 50 MB in 502 files, 50 ms a call: the first time, and again; how fast a plan is,
after a change of the form and with 20,000 files."""

from __future__ import annotations

import asyncio
import gc
import os
import random
import resource
import statistics
import tarfile
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from smext.api import LaunchForm, LaunchRequest, NotebookDocument, Plan, Target
from smext.aws.account import Account
from smext.launch import Limits, apply, plan
from smext.launch.files.digests import YOUNG_SECONDS

from .figure import Figure
from .inventory import DELAY_MS, control, sandbox

SMALL, LARGE = 500, 2
MANY, MANY_BYTES = 20_000, 5_000_000_000
ROUNDS = 3
CODE = "import csv, json\nrows = list(csv.reader(open('f0.bin')))"
SERVICES = ("sagemaker", "s3", "sts", "iam", "service-quotas", "resourcegroupstaggingapi")
CHANGES: list[dict[str, Any]] = [
    {"parameters": {"depth": 6}},
    {"environment": {"STAGE": "test"}},
    {"volume_gb": 50},
    {"max_runtime_seconds": 7200},
    {"tags": {"team": "churn"}},
]
"""Of the form, none of which asks anything of AWS that is not known."""


def measure() -> list[Figure]:
    with sandbox("empty") as env, _cache(), tempfile.TemporaryDirectory() as folder:
        os.environ.update(env)
        account = Account(Target(id="bench", label="bench"))
        for service in SERVICES:
            account.client(service)  # boto3's own start is in no figure
        calls = _count(account)
        roots = [Path(folder) / str(index) for index in range(ROUNDS)]
        for index, root in enumerate(roots):
            _fill(root, index)
        time.sleep(YOUNG_SECONDS + 0.1)
        control(env, {"delay": DELAY_MS})
        figures = [*_launches(account, roots), *_refreshes(account, roots[0], calls)]
        _fill_many(Path(folder) / "many")
        figures += _many(account, Path(folder) / "many")
        account.close()
    return figures


def _launches(account: Account, roots: list[Path]) -> list[Figure]:
    """Each beside the simplest that a script does, and again; the middle one of all rounds counts."""
    beside, first, again, sent = [], [], [], 0
    for root in roots:
        beside.append(_timed(lambda root=root: _one_tar(account, root))[0])  # type: ignore[misc]
        first.append(_launch(account, root)[0])
        seconds, made = _launch(account, root)
        again.append(seconds)
        sent += sum(each.bytes for each in made.uploads if each.uri.endswith("/files.manifest"))
    tar, once, twice = map(statistics.median, (beside, first, again))
    compared = f"one tar and one put, {tar:.2f} s"
    return [
        Figure("launch with 50 MB in 502 files", once, "s", 2.0, compared, once / tar),
        Figure("the same again", twice, "s", 0.5, compared, twice / tar),
        Figure("bytes of files sent again", sent, "bytes", 0),
    ]


def _refreshes(account: Account, root: Path, calls: Counter[str]) -> list[Figure]:
    plan(account, _request(), root, Limits())
    calls.clear()
    times = [
        _timed(lambda change=change: plan(account, _request(**change), root, Limits()))[0]  # type: ignore[misc]
        for change in CHANGES * 4
    ]
    slowest = sorted(times)[int(len(times) * 0.95) - 1]
    return [
        Figure(
            "plan refreshed, 95 of 100",
            slowest,
            "s",
            1.0,
            f"the middle one, {statistics.median(times):.2f} s",
        ),
        Figure("its calls of AWS", calls.total() / len(times), "calls", 0),
    ]


def _many(account: Account, root: Path) -> list[Figure]:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    rounds = [
        asyncio.run(beside_a_loop(lambda: plan(account, _request(), root, Limits()))) for _ in range(ROUNDS)
    ]
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    seconds, held = (statistics.median(times) for times in zip(*rounds, strict=True))
    _, idle = asyncio.run(beside_a_loop(lambda: time.sleep(seconds)))
    walked, _ = _timed(
        lambda: sum(
            os.stat(os.path.join(at, name)).st_size for at, _, names in os.walk(root) for name in names
        )
    )
    compared = f"looking at each file's size, {walked:.2f} s"
    return [
        Figure("plan of 20,000 files, 5 GB", seconds, "s", 1.0, compared, seconds / walked),
        Figure("its memory", grown / 1024, "MB", 50),
        Figure(
            "the event loop held by it", held, "s", 0.1, f"with nothing beside it, {idle:.3f} s", held / idle
        ),
    ]


async def beside_a_loop(work: Callable[[], Any]) -> tuple[float, float]:
    """Seconds of the work in a thread, and the longest that the loop beside it came to nothing."""
    gc.collect()  # what is due anyway is not the work's
    start = last = time.perf_counter()
    longest, doing = 0.0, asyncio.ensure_future(asyncio.to_thread(work))
    while not doing.done():
        await asyncio.sleep(0.002)
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
    doing.result()
    return time.perf_counter() - start, longest


def _count(account: Account) -> Counter[str]:
    """Calls by operation, as boto3 makes them."""
    calls: Counter[str] = Counter()
    for service in SERVICES:
        events = account.client(service).meta.events
        events.register("before-call", lambda model, **_: calls.update([model.name]))
    return calls


def _request(name: str | None = None, **form: Any) -> LaunchRequest:
    metadata = {"kernelspec": {"name": "python3", "language": "python"}}
    cells: list[dict[str, object]] = [
        {"cell_type": "code", "source": CODE, "metadata": {}, "outputs": [], "execution_count": None}
    ]
    content = {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}
    notebook = NotebookDocument(path="bench.ipynb", content=content)
    return LaunchRequest(notebook=notebook, form=LaunchForm(**form), name=name)


def _launch(account: Account, root: Path) -> tuple[float, Plan]:
    """Seconds from the button to the job; the plan was shown before."""
    made = plan(account, _request(), root, Limits())
    seconds, _ = _timed(lambda: apply(account, _request(made.name), root, Limits()))
    return seconds, made


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def _one_tar(account: Account, root: Path) -> None:
    """What a script does that knows what it wants: no plan, no check, no record, no job."""
    bucket = plan(account, _request(), None, Limits()).record_uri.split("/")[2]
    with tempfile.NamedTemporaryFile(suffix=".tar.gz") as file:
        with tarfile.open(fileobj=file, mode="w:gz", compresslevel=1) as tar:
            tar.add(root, ".")
        file.seek(0)
        account.client("s3").put_object(Bucket=bucket, Key=f"beside/{root.name}.tar.gz", Body=file)


def _fill(root: Path, seed: int) -> None:
    noise = random.Random(seed)
    root.mkdir()
    for index in range(SMALL):
        (root / f"f{index}.bin").write_bytes(noise.randbytes(20_000))
    for index in range(LARGE):
        (root / f"large{index}.bin").write_bytes(noise.randbytes(20_000_000))


def _fill_many(root: Path) -> None:
    for index in range(MANY // 100):
        folder = root / f"d{index}"
        folder.mkdir(parents=True)
        for number in range(100):
            with (folder / f"f{number}.bin").open("wb") as file:
                file.truncate(MANY_BYTES // MANY)


@contextmanager
def _cache() -> Iterator[None]:
    """A cache of this run alone: the first launch is a first one."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = folder
        yield
