"""A plan as code: readable, whole, and safe to run. What it asks AWS for is compared in tests/sdk."""

from __future__ import annotations

import ast
import json
import math
import subprocess
import sys
import textwrap
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from smext import errors
from smext.api import Code, CodeRequest, LaunchRequest, NotebookDocument
from smext.aws.account import Account
from smext.launch import Limits, code, plan
from smext.launch.plan import draft
from smext.launch.sdk_code import cell
from smext.launch.sdk_code.job import Job, job_of
from smext.launch.sdk_code.text import Source, call, literal
from smext.sandbox import Sandbox

OTHER_IMAGE = "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.8.0-cpu-py312"
Asked = Callable[..., LaunchRequest]
Document = Callable[..., NotebookDocument]


@pytest.fixture
def made(account: Account, request_of: Asked, root: Path) -> Callable[..., Code]:
    """The code of a launch: form members by keyword."""

    def make(notebook: NotebookDocument | None = None, sdk: str | None = "3", **form: Any) -> Code:
        asked = CodeRequest.model_validate({**request_of(notebook, **form).model_dump(), "sdk": sdk})
        return code(account, asked, root, Limits())

    return make


@pytest.fixture
def job(account: Account, request_of: Asked, root: Path) -> Callable[..., Job]:
    def make(notebook: NotebookDocument | None = None, **form: Any) -> Job:
        asked = request_of(notebook, **form)
        return job_of(draft(account, asked, root, Limits()), asked.notebook, "3")

    return make


@pytest.mark.parametrize("sdk", ["3", "2"])
@pytest.mark.parametrize("kind", ["training", "processing"])
@pytest.mark.parametrize("image", ["", OTHER_IMAGE])
def test_a_cell_is_short_and_says_why(made: Callable[..., Code], sdk: str, kind: str, image: str) -> None:
    found = made(sdk=sdk, job_kind=kind, image=image, parameters={"rate": 0.1}, environment={"A": "b"})
    ast.parse(found.source)
    lines = found.source.splitlines()
    assert len(lines) <= 76
    assert max(map(len, lines)) <= 125
    assert sum("# " in line for line in lines) >= 5
    assert "at most" not in found.note
    assert "caps what it costs: $0.23" in found.source


def test_each_sdk_gets_its_own_classes(made: Callable[..., Code]) -> None:
    classes = {
        ("3", "training", ""): "TrainingJob.create(",
        ("3", "training", OTHER_IMAGE): "ModelTrainer(",
        ("3", "processing", ""): "from sagemaker.core.processing import Processor",
        ("2", "training", ""): "Estimator(",
        ("2", "processing", ""): "from sagemaker.processing import ",
    }
    for (sdk, kind, image), text in classes.items():
        assert text in made(sdk=sdk, job_kind=kind, image=image).source


@pytest.mark.parametrize("sdk", ["3", "2"])
@pytest.mark.parametrize("kind", ["training", "processing"])
@pytest.mark.parametrize("image", ["", OTHER_IMAGE])
def test_a_secret_is_read_where_the_code_runs(
    made: Callable[..., Code], sdk: str, kind: str, image: str
) -> None:
    given = {"HF_TOKEN": "hush-hush", "COLOUR": "green"}
    source = made(sdk=sdk, job_kind=kind, image=image, environment=given).source
    ast.parse(source)
    assert '"HF_TOKEN": os.environ["HF_TOKEN"]' in source
    assert "hush" not in source


def test_the_marks_of_smext_stay_out_of_it(made: Callable[..., Code]) -> None:
    source = made(environment={"COLOUR": "green"}).source
    assert '"COLOUR": "green"' in source
    assert "smext:notebook" not in source
    assert "SMEXT_RUN" not in source
    assert "runner" not in source


def test_files_that_stay_are_named_to_stay(made: Callable[..., Code], root: Path) -> None:
    folder = root / "analysis"
    (folder / "lib" / "secrets.json").write_text("{}")
    (folder / ".env").write_text("TOKEN=1")
    source = made().source
    assert 'files = ["data.csv", "lib"]' in source
    assert '"secrets.json"' in source
    alone = made(include_files=False).source
    assert "files = []" in alone
    assert "copytree(each" not in alone


def test_what_lies_above_goes_along_to_its_place(
    made: Callable[..., Code], root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "shared").mkdir()
    (root / "shared" / "util.py").write_text("Y = 2\n")
    found = made(files=["../shared"])
    assert 'files = ["data.csv", "lib", "../shared/util.py"]' in found.source
    assert 'inside = "analysis"' in found.source
    # The folder as the code lays it out, without what sends it.
    monkeypatch.chdir(root / "analysis")
    lines = found.source.split("def launch():")
    staging = lines[1].split("    S3Uploader")[0].split("gmtime())")[1].partition("    folder =")[2]
    space: dict[str, Any] = {}
    exec(lines[0], space)
    exec(textwrap.dedent("    folder =" + staging), space)
    laid = {path.relative_to(space["folder"]).as_posix() for path in Path(space["folder"]).rglob("*.*")}
    assert laid == {
        "run_notebook.py",
        "analysis/churn.ipynb",
        "analysis/data.csv",
        "analysis/lib/features.py",
        "shared/util.py",
    }


def test_many_files_from_above_are_named_by_their_folder(made: Callable[..., Code], root: Path) -> None:
    (root / "shared" / "deep").mkdir(parents=True)
    for number in range(6):
        (root / "shared" / f"m{number}.py").touch()
        (root / "shared" / "deep" / f"m{number}.py").touch()
    assert 'files = ["data.csv", "lib", "../shared"]' in made(files=["../shared"]).source


def test_packages_of_the_form_are_installed(made: Callable[..., Code]) -> None:
    source = made(packages=["xgboost==2.1.4"]).source
    assert 'requirements = ["xgboost==2.1.4"]' in source
    assert "wanted = {requirements!r} + [" in source


@pytest.mark.parametrize(
    "name",
    [
        'a\'b "c" {notebook} %d.ipynb',
        "\U0001f680 first try.ipynb",
        "x\nimport os; os.abort() #.ipynb",
        '""" + str(1) + """.ipynb',
    ],
)
def test_no_name_gets_out_of_its_quotes(made: Callable[..., Code], document: Document, name: str) -> None:
    notebook = document(path=f"analysis/{name}", kernel={"name": "{1/0}", "language": "python"})
    source = made(notebook, include_files=False).source
    space: dict[str, Any] = {}
    settings = source.split("def launch():")[0]
    exec(settings, space)
    assert space["notebook"] == name
    script = ast.parse(space["run_notebook"])
    [ran] = [
        node
        for node in ast.walk(script)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "papermill.execute_notebook"
    ]
    path, output, given = [ast.literal_eval(each) for each in ran.args]
    assert [path.format(), output.format(), given] == [name, name, {}]
    assert "{1/0}" not in source


def test_another_kernel_is_taken_where_the_image_has_it(
    made: Callable[..., Code], document: Document
) -> None:
    source = made(document(kernel={"name": "my-env", "language": "python"})).source
    assert "kernel = 'my-env' if 'my-env' in find_kernel_specs() else 'python3'" in source
    assert "kernel_name=kernel" in source
    other = made(document(kernel={"name": "ir", "language": "R"})).source
    assert "kernel_name" not in other


def test_what_to_do_first_is_said(
    made: Callable[..., Code], document: Document, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert made().note == ""
    assert "Save the notebook first" in made(document(unsaved=True)).note
    # The interpreter of these tests has no SDK.
    found = made(sdk=None)
    assert (found.sdk, "has no SageMaker SDK" in found.note) == ("3", True)


def test_the_kernels_own_sdk_is_taken(
    made: Callable[..., Code], document: Document, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kernel whose interpreter has SDK 2: its metadata lies on a path of the kernel's environment."""
    installed = tmp_path / "site" / "sagemaker-2.257.7.dist-info"
    installed.mkdir(parents=True)
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: sagemaker\nVersion: 2.257.7\n")
    kernel = tmp_path / "kernels" / "old"
    kernel.mkdir(parents=True)
    spec = {
        "argv": ["python", "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": "Old",
        "language": "python",
        "env": {"PYTHONPATH": str(tmp_path / "site")},
    }
    (kernel / "kernel.json").write_text(json.dumps(spec))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    found = made(document(kernel={"name": "old", "language": "python"}), sdk=None)
    assert (found.sdk, found.note) == ("2", "")


def test_what_the_code_leaves_out_is_said(job: Callable[..., Job]) -> None:
    whole = job(job_kind="training", image=OTHER_IMAGE)
    assert cell._unsaid(whole) == ""
    more = {**whole.request, "InfraCheckConfig": {"EnableInfraCheck": True}}
    assert cell._unsaid(replace(whole, request=more)) == (
        "Not in this code: InfraCheckConfig.EnableInfraCheck."
    )
    # TrainingJob.create is given every member.
    space = job(job_kind="training")
    more = {**space.request, "InfraCheckConfig": {"EnableInfraCheck": True}}
    full = replace(space, request=more)
    assert cell._unsaid(full) == ""
    assert 'infra_check_config={"enable_infra_check": True}' in cell.source(full)


@pytest.mark.parametrize(
    "value",
    [
        "plain",
        'quote " and \\ and \n and \x00 and é and \U0001f680 and \u2028 and \ud800',
        {"a": [1, 2.5, None, True, {"b": "c" * 90}], "long": ["x" * 30] * 9},
        [],
        {},
        -0.0,
        10**30,
    ],
)
def test_literals_are_what_they_were(value: Any) -> None:
    text = literal(value)
    assert ast.literal_eval(text) == value
    if isinstance(value, dict):
        assert max(map(len, text.splitlines())) <= 115


def test_a_long_call_has_an_argument_a_line() -> None:
    assert call("f", [("a", 1), ("b", None)]) == "f(a=1)"
    assert call("f", [("a", "x" * 60), ("b", Source("y" * 60))]).splitlines() == [
        "f(",
        f'    a="{"x" * 60}",',
        f"    b={'y' * 60},",
        ")",
    ]


def test_a_list_that_pip_cannot_read_is_written_out(job: Callable[..., Job], root: Path) -> None:
    (root / "analysis" / "environment.yml").write_text(
        "dependencies: [numpy=2, python=3.12, {pip: [--pre, rich]}]"
    )
    (root / "analysis" / "r.txt").write_text("numpy\n")
    assert job(requirements="environment.yml").packages == ["numpy==2.*", "--pre", "rich"]
    assert job(requirements="r.txt").packages == ["-r", "r.txt"]


COMPUTING = (
    "epochs = 100\nlayers = [1, 2]\nif True:\n    epochs = 1\nlayers.append(3)\nprompt = '''a\n!b\n'''"
)
SHOW = "print(epochs, layers, repr(prompt))"


def run_as_in_the_container(found: Code, notebook: NotebookDocument, folder: Path) -> str:
    """What the last cell printed, where the cell's script ran the notebook."""
    scope: dict[str, Any] = {}
    exec(found.source.partition("def launch")[0], scope)
    (folder / "sent").mkdir()
    (folder / "sent" / "run_notebook.py").write_text(scope["run_notebook"], encoding="utf-8")
    (folder / "sent" / scope["notebook"]).write_text(json.dumps(notebook.content))
    script = [sys.executable, str(folder / "sent" / "run_notebook.py"), str(folder / "out")]
    done = subprocess.run(script, capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode == 0, done.stderr
    ran = json.loads((folder / "out" / "notebook" / scope["notebook"]).read_text("utf-8"))
    return "".join("".join(each["text"]) for each in ran["cells"][-1]["outputs"])


@pytest.mark.parametrize(
    ("sources", "given", "shown"),
    [
        ([("parameters", COMPUTING), SHOW], {}, "1 [1, 2, 3] 'a\\n!b\\n'"),
        ([("parameters", COMPUTING), SHOW], {"epochs": 7}, "7 [1, 2, 3] 'a\\n!b\\n'"),
        ([("parameters", "a = 0.5\nb = []"), "print(a, b)"], {"a": math.inf, "b": [math.nan]}, "inf [nan]"),
        ([("parameters", "a = (1, 2)"), "print(a)"], {"a": (3, "\ud800")}, "(3, '\\ud800')"),
        (
            [
                ("parameters", "a = 1\nb = 1\nc = 1"),
                ("injected-parameters", "a = 2\nb = 2"),
                "print(a, b, c)",
            ],
            {"b": 3},
            "2 3 1",
        ),
    ],
)
def test_the_code_sets_what_the_launch_sets(
    made: Callable[..., Code], document: Document, tmp_path: Path, sources: list[Any], given: Any, shown: str
) -> None:
    pytest.importorskip("papermill")
    notebook = document(*sources)
    for each in notebook.content["cells"]:
        each["outputs"] = []
    found = made(notebook, parameters=given)
    assert run_as_in_the_container(found, notebook, tmp_path).strip() == shown


@pytest.mark.parametrize("name", ["a{b}.ipynb", "{}.ipynb", "{{0}} }{!r}.ipynb", "%s {run_uuid}.ipynb"])
def test_a_name_with_braces_is_the_name_of_the_file(
    made: Callable[..., Code], document: Document, tmp_path: Path, name: str
) -> None:
    pytest.importorskip("papermill")
    notebook = document(("parameters", "b = 1"), "print(b)", path=f"analysis/{name}")
    for each in notebook.content["cells"]:
        each["outputs"] = []
    found = made(notebook, parameters={"b": 2}, include_files=False)
    assert run_as_in_the_container(found, notebook, tmp_path).strip() == "2"


def test_the_code_sets_nothing_where_nothing_is_set(made: Callable[..., Code], document: Document) -> None:
    found = made(document(("parameters", COMPUTING), ("injected-parameters", "epochs = 3"), SHOW))
    assert "\nparameters = {}\n" in found.source
    assert "nbformat" not in found.source


def test_code_is_refused_as_the_plan_refuses_the_language(
    made: Callable[..., Code], document: Document, account: Account, request_of: Asked, root: Path
) -> None:
    notebook = document("x = 1", kernel={"name": "ilua", "language": "lua"})
    asked = request_of(notebook, parameters={"x": 2})
    [said] = [each for each in plan(account, asked, root, Limits()).checks if each.name == "parameters"]
    assert said.status == "will fail"
    with pytest.raises(errors.Invalid) as caught:
        made(notebook, parameters={"x": 2})
    assert (caught.value.message, caught.value.advice, caught.value.field) == (
        said.message,
        said.advice,
        said.field,
    )
    assert "lua" in said.message
    assert made(notebook).source


def test_the_code_writes_the_notebooks_language(made: Callable[..., Code], document: Document) -> None:
    notebook = document(("parameters", "name=x"), kernel={"name": "bash", "language": "bash"})
    found = made(notebook, parameters={"name": "$(rm x)"})
    assert "setting = \"# Parameters\\nname='$(rm x)'\"" in found.source
    ast.parse(found.source)
