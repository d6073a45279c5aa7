"""Lists that are cut: which items were left out is said rightly, and who joins lists is told of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import pytest

from smext.inventory.reader import Reading
from smext.kinds import registry
from smext.kinds.base import Answer, Item, Kind, ListCall
from smext.sandbox import Sandbox

if TYPE_CHECKING:
    from tests.kinds.conftest import Wire

ReadKind = Callable[..., Reading]


def overheard(kind: Kind, heard: list[tuple[bool, ...]]) -> Kind:
    """The same kind, whose join is overheard."""
    join = kind.join
    assert join is not None

    def listening(answers: Sequence[Answer]) -> list[Item]:
        heard.append(tuple(answer.whole for answer in answers))
        return join(answers)

    return replace(kind, join=listening)


def test_a_join_is_told_that_its_lists_are_whole(read: ReadKind) -> None:
    heard = list[tuple[bool, ...]]()
    assert read(overheard(registry()["studio-app"], heard)).complete
    assert heard == [(True, True)]


def test_a_join_is_told_which_list_was_cut(read: ReadKind, wire: Wire) -> None:
    heard = list[tuple[bool, ...]]()
    kind = overheard(registry()["studio-app"], heard)

    def more(answer: dict[str, Any], first: bool) -> None:
        answer["NextToken"] = wire.token

    wire.paged(kind, kind.list_calls[0], more)
    reading = read(kind)
    assert heard == [(False, True)]
    assert not reading.complete
    assert reading.problem is not None


def test_a_join_is_told_which_optional_list_failed(read: ReadKind, box: Sandbox) -> None:
    heard = list[tuple[bool, ...]]()
    kind = overheard(registry()["studio-app"], heard)
    kind = replace(kind, list_calls=tuple(replace(listing, optional=True) for listing in kind.list_calls))
    box.control.fail("ListSpaces", "AccessDeniedException")
    assert read(kind).problem is not None
    assert heard == [(True, False)]


@pytest.mark.parametrize(
    ("order", "said"), [("Descending", "older ones"), ("Ascending", "newer ones"), ("", "others")]
)
def test_what_was_left_out_is_said_by_the_order_of_the_list(
    order: str, said: str, read: ReadKind, wire: Wire
) -> None:
    kind = registry()["endpoint"]
    listing = ListCall("ListEndpoints", "Endpoints", lambda now: {"SortOrder": order} if order else {})

    def more(answer: dict[str, Any], first: bool) -> None:
        answer["NextToken"] = wire.token

    kind = replace(kind, list_calls=(listing,), opening=())
    wire.paged(kind, listing, more)
    problem = read(kind, now=datetime.now(timezone.utc)).problem
    assert problem is not None
    assert f"Endpoints are not all read: {said} are left out" in problem.message
