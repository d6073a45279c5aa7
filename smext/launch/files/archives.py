"""How the files are divided into archives: each has a name made from its content, so that only what is new is sent."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ..limits import MB
from .selection import FoundFile, in_tree

PART_BYTES = 32 * MB
"""The most of one file that is in one archive, and what an archive of several files holds at most: so much is
sent again at most after an interruption."""
ALONE_BYTES = 8 * MB
"""A file of this size has archives of its own: what is small changes more often."""
_FORMAT = "smext files 3"


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes of a file from `start` on; a small file has one part. `name` is its path in the working tree."""

    path: str
    name: str
    start: int
    bytes: int
    size: int
    """Of the whole file."""
    executable: bool
    digest: str | None
    """SHA-256 of these bytes in hex; None as long as they have not been read."""

    @property
    def whole(self) -> bool:
        """Tell whether the part is all of its file."""
        return self.bytes == self.size


@dataclass(frozen=True)
class Archive:
    parts: tuple[Part, ...]

    @property
    def bytes(self) -> int:
        """Before they are packed."""
        return sum(each.bytes for each in self.parts)

    def key(self, encryption: str | None) -> str | None:
        """64 hex digits for what is in it and the KMS key it is encrypted with; None where that must be read first."""
        lines = [_FORMAT, encryption or ""]
        for each in self.parts:
            if each.digest is None:
                return None
            mode = "x" if each.executable else "-"
            # A whole file is unpacked over whatever is there, a part into it.
            # As JSON, so that a name with a line's end in it is not taken for two files.
            name = json.dumps(each.name)
            lines.append(f"{mode} {each.digest} {'whole' if each.whole else each.start} {name}")
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def parts_of(size: int) -> list[tuple[int, int]]:
    """Start and length of the parts of a file of that many bytes."""
    if size <= PART_BYTES:
        return [(0, size)]
    return [(start, min(PART_BYTES, size - start)) for start in range(0, size, PART_BYTES)]


def divide(files: Iterable[tuple[FoundFile, Sequence[str] | None]], place: str) -> list[Archive]:
    """Divide files into archives, with the digests of their parts where they are known.

    `place` is the notebook's folder in the working tree. A file more or less changes few archives.
    """
    alone, small = [], []
    for found, digests in files:
        parts = list(_parts(found, digests, in_tree(place, found.path)))
        if found.bytes >= ALONE_BYTES:
            alone += [Archive((part,)) for part in parts]
        else:
            small += parts
    return [*_grouped(sorted(small, key=lambda part: part.name)), *alone]


def _parts(found: FoundFile, digests: Sequence[str] | None, name: str) -> Iterator[Part]:
    for index, (start, length) in enumerate(parts_of(found.bytes)):
        digest = digests[index] if digests else None
        yield Part(found.path, name, start, length, found.bytes, found.executable, digest)


def _grouped(parts: Iterable[Part]) -> Iterator[Archive]:
    group: list[Part] = []
    total = 0
    for part in parts:
        # Half full, a name by chance begins the next one: so a new file shifts the borders near it alone.
        ends = total >= PART_BYTES // 2 and zlib.crc32(part.name.encode("utf-8", "surrogateescape")) % 8 == 0
        if group and (ends or total + part.bytes > PART_BYTES):
            yield Archive(tuple(group))
            group, total = [], 0
        group.append(part)
        total += part.bytes
    if group:
        yield Archive(tuple(group))
