"""`smext run`, `smext logs` and `smext stop`, as somebody types them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from smext.cli import main
from smext.sandbox import Sandbox


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    with Sandbox(scene="empty", mode="exec") as sandbox:
        for name, value in sandbox.env.items():
            monkeypatch.setenv(name, value)
        yield sandbox


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    made.cells = [
        nbformat.v4.new_code_cell("rate = 0.5\nname = ''\non = True", metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell("print('got', repr(rate), repr(name), on, globals().get('extra'))"),
        nbformat.v4.new_code_cell("assert on, 'it is off'"),
    ]
    nbformat.write(made, tmp_path / "train.ipynb")
    (tmp_path / ".env").write_text("TOKEN=1")
    monkeypatch.chdir(tmp_path)
    return tmp_path


Typed = pytest.CaptureFixture[str]
PARAMETERS = ["--param", "rate=1e-5", "--param", "name=5", "--param", "extra=[a, {b: 1}]"]


def test_a_run_that_is_waited_for_ends_with_its_result_and_its_notebook(
    running: Sandbox, here: Path, capsys: Typed
) -> None:
    (here / "occupied.txt").touch()
    code = main(["run", "train.ipynb", "--kind", "training", *PARAMETERS, "--yes", "--wait"])
    out = capsys.readouterr().out
    assert code == 0, out
    assert "got 1e-05 '5' True ['a', {'b': 1}]" in out
    assert "costs  at most $" in out
    name = re.search(r"Launched (\S+)\.", out).group(1)  # type: ignore[union-attr]
    assert "1e-05" in (here / f"{name}.ipynb").read_text()
    # The next plan knows how long it took.
    assert main(["run", "train.ipynb", "--kind", "training", "--dry-run"]) == 0
    assert re.search(rf"costs  at most .*, likely \$0\.00 \(.*{name}", capsys.readouterr().out)
    # Asked for its log again, it is the same; and it cannot be stopped any more.
    assert main(["logs", name]) == 0
    assert "got 1e-05" in capsys.readouterr().out
    assert main(["stop", name, "--yes"]) == 1
    assert "Could not stop a job that is Completed" in capsys.readouterr().err


def test_a_failed_run_ends_with_one_and_says_why(running: Sandbox, here: Path, capsys: Typed) -> None:
    code = main(["run", "train.ipynb", "--param", "on=no", "--yes", "--wait", "--json"])
    caught = capsys.readouterr()
    assert code == 1
    assert json.loads(caught.out)["status"] == "Failed"
    assert "AssertionError: it is off" in caught.err
    assert list(here.glob("train-*.ipynb"))


def test_a_dry_run_shows_the_plan_and_creates_nothing(box: Sandbox, here: Path, capsys: Typed) -> None:
    code = main(["run", "train.ipynb", "--instance", "ml.m5.large", "--max-runtime", "90m", "--dry-run"])
    out = capsys.readouterr().out
    assert code == 0
    assert re.search(r"costs  at most \$0\.17 \(1\.5 h at \$0\.115/hour\)", out)
    assert ".env (looks like a secret)" in out
    assert main(["run", "train.ipynb", "--dry-run", "--json", "--env", "COLOUR=a=b"]) == 0
    assert json.loads(capsys.readouterr().out)["request"]["Environment"]["COLOUR"] == "a=b"
    (here / "list.txt").write_text("six\n")
    assert main(["run", "train.ipynb", "--dry-run", "--json", "--no-files", "--file", "list.*"]) == 0
    assert json.loads(capsys.readouterr().out)["files"] == ["list.txt"]
    assert main(["run", "train.ipynb", "--dry-run", "--json", "--package", "six==1.17.0"]) == 0
    [package] = json.loads(capsys.readouterr().out)["packages"]
    assert package["requirement"] == "six==1.17.0"
    assert "CreateProcessingJob" not in box.control.calls
    assert "PutObject" not in box.control.calls


def test_a_dry_run_shows_packages_parameters_and_variables_with_where_they_come_from(
    box: Sandbox, here: Path, capsys: Typed
) -> None:
    path = here / "train.ipynb"
    made = nbformat.read(path, 4)
    settings = {"parameters": {"rate": 0.25}, "environment": {"COLOUR": "red", "HF_TOKEN": "hush-hush"}}
    made.metadata["smext"] = {"launch": settings}
    nbformat.write(made, path)
    typed = [
        "--param",
        "name=me",
        "--env",
        "SIZE=9",
        "--env",
        "API_KEY=quiet-quiet",
        "--package",
        "six==1.17.0",
    ]
    assert main(["run", "train.ipynb", "--dry-run", *typed]) == 0
    out = capsys.readouterr().out
    for line in (
        r"sets   rate = 0\.25 \(.*notebook.*\)",
        r"sets   name = 'me'",
        r"sets   \$COLOUR = red \(.*notebook.*\)",
        r"sets   \$SIZE = 9",
        r"sets   \$HF_TOKEN = \(secret: not kept\)",
        r"installs  six==1\.17\.0 \(asked for; from the form\)",
    ):
        assert re.search(line, out), (line, out)
    assert main(["run", "train.ipynb", "--dry-run", "--json", *typed]) == 0
    caught = capsys.readouterr()
    shown = out + caught.out + caught.err
    assert "hush-hush" not in shown
    assert "quiet-quiet" not in shown


def test_the_plan_warns_alike_from_the_notebooks_folder_and_from_above(
    box: Sandbox, here: Path, capsys: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "notebooks").mkdir()
    (here / "data.csv").write_text("x")
    made = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    made.cells = [nbformat.v4.new_code_cell("open('../data.csv')")]
    nbformat.write(made, here / "notebooks" / "nb.ipynb")
    for folder, path in ((here, "notebooks/nb.ipynb"), (here / "notebooks", "nb.ipynb")):
        monkeypatch.chdir(folder)
        assert main(["run", path, "--dry-run"]) == 0
        assert "../data.csv (above the notebook's folder)" in capsys.readouterr().out


def test_a_launch_is_printed_as_code(box: Sandbox, here: Path, capsys: Typed) -> None:
    assert main(["run", "train.ipynb", "--kind", "training", "--code", "2"]) == 0
    caught = capsys.readouterr()
    compile(caught.out, "launch.py", "exec")
    assert "Estimator(" in caught.out
    assert main(["run", "train.ipynb", "--code"]) == 0
    assert "has no SageMaker SDK" in capsys.readouterr().err
    assert "CreateTrainingJob" not in box.control.calls


def test_without_a_yes_nothing_is_launched(box: Sandbox, here: Path, capsys: Typed) -> None:
    assert main(["run", "train.ipynb"]) == 1
    assert "There is nobody to ask: add --yes." in capsys.readouterr().err
    assert "CreateProcessingJob" not in box.control.calls


def test_what_cannot_run_is_said_and_not_asked(box: Sandbox, here: Path, capsys: Typed) -> None:
    assert main(["run", "train.ipynb", "--param", "rate=fast", "--yes"]) == 1
    assert "will fail: Parameter rate does not take this value: 'fast'" in capsys.readouterr().out
    assert main(["run", "none.ipynb"]) == 1
    assert "smext run: Could not read the notebook" in capsys.readouterr().err


@pytest.mark.parametrize("wrong", [["--param", "rate"], ["--env", "=1"], ["--max-runtime", "soon"]])
def test_a_wrong_option_is_explained(here: Path, capsys: Typed, wrong: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["run", "train.ipynb", *wrong])
    assert caught.value.code == 2
    assert "write it as" in capsys.readouterr().err


def test_stopping_says_what_is_lost_and_asks(box: Sandbox, here: Path, capsys: Typed) -> None:
    assert main(["run", "train.ipynb", "--yes"]) == 0
    name = re.search(r"Launched (\S+)\.", capsys.readouterr().out).group(1)  # type: ignore[union-attr]
    assert main(["stop", name]) == 1
    caught = capsys.readouterr()
    assert "lost   " in caught.out
    assert "Nothing was stopped" in caught.err
    assert "StopProcessingJob" not in box.control.calls
    assert main(["stop", name, "--yes"]) == 0
    assert "StopProcessingJob" in box.control.calls


def test_a_job_that_is_not_there_is_said(box: Sandbox, capsys: Typed) -> None:
    assert main(["logs", "none"]) == 1
    assert "There is no training or processing job of this name" in capsys.readouterr().err


def test_options_of_every_sort_reach_the_request(box: Sandbox, here: Path, capsys: Typed) -> None:
    box.client("s3").put_object(Bucket=box.bucket, Key="data/a.csv", Body=b"1")
    typed = [
        "run", "train.ipynb", "--dry-run", "--json", "--kind", "training", "--spot", "--max-wait", "2h", "--retries", "2",
        "--tag", "team=blue", "--input", f"train=s3://{box.bucket}/data/", "--input-mode", "FastFile", "--network-isolation",
        "--max-usd", "1", "--no-files",
    ]  # fmt: skip
    main(typed)
    request = json.loads(capsys.readouterr().out)["request"]
    assert request["EnableManagedSpotTraining"] is True
    assert request["StoppingCondition"]["MaxWaitTimeInSeconds"] >= 7200
    assert request["RetryStrategy"] == {"MaximumRetryAttempts": 2}
    assert request["EnableNetworkIsolation"] is True
    assert {"Key": "team", "Value": "blue"} in request["Tags"]
    [channel] = [each for each in request["InputDataConfig"] if each["ChannelName"] == "train"]
    assert channel["InputMode"] == "FastFile"


def test_the_parameters_of_a_notebook_are_listed_without_an_account(here: Path, capsys: Typed) -> None:
    assert main(["run", "train.ipynb", "--params"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "rate  number = 0.5",
        "name  text = ''",
        "on    true or false = True",
    ]
    assert main(["run", "train.ipynb", "--params", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [(each["name"], each["type"], each["text"]) for each in found] == [
        ("rate", "float", "0.5"),
        ("name", "str", ""),
        ("on", "bool", "True"),
    ]
