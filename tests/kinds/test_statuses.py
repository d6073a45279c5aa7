"""What a status lets be said of a bill: of one that nobody knows, and of those that AWS leaves open."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from smext.inventory.reader import Memory, Reading
from smext.kinds import registry
from smext.kinds.base import BILLS, Kind

if TYPE_CHECKING:
    from tests.kinds.conftest import Wire

ReadKind = Callable[..., Reading]
NEVER_SEEN = "NeverSeen"
each_kind = pytest.mark.parametrize("kind", registry().values(), ids=lambda kind: kind.name)


def _replaced(value: Any, known: set[str]) -> Any:
    """An answer in which every status is one that nobody knows."""
    if isinstance(value, dict):
        return {
            name: NEVER_SEEN
            if isinstance(inner, str) and inner in known and name.lower().endswith(("status", "state"))
            else _replaced(inner, known)
            for name, inner in value.items()
        }
    return [_replaced(inner, known) for inner in value] if isinstance(value, list) else value


@each_kind
def test_nothing_in_a_status_that_nobody_knows_is_said_to_be_free(
    kind: Kind, read: ReadKind, wire: Wire
) -> None:
    model = wire.account.client(kind.service).meta.service_model
    known = {value for name in kind.status_shapes for value in model.shape_for(name).enum}

    def replace(operation: str, answer: dict[str, Any]) -> None:
        told = {name: value for name, value in answer.items() if name != "ResponseMetadata"}
        answer.update(_replaced(told, known))

    wire.alter_all(kind, replace)
    memory = Memory()
    for _ in range(2):
        rows = [row for row in read(kind, memory).rows if row.status == NEVER_SEEN]
        assert rows
        assert {row.name: row.billing.certainty for row in rows if row.billing.certainty not in BILLS} == {}


@each_kind
def test_a_status_that_may_bill_says_why(kind: Kind) -> None:
    open_ = [name for name, status in kind.statuses.items() if status.certainty == "may be billing"]
    assert [name for name in open_ if not kind.statuses[name].why] == []
