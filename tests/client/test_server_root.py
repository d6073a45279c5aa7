"""A notebook's runs belong together, wherever they were launched from: its path is told from the server's root."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from smext.client.server_root import root_of

Serve = Callable[..., Path]


@pytest.fixture
def serve(tmp_path: Path) -> Serve:
    """Leave the file of a running server, as jupyter_server does."""

    def leave(name: str, pid: int | None = None) -> Path:
        root = tmp_path / name
        root.mkdir(parents=True, exist_ok=True)
        runtime = Path(os.environ["JUPYTER_RUNTIME_DIR"])
        runtime.mkdir(parents=True, exist_ok=True)
        process = os.getpid() if pid is None else pid
        info = {"pid": process, "root_dir": str(root), "port": 8888}
        (runtime / f"jpserver-{len(list(runtime.iterdir()))}.json").write_text(json.dumps(info))
        return root.resolve()

    return leave


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    path = tmp_path / "home" / "study" / "a.ipynb"
    path.parent.mkdir(parents=True)
    path.touch()
    return path.resolve()


def test_the_server_that_shows_it_counts(
    serve: Serve, notebook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(notebook.parent)
    root = serve("home")
    serve("elsewhere")
    assert root_of(notebook) == root


def test_of_several_servers_the_kernels_own_counts_or_else_the_nearest(serve: Serve, notebook: Path) -> None:
    far, near = serve("home", pid=os.getppid()), serve("home/study")
    assert root_of(notebook, {}) == near
    assert root_of(notebook, {"JPY_PARENT_PID": str(os.getppid())}) == far


def test_without_a_server_the_working_directory_counts(
    notebook: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert root_of(notebook) == tmp_path.resolve()
    monkeypatch.chdir("/")
    monkeypatch.chdir(Path(sys.executable).parent)
    assert root_of(notebook) == notebook.parent


def test_a_server_that_is_gone_and_a_broken_file_do_not_count(
    serve: Serve, notebook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(notebook.parent)
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    serve("home", pid=gone.pid)
    (Path(os.environ["JUPYTER_RUNTIME_DIR"]) / "jpserver-x.json").write_text("{")
    assert root_of(notebook) == notebook.parent
