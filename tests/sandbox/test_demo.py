from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from smext import cli
from smext.sandbox import Sandbox
from smext.sandbox.demo import _as_in_studio, _end
from smext.sandbox.examples import copy_to
from smext.sandbox.exec import isolation
from smext.sandbox.exec.process import Process

_COMMAND = [sys.executable, "-m", "smext.cli", "demo", "--no-browser", "--scene", "empty"]


@contextmanager
def demo(tmp_path: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A running demo and the address that it printed."""
    home = tmp_path / "home"
    home.mkdir()
    env = {**os.environ, "TMPDIR": str(tmp_path), "AWS_PROFILE": "somebody-else", "HOME": str(home)}
    for name in ("JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR"):
        env.pop(name, None)
    with subprocess.Popen(
        [*_COMMAND, *options], stdout=subprocess.PIPE, text=True, env=env, cwd=tmp_path
    ) as process:
        assert process.stdout is not None
        try:
            printed = ""
            while not (found := re.search(r"Open\s+(\S+)", printed)):
                line = process.stdout.readline()
                assert line, printed
                printed += line
            yield process, found.group(1)
        finally:
            process.kill()


def test_the_demo_serves_jupyterlab_and_ends_on_ctrl_c(tmp_path: Path) -> None:
    with demo(tmp_path, "--base-url", "/jupyterlab/default") as (process, address):
        assert "/jupyterlab/default/lab/tree/train_model.ipynb?token=" in address
        with urllib.request.urlopen(address) as page:
            assert page.status == 200
        assert {path.name for path in (tmp_path / "smext-demo").iterdir()} >= {
            "train_model.ipynb",
            "process_csv.ipynb",
        }
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
        assert list((tmp_path / "home").iterdir()) == []
        port = int(address.split(":")[2].split("/")[0])
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)) != 0


@pytest.mark.skipif(
    os.geteuid() != 0 or isolation._working_unshare() is None,
    reason="needs a mount namespace without a change of user",
)
def test_notebooks_find_the_metadata_where_a_space_has_it() -> None:
    with Sandbox(scene="busy") as box:
        command = _as_in_studio(["cat", "/opt/ml/metadata/resource-metadata.json"], box)
        seen = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        assert json.loads(seen)["ExecutionRoleArn"] == box.role_arn


def test_a_port_that_is_taken_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert cli.main(["demo", "--no-browser", "--port", str(port), "--dir", str(tmp_path)]) == 1
    assert f"Port {port} cannot be used" in capsys.readouterr().err


@pytest.mark.parametrize("option", [("--port", "99999"), ("--port", "-1"), ("--scene", "nope")])
def test_a_wrong_option_leaves_nothing_behind(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    option: tuple[str, str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(["demo", "--no-browser", *option]) == 1
    assert option[1] in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("scene", ["busy", "empty"])
@pytest.mark.parametrize("configuration", [None, "[default\nbroken"])
def test_the_account_of_whoever_starts_it_has_no_say(
    tmp_path: Path, scene: str, configuration: str | None
) -> None:
    env = {**os.environ, "TMPDIR": str(tmp_path), "AWS_PROFILE": "somebody-else"}
    if configuration:
        (tmp_path / "config").write_text(configuration)
        env["AWS_CONFIG_FILE"] = str(tmp_path / "config")
    command = [sys.executable, "-m", "smext.sandbox", "--scene", scene]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline().startswith("http://127.0.0.1:")
            process.send_signal(signal.SIGINT)
            assert process.wait(60) == 0
        finally:
            process.kill()


def test_the_first_line_says_what_happens_before_the_account_is_built(tmp_path: Path) -> None:
    env = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(_COMMAND, stdout=subprocess.PIPE, text=True, env=env, cwd=tmp_path) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == "Starting a local SageMaker account and JupyterLab ...\n"
            # Ctrl-C while it starts: nothing of it stays.
            process.send_signal(signal.SIGINT)
            assert process.wait(60) in (0, 130)
            assert list(tmp_path.glob("smext-sandbox-*")) == []
        finally:
            process.kill()


def test_windows_is_told_what_the_demo_needs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("platform.system", lambda: "Windows")
    assert cli.main(["demo"]) == 1
    assert "The demo needs Linux or macOS" in capsys.readouterr().err


def test_what_does_not_end_when_it_is_asked_is_killed(tmp_path: Path) -> None:
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
    said: list[str] = []
    lab = Process([sys.executable, "-c", deaf], dict(os.environ), tmp_path, said.extend)
    with Sandbox(scene="empty") as box:
        while not said:
            assert lab.wait(0.05) is None
        _end(lab, box)
        assert lab.wait(0) == 128 + signal.SIGKILL


def test_missing_packages_are_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("smext.commands.demo._NEEDED", ("moto", "no_such_package"))
    assert cli.main(["demo"]) == 1
    assert 'not installed (no_such_package). Run: pip install "smext[demo]"' in capsys.readouterr().err


def test_an_unknown_scene_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["demo", "--scene", "nope", "--dir", str(tmp_path)]) == 1
    assert "No such scene: nope. Known: busy" in capsys.readouterr().err


def test_without_a_command_the_usage_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main([])
    assert ended.value.code == 2
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    assert "demo" in capsys.readouterr().out


def test_a_changed_notebook_is_never_overwritten(tmp_path: Path) -> None:
    assert copy_to(tmp_path) == []
    mine = tmp_path / "train_model.ipynb"
    mine.write_text("my own work")
    (tmp_path / "process_csv.ipynb").unlink()
    assert copy_to(tmp_path) == ["train_model.ipynb"]
    assert mine.read_text() == "my own work"
    assert (tmp_path / "process_csv.ipynb").exists()
