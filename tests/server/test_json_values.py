"""What no member of a request means is refused where it comes in, with the member's name."""

from __future__ import annotations

from typing import Any

import pytest

from smext.errors import Invalid
from smext.server.json_values import refuse


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ({"form": {"max_usd": float("inf")}}, "max_usd"),
        ({"form": {"max_usd": float("nan")}}, "max_usd"),
        ({"form": {"volume_gb": 10**400}}, "volume_gb"),
        ({"form": {"requirements": "\0"}}, "requirements"),
        ({"form": {"packages": ["a", "b\0"]}}, "packages.1"),
        ({"form": {"environment": {"A\0": "b"}}}, "environment.name"),
        ({"notebook": {"path": "a\0.ipynb"}}, "notebook.path"),
    ],
)
def test_it_is_named(value: Any, field: str) -> None:
    with pytest.raises(Invalid) as caught:
        refuse(value)
    assert caught.value.field == field


def test_all_else_passes_and_so_do_the_notebooks_own_values() -> None:
    refuse(
        {"form": {"max_usd": 1e6, "files": ["a\nb"], "parameters": {"n": 10**400, "t": "\0"}}, "name": None}
    )
