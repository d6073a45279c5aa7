"""A job's container on this machine: /opt/ml in a temporary directory, the built runner, a real kernel."""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import tarfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from smext.launch.files.archives import Archive, Part
from smext.launch.files.pack import START
from smext.runner import archive

Json = dict[str, Any]


def parts_in(path: Path) -> tuple[Part, ...]:
    """What an archive holds."""
    found = []
    with tarfile.open(path) as tar:
        for member in tar:
            held = tar.extractfile(member)
            digest = hashlib.sha256(held.read() if held else b"").hexdigest()
            start = member.pax_headers.get(START)
            size = member.size if start is None else -1
            executable = bool(member.mode & 0o100)
            found.append(
                Part(member.name, member.name, int(start or 0), member.size, size, executable, digest)
            )
    return tuple(found)


def code(source: str, *tags: str) -> Json:
    return {
        "cell_type": "code",
        "source": source,
        "metadata": {"tags": list(tags)} if tags else {},
        "outputs": [],
        "execution_count": None,
    }


def notebook(*cells: Json | str, **metadata: Any) -> Json:
    made = [code(cell) if isinstance(cell, str) else cell for cell in cells]
    return {"nbformat": 4, "nbformat_minor": 4, "metadata": metadata, "cells": made}


@dataclass
class Outcome:
    """What a run left behind."""

    exit_code: int
    log: str
    live: Path
    outputs: Path
    messages: Path

    @property
    def progress(self) -> Json:
        return _json(self.live / "progress.json")

    @property
    def partial(self) -> Json:
        return _json(self.live / "notebook.ipynb")

    @property
    def notebook(self) -> Json:
        return _json(self.outputs / "notebook.ipynb")

    @property
    def failure(self) -> str:
        return (self.messages / "failure").read_text("utf-8")

    @property
    def message(self) -> str:
        return (self.messages / "message").read_text("utf-8")

    @property
    def files(self) -> dict[str, str]:
        root = self.outputs / "files"
        return {
            path.relative_to(root).as_posix(): path.read_text("utf-8")
            for path in root.rglob("*")
            if path.is_file()
        }

    @property
    def markers(self) -> list[str]:
        """The log's markers, without the seconds and the notes."""
        lines = [line for line in self.log.splitlines() if line.startswith("smext: ")]
        return [line.split(" done ")[0] for line in lines if not line.startswith("smext: note: ")]

    def text(self, index: int) -> str:
        """All text that the notebook's cell at this place printed or returned."""
        parts = []
        for output in self.notebook["cells"][index]["outputs"]:
            parts.append(output.get("text") or output.get("data", {}).get("text/plain") or "")
        return "".join("".join(part) for part in parts)


@dataclass
class Container:
    """One host of a job. Change `environment`, write files, then `run` or `start`."""

    kind: str
    root: Path
    environment: dict[str, str] = field(default_factory=dict)
    python: str = sys.executable
    privileged: bool = True
    files_limit: int | None = None

    @property
    def inputs(self) -> Path:
        place = "input/data/smext" if self.kind == "training" else "processing/input/smext"
        return self.root / place

    @property
    def live(self) -> Path:
        place = "checkpoints/smext-live" if self.kind == "training" else "processing/output/live"
        return self.root / place

    @property
    def outputs(self) -> Path:
        return self.root / ("output/data" if self.kind == "training" else "processing/output/data")

    def prepare(self, content: Json | bytes | None, **request: Any) -> None:
        """Write the job's input; `request` replaces members of run.json."""
        self.inputs.mkdir(parents=True, exist_ok=True)
        (self.inputs / "runner.pyz").write_bytes(archive.build())
        run = {
            "version": 1,
            "job": "churn-1120-1004-x7k2q",
            "notebook": "churn.ipynb",
            "kernel": "python3",
            "language": "python",
            "parameters": {},
            "packages": [],
            "outputs_limit_bytes": 10_000_000,
        }
        (self.inputs / "run.json").write_text(json.dumps({**run, **request}), "utf-8")
        if content is not None:
            data = content if isinstance(content, bytes) else json.dumps(content).encode()
            (self.inputs / "notebook.ipynb").write_bytes(data)

    def pack(self, files: dict[str, str]) -> None:
        """An archive with these texts by path."""
        with tarfile.open(self.archive("some"), "w:gz") as tar:
            for path, content in files.items():
                info = tarfile.TarInfo(path)
                data = content.encode()
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))

    def archive(self, name: str) -> Path:
        """Where one of the archives of files lies."""
        folder = self.inputs.parent / "smext-files"
        folder.mkdir(exist_ok=True)
        return folder / f"{name}.tar.gz"

    def name_archives(self, encryption: str | None = None) -> None:
        """As a launch does, by what is in them; what cannot be read keeps its name."""
        for path in (self.inputs.parent / "smext-files").glob("*.tar.gz"):
            with contextlib.suppress(tarfile.TarError, OSError):
                if len(path.name.split(".")[0]) != 64:
                    path.rename(self.archive(str(Archive(parts_in(path)).key(encryption))))

    def start(self) -> Running:
        self.name_archives()
        process = subprocess.Popen(
            [self.python, str(self.inputs / "runner.pyz")],
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            preexec_fn=self._limits,
        )
        return Running(self, process)

    cell = staticmethod(code)
    notebook = staticmethod(notebook)

    def run(self, *cells: Json | str, **request: Any) -> Outcome:
        """Run a notebook of these cells to its end."""
        return self.run_file(notebook(*cells), **request)

    def run_file(self, content: Json | bytes | None, **request: Any) -> Outcome:
        self.prepare(content, **request)
        running = self.start()
        try:
            return running.outcome()
        finally:
            running.close()

    def _environment(self) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("JUPYTER", "PYTHON", "SMEXT", "SM_", "COV"))
        }
        scratch = self.root.parent / "tmp"
        scratch.mkdir(exist_ok=True)
        return {**kept, "SMEXT_OPT_ML": str(self.root), "TMPDIR": str(scratch), **self.environment}

    def _limits(self) -> None:
        """In the child: a root user without the power to pass over file modes; a limit on file size."""
        if not self.privileged and os.geteuid() == 0:
            libc = ctypes.CDLL(None)
            drop_from_bounding_set, override, read_search = 24, 1, 2
            libc.prctl(drop_from_bounding_set, override, 0, 0, 0)
            libc.prctl(drop_from_bounding_set, read_search, 0, 0, 0)
        if self.files_limit is not None:
            import resource

            resource.setrlimit(resource.RLIMIT_FSIZE, (self.files_limit, self.files_limit))


class Running:
    """A run under way; its log is collected as it comes."""

    def __init__(self, container: Container, process: subprocess.Popen[bytes]) -> None:
        self.container = container
        self._process = process
        self._lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def wait_for(self, happened: Callable[[Running], bool]) -> None:
        """Until something is seen; an ended process that never showed it is a failure."""
        while not happened(self):
            ended = self._process.poll() is not None
            time.sleep(0.03)
            if ended and not happened(self):
                pytest.fail("the run ended without it:\n" + self.log)

    @property
    def log(self) -> str:
        return "".join(self._lines)

    @property
    def progress(self) -> Json:
        """What is synced out now; {} before the first write."""
        with contextlib.suppress(OSError):
            return _json(self.container.live / "progress.json")
        return {}

    def terminate(self) -> None:
        self._process.send_signal(signal.SIGTERM)

    def outcome(self) -> Outcome:
        exit_code = self._process.wait(timeout=900)
        self._reader.join()
        container = self.container
        return Outcome(exit_code, self.log, container.live, container.outputs, container.root / "output")

    def close(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self._reader.join()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.append(line.decode("utf-8"))


@pytest.fixture(scope="module")
def module_container(tmp_path_factory: pytest.TempPathFactory) -> Container:
    """For one run that many tests look at."""
    return Container("processing", tmp_path_factory.mktemp("job") / "opt" / "ml")


@pytest.fixture(params=["training", "processing"])
def container(request: pytest.FixtureRequest, tmp_path: Path) -> Container:
    """For what both kinds of job must do."""
    return Container(request.param, tmp_path / "opt" / "ml")


@pytest.fixture
def training(tmp_path: Path) -> Container:
    return Container("training", tmp_path / "opt" / "ml")


@pytest.fixture
def processing(tmp_path: Path) -> Container:
    return Container("processing", tmp_path / "opt" / "ml")


@pytest.fixture
def started() -> Iterator[Callable[[Container], Running]]:
    """Starts a run that the test watches; none outlives the test."""
    running: list[Running] = []

    def start(container: Container) -> Running:
        running.append(container.start())
        return running[-1]

    yield start
    for one in running:
        one.close()


def _json(path: Path) -> Json:
    content: Json = json.loads(path.read_bytes())
    return content
