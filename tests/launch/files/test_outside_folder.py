"""What goes along from above the notebook's folder, by name or because it is imported, and what is said of the rest."""

from __future__ import annotations

import io
import json
import os
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from smext.api import Check, LaunchRequest, NotebookDocument, Plan
from smext.aws.account import Account
from smext.aws.s3 import read
from smext.launch import Limits, apply, plan

Notebook = Callable[..., NotebookDocument]
Planned = Callable[..., Plan]


@pytest.fixture
def planned(account: Account, request_of: Callable[..., LaunchRequest], root: Path) -> Planned:
    def make(notebook: NotebookDocument, **form: Any) -> Plan:
        return plan(account, request_of(notebook, **form), root, Limits())

    return make


def checks(made: Plan, status: str) -> list[Check]:
    return [each for each in made.checks if each.name == "files" and each.status == status]


def write(root: Path, *paths: str, text: str = "x\n") -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


OWN = ["data.csv", "lib/features.py"]


def test_files_are_named_by_pattern_also_above(planned: Planned, document: Notebook, root: Path) -> None:
    write(root, "shared/a.py", "shared/b.txt", "shared/deep/c.py", "top.csv", "data/x/y.bin")
    made = planned(document(), files=["../shared/*.py", "/top.csv", "../data", "data.csv"])
    assert made.files == [*OWN, "../shared/a.py", "../top.csv", "../data/x/y.bin"]
    assert made.can_run


def test_without_the_folder_only_what_is_named_goes_along(planned: Planned, document: Notebook) -> None:
    assert planned(document(), include_files=False, files=["data.csv"]).files == ["data.csv"]


def test_what_is_named_goes_along_although_a_rule_leaves_it_out(
    planned: Planned, document: Notebook, root: Path
) -> None:
    write(root, "analysis/.gitignore", text="*.csv\n")
    made = planned(document())
    assert made.files == ["lib/features.py"]
    assert [(each.path, each.why) for each in made.left_out] == [("data.csv", "ignored by .gitignore")]
    made = planned(document(), files=["*.csv"])
    assert set(made.files) == set(OWN)
    assert made.left_out == []


def test_a_secret_goes_along_only_by_its_full_name_and_with_a_warning(
    planned: Planned, document: Notebook, root: Path
) -> None:
    write(root, "conf/.env", "conf/key.pem", "conf/a.txt")
    made = planned(document(), files=["../conf/*"])
    assert made.files == [*OWN, "../conf/a.txt"]
    assert "../conf/key.pem" in {each.path for each in made.left_out}
    made = planned(document(), files=["../conf/.env"])
    assert made.files == [*OWN, "../conf/.env"]
    assert "looks like a secret" in checks(made, "warning")[0].message


def test_a_secret_behind_a_link_or_in_a_secret_folder_does_not_go_along_by_a_pattern(
    planned: Planned, document: Notebook, root: Path
) -> None:
    write(root, "conf/.env", "conf/.aws/config", "conf/.aws/sso/cache.db", "conf/.aws/sso/token")
    (root / "conf" / "plain.txt").symlink_to(root / "conf" / ".env")
    made = planned(document(), files=["../conf/*", "../conf/.a*", "../conf/.aws/c*"])
    assert made.files == OWN
    stayed = {each.path for each in made.left_out if each.why == "looks like a secret"}
    assert stayed == {"../conf/plain.txt", "../conf/.aws", "../conf/.aws/config"}
    made = planned(document(), files=["../conf/.aws/config", "../conf/.aws/sso"])
    assert made.files == [*OWN, "../conf/.aws/config", "../conf/.aws/sso/cache.db"]
    assert len(checks(made, "warning")) == 2


def test_a_name_that_is_not_utf_8_stays(planned: Planned, document: Notebook, root: Path) -> None:
    (root / "odd").mkdir()
    (root / "odd" / os.fsdecode(b"caf\xe9.csv")).write_text("x")
    (root / "odd" / "a.csv").write_text("x")
    made = planned(document(), files=["../odd/*"])
    assert made.files == [*OWN, "../odd/a.csv"]
    assert ("../odd/caf?.csv", "its name is not UTF-8") in {(each.path, each.why) for each in made.left_out}
    assert made.model_dump_json()


def test_a_module_above_that_is_a_link_out_of_the_servers_folder_stays(
    planned: Planned, document: Notebook, root: Path, tmp_path: Path
) -> None:
    write(tmp_path, "private/single.py", "private/several/a.py")
    (root / "single.py").symlink_to(tmp_path / "private" / "single.py")
    (root / "several").symlink_to(tmp_path / "private" / "several")
    assert planned(document("import single, several.a")).files == OWN


def test_a_name_that_nothing_has_is_said(planned: Planned, document: Notebook) -> None:
    made = planned(document(), files=["*.parquet", "\0"])
    assert [each.message.split(": ")[0] for each in checks(made, "warning")] == ["Nothing has this name"] * 2
    assert checks(made, "warning")[0].field == "files"


@pytest.mark.parametrize("pattern", ["../../outside.txt", "../../*.txt", "link.txt"])
def test_what_lies_outside_of_the_servers_folder_stays(
    planned: Planned, document: Notebook, root: Path, tmp_path: Path, pattern: str
) -> None:
    (tmp_path / "outside.txt").write_text("private")
    (root / "analysis" / "link.txt").symlink_to(tmp_path / "outside.txt")
    made = planned(document(), files=[pattern])
    assert not made.can_run
    assert made.files == OWN
    assert "outside" in checks(made, "will fail")[0].message


def test_modules_above_that_are_imported_go_along(planned: Planned, document: Notebook, root: Path) -> None:
    write(root, "helper.py", text="import common.deep\nimport pandas\n")
    write(root, "common/__init__.py", "common/deep.py", "unrelated.py", "pandas.txt")
    made = planned(document("import helper, os, json", path="analysis/churn.ipynb"))
    assert set(made.files) == {*OWN, "../helper.py", "../common/__init__.py", "../common/deep.py"}
    assert "../helper.py, ../common/" in checks(made, "ok")[-1].message


def test_a_package_that_the_kernel_has_is_not_looked_for_above(
    planned: Planned, document: Notebook, root: Path
) -> None:
    write(root, "pytest/__init__.py", "boto3.py")
    assert planned(document("import pytest, boto3")).files == OWN


def test_nothing_above_the_servers_folder_is_looked_at(
    planned: Planned, document: Notebook, root: Path, tmp_path: Path
) -> None:
    write(tmp_path, "helper.py")
    made = planned(document("import helper"))
    assert made.files == OWN
    assert any("helper" in each.message for each in made.checks if each.name == "packages")


def test_files_that_the_notebook_names_and_that_stay_are_said(
    planned: Planned, document: Notebook, root: Path
) -> None:
    write(root, "analysis/.gitignore", text="big/\n")
    write(root, "analysis/big/x.csv", "analysis/.env", "other.csv")
    source = "open('big/x.csv'); open('../other.csv'); load('.env'); open('data.csv'); open('../gone.csv')"
    [found] = checks(planned(document(source)), "warning")
    for text in ("big/x.csv (ignored by .gitignore)", "../other.csv (above", ".env (looks like a secret)"):
        assert text in found.message
    assert "data.csv (" not in found.message
    assert "gone.csv" not in found.message
    assert checks(planned(document(source), files=["../other.csv", "big/x.csv", ".env"]), "warning")


def test_a_file_is_not_found_by_its_absolute_path(planned: Planned, document: Notebook, root: Path) -> None:
    """Whether it goes along or not, and wherever the server's folder lies."""
    write(root, "top.csv")
    source = f"open('{root}/analysis/data.csv'); open('{root}/top.csv'); open('/etc/hosts'); open('data.csv')"
    [found] = checks(planned(document(source)), "warning")
    assert f"{root}/analysis/data.csv (an absolute path" in found.message
    assert f"{root}/top.csv (an absolute path" in found.message
    assert "hosts" not in found.message


def test_files_of_what_is_run_are_said(planned: Planned, document: Notebook, root: Path) -> None:
    write(root, "other.csv", "above.py")
    write(root, "analysis/train.py", text="open('../other.csv'); open('gone.csv'); open('data.csv')\n")
    made = planned(document("!python train.py", "%run ../above.py"))
    [found] = checks(made, "warning")
    assert "../other.csv (above the notebook's folder), ../above.py (above" in found.message
    [gone] = [each for each in made.checks if each.name == "missing files"]
    assert gone.message.endswith(": gone.csv")


def test_large_files_are_named(planned: Planned, document: Notebook, root: Path) -> None:
    with (root / "analysis" / "large.bin").open("wb") as file:
        file.truncate(20 * 1024 * 1024)
    assert "large.bin 20 MB" in checks(planned(document()), "ok")[0].message


def test_the_working_tree_begins_at_the_highest_folder(
    account: Account, request_of: Callable[..., LaunchRequest], document: Notebook, root: Path
) -> None:
    write(root, "team/deep/nb.ipynb", "team/deep/own.csv", "team/helper.py", "top.csv")
    request = request_of(document("import helper", path="team/deep/nb.ipynb"), files=["/top.csv"])
    made = plan(account, request, root, Limits())
    apply(account, request.model_copy(update={"name": made.name}), root, Limits())
    base = made.record_uri.replace("record.json", "input/")
    run = json.loads(read(account, f"{base}run.json"))
    assert (run["notebook"], run["paths"]) == ("team/deep/nb.ipynb", ["team"])
    where, name = json.loads(read(account, f"{base}files.manifest"))
    with tarfile.open(fileobj=io.BytesIO(read(account, where["prefix"] + name))) as archive:
        assert set(archive.getnames()) == {"team/deep/own.csv", "team/helper.py", "top.csv"}
