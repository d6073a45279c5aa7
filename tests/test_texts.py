"""The list of all texts that a user can see, which is read before words are changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from texts import ROOT, texts


@pytest.fixture(scope="module")
def found() -> dict[str, set[str]]:
    by_file: dict[str, set[str]] = {}
    for path, _, text in texts():
        by_file.setdefault(path.relative_to(ROOT).as_posix(), set()).add(text)
    return by_file


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("src/panel/billing.tsx", "Billing now"),
        ("smext/commands/ls.py", "List what bills, with its rate, since when, and whose it is."),
        ("smext/launch/checks/data.py", "There is no such bucket: {bucket}"),
        ("smext/kinds/endpoint.py", "may be billing"),
        ("schema/plugin.json", "Say when a job ends"),
    ],
)
def test_what_a_user_sees_is_listed(found: dict[str, set[str]], file: str, text: str) -> None:
    assert text in found.get(file, set())


def test_each_place_exists(found: dict[str, set[str]]) -> None:
    assert all((ROOT / Path(file)).is_file() for file in found)


def test_what_only_developers_read_is_not_listed(found: dict[str, set[str]]) -> None:
    everything = set().union(*found.values())
    assert not any(text.startswith("The list of all texts") for text in everything)
    assert not any("(?P<" in text for text in everything)
