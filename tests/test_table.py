"""The engine: what a list and its describes become, whatever goes wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone

import pytest

from smext import errors
from smext.api import Row
from smext.context import Here
from smext.kinds import registry
from smext.kinds.base import Facts, Kind, Meter
from smext.sandbox import Sandbox
from smext.table import Memory, Reader, Reading, bill, parse_key

Read = Callable[..., Reading]
NOW = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)
KINDS = list(registry().values())
each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


@pytest.fixture
def scene() -> str:
    return "busy"


def by_name(reading: Reading) -> dict[str, Row]:
    return {row.name: row for row in reading.rows}


@each_kind
def test_every_kind_reads_a_lived_in_account(kind: Kind, read: Read) -> None:
    reading = read(kind.name)
    assert reading.rows
    assert reading.problem is None
    assert all(row.tone != "neutral" for row in reading.rows)


@each_kind
def test_an_item_read_by_its_key_is_the_row_of_the_table(kind: Kind, read: Read, reader: Reader) -> None:
    for row in read(kind.name).rows:
        item = reader.item(kind, parse_key(row.key))
        again = reader.row(kind, item, datetime.now(timezone.utc))
        assert (again.key, again.status, again.name) == (row.key, row.status, row.name)
        assert [a.name for a in again.actions] == [a.name for a in row.actions]


@each_kind
def test_a_denied_list_raises_with_the_permission(kind: Kind, read: Read, box: Sandbox) -> None:
    box.control.fail(kind.listings[0].operation, "AccessDeniedException")
    with pytest.raises(errors.Denied) as caught:
        read(kind.name)
    assert caught.value.permission == kind.permission(kind.listings[0].operation)


@each_kind
def test_denied_details_leave_the_rows_and_say_so(kind: Kind, read: Read, box: Sandbox) -> None:
    if not kind.detail.rows:
        return
    whole = read(kind.name)
    for operation in kind.detail.operations:
        box.control.fail(operation, "AccessDeniedException")
    reading = read(kind.name)
    assert {row.key for row in reading.rows} == {row.key for row in whole.rows}
    assert reading.problem is not None
    assert reading.problem.code == "denied"
    for row in reading.rows:
        assert row.billing.usd_per_hour != 0


@each_kind
def test_throttling_for_a_while_is_waited_out(kind: Kind, read: Read, box: Sandbox) -> None:
    box.control.fail(kind.listings[0].operation, "ThrottlingException", times=2)
    assert read(kind.name).problem is None


@each_kind
def test_a_later_reading_describes_only_what_may_have_moved(kind: Kind, read: Read, box: Sandbox) -> None:
    memory = Memory()
    for _ in range(2):  # the second one fills in what is over
        read(kind.name, memory)
    before = len(box.control.calls)
    again = read(kind.name, memory)
    assert again.rows
    assert len(box.control.calls) - before <= len(kind.listings) + 2


def test_the_rows_come_before_their_details(read: Read) -> None:
    early: list[list[Row]] = []
    reading = read("endpoint", first=early.append)
    assert [row.name for row in early[0]]
    assert {row.name for row in early[0]} == {row.name for row in reading.rows}
    assert all(row.billing.usd_per_hour is None for row in early[0])


def test_an_endpoint_costs_the_sum_of_its_variants(read: Read) -> None:
    row = by_name(read("endpoint"))["ranker-prod"]
    assert row.billing.usd_per_hour == pytest.approx(2 * 0.204 + 0.408)


def test_a_serverless_endpoint_does_not_bill_while_nobody_calls(read: Read) -> None:
    billing = by_name(read("endpoint"))["ocr-on-demand"].billing
    assert (billing.certainty, billing.usd_per_hour) == ("none", None)


def test_an_endpoint_that_is_being_created_may_be_billing(read: Read) -> None:
    assert by_name(read("endpoint"))["churn-scoring"].billing.certainty == "may be billing"


def test_this_space_is_marked_and_asks_twice(read: Read) -> None:
    row = next(row for row in read("studio-app").rows if row.here)
    assert row.mine
    assert [action.ask_twice for action in row.actions if action.danger] == [True]


def test_apps_that_share_a_machine_are_billed_once(read: Read, box: Sandbox) -> None:
    client = box.client("sagemaker")
    apps = client.list_apps(MaxResults=100)["Apps"]
    first = next(app for app in apps if app["AppType"] == "KernelGateway")
    client.create_app(
        DomainId=first["DomainId"],
        UserProfileName=first["UserProfileName"],
        AppType="KernelGateway",
        AppName="second",
        ResourceSpec={"InstanceType": first["ResourceSpec"]["InstanceType"]},
    )
    box.control.end("second", "InService")
    rows = [row for row in read("studio-app").rows if "KernelGateway" in row.key]
    assert sorted(row.billing.certainty for row in rows) == ["billing", "none"]


def test_a_stopped_space_can_be_started_and_costs_storage_only(read: Read) -> None:
    row = by_name(read("studio-app"))["priya-archive"]
    assert row.billing.certainty == "storage only"
    assert [action.name for action in row.actions] == ["start"]


def test_a_job_that_waits_for_machines_does_not_bill_yet(read: Read) -> None:
    row = by_name(read("training-job"))["churn-xgb-tune-07"]
    assert (row.billing.certainty, row.detail_status) == ("none", "Starting")


def test_a_failed_job_carries_its_reason(read: Read) -> None:
    assert by_name(read("training-job"))["segmentation-unet-12"].reason


def test_an_item_gone_between_list_and_describe_is_no_row(read: Read, box: Sandbox) -> None:
    box.control.fail(
        "DescribeEndpoint", "ValidationException", message='Could not find endpoint "x".', times=1
    )
    reading = read("endpoint")
    assert len(reading.rows) == 4
    assert reading.problem is None


def test_an_active_job_that_the_list_leaves_out_is_looked_for(read: Read, box: Sandbox) -> None:
    memory = Memory()
    read("training-job", memory)
    client, old = box.client("sagemaker"), "demand-forecast-2026-11-20"
    kind = registry()["training-job"]
    memory.active["vanished",] = {"TrainingJobName": "vanished", "TrainingJobStatus": "InProgress"}
    assert client.describe_training_job(TrainingJobName=old)["TrainingJobStatus"] == "InProgress"
    names = {row.name for row in read("training-job", memory).rows}
    assert old in names
    assert "vanished" not in names
    assert kind.partial


def test_a_failed_search_is_said_beside_the_rows(read: Read, box: Sandbox) -> None:
    box.control.fail("Search", "AccessDeniedException")
    reading = read("training-job")
    assert reading.rows
    assert reading.problem is not None
    assert reading.problem.permission == "sagemaker:Search"


def test_an_unknown_instance_type_has_no_price_and_is_not_zero() -> None:
    facts = Facts("x", "InService", meters=[Meter("Hosting", "ml.new9.huge", 2)], billed_from=NOW)
    billing = bill(facts, "billing", "", "us-east-1", NOW + timedelta(hours=1))
    assert (billing.usd_per_hour, billing.accrued_usd) == (None, None)


def test_one_unknown_meter_makes_the_whole_rate_unknown() -> None:
    meters = [Meter("Hosting", "ml.m5.xlarge"), Meter("Hosting", None)]
    billing = bill(Facts("x", "InService", meters=meters), "billing", "", "us-east-1", NOW)
    assert billing.usd_per_hour is None


def test_another_regions_price_is_not_borrowed() -> None:
    facts = Facts("x", "InService", meters=[Meter("Hosting", "ml.m5.xlarge")])
    assert bill(facts, "billing", "", "sa-east-1", NOW).usd_per_hour is None


def test_a_clock_that_runs_ahead_makes_no_negative_cost() -> None:
    facts = Facts(
        "x", "s", meters=[Meter("Training", "ml.m5.xlarge")], billed_from=NOW + timedelta(minutes=5)
    )
    assert bill(facts, "billing", "", "us-east-1", NOW).accrued_usd == 0


def test_spot_costs_the_seconds_that_aws_bills() -> None:
    facts = Facts(
        "x",
        "Completed",
        meters=[Meter("Training", "ml.m5.xlarge")],
        billed_from=NOW - timedelta(hours=2),
        ended=NOW,
        billed_seconds=1800,
    )
    assert bill(facts, "none", "", "us-east-1", NOW).accrued_usd == pytest.approx(0.23 / 2)


@pytest.mark.parametrize("parts", [("a",), ("d-1", "space", "a b/c", "JupyterLab", "default"), ("ü%2F",)])
def test_a_key_survives_its_quoting(parts: tuple[str, ...], reader: Reader) -> None:
    from urllib.parse import quote

    assert parse_key("/".join(quote(part, safe="") for part in parts)) == parts


def test_nothing_can_be_done_on_a_read_only_server(reader: Reader) -> None:
    only = Reader(reader.account, Here(), reader.details, read_only=True)
    rows = only.read(registry()["endpoint"], Memory(), datetime.now(timezone.utc), lambda rows: None).rows
    assert not any(row.actions for row in rows)


def test_a_kind_calls_only_what_it_declared(reader: Reader) -> None:
    call = reader.call(registry()["endpoint"], ("ListEndpoints",))
    with pytest.raises(AssertionError, match="does not declare"):
        call("DeleteEndpoint", EndpointName="x")
