"""Installations of smext in virtual environments of their own, and what a real JupyterLab of one does."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
import venv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from smext.diagnostics import jupyter_install
from smext.diagnostics.finding import Finding

ROOT = Path(__file__).resolve().parents[2]
PANEL = ROOT / "smext" / "labextension"
TOKEN = "doctor-test"
SWITCHES = ("disabledExtensions", "deferredExtensions")
ON, OFF = ({"ServerApp": {"jpserver_extensions": {"smext": enabled}}} for enabled in (True, False))


@dataclass
class Install:
    """A virtual environment of its own, with what this one has, but smext only where a test puts it."""

    folder: Path
    variables: dict[str, str] = field(default_factory=dict)
    options: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        venv.create(self.folder / "env", with_pip=False, symlinks=True)
        (self.site / "borrowed.pth").write_text(sysconfig.get_path("purelib"))
        self.write("env/etc/jupyter/jupyter_server_config.d/jupyterlab.json", enabled("jupyterlab"))
        # Else JupyterLab would look for a build of its own.
        (self.env / "share" / "jupyter").mkdir(parents=True)
        (self.env / "share" / "jupyter" / "lab").symlink_to(Path(sys.prefix) / "share" / "jupyter" / "lab")

    @property
    def env(self) -> Path:
        return self.folder / "env"

    @property
    def site(self) -> Path:
        return Path(sysconfig.get_path("purelib", vars={"base": str(self.env)}))

    @property
    def python(self) -> str:
        return str(self.env / "bin" / "python")

    @property
    def environ(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "PYTHON", "AWS_"))}
        runtime = {"HOME": str(self.folder / "home"), "JUPYTER_RUNTIME_DIR": str(self.folder / "runtime")}
        user = {"PYTHONUSERBASE": str(self.folder / "home" / ".local"), "AWS_EC2_METADATA_DISABLED": "true"}
        return {**kept, **runtime, **user, **self.variables}

    def write(self, path: str, body: object) -> Path:
        """Write a file below the folder, JSON unless it is text."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(body if isinstance(body, str) else json.dumps(body), encoding="utf-8")
        return file

    def put_smext(self, base: str = "env", *, site: Path | None = None) -> None:
        """Put there what the wheel brings, as links."""
        self.put_package(site or self.site)
        self.write(f"{base}/etc/jupyter/jupyter_server_config.d/smext.json", ON)
        self.put_panel(base)

    def put_package(self, site: Path) -> None:
        site.mkdir(parents=True, exist_ok=True)
        (site / "smext").symlink_to(ROOT / "smext")
        info = site / "smext-0.1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: smext\nVersion: {version_of_panel()}\n")

    def put_panel(self, base: str = "env") -> None:
        extensions = self.folder / base / "share" / "jupyter" / "labextensions"
        extensions.mkdir(parents=True)
        (extensions / "smext").symlink_to(PANEL)

    def own_panel(self) -> Path:
        """Put a copy of the panel's package.json in the place of the link, with nothing beside it."""
        panel = self.env / "share" / "jupyter" / "labextensions" / "smext"
        panel.unlink()
        panel.mkdir()
        (panel / "package.json").write_text((PANEL / "package.json").read_text())
        return panel / "package.json"

    def verdict(self) -> list[Finding]:
        return list(jupyter_install.examine(jupyter_install.probe(self.python, self.environ)))


def enabled(name: str) -> dict[str, Any]:
    return {"ServerApp": {"jpserver_extensions": {name: True}}}


def version_of_panel() -> str:
    return str(json.loads((PANEL / "package.json").read_text())["version"])


@dataclass(frozen=True)
class Page:
    """What the page of a running JupyterLab does: whether it loads the panel, which names are off, whether it opens."""

    panel: bool
    off: frozenset[str] = frozenset()
    opens: bool = True


@contextlib.contextmanager
def running(install: Install) -> Iterator[str]:
    """The address of a JupyterLab of that installation, with a slash at its end."""
    log = install.folder / "lab.log"
    command = [
        install.python,
        "-m",
        "jupyterlab",
        "--no-browser",
        "--allow-root",
        "--ip=127.0.0.1",
        "--port=0",
    ]
    (install.folder / "home").mkdir(exist_ok=True)
    with (
        log.open("w") as said,
        subprocess.Popen(
            [*command, f"--IdentityProvider.token={TOKEN}", *install.options],
            env=install.environ,
            cwd=install.folder / "home",
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
        ) as process,
    ):
        try:
            end = time.monotonic() + 180
            while time.monotonic() < end and process.poll() is None:
                for file in (install.folder / "runtime").glob("jpserver-*.json"):
                    with contextlib.suppress(ValueError, OSError):
                        url = str(json.loads(file.read_text())["url"])
                        get(f"{url}api")
                        yield url
                        return
                time.sleep(0.1)
            pytest.fail(f"JupyterLab did not start:\n{log.read_text()}")
        finally:
            process.kill()


def get(url: str) -> str:
    request = urllib.request.Request(url, headers={"Authorization": f"token {TOKEN}"})
    with urllib.request.urlopen(request, timeout=120) as answer:
        return str(answer.read().decode())


def status(url: str) -> int:
    try:
        get(url)
    except urllib.error.HTTPError as error:
        return error.code
    return 200


def truth(install: Install) -> tuple[bool, Page]:
    """Whether the server half answers, and what the page does."""
    with running(install) as url:
        server = status(f"{url}smext/kinds") == 200
        if status(f"{url}lab") == 500:
            return server, BROKEN
        found = re.search(
            r'<script id="jupyter-config-data"[^>]*>(.*?)</script>', get(f"{url}lab"), re.DOTALL
        )
        assert found
        page = json.loads(found.group(1))
        loads = {each["name"]: each["load"] for each in page["federated_extensions"]}
        names = [name for switch in SWITCHES for name in page.get(switch, [])]
        off = frozenset(name for name in names if name.partition(":")[0] == "smext")
        there = "smext" in loads and status(f"{url}lab/extensions/smext/{loads['smext']}") == 200
        # As JupyterLab's PageConfig.Extension.isDisabled has it: a plugin by its own name or by its package's.
        return server, Page(there and "smext" not in off, off)


SHOWN, MISSING, HIDDEN = Page(True), Page(False), Page(False, frozenset({"smext"}))
BROKEN = Page(False, opens=False)
