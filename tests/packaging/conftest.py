"""The distributions, built once for all tests of how smext installs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., str]


@pytest.fixture(scope="session")
def without_node(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which no program is found by its name, Node least of all."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("HATCH_", "JUPYTER", "PYTHON"))}
    return {**kept, "PATH": str(tmp_path_factory.mktemp("empty-path"))}


@pytest.fixture(scope="session")
def run(without_node: Mapping[str, str]) -> Run:
    """Run a command with Node absent; its output, or a failure that shows it."""

    def run(*command: str | Path, cwd: Path = ROOT) -> str:
        done = subprocess.run(
            command, cwd=cwd, env=without_node, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        assert done.returncode == 0, f"{command} failed:\n{done.stdout}"
        return done.stdout

    return run


@pytest.fixture(scope="session")
def dist(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with the sdist, and with the wheel that was built out of that sdist."""
    bundle = ROOT / "smext" / "labextension" / "static" / "style.js"
    assert bundle.exists(), "The frontend is not built: run `make build` first."
    target = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", target, ".")
    return target


@pytest.fixture(scope="session")
def wheel(dist: Path) -> Path:
    return next(dist.glob("*.whl"))


@pytest.fixture(scope="session")
def sdist(dist: Path) -> Path:
    return next(dist.glob("*.tar.gz"))
