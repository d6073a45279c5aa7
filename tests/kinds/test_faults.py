"""Every kind against everything that can go wrong: never a crash, an empty table that reassures, a wrong total."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ReadTimeoutError

from smext import errors
from smext.api import Row
from smext.inventory.reader import Memory, Reading
from smext.kinds import registry
from smext.kinds.base import Kind, ListCall
from smext.sandbox import Sandbox

if TYPE_CHECKING:
    from tests.kinds.conftest import Wire

Truth = Callable[[Kind], dict[str, Row]]
ReadKind = Callable[..., Reading]
Patched = Callable[[str, Any], AbstractContextManager[None]]
# Without what only saves describe calls, and with it.
KINDS = [
    *(replace(kind, opening=()) for kind in registry().values()),
    *(kind for kind in registry().values() if kind.opening),
]


def name_of(kind: Kind) -> str:
    return f"{kind.name}-opening" if kind.opening else kind.name


each_kind = pytest.mark.parametrize("kind", KINDS, ids=name_of)
each_listing = pytest.mark.parametrize(
    ("kind", "listing"),
    [(kind, listing) for kind in KINDS for listing in kind.list_calls],
    ids=lambda value: name_of(value) if isinstance(value, Kind) else value.operation,
)
MAY_BILL = {"billing", "may be billing"}
NO = [
    ("AccessDeniedException", "denied"),
    ("ThrottlingException", "throttled"),
    ("InternalServerError", "failed"),
]
"""What AWS may answer, and what that is to us."""
TIMEOUT = ReadTimeoutError(endpoint_url="https://api.sagemaker.us-east-1.amazonaws.com")


def is_honest(reading: Reading, truth: dict[str, Row], *, whole: bool = True) -> None:
    """What bills is there with its rate or an unknown one, or the reading says that something is missing.

    Not `whole` is a reading that lacks one of several lists, and says so.
    """
    rows = {row.key: row for row in reading.rows}
    told = reading.problem is not None or not reading.complete
    for key, true in truth.items():
        if true.billing.certainty not in MAY_BILL:
            continue
        assert key in rows or told, f"{true.name} is left out"
        if key in rows:
            billing = rows[key].billing
            known = billing.certainty in MAY_BILL or (told and not whole)
            assert known, f"{true.name}: {billing.certainty}"
            assert billing.usd_per_hour in {None, true.billing.usd_per_hour}, true.name
    assert all(row.billing.usd_per_hour != 0 for row in reading.rows)
    assert len(rows) == len(reading.rows), "a row is there twice"


# --- the service says no ------------------------------------------------------------------------


@each_kind
def test_a_denied_list_raises_with_the_permission(kind: Kind, read: ReadKind, box: Sandbox) -> None:
    for listing in kind.list_calls:
        box.control.fail(f"{kind.service}:{listing.operation}", "AccessDeniedException")
    with pytest.raises(errors.Denied) as caught:
        read(kind)
    assert caught.value.permission == kind.permission(kind.list_calls[0].operation)


@pytest.mark.parametrize(("fault", "code"), NO)
@each_kind
def test_details_that_fail_leave_the_rows_and_say_so(
    kind: Kind, fault: str, code: str, read: ReadKind, box: Sandbox, truth: Truth, patched: Patched
) -> None:
    if not kind.detail.rows or kind.opening:
        return  # the lists tell what a row says
    for operation in kind.detail.operations:
        box.control.fail(operation, fault)
    with patched("ATTEMPTS", 1):
        reading = read(kind)
    assert {row.key for row in reading.rows} == set(truth(kind))
    assert reading.problem is not None
    assert reading.problem.code == code
    is_honest(reading, truth(kind))


@pytest.mark.parametrize(("fault", "code"), NO)
@each_listing
def test_one_list_of_several_that_fails_is_said(
    kind: Kind,
    listing: ListCall,
    fault: str,
    code: str,
    read: ReadKind,
    box: Sandbox,
    truth: Truth,
    patched: Patched,
) -> None:
    box.control.fail(f"{kind.service}:{listing.operation}", fault)
    reading, said = None, ""
    with patched("ATTEMPTS", 1):
        try:
            reading = read(kind)
        except errors.SmextError as error:
            said = error.code
    if reading:
        said = reading.problem.code if reading.problem else said
        is_honest(reading, truth(kind), whole=False)
    assert said == code or not listing.adds


@pytest.mark.parametrize(("fault", "code"), NO)
@each_kind
def test_a_failed_reading_leaves_the_memory_as_it_was(
    kind: Kind, fault: str, code: str, read: ReadKind, box: Sandbox, truth: Truth, patched: Patched
) -> None:
    memory = Memory()
    read(kind, memory)
    box.control.fail(f"{kind.service}:{kind.list_calls[0].operation}", fault)
    with patched("ATTEMPTS", 1), pytest.raises(errors.SmextError) as caught:
        read(kind, memory)
    assert caught.value.code == code
    box.control.heal()
    reading = read(kind, memory)
    assert {row.key for row in reading.rows} == set(truth(kind))
    is_honest(reading, truth(kind))


@each_kind
def test_throttling_for_a_while_is_waited_out(kind: Kind, read: ReadKind, box: Sandbox, truth: Truth) -> None:
    box.control.fail(kind.list_calls[0].operation, "ThrottlingException", times=1)
    reading = read(kind)
    assert reading.problem is None
    is_honest(reading, truth(kind))


@each_kind
def test_throttling_that_goes_on_is_said(kind: Kind, read: ReadKind, box: Sandbox, patched: Patched) -> None:
    box.control.fail(kind.list_calls[0].operation, "ThrottlingException")
    with patched("ATTEMPTS", 1), pytest.raises(errors.Throttled):
        read(kind)


@each_kind
def test_a_list_that_takes_too_long_is_said(kind: Kind, read: ReadKind, wire: Wire) -> None:
    wire.raise_for(kind, kind.list_calls[0].operation, TIMEOUT)
    with pytest.raises(errors.TimedOut):
        read(kind)


@each_kind
def test_a_list_that_fails_within_aws_is_said(kind: Kind, read: ReadKind, box: Sandbox) -> None:
    box.control.fail(kind.list_calls[0].operation, "InternalServerError")
    with pytest.raises(errors.SmextError) as caught:
        read(kind)
    assert caught.value.message


@each_kind
def test_details_that_take_too_long_leave_the_rows(
    kind: Kind, read: ReadKind, wire: Wire, truth: Truth
) -> None:
    for operation in set(kind.detail.operations) - {listing.operation for listing in kind.list_calls}:
        wire.raise_for(kind, operation, TIMEOUT)
    reading = read(kind)
    assert {row.key for row in reading.rows} == set(truth(kind))
    is_honest(reading, truth(kind))


@each_kind
def test_what_is_gone_between_list_and_describe_is_no_row(
    kind: Kind, read: ReadKind, box: Sandbox, truth: Truth
) -> None:
    for operation in set(kind.detail.operations) - {listing.operation for listing in kind.list_calls}:
        box.control.fail(operation, "ResourceNotFoundException")
    reading = read(kind)
    assert reading.problem is None
    assert {row.key for row in reading.rows} <= set(truth(kind))


def test_an_endpoint_whose_configuration_was_deleted_still_bills(read: ReadKind, box: Sandbox) -> None:
    box.control.fail("DescribeEndpointConfig", "ResourceNotFoundException")
    row = next(row for row in read(registry()["endpoint"]).rows if row.name == "ranker-prod")
    assert (row.billing.certainty, row.billing.usd_per_hour) == ("billing", None)


# --- the pages are odd --------------------------------------------------------------------------


@each_listing
def test_an_empty_page_that_goes_on_is_not_the_end(
    kind: Kind, listing: ListCall, read: ReadKind, wire: Wire, truth: Truth
) -> None:
    def empty(answer: dict[str, Any], first: bool) -> None:
        if first:
            answer[listing.result] = []
            answer[listing.next_token] = wire.token

    wire.paged(kind, listing, empty)
    reading = read(kind)
    assert {row.key for row in reading.rows} == set(truth(kind))
    assert reading.problem is None
    is_honest(reading, truth(kind))


@each_listing
def test_empty_pages_without_end_are_no_empty_account(
    kind: Kind, listing: ListCall, read: ReadKind, wire: Wire, truth: Truth
) -> None:
    def empty(answer: dict[str, Any], first: bool) -> None:
        answer[listing.result] = []
        answer[listing.next_token] = wire.token

    wire.paged(kind, listing, empty)
    reading = read(kind)
    assert reading.problem is not None
    is_honest(reading, truth(kind), whole=False)


@each_listing
def test_a_page_that_repeats_ends_and_counts_nothing_twice(
    kind: Kind, listing: ListCall, read: ReadKind, wire: Wire, truth: Truth
) -> None:
    def repeat(answer: dict[str, Any], first: bool) -> None:
        answer[listing.next_token] = wire.token

    wire.paged(kind, listing, repeat)
    reading = read(kind)
    assert {row.key for row in reading.rows} == set(truth(kind))
    assert not reading.complete
    is_honest(reading, truth(kind))


# --- the answers are odd ------------------------------------------------------------------------


@each_kind
def test_an_unknown_status_may_be_billing(kind: Kind, read: ReadKind, wire: Wire, truth: Truth) -> None:
    model = wire.account.client(kind.service).meta.service_model
    known = {value for name in kind.status_shapes for value in model.shape_for(name).enum}

    def replace(operation: str, answer: dict[str, Any]) -> None:
        _rewrite(answer, lambda name, value: "NeverSeen" if _is_status(name) and value in known else value)

    wire.alter_all(kind, replace)
    reading = read(kind)
    is_honest(reading, truth(kind))
    unknown = [row for row in reading.rows if row.status == "NeverSeen"]
    assert unknown
    assert any(row.billing.certainty in MAY_BILL for row in unknown)


def _is_status(name: str) -> bool:
    return name.lower().endswith(("status", "state"))


@each_kind
def test_an_unknown_type_of_machine_has_no_price(
    kind: Kind, read: ReadKind, wire: Wire, truth: Truth
) -> None:
    def replace(operation: str, answer: dict[str, Any]) -> None:
        _rewrite(answer, lambda name, value: "ml.zz9.huge" if _is_machine(name, value) else value)

    wire.alter_all(kind, replace)
    reading = read(kind)
    is_honest(reading, truth(kind))
    altered = [row for row in reading.rows if "zz9" in f"{row.subtitle} {row.cells}"]
    assert all(row.billing.usd_per_hour is None for row in altered)


def _is_machine(name: str, value: Any) -> bool:
    return name in {"InstanceType", "TrackingServerSize"} and value != "system"


@each_kind
def test_members_that_are_missing_make_things_unknown_not_free(
    kind: Kind, read: ReadKind, wire: Wire, truth: Truth
) -> None:
    def strip(operation: str, answer: dict[str, Any]) -> None:
        for name, value in list(answer.items()):
            if isinstance(value, list):
                answer[name] = [_named(kind, item) for item in value if isinstance(item, dict)]
            elif name not in _tokens(kind) and not _names(kind, name):
                del answer[name]

    wire.alter_all(kind, strip)
    reading = read(kind)
    assert set(truth(kind)) <= {row.key for row in reading.rows}
    is_honest(reading, truth(kind))


@each_kind
def test_counts_that_are_missing_make_the_rate_unknown(
    kind: Kind, read: ReadKind, wire: Wire, truth: Truth
) -> None:
    wire.alter_all(kind, lambda operation, answer: _without_numbers(answer))
    reading = read(kind)
    assert set(truth(kind)) == {row.key for row in reading.rows}
    is_honest(reading, truth(kind))


def _without_numbers(value: Any) -> None:
    if isinstance(value, dict):
        for name, inner in list(value.items()):
            if isinstance(inner, (int, float)) and not isinstance(inner, bool):
                del value[name]
            elif name != "ResponseMetadata":
                _without_numbers(inner)
    elif isinstance(value, list):
        for inner in value:
            _without_numbers(inner)


def _tokens(kind: Kind) -> set[str]:
    return {"ResponseMetadata", *(listing.next_token for listing in kind.list_calls)}


def _names(kind: Kind, member: str) -> bool:
    return member in kind.key_members or member.endswith(("Name", "Id", "Arn"))


def _named(kind: Kind, item: dict[str, Any]) -> dict[str, Any]:
    """An item with its names only; one level deeper where the item is wrapped."""
    if len(item) == 1 and isinstance(next(iter(item.values())), dict):
        return {name: _named(kind, inner) for name, inner in item.items()}
    return {name: value for name, value in item.items() if _names(kind, name)}


def _rewrite(value: Any, change: Callable[[str, Any], Any]) -> None:
    """Replace strings deep in an answer."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if isinstance(inner, str):
                value[name] = change(name, inner)
            else:
                _rewrite(inner, change)
    elif isinstance(value, list):
        for inner in value:
            _rewrite(inner, change)


@pytest.mark.parametrize("hours", [-2, 2])
@each_kind
def test_a_clock_that_is_wrong_makes_no_negative_cost(
    kind: Kind, hours: float, read: ReadKind, truth: Truth
) -> None:
    reading = read(kind, now=datetime.now(timezone.utc) + timedelta(hours=hours))
    assert {row.key for row in reading.rows} == set(truth(kind))
    assert all((row.billing.accrued_usd or 0) >= 0 for row in reading.rows)
    is_honest(reading, truth(kind))
