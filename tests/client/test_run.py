"""Runs from code: the same launch as from the panel, as three lines of Python."""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

import smext
from smext.sandbox import Sandbox


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    with Sandbox(scene="empty", mode="exec") as sandbox:
        for name, value in sandbox.env.items():
            monkeypatch.setenv(name, value)
        yield sandbox


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with a notebook in a folder."""
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "data.csv").write_text("a\n1\n2\n")
    write(tmp_path / "study" / "train.ipynb", "print('rows', len(open('data.csv').readlines()) * factor)")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path: Path, *cells: str) -> None:
    made = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    made.cells.append(nbformat.v4.new_code_cell("factor = 1", metadata={"tags": ["parameters"]}))
    made.cells += [nbformat.v4.new_code_cell(cell) for cell in cells]
    nbformat.write(made, path)


@pytest.mark.parametrize("kind", ["training", "processing"])
def test_a_notebook_runs_and_gives_its_results(
    running: Sandbox, here: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    run = smext.run("study/train.ipynb", kind=kind, instance="ml.m5.large", parameters={"factor": 10})  # type: ignore[arg-type]
    assert run.kind == kind
    assert f"{run.name} on ml.m5.large, at most $0." in capsys.readouterr().out
    assert "rows 30" in list(run.logs())
    assert run.wait() == run.status() == "Completed"
    assert "rows 30" in json.dumps(run.notebook())
    assert run.outputs()
    assert smext.Run.find(run.name) == run or smext.Run.find(run.name).kind == kind


def test_a_failed_run_raises_with_the_cells_error(running: Sandbox, here: Path) -> None:
    write(here / "bad.ipynb", "{}['tenure']")
    with pytest.raises(smext.SmextError, match=r"KeyError: 'tenure'"):
        smext.run("bad.ipynb", wait=True, quiet=True)


def test_the_first_failing_check_is_raised_and_nothing_is_created(
    box: Sandbox, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(smext.SmextError, match="This is no instance type: m5"):
        smext.run("study/train.ipynb", instance="m5")
    with pytest.raises(smext.SmextError, match="instance_count"):
        smext.run("study/train.ipynb", count=0)
    with pytest.raises(smext.SmextError, match="no notebook"):
        smext.run("study/data.csv")
    with pytest.raises(smext.SmextError, match=r"nothing\.ipynb"):
        smext.run("nothing.ipynb")
    assert "CreateProcessingJob" not in box.control.calls
    assert capsys.readouterr().out == ""


def test_a_run_says_its_warnings_and_keeps_secrets_out_of_the_record(
    box: Sandbox, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = {"HF_TOKEN": "hush-hush-hush", "COLOUR": "red"}
    run = smext.run(
        "study/train.ipynb", environment=given, files=["none.csv"], tags={"note": "hush-hush-hush"}
    )
    assert "smext: warning: Nothing has this name: none.csv" in capsys.readouterr().out
    [sent] = [each for each in box.client("sagemaker").list_processing_jobs()["ProcessingJobSummaries"]
              if each["ProcessingJobName"] == run.name]  # fmt: skip
    job = box.client("sagemaker").describe_processing_job(ProcessingJobName=sent["ProcessingJobName"])
    assert job["Environment"]["HF_TOKEN"] == "hush-hush-hush"
    listed = box.client("s3").list_objects_v2(Bucket=box.bucket, Prefix=f"smext/{run.name}/")["Contents"]
    bodies = [
        box.client("s3").get_object(Bucket=box.bucket, Key=each["Key"])["Body"].read() for each in listed
    ]
    assert not [body for body in bodies if b"hush-hush" in body]
    [record] = [json.loads(body) for body in bodies if b'"notebook_id"' in body]
    assert record["form"]["environment"] == {"HF_TOKEN": "(secret: not kept)", "COLOUR": "red"}
    assert record["request"]["Environment"]["COLOUR"] == "red"


def test_a_value_that_was_not_kept_must_be_given_again(box: Sandbox, here: Path) -> None:
    with pytest.raises(smext.SmextError, match="The value of this secret was not kept: HF_TOKEN"):
        smext.run("study/train.ipynb", environment={"HF_TOKEN": "(secret: not kept)"}, quiet=True)


def test_files_and_packages_are_those_of_the_form(box: Sandbox, here: Path) -> None:
    run = smext.run("study/train.ipynb", files=False, packages=["six==1.17.0"], quiet=True)
    client = box.client("s3")
    place = f"smext/{run.name}/input/"
    sent = [
        item["Key"].removeprefix(place)
        for item in client.list_objects_v2(Bucket=box.bucket, Prefix=place)["Contents"]
    ]
    assert not any("files" in name for name in sent)
    told = json.loads(client.get_object(Bucket=box.bucket, Key=f"{place}run.json")["Body"].read())
    assert told["packages"] == ["six==1.17.0"]
    with pytest.raises(smext.SmextError, match="This is no requirement"):
        smext.run("study/train.ipynb", packages=["="])


def test_a_run_is_stopped_once(box: Sandbox, here: Path) -> None:
    run = smext.run("study/train.ipynb", quiet=True)
    assert run.active()
    run.stop()
    box.control.advance(3600)
    assert run.status() == "Stopped"
    with pytest.raises(smext.SmextError, match="Could not stop a job that is Stopped"):
        run.stop()


def test_a_notebook_does_not_launch_itself_for_ever(running: Sandbox, here: Path) -> None:
    cell = "import smext\nsmext.run('loop.ipynb', quiet=True)"
    # The job's interpreter is that of these tests, and the notebook lies where the job runs it.
    write(
        here / "loop.ipynb", f"import sys; sys.path.insert(0, {str(Path(smext.__file__).parents[1])!r})", cell
    )
    with pytest.raises(smext.SmextError, match="launch itself without end"):
        smext.run("loop.ipynb", wait=True, quiet=True)
    client = running.client("sagemaker")
    assert len(client.list_processing_jobs()["ProcessingJobSummaries"]) == 1


def test_nothing_is_found_under_an_unknown_name(box: Sandbox) -> None:
    with pytest.raises(
        smext.SmextError, match="no training or processing job of this name in us-east-1: none"
    ):
        smext.Run.find("none")


def test_importing_smext_imports_nothing_heavy() -> None:
    code = "import smext, sys; print([m for m in ('boto3', 'botocore', 'pydantic', 'tornado') if m in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"


def test_what_is_exported_is_there_and_nothing_else() -> None:
    assert all(hasattr(smext, name) and name in dir(smext) for name in smext.__all__)
    assert callable(smext.run)
    with pytest.raises(AttributeError, match="no attribute 'launch_all'"):
        smext.launch_all  # noqa: B018


def test_a_plan_is_shown_and_then_launched(box: Sandbox, here: Path) -> None:
    made = smext.plan("study/train.ipynb", instance="ml.m5.2xlarge", max_usd=2, tags={"team": "blue"})
    assert "runs   study/train.ipynb as a processing job on ml.m5.2xlarge" in str(made)
    assert made.plan.max_usd == pytest.approx(2, abs=0.01)
    assert {check.status for check in made.checks} <= {"ok", "warning", "cannot tell"}
    assert "CreateProcessingJob" not in box.control.calls
    run = made.launch()
    job = box.client("sagemaker").describe_processing_job(ProcessingJobName=run.name)
    assert job["ProcessingResources"]["ClusterConfig"]["InstanceType"] == "ml.m5.2xlarge"
    tags = box.client("sagemaker").list_tags(ResourceArn=job["ProcessingJobArn"])["Tags"]
    assert {"Key": "team", "Value": "blue"} in tags


def test_what_was_launched_last_is_what_the_next_opens_with(box: Sandbox, here: Path) -> None:
    smext.run("study/train.ipynb", volume_gb=44, quiet=True)
    again = smext.plan("study/train.ipynb")
    assert again.form.volume_gb == 44
    assert "with   volume_gb 44 (as last time)" in str(again)


def test_an_administrators_settings_hold_in_code(box: Sandbox, here: Path) -> None:
    place = Path(os.environ["JUPYTER_CONFIG_DIR"])
    place.mkdir(parents=True)
    (place / "jupyter_server_config.py").write_text(
        "c = get_config()\nc.SmextApp.max_usd = 0.1\nc.SmextApp.fixed = {'volume_gb': 77}"
    )
    with pytest.raises(smext.SmextError, match=r"a launch may cost \$0\.10 at most here"):
        smext.run("study/train.ipynb", volume_gb=5)
    made = smext.plan("study/train.ipynb", volume_gb=5, max_runtime=600)
    assert made.plan.request["ProcessingResources"]["ClusterConfig"]["VolumeSizeInGB"] == 77
    assert made.failing() is None


def test_a_notebook_is_the_same_from_the_panel_and_from_code(
    box: Sandbox, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its kernel works in the notebook's folder, and the server shows the one above."""
    runtime = Path(os.environ["JUPYTER_RUNTIME_DIR"])
    runtime.mkdir(parents=True)
    info = {"pid": os.getpid(), "root_dir": str(here)}
    (runtime / "jpserver-1.json").write_text(json.dumps(info))
    monkeypatch.chdir(here / "study")
    made = smext.plan("train.ipynb")
    assert made.plan.request["Environment"]["SMEXT_NOTEBOOK"] == "study/train.ipynb"


def test_parameters_from_python_are_exact_and_join_those_of_the_metadata(box: Sandbox, here: Path) -> None:
    path = here / "study" / "train.ipynb"
    made = nbformat.read(path, 4)
    made.cells[0].source = "factor = 1\nname = None\nlr = 1"
    made.metadata["smext"] = {"launch": {"parameters": {"lr": 5, "name": "x"}}}
    nbformat.write(made, path)
    assert [(each.name, each.default) for each in smext.parameters(path)] == [
        ("factor", "1"),
        ("name", "None"),
        ("lr", "1"),
    ]
    planned = smext.plan(path, parameters={"name": " 5 "})
    assert planned.plan.parameters == {"name": "' 5 '", "lr": "5"}
    assert "sets   lr = 5 (this notebook)" in str(planned)
    for value in (datetime.date(2024, 1, 1), {1}, b"a"):
        with pytest.raises(smext.SmextError, match="Parameter factor"):
            smext.plan(path, parameters={"factor": value})
