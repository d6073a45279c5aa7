"""The examples of docs/code.md do what the page says."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest

from smext.sandbox import Sandbox

PAGE = (Path(__file__).parents[2] / "docs" / "code.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```(python|sh)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
SECONDS = 900


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox(scene="empty", mode="exec") as sandbox:
        yield sandbox


@pytest.fixture
def folder(tmp_path: Path, interpreter: Callable[[int], str]) -> Path:
    """A notebook, and a `bin` with smext and with a Python that has the SDK."""
    made = nbformat.v4.new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    )
    made.cells = [
        nbformat.v4.new_code_cell("rate = 1.0\nlayers = []", metadata={"tags": ["parameters"]}),
        # What an example stops must not be faster than the example.
        nbformat.v4.new_code_cell(
            "import os, time\nprint('trained', rate, layers)\ntime.sleep(90 if 'COLOUR' in os.environ else 0)"
        ),
    ]
    nbformat.write(made, tmp_path / "train.ipynb")
    commands = tmp_path / "bin"
    commands.mkdir()
    for name, line in {"smext": f"{sys.executable} -m smext.cli", "python": interpreter(3)}.items():
        (commands / name).write_text(f'#!/bin/sh\nexec {line} "$@"\n')
        (commands / name).chmod(0o755)
    return tmp_path


def run(box: Sandbox, folder: Path, language: str, text: str) -> str:
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "SAGEMAKER_"))}
    path = f"{folder / 'bin'}{os.pathsep}{plain['PATH']}"
    command = [sys.executable, "-c", text] if language == "python" else ["/bin/sh", "-ec", text]
    ran = subprocess.run(
        command,
        cwd=folder,
        env={**plain, **box.env, "PATH": path},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def test_the_page_has_examples_of_each() -> None:
    assert [language for language, _ in EXAMPLES] == ["python"] * 3 + ["sh"] * 3


def test_the_examples_in_python(box: Sandbox, folder: Path) -> None:
    first, planned, second = (run(box, folder, language, text) for language, text in EXAMPLES[:3])
    assert "on ml.m5.xlarge, at most $0." in first
    assert "trained 0.1 [64, 32]" in first
    assert "Completed" in first.splitlines()[-1]
    assert "notebook.ipynb" in first.splitlines()[-1]
    assert "runs   train.ipynb as a processing job on ml.m5.2xlarge" in planned
    assert "costs  at most $" in planned
    assert "training Completed" in second
    assert "trained 1.0 []" in second


def test_the_examples_in_a_terminal(box: Sandbox, folder: Path) -> None:
    shown, stopped, _ = (run(box, folder, language, text) for language, text in EXAMPLES[3:])
    assert shown.count("costs  at most $0.12") == 2
    assert "trained 0.2 []" in shown
    [copy] = folder.glob("train-*.ipynb")
    assert "trained 0.2 []" in copy.read_text()
    assert "Stopping " in stopped
    assert json.loads((folder / "started.json").read_text())["kind"] == "processing"
    # What the SDK launched is a job of its own.
    names = [
        job["ProcessingJobName"]
        for job in box.client("sagemaker").list_processing_jobs()["ProcessingJobSummaries"]
    ]
    assert any(re.fullmatch(r"train-\d{8}-\d{6}", name) for name in names)
