"""A notebook that nobody prepared, whose image really lacks a package, runs at the first try."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from smext import errors
from smext.api import LaunchForm, LaunchRequest, NotebookDocument, Plan
from smext.aws.account import Account
from smext.aws.s3 import read
from smext.launch import Limits, apply, plan
from smext.sandbox import Sandbox
from tests.launch.executed.jobs import ended

IMAGE = f"own/image:1-py{sys.version_info[0]}{sys.version_info[1]}"


def make_wheel(folder: Path, name: str, *needs: str) -> Path:
    """A wheel with one module."""
    folder.mkdir(parents=True, exist_ok=True)
    wheel, info = folder / f"{name}-1.0-py3-none-any.whl", f"{name}-1.0.dist-info"
    required = "".join(f"Requires-Dist: {need}\n" for need in needs)
    files = {
        f"{name}.py": "VALUE = 7\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n{required}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    with zipfile.ZipFile(wheel, "w") as opened:
        for path, text in files.items():
            opened.writestr(path, text)
        opened.writestr(f"{info}/RECORD", "".join(f"{path},,\n" for path in files))
    return wheel


def make_python(folder: Path) -> tuple[Path, Path]:
    """An interpreter of its own without pip, and its site-packages."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    return folder / "bin" / "python3", next(folder.glob("lib/python*/site-packages"))


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """Its image has pip and what runs notebooks, and nothing of what these tests import."""
    python, site = make_python(tmp_path_factory.mktemp("image") / "env")
    (site / "beside.pth").write_text(sysconfig.get_path("purelib") + "\n")
    with Sandbox(scene="empty", mode="exec") as sandbox:
        sandbox.images[IMAGE] = python
        yield sandbox


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only packages in the world, here and in the jobs."""
    made = tmp_path / "index"
    make_wheel(made, "smext_rare", "smext_needed")
    make_wheel(made, "smext_needed")
    monkeypatch.delenv("PIP_EXTRA_INDEX_URL", raising=False)
    for name, value in {"CONFIG_FILE": "/dev/null", "NO_INDEX": "1", "FIND_LINKS": str(made)}.items():
        monkeypatch.setenv(f"PIP_{name}", value)
    return made


@pytest.fixture
def notebook(
    document: Callable[..., NotebookDocument],
    index: Path,
    root: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> NotebookDocument:
    """A package from the folder above, a CSV beside it, a package that the image lacks, an edit that is not saved."""
    python, site = make_python(tmp_path / "kernel")
    for wheel in index.glob("*.whl"):
        zipfile.ZipFile(wheel).extractall(site)
    spec = tmp_path / "jupyter" / "kernels" / "mine"
    spec.mkdir(parents=True)
    argv = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (spec / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": "M", "language": "python"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    (root / "shared").mkdir()
    (root / "shared" / "__init__.py").write_text("from .deep import double\n")
    (root / "shared" / "deep.py").write_text("def double(x):\n    return 2 * x\n")
    return document(
        "import csv\nimport smext_rare\nfrom shared import double",
        "rows = list(csv.DictReader(open('data.csv')))\n"
        "open('made.txt', 'w').write(f'{double(len(rows))} {smext_rare.VALUE} {smext_rare.__file__}')",
        kernel={"name": "mine", "language": "python"},
        unsaved=True,
    )


def launched(
    account: Account, notebook: NotebookDocument, root: Path, **form: Any
) -> tuple[Plan, dict[str, Any]]:
    """The plan of a processing job with the image that lacks it all, and the job at its end."""
    request = LaunchRequest(notebook=notebook, form=LaunchForm.model_validate({"image": IMAGE, **form}))
    made = plan(account, request, root, Limits())
    assert made.can_run, made.checks
    apply(account, request.model_copy(update={"name": made.name}), root, Limits())
    return made, ended(account, "processing", made.name)


def test_it_runs_at_the_first_try(
    account: Account, running: Sandbox, notebook: NotebookDocument, root: Path
) -> None:
    made, job = launched(account, notebook, root)
    assert job["ProcessingJobStatus"] == "Completed", job.get("ExitMessage")
    assert [each.requirement for each in made.packages] == ["smext_rare==1.0"]
    told = read(account, f"{made.output_uri}files/analysis/made.txt").decode()
    assert told.startswith("2 7 ")
    assert str(running.images[IMAGE].parent.parent) in told


def test_it_runs_without_a_network_too(
    account: Account, running: Sandbox, notebook: NotebookDocument, root: Path
) -> None:
    # What the test before has installed.
    python = str(running.images[IMAGE])
    subprocess.run([python, "-m", "pip", "uninstall", "-qy", "smext_rare", "smext_needed"], check=True)
    made, job = launched(account, notebook, root, network_isolation=True)
    assert job["ProcessingJobStatus"] == "Completed", job.get("ExitMessage")
    assert read(account, f"{made.output_uri}files/analysis/made.txt").startswith(b"2 7 ")
    prefix = f"smext/{made.name}/input/wheels/"
    sent = running.client("s3").list_objects_v2(Bucket=running.bucket, Prefix=prefix)["Contents"]
    names = {each["Key"].removeprefix(prefix) for each in sent}
    assert names == {"smext_rare-1.0-py3-none-any.whl", "smext_needed-1.0-py3-none-any.whl"}
    again = plan(
        account,
        LaunchRequest(notebook=notebook, form=LaunchForm(image=IMAGE, send_wheels=True)),
        root,
        Limits(),
    )
    assert "2 wheels go along" in str([check.message for check in again.checks])


def test_what_no_index_has_is_said_before_anything_is_created(
    account: Account, running: Sandbox, notebook: NotebookDocument, root: Path, index: Path
) -> None:
    for wheel in index.glob("smext_needed*"):
        wheel.unlink()
    running.control.calls.clear()
    with pytest.raises(errors.Invalid, match=r"no wheel for Python .* of: smext_needed"):
        launched(account, notebook, root, send_wheels=True)
    assert "CreateProcessingJob" not in running.control.calls
