"""Small files on this machine's disk."""

from __future__ import annotations

import stat
from pathlib import Path

from smext import disk


def test_what_is_written_is_read_and_nobody_elses(tmp_path: Path) -> None:
    file = tmp_path / "kept" / "some.json"
    disk.write(file, {"a": 1})
    assert disk.read(file) == {"a": 1}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_write_that_does_not_come_to_its_end_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "some.json").mkdir()
    disk.write(tmp_path / "some.json", 1)
    assert [each.name for each in tmp_path.iterdir()] == ["some.json"]


def test_what_is_broken_or_missing_is_nothing(tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text("{")
    assert disk.read(tmp_path / "broken.json") is None
    assert disk.read(tmp_path / "gone.json") is None
