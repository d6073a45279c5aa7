"""An archive holds its files, with the same bytes for the same content, and nothing that changed meanwhile."""

from __future__ import annotations

import io
import os
import tarfile
import time
from pathlib import Path

import pytest

from smext import errors
from smext.launch.files.archives import Archive, divide
from smext.launch.files.digests import read
from smext.launch.files.pack import CHUNK, START, pack
from smext.launch.files.selection import scan
from smext.launch.limits import Limits


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "folder"
    made.mkdir()
    return made


def write(folder: Path, *names: str, content: bytes = b"xxx") -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def archives(folder: Path) -> list[Archive]:
    found = scan(folder, "nb.ipynb", Limits())
    return divide(read(found, lambda: None), found.place)


def packed(folder: Path, archive: Archive | None = None) -> bytes:
    buffer = io.BytesIO()
    pack(folder, archive or archives(folder)[0], buffer)
    return buffer.getvalue()


def test_unchanged_files_are_the_same_bytes(folder: Path) -> None:
    write(folder, "b/c.py", "a.csv")
    (folder / "run.sh").write_text("#!/bin/sh\n")
    (folder / "run.sh").chmod(0o755)
    first = packed(folder)
    os.utime(folder / "a.csv", (1, time.time()))
    (folder / "b" / "c.py").chmod(0o600)
    assert packed(folder) == first
    (folder / "a.csv").write_bytes(b"yyy")
    assert packed(folder) != first


def test_the_archive_holds_the_files(folder: Path) -> None:
    write(folder, "sub/ü.txt", "a" * 120 + "/" + "b" * 120, "empty", content=b"")
    write(folder, "sub/ü.txt", "a" * 120 + "/" + "b" * 120)
    (folder / "link").symlink_to("sub/ü.txt")
    with tarfile.open(fileobj=io.BytesIO(packed(folder))) as archive:
        members = {member.name: member for member in archive}
        assert set(members) == {"sub/ü.txt", "a" * 120 + "/" + "b" * 120, "link", "empty"}
        assert all(member.isfile() for member in members.values())
        # zipfile refuses dates before 1980, and notebooks make zips of their data.
        assert all(member.mtime > 315_532_800 for member in members.values())
        content = archive.extractfile("link")
        assert content is not None
        assert content.read() == b"xxx"


def test_a_part_of_a_file_says_where_it_begins(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PART_BYTES", "ALONE_BYTES"):
        monkeypatch.setattr(f"smext.launch.files.archives.{name}", 4)
    write(folder, "large", content=b"0123456789")
    found = {}
    for archive in archives(folder):
        with tarfile.open(fileobj=io.BytesIO(packed(folder, archive))) as opened:
            [member] = opened.getmembers()
            file = opened.extractfile(member)
            assert file is not None
            found[int(member.pax_headers[START])] = file.read()
    assert found == {0: b"0123", 4: b"4567", 8: b"89"}


def test_what_cannot_be_made_smaller_is_stored_and_the_rest_is_squeezed(folder: Path) -> None:
    noise, blank = os.urandom(CHUNK + 5), bytes(CHUNK)
    write(folder, "a.bin", content=noise)
    write(folder, "b.txt", content=blank)
    archive = packed(folder)
    assert len(noise) < len(archive) < len(noise) + CHUNK / 4 + 100_000
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as opened:
        for name, content in (("a.bin", noise), ("b.txt", blank)):
            member = opened.extractfile(name)
            assert member is not None
            assert member.read() == content


@pytest.mark.parametrize("change", ["content", "shorter", "gone"])
def test_a_file_that_is_not_what_the_name_says_is_named(folder: Path, change: str) -> None:
    write(folder, "a", content=bytes(1000))
    [archive] = archives(folder)
    path = folder / "a"
    if change == "content":
        path.write_bytes(bytes(999) + b"1")
    elif change == "shorter":
        os.truncate(path, 500)
    else:
        path.unlink()
    with pytest.raises(errors.Conflict, match=": a") as caught:
        packed(folder, archive)
    assert caught.value.field == "include_files"


def test_what_is_added_at_the_end_meanwhile_does_not_matter(folder: Path) -> None:
    """A log that something writes on: as much goes along as there was."""
    write(folder, "log", content=b"one\n")
    [archive] = archives(folder)
    first = packed(folder, archive)
    write(folder, "log", content=b"one\ntwo\n")
    assert packed(folder, archive) == first


def test_packing_ends_where_it_is_told_to(folder: Path) -> None:
    write(folder, "large.bin", content=os.urandom(3 * CHUNK))
    seen: list[int] = []

    def watch() -> None:
        seen.append(1)
        raise errors.Cancelled("called back")

    target = io.BytesIO()
    with pytest.raises(errors.Cancelled):
        pack(folder, archives(folder)[0], target, watch)
    assert target.getvalue() == b""
