"""The wheel in a fresh virtual environment, with Node absent."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "smext-install-test"
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture(scope="module")
def bin_dir(wheel: Path, run: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`bin` of an environment with the wheel and a JupyterLab."""
    venv = tmp_path_factory.mktemp("venv")
    run(sys.executable, "-m", "venv", venv)
    lab = ["--constraint", ROOT / "constraints" / "dev.txt", "jupyterlab"]
    run("/bin/bash", "scripts/pip-install", venv / "bin" / "python", wheel, *lab)
    return venv / "bin"


@pytest.fixture(scope="module")
def jupyter_env(without_node: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """No settings but the environment's own."""
    home = str(tmp_path_factory.mktemp("home"))
    kept = {k: v for k, v in without_node.items() if not k.startswith("AWS_")}
    return {**kept, "HOME": home, "AWS_EC2_METADATA_DISABLED": "true"}


@pytest.fixture(scope="module")
def server(bin_dir: Path, jupyter_env: Mapping[str, str]) -> Iterator[str]:
    """The address of a JupyterLab that runs in that environment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = Path(jupyter_env["HOME"])
    command: list[str | Path] = [
        bin_dir / "jupyter-lab",
        "--no-browser",
        "--allow-root",
        "--ip=127.0.0.1",
        f"--port={port}",
    ]
    options = [
        "--ServerApp.port_retries=0",
        f"--ServerApp.root_dir={home}",
        f"--IdentityProvider.token={TOKEN}",
    ]
    with (
        (home / "server.log").open("w") as log,
        subprocess.Popen(
            [*command, *options], env=jupyter_env, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        ) as process,
    ):
        try:
            url = f"http://127.0.0.1:{port}"
            wait_until_it_answers(url, process, home / "server.log")
            yield url
        finally:
            process.terminate()


def wait_until_it_answers(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError):
            get(f"{url}/api")
            return
        time.sleep(0.05)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text()}")


def get(url: str) -> str:
    request = urllib.request.Request(url, headers={"Authorization": f"token {TOKEN}"})
    with urllib.request.urlopen(request, timeout=300) as reply:
        return str(reply.read().decode())


def listed(env: Mapping[str, str], *command: str | Path) -> list[str]:
    done = subprocess.run([*command, "list"], env=env, capture_output=True, text=True, check=True)
    return [line for line in COLOUR.sub("", done.stdout + done.stderr).splitlines() if "smext" in line]


def page_config(url: str) -> dict[str, Any]:
    page = get(f"{url}/lab")
    found = re.search(r'<script id="jupyter-config-data"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert found, page
    config: dict[str, Any] = json.loads(found.group(1))
    return config


def test_the_server_extension_is_enabled_and_valid(bin_dir: Path, jupyter_env: Mapping[str, str]) -> None:
    lines = listed(jupyter_env, bin_dir / "jupyter-server", "extension")
    assert any(re.search(r"smext\s+enabled", line) for line in lines), lines
    assert any(re.search(r"smext\s.*OK", line) for line in lines), lines


def test_the_labextension_is_listed_as_compatible(bin_dir: Path, jupyter_env: Mapping[str, str]) -> None:
    lines = listed(jupyter_env, bin_dir / "jupyter-labextension")
    assert any(re.search(r"smext v\S+ enabled OK", line) for line in lines), lines


def test_a_running_lab_serves_the_bundle(server: str) -> None:
    extensions = {e["name"]: e for e in page_config(server)["federated_extensions"]}
    entry = get(f"{server}/lab/extensions/smext/{extensions['smext']['load']}")
    assert "smext" in entry


def test_a_running_lab_knows_the_settings(server: str) -> None:
    settings = json.loads(get(f"{server}/lab/api/settings/smext:plugin"))
    assert settings["id"] == "smext:plugin"


def test_a_running_server_answers_for_the_extension(server: str) -> None:
    assert json.loads(get(f"{server}/smext/kinds"))


def test_a_running_server_lets_nobody_else_in(server: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{server}/smext/kinds", timeout=300)
    assert refused.value.code == 403
