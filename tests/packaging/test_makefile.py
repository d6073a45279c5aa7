"""Which environments the tests of one folder want."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        ("", True),
        ("-k notebook", True),
        ("tests/launch/packages -k name", False),
        ("tests/test_api.py", False),
        ("tests/sdk", True),
        ("tests/launch tests/sdk/test_sdk.py", True),
    ],
)
def test_only_the_tests_of_the_sdks_want_the_sdks(arguments: str, wanted: bool) -> None:
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    done = subprocess.run(
        ["make", "--dry-run", "--question", "--print-data-base", "help", f"ARGS={arguments}"],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
    )
    [rule] = re.findall(r"^check-pytest: (.*)$", done.stdout, re.MULTILINE)
    assert (".envs/sdk3/.installed" in rule, ".envs/sdk2/.installed" in rule) == (wanted, wanted)
