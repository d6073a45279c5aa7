"""Notebooks of SageMaker SDK 2 on an image that has SDK 3."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from smext.api import Check, LaunchRequest, NotebookDocument
from smext.aws.account import Account
from smext.launch import Limits, plan
from smext.launch.packages import sagemaker_sdk

IMAGE = "885854791233.dkr.ecr.us-east-1.amazonaws.com/sagemaker-distribution-prod:{}-cpu"
SDK_3, SDK_2 = IMAGE.format("4.4.1"), IMAGE.format("3.9.10")
Warned = Callable[..., list[Check]]


@pytest.fixture
def warned(
    account: Account,
    request_of: Callable[..., LaunchRequest],
    document: Callable[..., NotebookDocument],
    root: Path,
) -> Warned:
    """What the plan says of the SDK, for a notebook whose kernel is not on this machine."""

    def make(*cells: str, image: str = SDK_3, **form: Any) -> list[Check]:
        notebook = document(*cells, kernel={"name": "conda_python3", "language": "python"})
        asked = request_of(notebook, image=image, **form)
        made = plan(account, asked, root, Limits(patience_seconds=600.0))
        return [each for each in made.checks if "SageMaker SDK" in each.message]

    return make


@pytest.mark.parametrize(
    ("cell", "lost"),
    [
        ("import sagemaker.estimator", "sagemaker.estimator"),
        ("from sagemaker.sklearn.estimator import SKLearn", "sagemaker.sklearn"),
        ("from sagemaker import get_execution_role", "sagemaker.get_execution_role"),
        ("from sagemaker import Session, image_uris", "sagemaker.Session, sagemaker.image_uris"),
        ("import sagemaker\nrole = sagemaker.get_execution_role()", "sagemaker.get_execution_role"),
        ("import sagemaker as sm\nsm.inputs.TrainingInput('s3://b/k')", "sagemaker.inputs"),
        ("import helper", "sagemaker.pytorch"),
    ],
)
def test_what_only_sdk_2_has_is_named_with_what_to_do(
    warned: Warned, root: Path, cell: str, lost: str
) -> None:
    (root / "analysis" / "helper.py").write_text("from sagemaker.pytorch import PyTorch\n")
    [said] = warned(cell)
    assert said.status == "warning"
    assert said.message == (
        f"SageMaker Distribution 4.4.1 has SageMaker SDK 3.12.0, which no longer has: {lost}"
    )
    assert said.advice == "Write sagemaker<3 under Packages, or choose an image with SDK 2 (3.9.10)."
    assert said.field == "packages"


@pytest.mark.parametrize(
    "cell",
    [
        "import sagemaker\nprint(sagemaker.__version__)",
        "from sagemaker.core.resources import TrainingJob\nfrom sagemaker.train import ModelTrainer",
        "from sagemaker import core, train, serve, mlops",
        "import sagemaker.lineage, sagemaker.ai_registry.dataset",
        "try:\n    from sagemaker import Session\nexcept ImportError:\n    from sagemaker.core.helper.session_helper import Session",
        "import boto3\nsagemaker = boto3.client('sagemaker')\nsagemaker.list_models()",
        "import sagemaker_studio, sagemaker_datawrangler",
    ],
)
def test_what_sdk_3_has_is_no_matter(warned: Warned, cell: str) -> None:
    assert warned(cell) == []


OLD = "import sagemaker.estimator"


def test_an_image_with_sdk_2_or_an_unknown_one_is_no_matter(warned: Warned) -> None:
    assert warned(OLD, image=SDK_2) == []
    assert warned(OLD, image="123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1") == []


@pytest.mark.parametrize("requirement", ["sagemaker<3", "sagemaker==2.257.0", "SageMaker[local]~=2.200"])
def test_requirements_that_bring_sdk_2_are_heeded(warned: Warned, root: Path, requirement: str) -> None:
    (root / "analysis" / "requirements.txt").write_text(f"pandas\n{requirement}\n")
    assert warned(OLD, packages=["pandas", requirement]) == []
    assert warned(OLD, requirements="requirements.txt") == []
    for command in ("%pip install", "!pip install -q"):
        assert warned(f"{command} '{requirement}'", OLD) == []
    assert warned("!pip install -r requirements.txt", OLD) == []


@pytest.mark.parametrize("requirement", ["pandas", "sagemaker", "sagemaker>=3", "sagemaker-core<2"])
def test_other_requirements_leave_sdk_3_there(warned: Warned, requirement: str) -> None:
    assert len(warned(OLD, packages=[requirement])) == 1
    assert len(warned(f"%pip install -U {requirement!r}", OLD)) == 1


def test_what_a_notebook_installs_and_nobody_can_tell_may_be_sdk_2(warned: Warned) -> None:
    assert warned("%pip install {wanted}", OLD) == []


@pytest.mark.skipif("SMEXT_SDK3_PYTHON" not in os.environ, reason="needs an environment with SDK 3")
def test_the_parts_are_those_of_the_real_sdk_3() -> None:
    code = "import sagemaker, pkgutil; print(*[m.name for m in pkgutil.iter_modules(sagemaker.__path__)], *dir(sagemaker))"
    done = subprocess.run(
        [os.environ["SMEXT_SDK3_PYTHON"], "-c", code], capture_output=True, text=True, check=True
    )
    names = {name for name in done.stdout.split() if not name.startswith("_")}
    assert names == sagemaker_sdk.PARTS
