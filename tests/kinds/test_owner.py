"""Whose a thing is: told by itself, or by the tag that Studio puts on what is started from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timezone

import pytest

from smext.api import Row
from smext.aws.studio import ServerIdentity
from smext.inventory.owners import TAG, Owners
from smext.inventory.reader import Memory, Reader
from smext.kinds import registry
from smext.kinds.base import Kind
from smext.sandbox import Sandbox

Truth = Callable[[Kind], dict[str, Row]]
TOLD = {"studio-app"}
"""Spaces and profiles are in the answers themselves."""
UNTAGGED = {"emr-application", "emr-cluster", "file-system"}
"""Other services do not get Studio's tags."""
UNLISTED = {"inference-experiment"}
"""Its list has no ARN, and it has no bill of its own."""
TAGGED = [kind for kind in registry().values() if kind.arn]
ME = ServerIdentity(domain="d-sandbox12345", user="zoe")


def profile(name: str, domain: str = "d-sandbox12345") -> str:
    return f"arn:aws:sagemaker:us-east-1:123456789012:user-profile/{domain}/{name}"


def read(reader: Reader, kind: Kind, memory: Memory | None = None) -> dict[str, Row]:
    reading = reader.read(kind, memory or Memory(), datetime.now(timezone.utc), lambda rows: None)
    return {row.key: row for row in reading.rows}


@pytest.fixture
def mine(reader: Reader) -> Reader:
    """As one who has started nothing but what a test says."""
    return replace(reader, here=ME, owners=Owners(reader.account))


def test_every_kind_can_tell_or_it_is_known_why_not() -> None:
    without = {kind.name for kind in registry().values() if not kind.arn}
    assert without == TOLD | UNTAGGED | UNLISTED


@pytest.mark.parametrize("kind", TAGGED, ids=lambda kind: kind.name)
def test_its_own_arn_stands_in_its_list(kind: Kind, reader: Reader) -> None:
    model = reader.account.client(kind.service).meta.service_model
    for listing in kind.list_calls:
        item = model.operation_model(listing.operation).output_shape.members[listing.result].member
        assert kind.arn in item.members or listing.operation == "Search"


@pytest.mark.parametrize("kind", TAGGED, ids=lambda kind: kind.name)
def test_the_tag_of_the_user_profile_tells_whose_it_is(kind: Kind, mine: Reader, box: Sandbox) -> None:
    memory = Memory()
    known = read(mine, kind, memory)
    item = next((item for item in memory.active.values() if not known[_key(mine, kind, item)].owner), None)
    if item is None:
        assert any(row.owner for row in known.values())  # its answers tell themselves
        return
    key, arn = _key(mine, kind, item), str(item[kind.arn])
    assert known[key].mine is None
    client = box.client("sagemaker")
    for tag, expected in ((profile("zoe"), True), (profile("jonas"), False), (profile("zoe", "d-2"), False)):
        client.add_tags(ResourceArn=arn, Tags=[{"Key": TAG, "Value": tag}])
        row = read(replace(mine, owners=Owners(mine.account)), kind)[key]
        assert (row.owner, row.mine) == (tag.rpartition("/")[2], expected)
    client.delete_tags(ResourceArn=arn, TagKeys=[TAG])


def _key(reader: Reader, kind: Kind, item: dict[str, object]) -> str:
    return reader.row(kind, item, datetime.now(timezone.utc)).key


def test_whose_it_is_is_asked_once(mine: Reader, box: Sandbox) -> None:
    kind, memory = registry()["endpoint"], Memory()
    before = box.control.calls.count("GetResources")
    for _ in range(3):
        read(mine, kind, memory)
    assert box.control.calls.count("GetResources") == before + 1


def test_many_are_asked_for_together(mine: Reader, box: Sandbox) -> None:
    assert mine.owners
    before = box.control.calls.count("GetResources")
    arns = [f"arn:aws:sagemaker:us-east-1:123456789012:endpoint/e-{number}" for number in range(250)]
    mine.owners.learn(arns)
    mine.owners.learn(arns)
    assert box.control.calls.count("GetResources") == before + 3


def test_denied_tags_leave_it_unknown_and_the_rows_whole(mine: Reader, box: Sandbox, truth: Truth) -> None:
    box.control.fail("GetResources", "AccessDeniedException")
    kind = registry()["endpoint"]
    before = box.control.calls.count("GetResources")
    for _ in range(2):
        rows = read(mine, kind)
        assert set(rows) == set(truth(kind))
        assert all(row.mine is None for row in rows.values())
    assert box.control.calls.count("GetResources") == before + 1


@pytest.mark.parametrize("tag", ["", "maria", "arn:aws:sagemaker:us-east-1:1:space/d-1/x", profile("")])
def test_a_tag_of_another_shape_tells_nothing(mine: Reader, box: Sandbox, tag: str) -> None:
    client = box.client("sagemaker")
    arn = client.describe_endpoint(EndpointName="ranker-prod")["EndpointArn"]
    client.add_tags(ResourceArn=arn, Tags=[{"Key": TAG, "Value": tag}])
    assert read(mine, registry()["endpoint"])["ranker-prod"].mine is None
    client.delete_tags(ResourceArn=arn, TagKeys=[TAG])
