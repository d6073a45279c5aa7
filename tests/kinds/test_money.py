"""What bills of each kind, where it is not the status alone that tells."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import pytest

from smext.api import Row
from smext.inventory.billing import bill
from smext.inventory.reader import Memory, Reading
from smext.kinds import registry, storage
from smext.kinds.base import Facts, Kind, Volume
from smext.sandbox import Sandbox

if TYPE_CHECKING:
    from tests.kinds.conftest import Wire

ReadKind = Callable[..., Reading]
Truth = Callable[[Kind], dict[str, Row]]
Named = Callable[[str, str], Row]


@pytest.fixture
def named(truth: Truth) -> Named:
    """A row by its kind and name, or by a part of its key."""

    def find(kind: str, name: str) -> Row:
        rows = truth(registry()[kind])
        return next(row for row in rows.values() if name in (row.name, row.key) or f"/{name}/" in row.key)

    return find


def test_shadow_variants_bill_with_their_endpoint(named: Named) -> None:
    assert named("endpoint", "ranker-shadow").billing.usd_per_hour == pytest.approx(2 * 0.204)
    assert named("inference-experiment", "ranker-v4-shadow").billing.certainty == "none"


def test_each_pool_of_a_variant_bills_at_its_own_rate(named: Named) -> None:
    assert named("endpoint", "llm-pools").billing.usd_per_hour == pytest.approx(2 * 1.41 + 1.52)


def test_an_endpoint_without_machines_does_not_bill(named: Named) -> None:
    assert named("endpoint", "asleep-async").billing.certainty == "none"


def test_an_endpoint_that_changes_without_a_machine_may_bill(read: ReadKind, wire: Wire) -> None:
    def changing(operation: str, answer: dict[str, Any]) -> None:
        for one in [answer, *(answer.get("Endpoints") or []), *_found(answer, "Endpoint")]:
            if one.get("EndpointName") == "asleep-async":
                one["EndpointStatus"] = "Updating"

    kind = registry()["endpoint"]
    wire.alter_all(kind, changing)
    billing = next(row.billing for row in read(kind).rows if row.name == "asleep-async")
    assert (billing.certainty, billing.usd_per_hour) == ("may be billing", None)


def _found(answer: dict[str, Any], what: str) -> list[dict[str, Any]]:
    return [hit[what] for hit in answer.get("Results") or []]


def test_provisioned_concurrency_may_bill(named: Named) -> None:
    billing = named("endpoint", "ocr-always-ready").billing
    assert (billing.certainty, billing.usd_per_hour) == ("may be billing", None)


def test_a_mixed_cluster_costs_the_sum_of_its_groups(named: Named) -> None:
    row = named("training-job", "mixed-cluster-4")
    assert row.billing.usd_per_hour == pytest.approx(2 * 1.41 + 0.408, rel=0.005)
    assert row.subtitle == "2 × ml.g5.xlarge + ml.c5.2xlarge"


def test_a_group_of_an_unknown_type_makes_the_rate_of_a_mixed_cluster_unknown(
    read: ReadKind, wire: Wire
) -> None:
    def without_type(operation: str, answer: dict[str, Any]) -> None:
        for job in [answer, *_found(answer, "TrainingJob")]:
            if job.get("TrainingJobName") == "mixed-cluster-4":
                del job["ResourceConfig"]["InstanceGroups"][0]["InstanceType"]

    kind = registry()["training-job"]
    wire.alter_all(kind, without_type)
    billing = next(row.billing for row in read(kind).rows if row.name == "mixed-cluster-4")
    assert (billing.certainty, billing.usd_per_hour) == ("billing", None)


def test_a_job_on_a_training_plan_was_paid_for_in_advance(named: Named) -> None:
    billing = named("training-job", "llm-pretrain-planned").billing
    assert (billing.certainty, billing.usd_per_hour) == ("none", None)
    assert "41184.00 USD" in named("training-plan", "p5-november").billing.why


def test_a_warm_pool_bills_though_its_job_is_completed(named: Named) -> None:
    job, pool = named("training-job", "warm-start-baseline"), named("warm-pool", "warm-start-baseline")
    assert (job.status, job.billing.certainty) == ("Completed", "none")
    assert (pool.billing.certainty, pool.billing.usd_per_hour) == ("billing", 0.23)
    assert [action.label for action in pool.actions] == ["Release"]


def test_kernels_on_one_machine_bill_once(named: Named) -> None:
    other = named("studio-app", "jonas/pytorch-2-ml-m5-xlarge").billing
    assert other.certainty == "none"
    assert "shares the machine" in other.why


@pytest.mark.parametrize(
    "change",
    [
        # A space may have the name of a user.
        {"UserProfileName": None, "SpaceName": "jonas"},
        {"ResourceSpec": None},
    ],
    ids=["of a space", "of an unknown type"],
)
def test_kernels_that_may_be_on_two_machines_bill_twice(
    change: dict[str, Any], read: ReadKind, wire: Wire
) -> None:
    def alter(operation: str, answer: dict[str, Any]) -> None:
        for app in answer["Apps"]:
            unknown = change.get("ResourceSpec", app) is None
            if app["AppName"] == "pytorch-2-ml-m5-xlarge" or (
                unknown and app.get("UserProfileName") == "jonas"
            ):
                app.update(change)

    kind = registry()["studio-app"]
    wire.alter(kind, "ListApps", alter)
    rows = [row for row in read(kind).rows if "/KernelGateway/" in row.key and "/jonas/" in row.key]
    assert [row.billing.certainty for row in rows] == ["billing", "billing"]


def test_an_app_that_failed_leaves_the_volume_of_its_space(read: ReadKind, wire: Wire) -> None:
    def fail(operation: str, answer: dict[str, Any]) -> None:
        for app in answer["Apps"]:
            app["Status"] = "Failed"

    kind = registry()["studio-app"]
    wire.alter(kind, "ListApps", fail)
    rows = {row.name: row.billing for row in read(kind).rows}
    assert rows["jonas-gpu"].certainty == "storage only"
    assert rows["priya/base-python"].certainty == "none"


@pytest.mark.parametrize("status", ["Pending", "Deleting"])
def test_an_app_that_is_free_may_not_be_billing_while_it_comes_and_goes(
    status: str, read: ReadKind, wire: Wire
) -> None:
    def coming(operation: str, answer: dict[str, Any]) -> None:
        for app in answer["Apps"]:
            app["Status"] = status

    kind = registry()["studio-app"]
    wire.alter(kind, "ListApps", coming)
    rows = {row.key: row.billing.certainty for row in read(kind).rows}
    free = [certainty for key, certainty in rows.items() if "/RStudioServerPro/" in key]
    dear = [certainty for key, certainty in rows.items() if "/RSessionGateway/" in key]
    assert (free, dear) == (["none"], ["may be billing"])


def test_system_is_a_billed_machine_for_kernels(named: Named) -> None:
    assert named("studio-app", "priya/base-python").billing.usd_per_hour == 0.05


def test_of_rstudio_the_small_server_is_free_and_sessions_bill(named: Named) -> None:
    assert named("studio-app", "RStudioServerPro").billing.certainty == "none"
    assert named("studio-app", "RSessionGateway").billing.usd_per_hour == 0.115


def test_tensorboard_bills_at_a_rate_that_is_not_known(named: Named) -> None:
    billing = named("studio-app", "TensorBoard").billing
    assert (billing.certainty, billing.usd_per_hour) == ("billing", None)


def test_of_tracking_servers_only_the_small_size_has_a_price(named: Named) -> None:
    assert named("mlflow-server", "experiments").billing.usd_per_hour == 0.642
    assert named("mlflow-server", "research-runs").billing.usd_per_hour is None
    assert named("mlflow-server", "old-experiments").billing.certainty == "storage only"


@pytest.mark.parametrize(
    ("name", "certainty"),
    [
        ("customers", "storage only"),
        ("archive-offline", "storage only"),
        ("clicks-provisioned", "may be billing"),
        ("sessions-in-memory", "may be billing"),
    ],
)
def test_a_feature_group_may_bill_by_the_hour(named: Named, name: str, certainty: str) -> None:
    assert named("feature-group", name).billing.certainty == certainty


def test_workers_that_are_kept_ready_bill_while_idle(named: Named) -> None:
    assert named("emr-application", "spark-ready").billing.certainty == "billing"
    assert named("emr-application", "spark-on-demand").billing.certainty == "none"


def test_workers_of_jobs_that_run_bill_at_a_price_that_is_not_known(named: Named) -> None:
    row = named("emr-application", "spark-busy")
    assert (row.billing.certainty, row.billing.usd_per_hour, row.cells["jobs"]) == ("billing", None, 2)
    assert row.billing.why.startswith("2 jobs run")


def test_job_runs_that_cannot_be_listed_leave_it_open(read: ReadKind, box: Sandbox) -> None:
    box.control.fail("ListJobRuns", "AccessDeniedException")
    rows = {row.name: row.billing for row in read(registry()["emr-application"]).rows}
    assert rows["spark-ready"].certainty == "billing"
    for name in ("spark-on-demand", "spark-busy"):
        assert rows[name].certainty == "may be billing"
        assert "emr-serverless:ListJobRuns" in rows[name].why


def test_workers_of_an_open_session_bill_at_a_price_that_is_not_known(named: Named) -> None:
    row = named("emr-application", "spark-interactive")
    assert (row.billing.certainty, row.billing.usd_per_hour) == ("billing", None)
    assert row.billing.why.startswith("a session is open")


def test_sessions_that_cannot_be_listed_leave_it_open(read: ReadKind, box: Sandbox) -> None:
    box.control.fail("ListSessions", "AccessDeniedException")
    rows = {row.name: row.billing for row in read(registry()["emr-application"]).rows}
    assert rows["spark-interactive"].certainty == "may be billing"
    assert "emr-serverless:ListSessions" in rows["spark-interactive"].why
    assert rows["spark-on-demand"].certainty == "none"  # its release has no sessions


def test_sessions_that_are_switched_on_are_looked_for_whatever_the_release(
    read: ReadKind, wire: Wire, box: Sandbox
) -> None:
    kind = registry()["emr-application"]

    def switched_on(operation: str, answer: dict[str, Any]) -> None:
        answer["application"]["interactiveConfiguration"] = {"sessionEnabled": True}

    wire.alter(kind, "GetApplication", switched_on)
    box.control.fail("ListSessions", "ThrottlingException")
    rows = {row.name: row.billing for row in read(kind).rows}
    assert rows["spark-on-demand"].certainty == "may be billing"


def test_an_empty_page_of_job_runs_that_goes_on_is_not_none(read: ReadKind, wire: Wire) -> None:
    kind = registry()["emr-application"]
    wire.alter(kind, "ListJobRuns", lambda operation, answer: answer.update(jobRuns=[], nextToken="more"))
    rows = {row.name: row.billing for row in read(kind).rows}
    for name in ("spark-on-demand", "spark-busy"):
        assert rows[name].certainty == "may be billing"
        assert "page" in rows[name].why


def test_an_interactive_application_may_have_workers_without_a_job(read: ReadKind, wire: Wire) -> None:
    kind = registry()["emr-application"]

    def interactive(operation: str, answer: dict[str, Any]) -> None:
        answer["application"]["interactiveConfiguration"] = {"studioEnabled": True}

    wire.alter(kind, "GetApplication", interactive)
    rows = {row.name: row.billing for row in read(kind).rows}
    assert rows["spark-on-demand"].certainty == "may be billing"
    assert "session" in rows["spark-on-demand"].why


def test_canvas_bills_by_its_session(named: Named) -> None:
    billing = named("studio-app", "Canvas").billing
    assert (billing.certainty, billing.usd_per_hour) == ("billing", 1.90)


def test_a_serverless_endpoint_bills_by_request_alone(named: Named) -> None:
    row = named("endpoint", "ocr-on-demand")
    assert (row.billing.certainty, row.billing.usd_per_hour, row.subtitle) == ("none", None, "serverless")


def test_a_stopped_notebook_instance_costs_its_volume(read: ReadKind) -> None:
    kind, memory = registry()["notebook-instance"], Memory()
    read(kind, memory)
    rows = {row.name: row.billing for row in read(kind, memory).rows if row.status == "Stopped"}
    assert rows
    for billing in rows.values():
        assert (billing.certainty, billing.usd_per_hour) == ("storage only", None)
        assert billing.usd_per_month


def test_nodes_of_a_cluster_have_no_price_in_the_table_and_say_so(named: Named) -> None:
    billing = named("cluster", "llm-hyperpod").billing
    assert (billing.certainty, billing.usd_per_hour, billing.why) == ("billing", None, "no price known")


def test_a_size_without_a_price_says_so(named: Named) -> None:
    assert named("mlflow-server", "research-runs").billing.why == "no price known"


def test_a_pipeline_shows_the_execution_that_runs(named: Named) -> None:
    row = named("pipeline", "nightly-features")
    assert (row.status, row.cells["executions"]) == ("Executing", 1)
    assert named("pipeline", "never-run").status == "Idle"


def test_only_file_systems_of_domains_are_listed(truth: Truth) -> None:
    (row,) = truth(registry()["file-system"]).values()
    assert row.cells["domain"] == "d-sandbox12345"
    assert row.billing.usd_per_month == pytest.approx(42 * 0.30)
    assert row.cells["usd_per_month"] == row.billing.usd_per_month


def test_a_volume_bills_by_the_month_whether_its_space_runs_or_not(named: Named) -> None:
    stopped, runs = named("studio-app", "priya-archive").billing, named("studio-app", "jonas-gpu").billing
    assert stopped.certainty == "storage only"
    assert stopped.usd_per_month == pytest.approx(250 * 0.112)
    assert stopped.price is not None
    assert "gp3" in stopped.price.source
    assert runs.usd_per_month == pytest.approx(100 * 0.112)
    assert runs.price is not None
    assert "gp3" not in runs.price.source


@pytest.mark.parametrize(
    ("gigabytes", "region"), [(None, "us-east-1"), (100.0, "eu-west-1")], ids=["size", "region"]
)
def test_storage_of_unknown_size_or_region_has_no_figure(gigabytes: float | None, region: str) -> None:
    facts = Facts("x", "Stopped", volumes=[Volume("space volume", gigabytes)])
    billing = bill(facts, "storage only", "", region, datetime.now(timezone.utc))
    assert (billing.usd_per_month, billing.price) == (None, None)
    assert storage.monthly("space volume", gigabytes, region) is None
