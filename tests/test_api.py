"""The wire: TypeScript's side is what the models say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from smext import api

ROOT = Path(__file__).parent.parent


def test_the_schema_holds_every_wire_model() -> None:
    found = api.schema()["$defs"]
    assert {"Row", "Table", "Plan", "ErrorBody", "ActionRequest"} <= set(found)
    assert all(
        "title" not in member for model in found.values() for member in model.get("properties", {}).values()
    )


def test_a_member_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="extra"):
        api.ActionRequest.model_validate({"confirmed": True, "sudo": True})


def test_the_generated_types_are_fresh() -> None:
    """Run `jlpm generate` and commit src/generated.ts if this fails."""
    command = [sys.executable, "scripts/generate_types.py", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
