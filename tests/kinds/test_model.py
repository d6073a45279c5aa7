"""Every kind against botocore's model of the service: calls, members, statuses."""

from __future__ import annotations

from datetime import datetime, timezone
from functools import cache
from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator

from smext.aws.studio import ServerIdentity
from smext.inventory.reader import info
from smext.kinds import registry
from smext.kinds.base import Kind, ListCall

NOW = datetime(2026, 11, 20, tzinfo=timezone.utc)
KINDS = list(registry().values())
each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
each_listing = pytest.mark.parametrize(
    ("kind", "listing"),
    [(kind, listing) for kind in KINDS for listing in kind.list_calls],
    ids=lambda value: value.name if isinstance(value, Kind) else value.operation,
)


def model(kind: Kind) -> Any:
    return _model(kind.service)


@cache
def _model(service: str) -> Any:
    return botocore.session.get_session().get_service_model(service)


def operation(kind: Kind, name: str) -> Any:
    return model(kind).operation_model(name)


@each_listing
def test_a_list_call_is_one_that_the_service_takes(kind: Kind, listing: ListCall) -> None:
    shape = operation(kind, listing.operation).input_shape
    report = ParamValidator().validate({**listing.size, **listing.params(NOW), listing.token: "x"}, shape)
    assert not report.has_errors(), report.generate_report()


@each_listing
def test_a_list_call_asks_for_the_largest_pages(kind: Kind, listing: ListCall) -> None:
    members = operation(kind, listing.operation).input_shape.members
    sizes = {name: members[name] for name in ("MaxResults", "maxResults", "MaxItems") if name in members}
    assert set(listing.size) == set(sizes)
    assert all(
        listing.size[name] == min(100, shape.metadata.get("max", 100)) for name, shape in sizes.items()
    )


@each_listing
def test_a_list_answer_has_the_members_that_are_read(kind: Kind, listing: ListCall) -> None:
    members = operation(kind, listing.operation).output_shape.members
    assert members[listing.result].type_name == "list"
    assert listing.next_token in members


@each_kind
def test_every_declared_operation_exists(kind: Kind) -> None:
    declared = {*kind.operations, *(name for action in kind.actions for name in action.operations)}
    assert declared <= set(model(kind).operation_names)


@each_kind
def test_every_status_of_the_service_is_known(kind: Kind) -> None:
    assert kind.status_shapes
    values = {value for shape in kind.status_shapes for value in model(kind).shape_for(shape).enum}
    assert values <= set(kind.statuses), values - set(kind.statuses)


@each_kind
def test_an_item_that_lacks_members_still_makes_a_row(kind: Kind) -> None:
    bare = dict.fromkeys(kind.key_members, "x")
    facts = kind.facts(bare, ServerIdentity())
    assert facts.name
    for function in (kind.more, kind.phases, kind.parameters, kind.outputs, kind.logs):
        if function is not None:
            function(bare)
    assert all(isinstance(action.allowed(bare), bool) for action in kind.actions)


@each_kind
def test_a_dangerous_action_says_what_is_lost_and_what_stays(kind: Kind) -> None:
    assert all(action.lost and action.stays for action in kind.actions if action.danger)


def test_nothing_that_holds_data_is_deleted() -> None:
    """An endpoint's configuration and model stay, a space's volume too."""
    done = {operation for kind in KINDS for action in kind.actions for operation in action.operations}
    takes_away = ("Delete", "BatchDelete", "Terminate", "Remove", "Purge")
    assert {name for name in done if name.startswith(takes_away)} == {"DeleteApp", "DeleteEndpoint"}


@each_kind
def test_a_kind_says_what_bills_and_how_that_ends(kind: Kind) -> None:
    assert kind.bills
    bills = any(status.certainty in {"billing", "may be billing"} for status in kind.statuses.values())
    assert not bills or kind.ends or any(action.danger for action in kind.actions)


@each_kind
def test_what_a_kind_tells_of_itself_is_whole(kind: Kind) -> None:
    told = info(kind)
    assert told.label != told.singular
    assert {column.name for column in told.columns} >= {"name", "status"}
    assert all(":" in permission for permission in told.permissions)
