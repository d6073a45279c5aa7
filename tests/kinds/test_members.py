"""What AWS answers about bills, machines, reservations and storage: read by the kind, or decided in docs/members.md.

Which members there are is botocore's to say, so that only the pinned one is held to it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import datetime, timezone
from functools import cache
from pathlib import Path
from typing import Any

import botocore
import botocore.session
import pytest

from smext import kinds
from smext.kinds import registry
from smext.kinds.base import Kind

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 20, tzinfo=timezone.utc)
KINDS = list(registry().values())
WORDS = frozenset(
    [
        "billed",
        "billable",
        "instance",
        "instances",
        "capacity",
        "capacities",
        "reservation",
        "reservations",
        "reserved",
        "serverless",
        "storage",
        "volume",
        "volumes",
        "provisioned",
        "concurrency",
        "spot",
        "plan",
        "plans",
    ]
)
"""Of a member that may say what something costs."""

PINNED = re.findall(r"^botocore==(\S+)$", (ROOT / "constraints" / "dev.txt").read_text(), re.MULTILINE)
pytestmark = pytest.mark.skipif(
    [botocore.__version__] != PINNED, reason="another botocore than the pinned one has other members"
)


def telling(member: str) -> bool:
    words = re.findall(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z]+", member)
    return any(word.lower() in WORDS for word in words)


def members(shape: Any, within: frozenset[str] = frozenset()) -> Iterator[str]:
    """Every member in a shape, however deep."""
    if shape is None:
        return
    if shape.type_name == "structure" and shape.name not in within:
        for name, inner in shape.members.items():
            yield name
            yield from members(inner, within | {shape.name})
    elif shape.type_name == "list":
        yield from members(shape.member, within)
    elif shape.type_name == "map":
        yield from members(shape.value, within)


def answered(kind: Kind) -> set[str]:
    """Telling members of all answers that a kind asks for; of Search, those of its own resource."""
    model = botocore.session.get_session().get_service_model(kind.service)
    shapes: list[Any] = [
        model.operation_model(name).output_shape for name in kind.operations if name != "Search"
    ]
    for listing in (*kind.list_calls, *kind.opening):
        if listing.operation == "Search":
            shapes.append(model.shape_for(str(listing.params(NOW)["Resource"])))
    return {name for shape in shapes for name in members(shape) if telling(name)}


@cache
def texts(module: str) -> frozenset[str]:
    """Strings in the source of a kind, and of what it shares with others."""
    source = Path(str(kinds.__file__)).parent / f"{module}.py"
    if module == "base" or not source.exists():
        return frozenset()
    found, shared = set[str](), set[str]()
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
        elif isinstance(node, ast.ImportFrom) and node.level == 1:
            shared |= {node.module} if node.module else {name.name for name in node.names}
    return frozenset(found.union(*(texts(each) for each in shared)))


def unread(kind: Kind) -> set[str]:
    return answered(kind) - texts(kind.name.replace("-", "_"))


def decided() -> set[tuple[str, str]]:
    """Kinds with the members of theirs that docs/members.md has a reason for."""
    found = set[tuple[str, str]]()
    for line in (ROOT / "docs" / "members.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 3 and "`" in cells[0] and cells[2]:
            names = re.findall(r"`([^`]+)`", cells[0])
            found |= {(kind.strip(), name) for kind in cells[1].split(",") for name in names}
    return found


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_what_tells_of_a_bill_is_read_or_decided(kind: Kind) -> None:
    missing = unread(kind) - {name for of, name in decided() if of == kind.name}
    assert not missing, (
        f"{kind.label}: AWS answers {', '.join(sorted(missing))}, which smext/kinds does not read. Read it where it "
        "changes what bills, or write in docs/members.md why no figure is wrong for it."
    )


def test_every_decision_is_of_a_member_that_is_not_read() -> None:
    assert decided() - {(kind.name, name) for kind in KINDS for name in unread(kind)} == set()


def test_the_words_tell_members_apart() -> None:
    assert telling("SelectedInstanceCount")
    assert telling("Ec2CapacityReservations")
    assert telling("BillableTokenCount")
    assert not telling("EnableExplanations")
    assert not telling("NextToken")
