from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

from smext.runner.failure import Failure
from smext.runner.kernels import OWN, choose

if TYPE_CHECKING:
    from tests.runner.conftest import Container


def spec(language: str, *argv: str) -> dict[str, Any]:
    return {"language": language, "argv": list(argv) or ["R", "--slave"]}


SPECS = {
    "python3": spec("python", "/opt/conda/bin/python", "-m", "ipykernel_launcher"),
    "ir44": spec("R"),
    "bash": spec("bash", "python", "-m", "bash_kernel"),
}


def test_the_named_kernel_is_taken() -> None:
    kernel = choose("ir44", "r", SPECS)
    assert (kernel.name, kernel.language, kernel.python, kernel.note) == ("ir44", "r", None, None)


def test_only_a_python_kernel_has_an_interpreter_to_install_into() -> None:
    assert choose("bash", "bash", SPECS).python is None


@pytest.mark.parametrize(("name", "language"), [("conda_pytorch_p310", "python"), ("conda_x", None)])
def test_python_needs_no_kernelspec_but_a_note(name: str, language: str | None) -> None:
    kernel = choose(name, language, {})
    assert (kernel.name, kernel.python) == (OWN, sys.executable)
    assert kernel.note is not None
    assert name in kernel.note


def test_a_notebook_without_a_kernel_runs_on_python_without_a_note() -> None:
    assert choose(None, None, SPECS).note is None


def test_another_kernel_of_the_same_language_will_do() -> None:
    kernel = choose("ir", "r", SPECS)
    assert kernel.name == "ir44"
    assert kernel.note is not None


def test_a_language_without_a_kernel_is_refused_with_those_that_exist() -> None:
    with pytest.raises(
        Failure, match=r"julia-1\.10 \(language julia\)\. Kernels that it has: bash, ir44, python3\."
    ):
        choose("julia-1.10", "julia", SPECS)


def test_the_notebook_says_nothing_of_the_kernel_that_stood_in(training: Container) -> None:
    metadata = {"kernelspec": {"name": "conda_pytorch_p310", "display_name": "PyTorch", "language": "python"}}
    content = training.notebook("1 + 1", **metadata)
    outcome = training.run_file(content, kernel="conda_pytorch_p310")
    assert outcome.exit_code == 0, outcome.log
    assert (
        "smext: note: the image has no kernel named conda_pytorch_p310; running on the image's Python"
        in outcome.log
    )
    assert outcome.notebook["metadata"]["kernelspec"] == metadata["kernelspec"]


def test_a_kernel_of_the_image_is_used_with_its_own_environment(training: Container) -> None:
    folder = training.root.parent / "jupyter/kernels/special"
    folder.mkdir(parents=True)
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    content = {"argv": argv, "language": "python", "display_name": "S", "env": {"FROM_SPEC": "yes"}}
    (folder / "kernel.json").write_text(json.dumps(content))
    training.environment = {"JUPYTER_PATH": str(training.root.parent / "jupyter")}
    outcome = training.run("import os; os.environ['FROM_SPEC']", kernel="special")
    assert outcome.text(0) == "'yes'"


def test_a_kernel_that_does_not_start_is_named(training: Container) -> None:
    folder = training.root.parent / "jupyter/kernels/broken"
    folder.mkdir(parents=True)
    argv = ["/bin/sh", "-c", "echo no license; exit 1", "{connection_file}"]
    content = {"argv": argv, "language": "python", "display_name": "B"}
    (folder / "kernel.json").write_text(json.dumps(content))
    training.environment = {"JUPYTER_PATH": str(training.root.parent / "jupyter")}
    outcome = training.run("1", kernel="broken")
    assert outcome.exit_code == 1
    assert outcome.failure.startswith("Could not start the kernel: broken (")
    assert "\nno license\n" in outcome.log
    assert outcome.progress["status"] == "failed"


def test_a_missing_language_fails_the_run_in_words(training: Container) -> None:
    outcome = training.run("1", kernel="julia-1.10", language="julia")
    assert outcome.exit_code == 1
    assert "The image has no kernel for this notebook: julia-1.10" in outcome.failure
    assert "python3" in outcome.failure
