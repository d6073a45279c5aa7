"""Which tests there are, and in which order, depends on nothing but the sources."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent

# Python imports a module of this name at its start. Instances of the real datetime stay instances of the shifted one.
LATER = """
import datetime, time

ahead = datetime.timedelta(days=400, hours=5, seconds=67)
clock, real = time.time, datetime.datetime
time.time = lambda: clock() + ahead.total_seconds()
time.time_ns = lambda: int(time.time() * 1e9)

class Meta(type):
    def __instancecheck__(cls, value):
        return isinstance(value, real)

    def __subclasscheck__(cls, other):
        return issubclass(other, real)

class Later(real, metaclass=Meta):
    @classmethod
    def now(cls, tz=None):
        return real.now(tz) + ahead

    @classmethod
    def today(cls):
        return real.now() + ahead

    @classmethod
    def utcnow(cls):
        return real.now(datetime.timezone.utc).replace(tzinfo=None) + ahead

datetime.datetime = Later
"""


def collected(folder: Path, **environment: str) -> list[str]:
    """Collect all tests in a process of their own, from a folder."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "PYTHON", "JUPYTER_"))}
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"]
    process = subprocess.run(
        [*command, "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT), str(ROOT / "tests")],
        cwd=folder,
        env=inherited | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 0, process.stdout[-3000:] + process.stderr
    return [line for line in process.stdout.splitlines() if "::" in line]


def test_the_same_tests_in_the_same_order_whatever_clock_zone_seed_and_folder(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(LATER)
    expected = collected(ROOT, PYTHONHASHSEED="1", TZ="UTC")
    found = collected(tmp_path, PYTHONHASHSEED="2", TZ="Asia/Kathmandu", PYTHONPATH=str(tmp_path))
    assert len(expected) > 3000
    assert found == expected
