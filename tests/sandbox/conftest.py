from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from smext.sandbox import Sandbox


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox() as box:
        yield box


@pytest.fixture
def sagemaker(box: Sandbox) -> Any:
    return box.client("sagemaker")
