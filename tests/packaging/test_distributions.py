"""What the sdist and the wheel hold."""

from __future__ import annotations

import json
import subprocess
import tarfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LABEXTENSION = "share/jupyter/labextensions/smext/"


@pytest.fixture(scope="module")
def wheel_files(wheel: Path) -> set[str]:
    return set(zipfile.ZipFile(wheel).namelist())


@pytest.fixture(scope="module")
def sdist_files(sdist: Path) -> set[str]:
    with tarfile.open(sdist) as archive:
        return {name.partition("/")[2] for name in archive.getnames()}


def data_files(wheel_files: set[str]) -> set[str]:
    return {name.partition(".data/data/")[2] for name in wheel_files if ".data/data/" in name}


def tracked(*paths: str) -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z", *paths], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [name for name in listed.stdout.split("\0") if (ROOT / name).is_file()]


def test_the_wheel_brings_the_frontend_where_jupyterlab_looks(wheel_files: set[str]) -> None:
    files = data_files(wheel_files)
    assert {f"{LABEXTENSION}{name}" for name in ("package.json", "install.json", "static/style.js")} <= files
    assert any(name.startswith(f"{LABEXTENSION}static/remoteEntry.") for name in files)
    assert f"{LABEXTENSION}schemas/smext/plugin.json" in files


def test_the_wheel_enables_the_server_extension(wheel_files: set[str]) -> None:
    assert "etc/jupyter/jupyter_server_config.d/smext.json" in data_files(wheel_files)


def test_the_wheel_holds_the_package_and_nothing_beside_it(wheel_files: set[str]) -> None:
    tops = {name.partition("/")[0] for name in wheel_files}
    assert {top.partition("-")[0] for top in tops} == {"smext"}
    assert not [name for name in wheel_files if name.startswith("smext/labextension")]


def test_every_file_of_the_package_is_in_the_wheel(wheel_files: set[str]) -> None:
    assert [name for name in tracked("smext") if name not in wheel_files] == []


def test_old_tools_take_the_metadata(wheel: Path, sdist: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        [name] = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        texts = [archive.read(name).decode()]
    with tarfile.open(sdist) as archive:
        member = archive.extractfile(f"{sdist.name.removesuffix('.tar.gz')}/PKG-INFO")
        assert member
        texts.append(member.read().decode())
    for text in texts:
        head = text.partition("\n\n")[0].splitlines()
        assert head[0] == "Metadata-Version: 2.1"
        assert "License: Apache-2.0" in head
        assert "Requires-Python: >=3.10" in head


def test_the_sdist_holds_the_bundle_so_that_a_wheel_needs_no_node(sdist_files: set[str]) -> None:
    assert {"smext/labextension/package.json", "smext/labextension/static/style.js"} <= sdist_files
    assert {"package.json", "yarn.lock", "src/index.ts", "LICENSE", "README.md"} <= sdist_files


def test_the_sdist_leaves_out_what_was_installed_or_made(sdist_files: set[str]) -> None:
    made = {"node_modules", ".venv", ".envs", ".yarn", ".make", ".cache", "ui-tests", "lib"}
    assert {name.partition("/")[0] for name in sdist_files} & made == set()


def npm_packages(names: Iterable[str]) -> dict[str, Path]:
    """The named packages and all that they stand on, by name: what is bundled with them."""
    found: dict[str, Path] = {}
    left = list(names)
    while left:
        name = left.pop()
        if name not in found:
            found[name] = ROOT / "node_modules" / name
            left += json.loads((found[name] / "package.json").read_text()).get("dependencies", {})
    return found


def test_the_wheel_has_the_licence_of_everything_in_its_bundle(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        [list_file] = [
            name for name in archive.namelist() if name.endswith("static/third-party-licenses.json")
        ]
        assert data_files({list_file}) == {f"{LABEXTENSION}static/third-party-licenses.json"}
        listed = {each["name"]: each for each in json.loads(archive.read(list_file))["packages"]}
    package = json.loads((ROOT / "package.json").read_text())
    # What is shared is JupyterLab's own copy, and React with it.
    shared = {name for name, how in package["jupyterlab"]["sharedPackages"].items() if how}
    bundled = npm_packages(
        name
        for name in package["dependencies"]
        if name not in shared and name != "react" and not name.startswith("@lumino/")
    )
    assert "@tanstack/virtual-core" in bundled
    for name, directory in bundled.items():
        told = json.loads((directory / "package.json").read_text())
        text = (directory / "LICENSE").read_text()
        assert text.strip()
        assert listed[name]["versionInfo"] == told["version"]
        assert listed[name]["licenseId"] == told["license"]
        assert text.strip() in listed[name]["extractedText"]
    assert not [name for name, each in listed.items() if not each["extractedText"].strip()]
