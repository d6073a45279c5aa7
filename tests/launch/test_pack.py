"""All files as one archive, each read once; what did not change is not read again."""

from __future__ import annotations

import io
import os
import tarfile
import time
from pathlib import Path

import pytest

from smext import errors
from smext.launch.digests import Digests, key_of
from smext.launch.files import FileSet, scan
from smext.launch.limits import Limits
from smext.launch.pack import CHUNK, pack


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


def grown_old(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the files had been written long ago: the change time cannot be set."""
    monkeypatch.setattr("smext.launch.digests.YOUNG_SECONDS", -1.0)


def packed(found: FileSet, digests: Digests | None = None) -> bytes:
    buffer = io.BytesIO()
    pack(found, buffer, digests or Digests(found.folder or Path()))
    return buffer.getvalue()


def test_unchanged_files_are_the_same_bytes(folder: Path) -> None:
    write(folder, "b/c.py", "a.csv")
    (folder / "run.sh").write_text("#!/bin/sh\n")
    (folder / "run.sh").chmod(0o755)
    first = packed(scan(folder, "nb.ipynb", Limits()))
    os.utime(folder / "a.csv", (1, time.time()))
    (folder / "b" / "c.py").chmod(0o600)
    assert packed(scan(folder, "nb.ipynb", Limits())) == first
    (folder / "a.csv").write_bytes(b"yyy")
    assert packed(scan(folder, "nb.ipynb", Limits())) != first


def test_the_archive_holds_the_files(folder: Path) -> None:
    write(folder, "sub/ü.txt", "a" * 120 + "/" + "b" * 120)
    (folder / "link").symlink_to("sub/ü.txt")
    with tarfile.open(fileobj=io.BytesIO(packed(scan(folder, "nb.ipynb", Limits())))) as archive:
        members = {member.name: member for member in archive}
        assert set(members) == {"sub/ü.txt", "a" * 120 + "/" + "b" * 120, "link"}
        assert all(member.isfile() for member in members.values())
        # zipfile refuses dates before 1980, and notebooks make zips of their data.
        assert all(member.mtime > 315_532_800 for member in members.values())
        content = archive.extractfile("link")
        assert content is not None
        assert content.read() == b"xxx"


def test_a_file_that_went_away_is_passed_over(folder: Path) -> None:
    write(folder, "a", "b")
    found = scan(folder, "nb.ipynb", Limits())
    (folder / "a").unlink()
    with tarfile.open(fileobj=io.BytesIO(packed(found))) as archive:
        assert archive.getnames() == ["b"]


def test_what_cannot_be_made_smaller_is_stored_and_the_rest_is_squeezed(folder: Path) -> None:
    noise, blank = os.urandom(CHUNK + 5), bytes(3 * CHUNK)
    write(folder, "a.bin", content=noise)
    write(folder, "b.txt", content=blank)
    archive = packed(scan(folder, "nb.ipynb", Limits()))
    assert len(noise) < len(archive) < len(noise) + CHUNK / 4 + 100_000
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as opened:
        for name, content in (("a.bin", noise), ("b.txt", blank)):
            member = opened.extractfile(name)
            assert member is not None
            assert member.read() == content


def test_the_key_is_known_again_without_reading(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    grown_old(folder, monkeypatch)
    write(folder, "a", "b/c")
    found = scan(folder, "nb.ipynb", Limits())
    digests = Digests(folder)
    assert key_of(found, digests) is None
    key = pack(found, io.BytesIO(), digests)
    digests.save()
    assert key_of(scan(folder, "nb.ipynb", Limits()), Digests(folder)) == key


@pytest.mark.parametrize("change", ["content", "mode", "name"])
def test_a_change_is_another_key(folder: Path, monkeypatch: pytest.MonkeyPatch, change: str) -> None:
    grown_old(folder, monkeypatch)
    write(folder, "a", "b")
    digests = Digests(folder)
    first = pack(scan(folder, "nb.ipynb", Limits()), io.BytesIO(), digests)
    status = (folder / "a").stat()
    if change == "content":
        write(folder, "a", content=b"yyy")
        os.utime(folder / "a", ns=(status.st_atime_ns, status.st_mtime_ns))
    elif change == "mode":
        (folder / "a").chmod(0o755)
    else:
        (folder / "a").rename(folder / "z")
    found = scan(folder, "nb.ipynb", Limits())
    assert key_of(found, digests) is None
    second = pack(found, io.BytesIO(), digests)
    assert second != first
    assert key_of(found, digests) == second


def test_a_file_that_changed_just_now_is_read_again(folder: Path) -> None:
    write(folder, "a")
    found, digests = scan(folder, "nb.ipynb", Limits()), Digests(folder)
    pack(found, io.BytesIO(), digests)
    assert key_of(found, digests) is None


def test_a_store_that_is_broken_or_cannot_be_written_is_no_reason_to_fail(folder: Path) -> None:
    write(folder, "a", "store")
    digests = Digests(folder, folder / "store")
    pack(scan(folder, "nb.ipynb", Limits()), io.BytesIO(), digests)
    digests.save()
    (folder / "real").mkdir()
    digests = Digests(folder, folder / "real")
    digests.save()
    [file] = (folder / "real").iterdir()
    file.write_text("[")
    assert Digests(folder, folder / "real").get("a", ()) is None


def test_a_file_that_shrinks_is_named(folder: Path) -> None:
    write(folder, "a", content=bytes(10_000_000))
    found = scan(folder, "nb.ipynb", Limits())

    class Target(io.BytesIO):
        def write(self, content: object) -> int:
            os.truncate(folder / "a", 5_000_000)
            return super().write(content)  # type: ignore[arg-type]

    with pytest.raises(errors.Conflict, match=": a") as caught:
        pack(found, Target(), Digests(folder))
    assert caught.value.field == "include_files"
