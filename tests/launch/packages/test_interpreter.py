"""What the interpreter of a kernel has, as it tells itself."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from smext import errors
from smext.launch.packages.interpreter import read

if TYPE_CHECKING:
    from tests.launch.packages.conftest import Environment


def test_what_is_installed_later_is_seen(env: Environment) -> None:
    assert "later" not in read("own", 10).distributions
    os.utime(env.site, (1, 1))
    read("own", 10)
    env.add("later")
    assert "later" in read("own", 10).distributions


def test_nothing_of_the_servers_own_environment_counts(env: Environment) -> None:
    assert set(read("own", 10).distributions) == set()
    assert "pytest" in read("python3", 10).distributions


@pytest.mark.parametrize("argv", [["/nowhere/python"], ["/bin/sh", "-c", "x"], [], ["/bin/false"]])
def test_a_kernel_that_cannot_be_read_says_why(env: Environment, tmp_path: Path, argv: list[str]) -> None:
    spec = tmp_path / "jupyter" / "kernels" / "odd"
    spec.mkdir()
    (spec / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": "O", "language": "python"}))
    with pytest.raises(errors.Unsupported, match="packages the kernel has"):
        read("odd", 5)


@pytest.mark.parametrize("place", ["python.exe", "Scripts/Python.exe"])
def test_an_interpreter_is_found_where_windows_has_it(env: Environment, tmp_path: Path, place: str) -> None:
    folder = tmp_path / "windows"
    python = folder / place
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    spec = tmp_path / "jupyter" / "kernels" / "conda"
    spec.mkdir()
    # As nb_conda_kernels writes it: the kernel is started by another Python, which activates the environment.
    conda = {"conda_env_path": str(folder)} if place == "python.exe" else {}
    argv = [
        "/nowhere/python" if conda else str(python),
        "-m",
        "ipykernel_launcher",
        "-f",
        "{connection_file}",
    ]
    body = {"argv": argv, "display_name": "C", "language": "python", "metadata": conda}
    (spec / "kernel.json").write_text(json.dumps(body))
    found = read("conda", 60)
    assert found.python == str(python)
    assert "pytest" in found.distributions


def test_an_interpreter_that_breaks_says_its_last_word(env: Environment) -> None:
    env.python.unlink()
    env.python.write_text("#!/bin/sh\necho 'no memory left' >&2; exit 3\n")
    env.python.chmod(0o755)
    with pytest.raises(errors.Unsupported, match="no memory left"):
        read("own", 5)


def test_a_file_that_has_the_name_of_a_module_of_python_is_not_run(
    env: Environment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server's folder holds whatever a user calls json.py; a plan runs none of it."""
    for name in ("json", "re", "csv"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('run')\n")
    monkeypatch.chdir(tmp_path)
    env.add("here")
    assert "here" in read("own", 10).distributions
