"""What a notebook takes in a job's container, beside nbclient and papermill in the same run: 1, 200 and 2,000 cells,
200,000 lines and 50 MB of output, a subprocess that prints 60 MB, and the memory of each."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from smext.runner import archive

from .figure import Figure

ROUNDS = 3
MOST = 1.15
"""Times what nbclient takes."""
CHATTY = "import subprocess\nsubprocess.run(['seq', '-f', '%059.0f', '1000000'])"
NOTEBOOKS: dict[str, list[str]] = {
    "1 cell": ["1 + 1"],
    "200 cells": [f"print({index})" for index in range(200)],
    "2,000 cells": [f"print({index})" for index in range(2000)],
    "200,000 lines": ["for i in range(200_000): print('line', i)"],
    "50 MB of output": ["for i in range(50): print(('x' * 99 + '\\n') * 10_000, end='')"],
    "60 MB of a subprocess": [CHATTY],
}
_NBCLIENT = """
import sys, nbformat
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], as_version=4)
NotebookClient(notebook, timeout=None, kernel_name="python3").execute()
nbformat.write(notebook, sys.argv[2])
"""
_PAPERMILL = """
import sys, papermill
papermill.execute_notebook(sys.argv[1], sys.argv[2], kernel_name="python3", progress_bar=False)
"""


@dataclass(frozen=True)
class Taken:
    """By one process and all that it started; `memory` is that of the process alone, at its most."""

    seconds: float
    processor: float
    megabytes: float


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        return [figure for name in NOTEBOOKS for figure in _figures(name, Path(folder))]


def _figures(name: str, folder: Path) -> list[Figure]:
    source = folder / "notebook.ipynb"
    source.write_text(json.dumps(_notebook(NOTEBOOKS[name])))
    ways: dict[str, Callable[[], Taken]] = {
        "nbclient": lambda: _script(_NBCLIENT, source, folder),
        "papermill": lambda: _script(_PAPERMILL, source, folder),
        "runner": lambda: _runner(source, folder),
    }
    rounds: dict[str, list[Taken]] = {way: [] for way in ways}
    for _ in range(ROUNDS):
        for way, run in ways.items():
            rounds[way].append(run())
    ours, plain, papermill = (_middle(rounds[way]) for way in ("runner", "nbclient", "papermill"))
    compared = f"nbclient {plain.seconds:.2f} s, papermill {papermill.seconds:.2f} s"
    return [
        _figure(name, ours.seconds, plain.seconds, "s", MOST, compared),
        _figure(
            f"{name}: processor",
            ours.processor,
            plain.processor,
            "s",
            MOST,
            f"nbclient {plain.processor:.2f} s, papermill {papermill.processor:.2f} s",
        ),
        _figure(
            f"{name}: memory",
            ours.megabytes,
            papermill.megabytes,
            "MB",
            1.0,
            f"papermill {papermill.megabytes:.0f} MB, nbclient {plain.megabytes:.0f} MB",
        ),
    ]


def _figure(name: str, value: float, beside: float, unit: str, most: float, compared: str) -> Figure:
    return Figure(f"run, {name}", value, unit, most * beside, compared, value / beside)


def _middle(taken: list[Taken]) -> Taken:
    return Taken(
        statistics.median(each.seconds for each in taken),
        statistics.median(each.processor for each in taken),
        statistics.median(each.megabytes for each in taken),
    )


def _notebook(sources: list[str]) -> dict[str, Any]:
    cells: list[dict[str, Any]] = [
        {
            "cell_type": "code",
            "id": f"c{index}",
            "source": source,
            "metadata": {},
            "outputs": [],
            "execution_count": None,
        }
        for index, source in enumerate(sources)
    ]
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": spec}, "cells": cells}


def _script(script: str, source: Path, folder: Path) -> Taken:
    return _taken([sys.executable, "-c", script, str(source), str(folder / "out.ipynb")], {}, folder)


def _runner(source: Path, folder: Path) -> Taken:
    """As SageMaker starts it, with /opt/ml in a directory of its own."""
    with tempfile.TemporaryDirectory(dir=folder) as root:
        inputs = Path(root, "processing/input/smext")
        inputs.mkdir(parents=True)
        (inputs / "runner.pyz").write_bytes(archive.build())
        (inputs / "notebook.ipynb").write_bytes(source.read_bytes())
        run = {
            "version": 1,
            "job": "bench",
            "notebook": "bench.ipynb",
            "kernel": "python3",
            "language": "python",
        }
        (inputs / "run.json").write_text(json.dumps({**run, "parameters": {}, "packages": []}))
        taken = _taken([sys.executable, str(inputs / "runner.pyz")], {"SMEXT_OPT_ML": root}, folder)
        status = json.loads(Path(root, "processing/output/live/progress.json").read_bytes())["status"]
        if status != "completed":
            raise RuntimeError(f"the run did not complete: {status}")
        return taken


def _taken(command: list[str], variables: dict[str, str], folder: Path) -> Taken:
    with (folder / "log").open("wb") as log:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env={**os.environ, **variables}
        )
        most = [0]
        watch = threading.Thread(target=_watch, args=(process.pid, most))
        watch.start()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    watch.join()
    if process.returncode:
        raise RuntimeError(f"{command} failed:\n{(folder / 'log').read_text()[-2000:]}")
    return Taken(seconds, usage.ru_utime + usage.ru_stime, most[0] / 1024)


def _watch(pid: int, most: list[int]) -> None:
    """Read the process's peak of memory until it ends; where there is no /proc, it stays 0."""
    while True:
        try:
            status = Path(f"/proc/{pid}/status").read_text()
        except OSError:
            return
        found = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
        if not found:
            return
        most[0] = max(most[0], int(found[0]))
        time.sleep(0.05)
