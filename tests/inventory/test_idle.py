"""What idles: said only where figures say it; no figure is neither idle nor in use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from smext import errors
from smext.api import Idle
from smext.aws.account import Account
from smext.aws.cloudwatch import Point, Series, ask
from smext.inventory.idle import SERIES, Candidate, judge, look, mark
from smext.inventory.reader import Memory, Reader, parse_key
from smext.kinds import registry
from smext.kinds.base import Kind
from smext.kinds.signal import Signal
from smext.sandbox import Sandbox

NOW = datetime.now(timezone.utc)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
OLD = NOW - 30 * timedelta(days=1)
CALLS = Signal("n", "m", lambda item: [{}], means="no calls", window=HOUR, silence=True)
GPU = Signal(
    "n",
    "m",
    lambda item: [{}],
    means="GPU at {value:.0f} %",
    window=20 * MINUTE,
    quiet=5.0,
    reach=3 * HOUR,
    period=5 * MINUTE,
)
LAST = Signal("n", "m", lambda item: [{}], means="unused", window=HOUR, tells="seconds idle")
Look = Callable[[str], dict[str, Idle]]


@pytest.fixture
def scene() -> str:
    return "busy"


@pytest.fixture
def look_at(reader: Reader) -> Look:
    """What idles of a kind, by name."""

    def look_at(kind_name: str) -> dict[str, Idle]:
        found = look(reader.account, candidates(reader, registry()[kind_name]), NOW)
        return {key.rsplit("/", 1)[-1]: idle for (_, key), idle in found.items()}

    return look_at


def candidates(reader: Reader, kind: Kind) -> list[Candidate]:
    memory = Memory()
    rows = reader.read(kind, memory, NOW, lambda rows: None).rows
    return [Candidate(kind, memory.active[parse_key(row.key)], row) for row in rows if row.active]


def put(
    box: Sandbox,
    metric: str,
    ages: list[timedelta],
    value: float,
    namespace: str = "AWS/SageMaker",
    **dims: str,
) -> None:
    dimensions = [{"Name": name, "Value": value} for name, value in dims.items()]
    box.client("cloudwatch").put_metric_data(
        Namespace=namespace,
        MetricData=[
            {"MetricName": metric, "Dimensions": dimensions, "Timestamp": NOW - age, "Value": value}
            for age in ages
        ],
    )


def minutes(start: int, step: int, end: int, value: float) -> list[Point]:
    return [(NOW - minute * MINUTE, value) for minute in range(start, end, -step)]


# --- one signal --------------------------------------------------------------------------------------


def test_silence_of_an_old_endpoint_is_no_use() -> None:
    idle = judge(CALLS, [[], []], OLD, NOW)
    assert idle == Idle(signal="no calls", since=NOW - CALLS.reach)


def test_silence_of_a_young_one_is_unknown() -> None:
    assert judge(CALLS, [[]], NOW - 59 * MINUTE, NOW) is None
    assert judge(CALLS, [[]], NOW - 61 * MINUTE, NOW) == Idle(signal="no calls", since=NOW - 61 * MINUTE)
    assert judge(CALLS, [[]], None, NOW) is None


def test_one_call_to_one_variant_is_use() -> None:
    assert judge(CALLS, [[], [(NOW - 30 * MINUTE, 1.0)]], OLD, NOW) is True


def test_idle_since_the_last_call_of_any_variant() -> None:
    calls = [[(NOW - 9 * HOUR, 2.0)], [(NOW - 5 * HOUR, 4.0), (NOW - HOUR, 0.0)]]
    assert judge(CALLS, calls, OLD, NOW) == Idle(signal="no calls", since=NOW - 5 * HOUR + CALLS.period)


def test_what_cloudwatch_does_not_tell_is_unknown() -> None:
    assert judge(CALLS, [[], None], OLD, NOW) is None


def test_a_gpu_at_a_few_percent_is_idle() -> None:
    idle = judge(GPU, [minutes(60, 5, 0, 80.0)[:4] + minutes(40, 5, 0, 3.0)], OLD, NOW)
    assert isinstance(idle, Idle)
    assert idle.signal == "GPU at 3 %"
    assert idle.since == NOW - 40 * MINUTE


@pytest.mark.parametrize(
    "points",
    [
        [],
        minutes(10, 5, 0, 1.0),  # only the last minutes
        minutes(120, 5, 60, 1.0),  # nothing of late
    ],
    ids=["none", "short", "ended"],
)
def test_a_gpu_without_figures_of_the_whole_window_is_unknown(points: list[Point]) -> None:
    assert judge(GPU, [points], OLD, NOW) is None
    assert judge(GPU, [points, minutes(60, 5, 0, 1.0)], OLD, NOW) is None


def test_one_busy_gpu_of_many_machines_is_use() -> None:
    assert judge(GPU, [minutes(60, 5, 0, 1.0), minutes(60, 5, 0, 90.0)], OLD, NOW) is True


def test_seconds_idle_tell_since_when() -> None:
    idle = judge(LAST, [[(NOW - 5 * MINUTE, 7200.0)]], OLD, NOW)
    assert idle == Idle(signal="unused", since=NOW - 125 * MINUTE)
    assert judge(LAST, [[(NOW - 5 * MINUTE, 60.0)]], OLD, NOW) is True
    assert judge(LAST, [[(NOW - 2 * HOUR, 7200.0)]], OLD, NOW) is None
    assert judge(LAST, [[]], OLD, NOW) is None


# --- over the wire -----------------------------------------------------------------------------------


def test_every_kind_with_signals_asks_what_cloudwatch_takes(reader: Reader, box: Sandbox) -> None:
    with_signals = [kind for kind in registry().values() if kind.signals]
    assert with_signals
    for kind in with_signals:
        look(reader.account, candidates(reader, kind), NOW)
    assert "GetMetricData" in box.control.calls


def test_an_endpoint_that_nobody_calls_idles(look_at: Look, box: Sandbox) -> None:
    put(box, "Invocations", [10 * MINUTE], 5, EndpointName="summarizer-demo", VariantName="AllTraffic")
    found = look_at("endpoint")
    assert "summarizer-demo" not in found
    assert found["ranker-prod"].signal == "no invocations"
    assert box.control.calls.count("GetMetricData") == 1


def test_calls_to_one_of_two_variants_are_use(look_at: Look, box: Sandbox) -> None:
    client = box.client("sagemaker")
    variants = client.describe_endpoint(EndpointName="ranker-prod")["ProductionVariants"]
    assert len(variants) == 2
    put(
        box,
        "Invocations",
        [10 * MINUTE],
        5,
        EndpointName="ranker-prod",
        VariantName=variants[1]["VariantName"],
    )
    assert "ranker-prod" not in look_at("endpoint")


def test_requests_that_wait_for_an_asynchronous_endpoint_are_use(reader: Reader, box: Sandbox) -> None:
    (one,) = [c for c in candidates(reader, registry()["endpoint"]) if c.row.name == "ranker-prod"]
    config = {**one.item["Config"], "AsyncInferenceConfig": {"OutputConfig": {}}}
    queued = Candidate(one.kind, {**one.item, "Config": config}, one.row)
    assert look(reader.account, [queued], NOW)
    put(box, "ApproximateBacklogSize", [10 * MINUTE], 3, EndpointName="ranker-prod")
    assert look(reader.account, [queued], NOW) == {}


def test_serverless_and_unborn_endpoints_are_not_asked_about(look_at: Look) -> None:
    assert not {"ocr-on-demand", "churn-scoring"} & set(look_at("endpoint"))


def test_a_dear_job_whose_gpu_rests_idles(look_at: Look, box: Sandbox) -> None:
    job = "demand-forecast-2026-11-20"
    ages = [minute * MINUTE for minute in range(0, 70, 5)]
    put(box, "GPUUtilization", ages, 2.0, namespace="/aws/sagemaker/TrainingJobs", Host=f"{job}/algo-1")
    assert look_at("training-job") == {
        job: Idle(signal="GPU at 2 %", since=look_at("training-job")[job].since)
    }


def test_a_job_without_figures_is_not_said_to_idle(look_at: Look) -> None:
    assert look_at("training-job") == {}


def test_canvas_tells_when_it_was_last_used(look_at: Look, box: Sandbox) -> None:
    where = {"DomainId": "d-sandbox12345", "UserProfileName": "priya"}
    put(box, "TimeSinceLastActive", [MINUTE], 9000, namespace="/aws/sagemaker/Canvas/AppActivity", **where)
    (idle,) = look_at("studio-app").values()
    assert idle.since is not None
    assert timedelta(seconds=-400) < idle.since - (NOW - timedelta(seconds=9000)) < timedelta(seconds=400)


def test_denied_is_an_error_with_the_permission(look_at: Look, box: Sandbox) -> None:
    box.control.fail("GetMetricData", "AccessDeniedException")
    with pytest.raises(errors.Denied) as caught:
        look_at("endpoint")
    assert caught.value.permission == "cloudwatch:GetMetricData"


def test_the_dear_ones_are_asked_about_first_and_not_without_end(reader: Reader, box: Sandbox) -> None:
    kind = registry()["endpoint"]
    some = [c for c in candidates(reader, kind) if c.row.billing.usd_per_hour]
    many = [
        Candidate(kind, c.item, c.row.model_copy(update={"key": f"{c.row.key}-{n}"}))
        for c in some
        for n in range(SERIES)
    ]
    found = look(reader.account, many, NOW)
    assert len(found) <= SERIES
    dearest = max(c.row.billing.usd_per_hour or 0 for c in some)
    assert {key.rsplit("-", 1)[0] for _, key in found} == {
        c.row.key for c in some if c.row.billing.usd_per_hour == dearest
    }


def test_nothing_that_bills_is_no_call(reader: Reader, box: Sandbox) -> None:
    assert look(reader.account, [], NOW) == {}
    assert "GetMetricData" not in box.control.calls


def test_a_claim_that_is_not_known_any_more_is_taken_back(reader: Reader) -> None:
    row = candidates(reader, registry()["endpoint"])[0].row
    idle = Idle(signal="x")
    (marked,) = mark([row], {(row.kind, row.key): idle})
    assert marked.idle == idle
    assert mark([marked], {})[0].idle is None
    over = row.model_copy(update={"active": False})
    assert mark([over], {(row.kind, row.key): idle})[0].idle is None


def test_more_series_than_one_call_takes_come_back_in_order(account: Account, box: Sandbox) -> None:
    for name, value in (("a", 1), ("b", 2)):
        put(box, name, [10 * MINUTE, 2 * HOUR], value, Which=name)
    series = [
        Series("AWS/SageMaker", name, {"Which": name}, "Sum", MINUTE, NOW - reach)
        for name, reach in [("a", HOUR), ("b", 3 * HOUR), ("none", HOUR)] * 200
    ]
    found = ask(account, series, NOW)
    assert [[value for _, value in points or []] for points in found] == [[1.0], [2.0, 2.0], []] * 200
    assert box.control.calls.count("GetMetricData") == 2


@pytest.mark.parametrize("change", ["left out", "PartialData", "InternalError", "Forbidden"])
def test_a_series_that_is_not_told_whole_is_unknown_and_not_silent(
    account: Account, box: Sandbox, change: str
) -> None:
    put(box, "a", [10 * MINUTE], 1, Which="a")
    series = [
        Series("AWS/SageMaker", name, {"Which": name}, "Sum", MINUTE, NOW - HOUR) for name in ("a", "b")
    ]

    def alter(parsed: dict[str, Any], **_: Any) -> None:
        told, other = parsed["MetricDataResults"]
        other["StatusCode"] = change
        parsed["MetricDataResults"] = [told] if change == "left out" else [told, other]

    account.client("cloudwatch").meta.events.register("after-call.cloudwatch.GetMetricData", alter)
    first, second = ask(account, series, NOW)
    assert [value for _, value in first or []] == [1.0]
    assert second is None
