"""A real endpoint, an account on it, and notebooks to launch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from smext.api import LaunchForm, LaunchRequest, NotebookDocument, Plan, Target
from smext.aws.account import Account
from smext.aws.cache import forget
from smext.aws.rate_limit import Budget
from smext.launch import Limits, plan
from smext.sandbox import Sandbox

LIMITS = Limits()


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What is kept on disk between launches, of this test alone."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "cache"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(scene="empty", mode="timeline") as made:
        yield made


@pytest.fixture
def box(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """The module's endpoint, whole and without a past."""
    for name, value in sandbox.env.items():
        monkeypatch.setenv(name, value)
    sandbox.control.calls.clear()
    yield sandbox
    sandbox.control.heal()


@pytest.fixture(scope="module")
def clients(sandbox: Sandbox) -> Iterator[Account]:
    """Making clients takes most of a test's time: they are made once."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in sandbox.env.items():
            patch.setenv(name, value)
        budget = Budget(rate=1000, burst=1000)
        made = Account(
            Target(id="here", label="here"),
            connect_timeout=30,
            read_timeout=60,
            call_seconds=120,
            budget=budget,
        )
        for service in ("sagemaker", "s3", "sts", "iam"):
            made.client(service)
    yield made
    made.close()


@pytest.fixture
def account(box: Sandbox, clients: Account) -> Account:
    """Which remembers nothing of the test before."""
    forget(clients)
    return clients


@pytest.fixture
def document() -> Callable[..., NotebookDocument]:
    """Make a notebook of code cells; a tuple is (tag, source)."""

    def make(
        *sources: str | tuple[str, str],
        path: str = "analysis/churn.ipynb",
        kernel: dict[str, str] | None = None,
        unsaved: bool = False,
    ) -> NotebookDocument:
        cells: list[dict[str, Any]] = []
        for each in sources or ("print('hello')",):
            tag, source = each if isinstance(each, tuple) else ("", each)
            cells.append(
                {
                    "cell_type": "code",
                    "metadata": {"tags": [tag]} if tag else {},
                    "source": source,
                    "execution_count": 3,
                    "outputs": [{"output_type": "stream", "name": "stdout", "text": "old"}],
                }
            )
        spec = {"name": "python3", "language": "python"} if kernel is None else kernel
        metadata = {"kernelspec": spec} if spec else {}
        content = {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}
        return NotebookDocument(path=path, content=content, unsaved=unsaved)

    return make


@pytest.fixture
def request_of(document: Callable[..., NotebookDocument]) -> Callable[..., LaunchRequest]:
    """Make a launch request: form members by keyword."""

    def make(notebook: NotebookDocument | None = None, name: str | None = None, **form: Any) -> LaunchRequest:
        return LaunchRequest(notebook=notebook or document(), form=LaunchForm(**form), name=name)

    return make


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A server's root directory with a notebook's folder in it."""
    folder = tmp_path / "root" / "analysis"
    folder.mkdir(parents=True)
    (folder / "churn.ipynb").write_text("{}")
    (folder / "data.csv").write_text("a,b\n1,2\n")
    (folder / "lib").mkdir()
    (folder / "lib" / "features.py").write_text("X = 1\n")
    return tmp_path / "root"


@pytest.fixture
def planned(account: Account, request_of: Callable[..., LaunchRequest], root: Path) -> Callable[..., Plan]:
    """Make the plan of a notebook in that folder, with form members by keyword."""

    def make(notebook: NotebookDocument | None = None, limits: Limits = LIMITS, **form: Any) -> Plan:
        return plan(account, request_of(notebook, **form), root, limits)

    return make
