"""How long a plan takes, and how much memory, for notebooks that are too much, and for an ordinary one after a change."""

from __future__ import annotations

import asyncio
import gc
import os
import resource
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from smext.api import LaunchForm, LaunchRequest, NotebookDocument, Target
from smext.aws.account import Account
from smext.launch import Limits, plan

from .figure import Figure
from .inventory import sandbox
from .launch import SERVICES, beside_a_loop

SECONDS, MEGABYTES, HELD = 5.0, 200.0, 0.25
ROUNDS = 15
ORDINARY = [
    "import os, json\nimport pandas as pd\nfrom sklearn.model_selection import train_test_split\nroot = 'data'",
    *(
        f"frame_{at} = pd.read_csv(os.path.join(root, 'part_{at}.csv'))\nframe_{at}['x'] = frame_{at}.a + {at}\n"
        f"for name in ['a', 'b']:\n    frame_{at}.groupby(name).mean().to_csv(f'out_{{name}}_{at}.csv')\n!head out_a_{at}.csv"
        for at in range(50)
    ),
]
LARGE = {
    "1,000 terms": ["x = " + " + ".join(f"a{at}" for at in range(1_000))],
    "600 chained calls": ["x = df" + ".assign(a=1)" * 600],
    "a cell of 10 MB": ["x = [" + "1," * 5_000_000 + "]"],
    "40,000 cells": [
        f"import pandas as pd\ndf_{at} = pd.read_csv('x.csv')\ndf_{at}.head()" for at in range(40_000)
    ],
    "30 MB of attachments": [*ORDINARY],
}


def measure() -> list[Figure]:
    with sandbox("empty") as env, tempfile.TemporaryDirectory() as folder:
        os.environ.update(env)
        os.environ["XDG_CACHE_HOME"] = folder
        account = Account(Target(id="bench", label="bench"))
        for service in SERVICES:
            account.client(service)
        root = Path(folder)
        plan(account, _request(["x = 1"]), root, Limits())
        figures = [_refreshed(account, root)]
        for name, cells in LARGE.items():
            attached = 30_000_000 if "attachments" in name else 0
            figures += _large(account, root, name, _request(cells, attached))
        account.close()
    return figures


def _refreshed(account: Account, root: Path) -> Figure:
    """Beside the same notebook with one cell changed each time, which is read anew."""
    same, changed = [], []
    plan(account, _request(ORDINARY), root, Limits())
    for at in range(ROUNDS):
        same.append(_timed(account, root, _request(ORDINARY)))
        changed.append(_timed(account, root, _request([*ORDINARY, f"x = {at}"])))
    middle = statistics.median(changed)
    slowest = sorted(same)[int(len(same) * 0.95) - 1]
    return Figure(
        "plan of 51 cells refreshed, 95 of 100",
        slowest,
        "s",
        0.1,
        f"after an edit, {middle:.3f} s",
        slowest / middle,
    )


def _large(account: Account, root: Path, name: str, request: LaunchRequest) -> list[Figure]:
    gc.collect()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seconds, held = asyncio.run(beside_a_loop(lambda: plan(account, request, root, Limits())))
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return [
        Figure(f"plan with {name}", seconds, "s", SECONDS, f"the event loop held, {held:.2f} s", held / HELD),
        Figure("its memory", grown, "MB", MEGABYTES),
    ]


def _timed(account: Account, root: Path, request: LaunchRequest) -> float:
    start = time.perf_counter()
    plan(account, request, root, Limits())
    return time.perf_counter() - start


def _request(cells: list[str], attached: int = 0) -> LaunchRequest:
    made: list[dict[str, Any]] = [
        {"cell_type": "code", "source": each, "metadata": {}, "outputs": [], "execution_count": None}
        for each in cells
    ]
    if attached:
        picture = {"image/png": "A" * attached}
        made.append(
            {"cell_type": "markdown", "source": "x", "metadata": {}, "attachments": {"a.png": picture}}
        )
    metadata = {"kernelspec": {"name": "python3", "language": "python"}}
    content = {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": made}
    return LaunchRequest(notebook=NotebookDocument(path="bench.ipynb", content=content), form=LaunchForm())
