"""The plan names every package and file that a job would lack, and nothing that it would not."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from smext.api import LaunchRequest, NotebookDocument, Plan
from smext.aws.account import Account
from smext.launch import Limits, plan
from tests.launch.notebook.reading.notebooks import SAMPLES, Sample


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda each: each.name)
def test_the_plan_names_what_is_missing_and_nothing_else(
    sample: Sample,
    account: Account,
    request_of: Callable[..., LaunchRequest],
    document: Callable[..., NotebookDocument],
    root: Path,
) -> None:
    folder = root / "samples"
    for name, text in sample.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    folder.mkdir(exist_ok=True)
    (folder / "nb.ipynb").write_text("{}")
    kernel = {"name": sample.kernel, "language": sample.language}
    made = plan(
        account, request_of(document(*sample.cells, path="samples/nb.ipynb", kernel=kernel)), root, Limits()
    )
    assert packages(made) == sample.packages
    assert files(made) == sample.missing


def packages(made: Plan) -> set[str]:
    said = [each.message for each in made.checks if each.name == "packages" and each.status == "warning"]
    listed = [text.rpartition(": ")[2] for text in said if "imports: " in text]
    return {re.sub(r" \(.*\)", "", each) for text in listed for each in re.split(r", (?![^(]*\))", text)}


def files(made: Plan) -> set[str]:
    said = [each.message for each in made.checks if "names what does not go along: " in each.message]
    gone = [each.message for each in made.checks if "reads what is not there" in each.message]
    stays = {match[1] for text in said for match in re.finditer(r"(?:: |, )([^,(]+) \(", text)}
    return stays | {each for text in gone for each in text.rpartition(": ")[2].split(", ")}
