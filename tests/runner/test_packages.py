"""Installing what an image lacks, into environments of the test's own."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.runner.conftest import Container

# Whatever this machine has configured for pip, these runs have no index but the one they are given.
NO_INDEX = {
    "PIP_CONFIG_FILE": "/dev/null",
    "PIP_FIND_LINKS": "",
    "PIP_EXTRA_INDEX_URL": "",
    "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
}


def make_wheel(folder: Path, name: str = "smext_tiny", version: str = "1.0") -> Path:
    """A wheel with one module that knows its version."""
    folder.mkdir(parents=True, exist_ok=True)
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}.py": f"VERSION = {version!r}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = []
    for path, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        record.append(f"{path},sha256={digest},{len(text.encode())}")
    files[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,", ""])
    wheel = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as opened:
        for path, text in files.items():
            opened.writestr(path, text)
    return wheel


def make_environment(folder: Path, *, bare: bool = False) -> Path:
    """A virtual environment without pip; unless bare, it sees what is installed beside the tests."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    python = folder / "bin" / "python"
    if not bare:
        (site(folder) / "beside.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return python


def site(folder: Path) -> Path:
    return next(folder.glob("lib/python*/site-packages"))


@pytest.fixture
def image(training: Container, tmp_path: Path) -> Container:
    """A container whose Python has all that is needed, and may be changed."""
    training.python = str(make_environment(tmp_path / "image"))
    training.environment = dict(NO_INDEX)
    return training


USE = "import smext_tiny; print(smext_tiny.VERSION, smext_tiny.__file__)"


def test_packages_come_from_the_wheels_when_there_are_some(image: Container) -> None:
    make_wheel(image.inputs / "wheels")
    outcome = image.run(USE, packages=["smext_tiny==1.0"])
    assert outcome.exit_code == 0, outcome.log
    assert outcome.text(0).startswith("1.0 ")
    assert "smext: note: installing smext_tiny==1.0" in outcome.log


def test_packages_come_from_the_index_otherwise(image: Container, tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path / "index" / "smext-tiny", version="2.0")
    (wheel.parent / "index.html").write_text(f'<a href="{wheel.name}">{wheel.name}</a>')
    image.environment["PIP_INDEX_URL"] = (tmp_path / "index").as_uri()
    outcome = image.run(USE, packages=["smext_tiny"])
    assert outcome.text(0).startswith("2.0 ")


def test_an_image_that_may_not_be_changed_gets_the_packages_beside_it(
    image: Container, tmp_path: Path
) -> None:
    make_wheel(image.inputs / "wheels")
    image.privileged = False
    folder = site(tmp_path / "image")
    folder.chmod(0o555)
    outcome = image.run(USE, packages=["smext_tiny"])
    folder.chmod(0o755)
    assert outcome.exit_code == 0, outcome.log
    assert str(image.root.parent / "tmp") in outcome.text(0)
    assert [path.name for path in folder.iterdir()] == ["beside.pth"]


def test_packages_go_to_the_interpreter_of_the_kernel(image: Container, tmp_path: Path) -> None:
    make_wheel(image.inputs / "wheels")
    other = make_environment(tmp_path / "other")
    folder = tmp_path / "jupyter/kernels/other"
    folder.mkdir(parents=True)
    argv = [str(other), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (folder / "kernel.json").write_text(json.dumps({"argv": argv, "language": "python", "display_name": "O"}))
    image.environment["JUPYTER_PATH"] = str(tmp_path / "jupyter")
    outcome = image.run(USE, packages=["smext_tiny"], kernel="other")
    assert outcome.exit_code == 0, outcome.log
    assert str(tmp_path / "other") in outcome.text(0)


def test_wheels_that_are_to_be_installed_need_no_index(image: Container) -> None:
    make_wheel(image.inputs / "packages", version="3.0")
    outcome = image.run(USE)
    assert outcome.exit_code == 0, outcome.log
    assert outcome.text(0).startswith("3.0 ")
    assert "smext: note: installing smext_tiny-3.0-py3-none-any.whl" in outcome.log


def test_what_the_image_has_in_any_version_is_left_as_it_is(image: Container) -> None:
    make_wheel(image.inputs / "wheels")
    outcome = image.run(
        USE + "\nimport nbformat; print(nbformat.__version__)",
        packages_if_missing=["nbformat==1.0", "smext-tiny==1.0"],
    )
    assert outcome.exit_code == 0, outcome.log
    assert "smext: note: installing smext-tiny==1.0\n" in outcome.log
    assert "\n1.0" not in outcome.text(0)


def test_a_list_of_requirements_is_read_from_the_notebooks_folder(image: Container) -> None:
    make_wheel(image.inputs / "own")
    image.prepare(None)
    wheel = image.inputs / "own" / "smext_tiny-1.0-py3-none-any.whl"
    (image.inputs / "requirements.txt").write_text(f"# mine\n./{wheel.name}\n")
    with tarfile.open(image.archive("own"), "w:gz") as tar:
        tar.add(wheel, wheel.name)
    outcome = image.run(USE)
    assert outcome.exit_code == 0, outcome.log
    assert outcome.text(0).startswith("1.0 ")


def test_folders_to_import_from_are_on_the_path(image: Container) -> None:
    image.prepare(None)
    image.pack({"lib/shared.py": "VALUE = 7\n", "analysis/x.csv": ""})
    outcome = image.run("import shared; shared.VALUE", notebook="analysis/churn.ipynb", paths=["lib"])
    assert outcome.exit_code == 0, outcome.log
    assert outcome.text(0) == "7"


def test_no_route_to_the_index_names_the_package_and_the_way_out(image: Container) -> None:
    outcome = image.run("1", packages=["smext_tiny==1.0"])
    assert outcome.exit_code == 1
    assert outcome.failure == (
        "Could not install smext_tiny==1.0: no route to the package index: "
        "send wheels along, or give the job a network."
    )
    assert outcome.progress["error"]["cell"] is None
    assert "smext: note: pip: " in outcome.log


def test_a_wheel_that_did_not_come_along_is_named(image: Container) -> None:
    make_wheel(image.inputs / "wheels")
    outcome = image.run("1", packages=["smext_tiny", "absent>=2"])
    assert outcome.exit_code == 1
    assert outcome.failure.startswith(
        "Could not install absent>=2: it is not among the wheels that came along"
    )


@pytest.mark.parametrize("changed", [False, True])
def test_a_wheel_that_somebody_has_changed_is_not_installed(image: Container, changed: bool) -> None:
    wheel = make_wheel(image.inputs / "wheels")
    digest = "0" * 64 if changed else hashlib.sha256(wheel.read_bytes()).hexdigest()
    (image.inputs / "wheels.json").write_text(json.dumps({wheel.name: digest}))
    outcome = image.run(USE, packages=["smext_tiny"])
    assert outcome.exit_code == int(changed), outcome.log
    assert (f"does not hold what was sent: {wheel.name}" in outcome.log) is changed


def test_a_package_that_the_index_lacks_is_named(image: Container, tmp_path: Path) -> None:
    (tmp_path / "index" / "absent").mkdir(parents=True)
    (tmp_path / "index" / "absent" / "index.html").write_text("")
    image.environment["PIP_INDEX_URL"] = (tmp_path / "index").as_uri()
    outcome = image.run("1", packages=["absent"])
    assert outcome.failure.startswith("Could not install absent: the package index has no such version")


def test_a_requirement_that_is_none_is_named(image: Container) -> None:
    outcome = image.run("1", packages=["not a requirement"])
    assert outcome.exit_code == 1
    assert "Could not install not a requirement" in outcome.failure


def test_an_option_is_not_taken_for_a_package(image: Container) -> None:
    outcome = image.run("1", packages=["--help"])
    assert outcome.exit_code == 1
    assert "Could not install" in outcome.failure


def test_a_bare_python_without_network_runs_from_the_wheels(training: Container, tmp_path: Path) -> None:
    """Any image with Python and no pip: the wheels come through this machine's pip, as a launch would send them."""
    wheels = training.inputs / "wheels"
    tools = ["nbclient", "nbformat", "ipykernel"]
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "-q",
        "--only-binary",
        ":all:",
        "-d",
        str(wheels),
        *tools,
    ]
    subprocess.run(command, check=True)
    training.python = str(make_environment(tmp_path / "bare", bare=True))
    training.environment = dict(NO_INDEX)
    outcome = training.run("import sys; sys.prefix")
    assert outcome.exit_code == 0, outcome.log
    assert outcome.text(0) == repr(str(tmp_path / "bare"))
    assert "smext: note: installing nbclient, nbformat, ipykernel" in outcome.log


def test_a_wheel_that_came_along_brings_its_extras(image: Container) -> None:
    make_wheel(image.inputs / "wheels", "smext_more")
    wheel = make_wheel(image.inputs / "packages")
    needs = "Provides-Extra: dev\nRequires-Dist: smext_more; extra == 'dev'\n"
    with zipfile.ZipFile(wheel) as opened:
        files = {name: opened.read(name).decode() for name in opened.namelist() if "RECORD" not in name}
    info = "smext_tiny-1.0.dist-info"
    with zipfile.ZipFile(wheel, "w") as opened:
        for name, text in files.items():
            opened.writestr(name, text + needs if name.endswith("METADATA") else text)
        opened.writestr(f"{info}/RECORD", "")
    outcome = image.run("import smext_more; smext_more.VERSION", extras={"smext-tiny": ["dev"]})
    assert outcome.exit_code == 0, outcome.log
    assert outcome.text(0) == "'1.0'"


def test_a_list_with_hashes_and_wheels_beside_it_are_both_installed(image: Container) -> None:
    make_wheel(image.inputs / "packages", "smext_more")
    wheel = make_wheel(image.inputs / "wheels")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    (image.inputs / "requirements.txt").write_text(f"smext_tiny==1.0 --hash=sha256:{digest}\n")
    outcome = image.run(USE + "; import smext_more")
    assert outcome.exit_code == 0, outcome.log


def test_versions_that_a_list_is_held_to_hold(image: Container) -> None:
    make_wheel(image.inputs / "wheels", version="1.0")
    make_wheel(image.inputs / "wheels", version="2.0")
    (image.inputs / "requirements.txt").write_text("smext_tiny\n-c constraints.txt\n")
    (image.inputs / "constraints.txt").write_text("smext_tiny<2\n")
    assert image.run(USE).text(0).startswith("1.0 ")
