"""Local projects of every shape as wheels."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

import pytest

from smext import errors
from smext.launch.packages import wheels
from smext.launch.packages.container import Container
from smext.launch.packages.install_list import Local

HATCHLING = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
SPACE = '[tool.hatch.build.targets.wheel]\npackages = ["src/space"]\n'
PROJECT = '[project]\nname = "mine"\nversion = "0.1"\n'


def project(folder: Path, files: dict[str, str]) -> Local:
    for name, text in files.items():
        path = folder / "project" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Local("mine", str(folder / "project"))


@pytest.mark.parametrize(
    ("files", "member"),
    [
        ({"pyproject.toml": PROJECT + HATCHLING, "src/mine/__init__.py": ""}, "mine/__init__.py"),
        ({"pyproject.toml": PROJECT + HATCHLING + SPACE, "src/space/mine/a.py": ""}, "space/mine/a.py"),
        ({"setup.py": "from setuptools import setup\nsetup(name='mine', version='1', py_modules=['mine'])", "mine.py": ""}, "mine.py"),
    ],
    ids=["src", "namespace", "setup.py"],
)  # fmt: skip
def test_every_layout_becomes_a_wheel(tmp_path: Path, files: dict[str, str], member: str) -> None:
    [wheel] = wheels.build([project(tmp_path, files)], tmp_path / "out")
    assert member in zipfile.ZipFile(wheel).namelist()


def test_a_build_that_fails_is_named_with_its_last_lines(tmp_path: Path) -> None:
    broken = project(tmp_path, {"setup.py": "print('step one')\nraise ValueError('the very reason')\n"})
    with pytest.raises(errors.Invalid) as caught:
        wheels.build([broken], tmp_path / "out")
    assert "mine" in caught.value.message
    assert "ValueError: the very reason" in caught.value.message
    assert caught.value.field == "packages"


def test_the_password_of_an_address_is_in_no_message(tmp_path: Path) -> None:
    with pytest.raises(errors.Invalid) as caught:
        wheels.build([Local("mine", "git+http://me:hunter2@127.0.0.1:9/mine.git")], tmp_path / "out")
    assert "git+http://***@127.0.0.1:9/mine.git" in caught.value.message
    assert "hunter2" not in caught.value.message + caught.value.advice


def test_compiled_code_is_warned_of(tmp_path: Path) -> None:
    plain = project(tmp_path / "a", {"setup.py": "", "mine.py": "", "tests/x.c": ""})
    compiled = project(tmp_path / "b", {"setup.py": "", "mine/fast.pyx": ""})
    assert wheels.checks([plain]) == []
    [check] = wheels.checks([plain, compiled])
    assert (check.status, check.field) == ("warning", "packages")


def test_a_wheel_of_another_machine_is_refused(tmp_path: Path) -> None:
    wheel = tmp_path / f"mine-1.0-cp{sys.version_info[0]}{sys.version_info[1]}-none-win_amd64.whl"
    wheel.write_bytes(b"")
    local = Local("mine", str(wheel))
    assert wheels.build([local], tmp_path) == [wheel]
    assert wheels.build([local], tmp_path, Container(None)) == [wheel]
    with pytest.raises(errors.Invalid, match=r"does not run on Python 3.12, x86_64: mine-1.0"):
        wheels.build([local], tmp_path, Container("3.12"))


def test_what_is_built_can_be_called_back(tmp_path: Path) -> None:
    def called_back() -> None:
        raise errors.Cancelled("no")

    with pytest.raises(errors.Cancelled):
        wheels.build([project(tmp_path, {"setup.py": ""})], tmp_path / "out", None, called_back)
