"""A kernel's environment of a test's own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


class Environment:
    """A virtual environment of a kernel named `own`, into which metadata of packages is written."""

    def __init__(self, folder: Path) -> None:
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder / "env")], check=True)
        self.python = folder / "env" / "bin" / "python"
        self.site = next((folder / "env").glob("lib/python*/site-packages"))
        spec = folder / "kernels" / "own"
        spec.mkdir(parents=True)
        argv = [str(self.python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        (spec / "kernel.json").write_text(
            json.dumps({"argv": argv, "display_name": "O", "language": "python"})
        )

    def add(
        self, name: str, version: str = "1.0", *modules: str, requires: tuple[str, ...] = (), url: Any = None
    ) -> None:
        info = self.site / f"{name.replace('-', '_')}-{version}.dist-info"
        info.mkdir()
        needs = "".join(f"Requires-Dist: {each}\n" for each in requires)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}")
        files = [module.replace(".", "/") + "/__init__.py" for module in modules or (name,)]
        (info / "RECORD").write_text("".join(f"{file},,\n" for file in files))
        if url:
            (info / "direct_url.json").write_text(json.dumps(url))


@pytest.fixture
def env(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Environment:
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    return Environment(tmp_path / "jupyter")
