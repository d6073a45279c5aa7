"""What must not be in any file of the repository."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE_HOSTS = re.compile(
    r"registry\.(npmjs|yarnpkg)\.|files\.pythonhosted\.|://(pypi|registry)\.|npm\.pkg\.github"
)


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a git checkout")
    files = [name for name in listed.stdout.split("\0") if (ROOT / name).is_file()]
    return {name: (ROOT / name).read_text(errors="ignore") for name in files}


def test_no_file_names_where_the_checkout_lies(texts: dict[str, str]) -> None:
    assert [name for name, text in texts.items() if f"{ROOT}/" in text] == []


def test_no_file_names_the_host_of_a_package_registry(texts: dict[str, str]) -> None:
    assert [name for name, text in texts.items() if PACKAGE_HOSTS.search(text)] == []
