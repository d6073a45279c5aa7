"""A launch of each kind really runs in the sandbox, and leaves what was promised."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from smext.api import DefaultsRequest, LaunchForm, LaunchRequest, NotebookDocument
from smext.aws.account import Account
from smext.aws.s3 import read
from smext.launch import Limits, apply, defaults, plan
from smext.runs.record import RunRecord, read_record
from tests.launch.executed.jobs import ended

Run = Callable[..., tuple[RunRecord, dict[str, Any]]]


@pytest.fixture
def run(account: Account, root: Path) -> Run:
    """Launch a notebook as the panel does, and wait for its end."""

    def go(notebook: NotebookDocument, kind: str, **form: Any) -> tuple[RunRecord, dict[str, Any]]:
        opened = defaults(account, DefaultsRequest(notebook=notebook), root, Limits())
        assert opened.problems == []
        filled = LaunchForm.model_validate(opened.form.model_dump() | {"job_kind": kind} | form)
        request = LaunchRequest(notebook=notebook, form=filled)
        made = plan(account, request, root, Limits())
        assert made.can_run, made.checks
        launched = apply(account, request.model_copy(update={"name": made.name}), root, Limits())
        assert not launched.existed
        return read_record(account, made.record_uri), ended(account, kind, made.name)

    return go


def outputs(account: Account, kept: RunRecord) -> dict[str, bytes]:
    """The final outputs by name, whether they came as files or as one archive."""
    if kept.form.job_kind == "processing":
        names = ["notebook.ipynb", "files/made.txt"]
        return {name: read(account, kept.output_uri + name) for name in names}
    with tarfile.open(fileobj=io.BytesIO(read(account, kept.output_uri + "output.tar.gz"))) as archive:
        files = {
            member.name.removeprefix("./"): archive.extractfile(member)
            for member in archive
            if member.isfile()
        }
        return {name: file.read() for name, file in files.items() if file}


@pytest.mark.parametrize("kind", ["training", "processing"])
def test_a_launched_notebook_completes_with_its_parameters_and_files(
    account: Account, run: Run, document: Callable[..., NotebookDocument], kind: str
) -> None:
    notebook = document(
        ("parameters", "factor = 1.5  # how much\nname = 'no'\nrows = [1]"),
        "import csv, os, sys\nsys.path.insert(0, 'lib')\nimport features",
        "rows_read = list(csv.DictReader(open('data.csv')))\n"
        "open('made.txt', 'w').write(f'{factor!r} {name!r} {rows!r} {len(rows_read)} {features.X}')\n"
        "print(os.environ['SMEXT_NOTEBOOK'], os.environ['COLOUR'])",
    )
    given = {"factor": 2.5, "name": "a 'b'", "rows": [1, {"a": None}]}
    kept, job = run(notebook, kind, parameters=given, environment={"COLOUR": "green"})
    assert job[f"{kind.title()}JobStatus"] == "Completed", job.get("FailureReason")
    found = outputs(account, kept)
    assert found["files/made.txt"].decode() == "2.5 \"a 'b'\" [1, {'a': None}] 1 1"
    ran = json.loads(found["notebook.ipynb"])
    assert "analysis/churn.ipynb green" in str(ran["cells"][-1]["outputs"])
    progress = json.loads(read(account, kept.live_uri + "progress.json"))
    assert (progress["status"], progress["done"]) == ("completed", progress["total"])


def test_a_notebook_that_nobody_prepared_runs_at_the_first_try(
    account: Account, run: Run, document: Callable[..., NotebookDocument], root: Path
) -> None:
    """A package from the folder above, a CSV beside it, a package that the image lacks, an edit that is not saved."""
    (root / "shared").mkdir()
    (root / "shared" / "__init__.py").write_text("from .deep import double\n")
    (root / "shared" / "deep.py").write_text("def double(x):\n    return 2 * x\n")
    notebook = document(
        "import csv\nimport pluggy\nfrom shared import double",
        "rows = list(csv.DictReader(open('data.csv')))\n"
        "open('made.txt', 'w').write(f'{double(len(rows))} {pluggy.__name__}')",
        unsaved=True,
    )
    kept, job = run(notebook, "processing")
    assert job["ProcessingJobStatus"] == "Completed", job.get("FailureReason")
    assert read(account, f"{kept.output_uri}files/analysis/made.txt") == b"2 pluggy"


@pytest.mark.parametrize("kind", ["training", "processing"])
def test_a_failing_cell_is_the_reason(
    account: Account, run: Run, document: Callable[..., NotebookDocument], kind: str
) -> None:
    kept, job = run(document("x = {}", "x['tenure']"), kind)
    assert job[f"{kind.title()}JobStatus"] == "Failed"
    assert "KeyError" in json.dumps([job.get("FailureReason"), job.get("ExitMessage")])
    progress = json.loads(read(account, kept.live_uri + "progress.json"))
    assert progress["error"]["cell"] == 2


def test_a_notebook_with_an_odd_name_and_no_kernel_runs(
    account: Account, run: Run, document: Callable[..., NotebookDocument]
) -> None:
    _, job = run(
        document("print(1)", path="🚀 my first try.ipynb", kernel={}), "processing", include_files=False
    )
    assert job["ProcessingJobStatus"] == "Completed", job.get("FailureReason")
