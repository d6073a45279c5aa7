"""What did not change is not read again; what cannot be known is read."""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path

import pytest

from smext import errors
from smext.launch.files.digests import Digests, known, read
from smext.launch.files.selection import FileSet, scan
from smext.launch.limits import Limits


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "folder"
    made.mkdir()
    return made


@pytest.fixture
def old(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the files had been written long ago: the change time cannot be set."""
    monkeypatch.setattr("smext.launch.files.digests.YOUNG_SECONDS", -1.0)


def write(folder: Path, *names: str, content: bytes = b"xxx") -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def look(folder: Path) -> FileSet:
    return scan(folder, "nb.ipynb", Limits())


def go_on() -> None:
    pass


@pytest.mark.usefixtures("old")
def test_what_was_read_is_known_the_next_time(folder: Path) -> None:
    write(folder, "a", "b/c")
    assert [digests for _, digests in known(look(folder))] == [None, None]
    first = read(look(folder), go_on)
    assert known(look(folder)) == first


@pytest.mark.usefixtures("old")
def test_a_change_is_seen_though_size_and_time_are_the_same(folder: Path) -> None:
    write(folder, "a")
    [(_, first)] = read(look(folder), go_on)
    status = (folder / "a").stat()
    write(folder, "a", content=b"yyy")
    os.utime(folder / "a", ns=(status.st_atime_ns, status.st_mtime_ns))
    assert [digests for _, digests in known(look(folder))] == [None]
    [(_, second)] = read(look(folder), go_on)
    assert second != first


@pytest.mark.usefixtures("old")
def test_files_that_are_gone_make_room(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smext.launch.files.digests.MOST", 2)
    write(folder, "a", "b")
    before = read(look(folder), go_on)
    (folder / "a").unlink()
    write(folder, "c")
    read(look(folder), go_on)
    assert [digests is not None for _, digests in known(look(folder))] == [True, True]
    assert Digests(folder).get(before[0][0]) is None


def test_a_file_that_changed_just_now_is_read_again(folder: Path) -> None:
    write(folder, "a")
    read(look(folder), go_on)
    assert [digests for _, digests in known(look(folder))] == [None]


def test_a_file_counts_as_it_is_when_it_is_read(folder: Path) -> None:
    write(folder, "a", "b")
    found = look(folder)
    write(folder, "a", content=b"longer")
    (folder / "b").unlink()
    [(file, _)] = read(found, go_on)
    assert (file.path, file.bytes) == ("a", 6)


def test_reading_ends_when_it_is_called_back(folder: Path) -> None:
    write(folder, *(str(index) for index in range(50)))
    asked = 0

    def call_back() -> None:
        nonlocal asked
        asked += 1
        raise errors.Cancelled("enough")

    with pytest.raises(errors.Cancelled):
        read(look(folder), call_back)
    assert asked < 50


@pytest.mark.usefixtures("old")
def test_a_store_that_is_broken_or_cannot_be_written_is_no_reason_to_fail(folder: Path) -> None:
    write(folder, "a", "store")
    digests = Digests(folder, folder / "store")
    digests.save()
    (folder / "real").mkdir()
    digests = Digests(folder, folder / "real")
    digests.save()
    [file] = (folder / "real").iterdir()
    for text in ("[", "[]", '{"a": 1}', '{"a": []}'):
        file.write_text(text)
        assert Digests(folder, folder / "real").get(look(folder).files[0]) is None


@pytest.mark.usefixtures("old")
def test_many_at_once_leave_one_whole_file_and_nothing_else(folder: Path, cache: Path) -> None:
    write(folder, *(str(index) for index in range(30)))
    expected = read(look(folder), go_on)
    stop = time.monotonic() + 0.5

    def again() -> None:
        while time.monotonic() < stop:
            Digests(folder).save()

    threads = [threading.Thread(target=again) for _ in range(4)]
    for thread in threads:
        thread.start()
    while time.monotonic() < stop:
        assert known(look(folder)) == expected
    for thread in threads:
        thread.join()
    assert [path.suffix for path in (cache / "smext" / "digests").iterdir()] == [".json"]


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_cannot_be_read_is_named(folder: Path) -> None:
    write(folder, "a")
    found = look(folder)
    (folder / "a").chmod(0)
    with pytest.raises(errors.SmextError, match="goes along: a"):
        read(found, go_on)
