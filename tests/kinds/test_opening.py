"""The first reading: an index may lag behind, so that it saves describe calls and hides nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from smext.inventory.reader import Reading
from smext.kinds import registry
from smext.kinds.base import Kind

if TYPE_CHECKING:
    from tests.kinds.conftest import Wire

ReadKind = Callable[..., Reading]
each_opening = pytest.mark.parametrize(
    "kind", [kind for kind in registry().values() if kind.opening], ids=lambda kind: kind.name
)


def rates(reading: Reading) -> dict[str, float | None]:
    return {row.key: row.billing.usd_per_hour for row in reading.rows}


@pytest.mark.parametrize("found", ["nothing", "what is gone"])
@each_opening
def test_what_an_index_knows_takes_nothing_away_and_adds_nothing(
    kind: Kind, found: str, read: ReadKind, wire: Wire
) -> None:
    lists = replace(kind, list_calls=tuple(each for each in kind.list_calls if not each.optional))
    (name,) = kind.key_members
    gone = {name.removesuffix("Name"): {name: "gone-yesterday"}}

    def change(operation: str, answer: dict[str, Any]) -> None:
        answer["Results"] = [gone] if found == "what is gone" else []

    wire.alter(kind, "Search", change)
    assert rates(read(lists)) == rates(read(replace(lists, opening=())))


@pytest.mark.parametrize("kind", registry().values(), ids=lambda kind: kind.name)
def test_what_must_not_be_missed_comes_from_a_list_call(kind: Kind) -> None:
    needed = [listing for listing in kind.list_calls if not listing.optional and listing.adds]
    assert needed
    assert all(listing.operation.startswith(("List", "Describe")) for listing in needed)
    assert all(listing.deep for listing in kind.opening)
