"""Interpreters that have the SDK; `make test` names them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def interpreter() -> Callable[[int], str]:
    def find(major: int) -> str:
        variable = f"SMEXT_SDK{major}_PYTHON"
        found = os.environ.get(variable, "")
        if not Path(found).is_file():
            pytest.fail(
                f"{variable} names no interpreter with SageMaker SDK {major}: {found or '(not set)'}. "
                "Run `make sdk-envs`, then the tests with `make test`."
            )
        return found

    return find
