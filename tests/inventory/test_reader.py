"""The engine: what a list and its describes become, whatever goes wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone

import pytest

from smext.api import Row
from smext.aws.studio import ServerIdentity
from smext.inventory.billing import bill
from smext.inventory.reader import Memory, Reader, Reading, parse_key
from smext.kinds import registry
from smext.kinds.base import Facts, Meter
from smext.sandbox import Sandbox

Read = Callable[..., Reading]
NOW = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)


@pytest.fixture
def scene() -> str:
    return "busy"


def by_name(reading: Reading) -> dict[str, Row]:
    return {row.name: row for row in reading.rows}


def _told(reading: Reading) -> list[tuple[str, str, float | None]]:
    return sorted((row.name, row.status, row.billing.usd_per_hour) for row in reading.rows)


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


@pytest.mark.parametrize(("sharing", "mine"), [("Private", False), ("Shared", None)])
def test_a_space_of_another_is_his_alone_unless_it_is_shared(
    read: Read, box: Sandbox, sharing: str, mine: bool | None
) -> None:
    box.client("sagemaker").create_space(
        DomainId="d-sandbox12345",
        SpaceName="of-jonas",
        OwnershipSettings={"OwnerUserProfileName": "jonas"},
        SpaceSharingSettings={"SharingType": sharing},
        SpaceSettings={"AppType": "JupyterLab"},
    )
    row = by_name(read("studio-app"))["of-jonas"]
    assert (row.owner, row.mine) == ("jonas", mine)


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


def test_a_first_reading_of_jobs_takes_two_searches_and_no_describe(read: Read, box: Sandbox) -> None:
    memory, before = Memory(), len(box.control.calls)
    first = read("training-job", memory)
    assert sorted(box.control.calls[before:]) == ["ListTrainingJobs", "Search", "Search"]
    again = read("training-job", memory)
    assert sorted(box.control.calls[before + 3 :]) == ["ListTrainingJobs", "Search"]
    assert [(row.key, row.billing.usd_per_hour) for row in again.rows] == [
        (row.key, row.billing.usd_per_hour) for row in first.rows
    ]
    assert any(row.billing.accrued_usd for row in first.rows if not row.active)


def test_endpoints_are_the_same_where_nothing_may_be_searched(read: Read, box: Sandbox) -> None:
    found = read("endpoint")
    assert box.control.calls.count("DescribeEndpoint") < len(found.rows)
    box.control.fail("Search", "AccessDeniedException")
    described = read("endpoint")
    assert described.problem is None
    assert _told(described) == _told(found)


def test_what_only_an_old_index_knows_is_no_endpoint(read: Read, box: Sandbox) -> None:
    stale = {"Endpoint": {"EndpointName": "deleted", "EndpointStatus": "InService"}}
    box.engine.handle("Search", lambda store, model, params: {"Results": [stale]})
    assert "deleted" not in by_name(read("endpoint"))


def test_an_endpoint_that_the_index_knows_as_it_was_is_described(read: Read, box: Sandbox) -> None:
    old = {
        "EndpointName": "ranker-prod",
        "EndpointStatus": "InService",
        "LastModifiedTime": NOW - timedelta(days=90),
        "EndpointConfigName": "gone",
        "ProductionVariants": [],
    }
    box.engine.handle("Search", lambda store, model, params: {"Results": [{"Endpoint": old}]})
    assert by_name(read("endpoint"))["ranker-prod"].billing.usd_per_hour == pytest.approx(2 * 0.204 + 0.408)


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
    only = Reader(reader.account, ServerIdentity(), reader.details, read_only=True)
    rows = only.read(registry()["endpoint"], Memory(), datetime.now(timezone.utc), lambda rows: None).rows
    assert not any(row.actions for row in rows)


def test_a_kind_calls_only_what_it_declared(reader: Reader) -> None:
    call = reader.call(registry()["endpoint"], ("ListEndpoints",))
    with pytest.raises(AssertionError, match="does not declare"):
        call("DeleteEndpoint", EndpointName="x")
