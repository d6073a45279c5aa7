"""The scripts that an administrator gives to a whole domain: installed, verified, updated and removed with nothing left."""

from __future__ import annotations

import os
import re
import subprocess
import sysconfig
import venv
from collections.abc import Mapping
from pathlib import Path

import pytest

from smext.diagnostics import jupyter_install

DOMAIN = Path(__file__).resolve().parents[2] / "docs" / "domain"


class Machine:
    """A fresh home, and a JupyterLab in an environment that sees the user's own packages, as a space has it."""

    def __init__(
        self, folder: Path, wheels: Path, without_node: Mapping[str, str], user_site: bool = True
    ) -> None:
        self.env, self.home = folder / "image", folder / "home"
        venv.create(self.env, with_pip=False, symlinks=True)
        config = self.env / "pyvenv.cfg"
        if user_site:
            config.write_text(re.sub("(include-system-site-packages = ).*", r"\1true", config.read_text()))
        # What an image has: pip, Jupyter and boto3, but no smext.
        for each in Path(sysconfig.get_path("purelib")).iterdir():
            if "smext" not in each.name:
                (self.site / each.name).symlink_to(each)
        self.home.mkdir()
        commands = {
            "jupyter-lab": f"#!{self.python}\n",
            "pip": f'#!/bin/sh\nexec {self.python} -m pip "$@"\n',
        }
        for name, text in commands.items():
            (self.env / "bin" / name).write_text(text)
            (self.env / "bin" / name).chmod(0o755)
        self.restarted = folder / "restarted"
        restart = self.env / "bin" / "restart-jupyter-server"
        restart.write_text(f"#!/bin/sh\necho again >> {self.restarted}\n")
        restart.chmod(0o755)
        kept = {k: v for k, v in without_node.items() if not k.startswith(("AWS_", "SMEXT_", "PIP_", "XDG_"))}
        path = os.pathsep.join([str(self.env / "bin"), "/usr/bin", "/bin"])
        self.variables = {**kept, "HOME": str(self.home), "PATH": path, "SMEXT_WHEELS": str(wheels)}

    @property
    def python(self) -> Path:
        return self.env / "bin" / "python"

    @property
    def site(self) -> Path:
        return Path(sysconfig.get_path("purelib", vars={"base": str(self.env)}))

    def run(self, *command: str | Path, **variables: str) -> str:
        done = subprocess.run(
            [*command],
            env={**self.variables, **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=self.home,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    def script(self, name: str, **variables: str) -> str:
        return self.run("/bin/bash", DOMAIN / name, **variables)

    def verdict(self) -> list[str]:
        found = jupyter_install.examine(jupyter_install.probe(str(self.python), self.variables))
        return [finding.text for finding in found if finding.status != "ok"]

    def left(self) -> list[str]:
        """Everything below the home that names smext."""
        return sorted(
            str(path.relative_to(self.home)) for path in self.home.rglob("*") if "smext" in path.name
        )


@pytest.fixture
def space(tmp_path: Path, dist: Path, without_node: Mapping[str, str]) -> Machine:
    return Machine(tmp_path, dist, without_node)


def test_a_space_has_smext_after_its_start_and_nothing_after_its_removal(space: Machine) -> None:
    said = space.script("studio-lifecycle.sh")
    assert f"is installed for {space.python} in {space.home}/.local" in said
    assert space.verdict() == []
    assert space.restarted.read_text() == "again\n"
    # The image is as it was.
    assert not list(space.env.rglob("smext*"))
    # The next start changes nothing, also with no index to ask.
    assert "is installed" in space.script("studio-lifecycle.sh", SMEXT_WHEELS="/nowhere")
    assert space.restarted.read_text() == "again\n"
    # What it writes while it is used.
    for kept in (
        ".local/share/jupyter/smext/prices",
        ".cache/smext/wheels",
        ".jupyter/lab/user-settings/smext",
    ):
        (space.home / kept).mkdir(parents=True)
    # And what an image with another Python has left.
    (space.home / ".local/lib/python3.9/site-packages/smext").mkdir(parents=True)
    assert "smext is removed" in space.script("uninstall.sh")
    assert space.left() == []


def test_an_image_with_another_python_gets_it_at_its_first_start(space: Machine) -> None:
    space.script("studio-lifecycle.sh")
    site = next((space.home / ".local" / "lib").iterdir())
    # What another minor version sees of it: the panel and its settings, but not the package.
    site.rename(site.with_name("python3.9"))
    assert "smext is not installed for this Python" in space.verdict()
    space.script("studio-lifecycle.sh")
    assert space.verdict() == []


def test_a_space_starts_also_where_nothing_can_be_installed(space: Machine, tmp_path: Path) -> None:
    said = space.script("studio-lifecycle.sh", SMEXT_WHEELS=str(tmp_path))
    assert "smext was not installed" in said
    assert space.left() == []


def test_a_notebook_instance_has_it_where_jupyter_runs(
    tmp_path: Path, dist: Path, without_node: Mapping[str, str]
) -> None:
    machine = Machine(tmp_path, dist, without_node, user_site=False)
    who = {"SMEXT_USER": machine.run("id", "-un").strip(), "SMEXT_PYTHON": str(machine.python)}
    assert f"smext is installed for {machine.python}" in machine.script("on-start.sh", **who)
    assert machine.verdict() == []
    assert "was not installed" in machine.script("on-start.sh", **{**who, "SMEXT_PYTHON": "/nowhere/python"})
    machine.script("uninstall.sh", **who)
    assert machine.left() == []
    assert not list(machine.env.rglob("smext*"))


def test_the_images_command_installs_it_in_the_image(
    tmp_path: Path, dist: Path, without_node: Mapping[str, str]
) -> None:
    text = (DOMAIN / "Dockerfile").read_text()
    [command] = re.findall(r"^RUN (.*)$", text, re.MULTILINE)
    [package] = re.findall(r"^ARG SMEXT_PACKAGE=(.*)$", text, re.MULTILINE)
    machine = Machine(tmp_path, dist, without_node, user_site=False)
    offline = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(dist)}
    machine.run("/bin/sh", "-c", command, SMEXT_PACKAGE=package, **offline)
    assert machine.verdict() == []
    assert machine.left() == []


@pytest.mark.parametrize("name", ["studio-lifecycle.sh", "on-start.sh"])
def test_a_script_fits_a_lifecycle_configuration(name: str) -> None:
    assert len((DOMAIN / name).read_text()) <= 16384
