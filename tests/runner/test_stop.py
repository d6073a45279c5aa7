"""SIGTERM: SageMaker stops the job, and kills the container 120 s later."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.runner.conftest import Container, Running

SLEEP = "print('asleep', flush=True)\nimport time\nwhile True: time.sleep(.02)"
DEAF = """
import time
print('asleep', flush=True)
while True:
    try:
        time.sleep(.02)
    except KeyboardInterrupt:
        pass
"""
MASKED = """
import signal, time
for one in (signal.SIGINT, signal.SIGTERM):
    signal.signal(one, signal.SIG_IGN)
print('asleep', flush=True)
while True: time.sleep(.02)
"""
TIDY = """
import time
try:
    print('asleep', flush=True)
    while True: time.sleep(.02)
except KeyboardInterrupt:
    open('checkpoint.txt', 'w').write('saved')
"""


def asleep(running: Running) -> bool:
    return "\nasleep\n" in running.log


def test_a_stop_leaves_the_notebook_with_what_was_done(
    processing: Container, started: Callable[[Container], Running]
) -> None:
    processing.environment = {"SMEXT_LIVE_SECONDS": "600"}
    processing.prepare(processing.notebook("open('a.txt', 'w').write('x')", SLEEP, "print('never')"))
    running = started(processing)
    running.wait_for(asleep)
    partial = json.loads((processing.live / "notebook.ipynb").read_bytes())
    assert partial["cells"][0]["outputs"], "what the first cell returned is not there after it ended"
    assert partial["metadata"]["smext"]["status"] == "running"
    running.terminate()
    outcome = running.outcome()
    assert outcome.exit_code == 143, outcome.log
    assert outcome.markers[-1] == "smext: stopped"
    assert "never\n" not in outcome.log
    assert outcome.text(0) == "1"
    assert outcome.text(1) == "asleep\n"
    for found in (outcome.notebook, outcome.partial):
        assert found["metadata"]["smext"]["status"] == "stopped"
    assert outcome.files == {"a.txt": "x"}
    assert outcome.message == "stopped: 1 of 3 cells done"
    assert not (outcome.messages / "failure").exists()
    progress = outcome.progress
    assert (progress["status"], progress["done"], progress["error"]) == ("stopped", 1, None)
    assert progress["current"]["index"] == 2
    assert [cell["status"] for cell in progress["cells"]] == ["done", "pending", "pending"]


@pytest.mark.parametrize("source", [DEAF, MASKED], ids=["caught", "masked"])
def test_a_kernel_that_ignores_the_interrupt_is_ended(
    training: Container, started: Callable[[Container], Running], source: str
) -> None:
    training.environment = {"SMEXT_STOP_SECONDS": "0.3"}
    training.prepare(training.notebook("'first'", source))
    running = started(training)
    running.wait_for(asleep)
    running.terminate()
    outcome = running.outcome()
    assert outcome.exit_code == 143, outcome.log
    assert "did not heed the interrupt" in outcome.log
    assert outcome.text(0) == "'first'"
    assert outcome.text(1) == "asleep\n"
    assert outcome.progress["status"] == "stopped"


def test_a_cell_may_use_the_interrupt_to_save_its_work(
    training: Container, started: Callable[[Container], Running]
) -> None:
    training.prepare(training.notebook(TIDY, "print('never')"))
    running = started(training)
    running.wait_for(asleep)
    running.terminate()
    running.terminate()
    outcome = running.outcome()
    assert outcome.exit_code == 143
    assert outcome.files == {"checkpoint.txt": "saved"}
    assert outcome.progress["done"] == 1
    assert "never\n" not in outcome.log


def test_a_stop_while_packages_are_installed_ends_at_once(
    training: Container, started: Callable[[Container], Running]
) -> None:
    # An index that takes connections and never answers.
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        training.environment = {
            "PIP_CONFIG_FILE": "/dev/null",
            "PIP_FIND_LINKS": "",
            "PIP_EXTRA_INDEX_URL": "",
            "PIP_INDEX_URL": f"http://127.0.0.1:{server.getsockname()[1]}/simple",
        }
        training.prepare(training.notebook("1"), packages=["nowhere-to-be-found"])
        running = started(training)
        running.wait_for(lambda now: "installing nowhere" in now.log)
        assert running.progress["phase"] == "installing packages"
        running.terminate()
        outcome = running.outcome()
    assert outcome.exit_code == 143, outcome.log
    assert outcome.progress["status"] == "stopped"
    assert outcome.notebook["cells"][0]["source"] in ("1", ["1"])
    assert outcome.markers == ["smext: stopped"]
