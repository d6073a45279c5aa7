"""Files are divided so that a change, or an interruption, costs little."""

from __future__ import annotations

import hashlib

from smext.launch.files.archives import ALONE_BYTES, PART_BYTES, Archive, Part, divide, parts_of
from smext.launch.files.selection import FoundFile
from smext.launch.limits import MB


def file(path: str, count: int, content: str = "") -> tuple[FoundFile, list[str]]:
    digests = [hashlib.sha256(f"{path}{content}{start}".encode()).hexdigest() for start, _ in parts_of(count)]
    return FoundFile(path, count), digests


def keys(archives: list[Archive]) -> set[str]:
    return {each.key(None) or "" for each in archives}


MANY = [file(f"d{index % 7}/f{index}.csv", 250_000) for index in range(2_000)]


def test_every_byte_is_in_one_archive() -> None:
    files = [*MANY, file("large", 3 * PART_BYTES + 1), file("alone", ALONE_BYTES), file("none", 0)]
    archives = divide(files, "")
    assert all(each.bytes <= PART_BYTES for each in archives)
    assert sum(each.bytes for each in archives) == sum(found.bytes for found, _ in files)
    ends = {(part.path, part.start, part.start + part.bytes) for each in archives for part in each.parts}
    assert len(ends) == len(files) + 3
    assert ("large", 3 * PART_BYTES, 3 * PART_BYTES + 1) in ends


def test_few_small_files_are_one_archive() -> None:
    assert len(divide([file(f"{index}", 20_000) for index in range(500)], "")) == 1


def test_a_change_changes_few_archives() -> None:
    before = divide(MANY, "")
    assert len(before) > 15
    changed = [*MANY[:1_000], file("d6/f1000.csv", 250_000, "new"), *MANY[1_001:]]
    assert len(keys(divide(changed, "")) - keys(before)) == 1
    more = [*MANY, file("d3/a-new-one.csv", 250_000)]
    assert len(keys(divide(more, "")) - keys(before)) <= 4


def test_the_order_does_not_matter() -> None:
    assert keys(divide(MANY, "")) == keys(divide(list(reversed(MANY)), ""))


def test_the_name_is_of_all_that_is_in_it() -> None:
    [one] = divide([file("a", 3)], "")
    others = [
        divide([file("a", 3, "other")], "")[0],
        divide([file("b", 3)], "")[0],
        divide([file("a", 3)], "deep/folder")[0],
        divide([(FoundFile("a", 3, executable=True), file("a", 3)[1])], "")[0],
    ]
    assert len({each.key(None) for each in [one, *others]} | {one.key("a key")}) == 6
    assert divide([(FoundFile("a", 3), None)], "")[0].key(None) is None


def test_the_first_part_of_a_file_is_not_the_whole_of_a_shorter_one() -> None:
    """The one is unpacked into what is there, the other over it."""
    [whole] = divide([file("a", PART_BYTES)], "")
    part = divide([file("a", PART_BYTES + MB)], "")[0]
    assert whole.parts[0].digest == part.parts[0].digest
    assert whole.key(None) != part.key(None)


def test_no_name_of_a_file_can_be_taken_for_another_file() -> None:
    digest = hashlib.sha256(b"").hexdigest()

    def part(name: str) -> Part:
        return Part(name, name, 0, 0, 0, False, digest)

    two = Archive((part("a"), part("b")))
    one = Archive((part(f"a\n- {digest} whole b"),))
    assert two.key(None) != one.key(None)
    quoted = Archive((part(f'a"\n- {digest} whole "b'),))
    assert quoted.key(None) not in (two.key(None), one.key(None))
