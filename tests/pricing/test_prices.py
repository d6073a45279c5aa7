"""Rates of an account: from the Price List where it may be asked, kept for a day, and never waited for."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from smext import errors
from smext.aws.account import Account
from smext.pricing import price_list, rate, rate_cache
from smext.pricing.prices import FAILED, FRESH, REFUSED, SOURCE, Prices
from smext.sandbox import Sandbox
from smext.sandbox.services import pricing as sandbox_pricing

TYPE, REGION = "ml.m5.xlarge", "us-east-1"


class Clock:
    def __init__(self) -> None:
        self.time = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


Make = Callable[..., Prices]


@pytest.fixture
def make(account: Account, clock: Clock) -> Iterator[Make]:
    made: list[Prices] = []

    def make(folder: Path | None = None, wait: bool = False) -> Prices:
        made.append(Prices(account, folder, wait=wait, now=clock))
        return made[-1]

    yield make
    for prices in made:
        prices.close()
        settled(prices)


def settled(prices: Prices) -> None:
    end = time.monotonic() + 120
    while not prices.resting:
        assert time.monotonic() < end
        time.sleep(0.01)


def asked(box: Sandbox) -> int:
    return box.control.calls.count("GetProducts")


def product(**changes: Any) -> str:
    """A product as the Price List writes it, with other attributes, price or unit."""
    attributes = {
        "instanceName": TYPE,
        "instanceType": f"{TYPE}-Training",
        "component": "Training",
        "usagetype": f"USE1-Train:{TYPE}",
        "regionCode": REGION,
        "locationType": "AWS Region",
    }
    price = {"unit": changes.pop("unit", "Hrs"), "pricePerUnit": {"USD": changes.pop("usd", "0.2500000000")}}
    term = {"priceDimensions": {"S.T.D": price}}
    return json.dumps(
        {"product": {"attributes": {**attributes, **changes}}, "terms": {"OnDemand": {"S.T": term}}}
    )


def test_the_first_answer_is_the_table_and_the_next_the_price_list(make: Make, box: Sandbox) -> None:
    prices = make()
    assert prices.rate("Training", TYPE, REGION).source == rate("Training", TYPE, REGION).source
    settled(prices)
    found = prices.rate("Training", TYPE, REGION)
    assert (found.usd_per_hour, found.source, found.as_of) == (0.23, SOURCE, "2026-11-20")


def test_what_is_known_is_told_without_asking(make: Make, box: Sandbox) -> None:
    prices = make(wait=True)
    assert prices.known("Training", TYPE, REGION) == rate("Training", TYPE, REGION)
    assert "GetProducts" not in box.control.calls
    asked = prices.rate("Training", TYPE, REGION)
    assert prices.known("Training", TYPE, REGION) == asked
    assert asked.source == SOURCE
    assert box.control.calls.count("GetProducts") == 1


def test_no_row_waits_for_a_price_list_that_hangs(make: Make, box: Sandbox) -> None:
    box.control.hang("GetProducts")
    prices = make()
    assert prices.rate("Training", TYPE, REGION).usd_per_hour == 0.23
    assert not prices.resting
    box.control.heal()


def test_a_type_is_asked_for_once_a_day_for_all_its_components(
    make: Make, box: Sandbox, clock: Clock
) -> None:
    prices = make(wait=True)
    for component in ("Training", "Processing", "Hosting", "Studio", "Notebook", "Transform"):
        assert prices.rate(component, TYPE, REGION).source == SOURCE
    assert asked(box) == 1
    clock.time += FRESH - timedelta(seconds=1)
    prices.rate("Training", TYPE, REGION)
    assert asked(box) == 1
    clock.time += timedelta(seconds=2)
    assert prices.rate("Training", TYPE, REGION).as_of == "2026-11-21"
    assert asked(box) == 2


def test_what_was_read_is_kept_over_a_restart(make: Make, box: Sandbox, tmp_path: Path, clock: Clock) -> None:
    make(tmp_path, wait=True).rate("Training", TYPE, REGION)
    make(tmp_path, wait=True).rate("Training", "ml.c5.xlarge", REGION)
    again = make(tmp_path)
    assert again.rate("Training", TYPE, REGION).source == SOURCE
    assert again.rate("Training", "ml.c5.xlarge", REGION).source == SOURCE
    assert asked(box) == 2


def test_an_old_quote_stands_with_its_date_while_nothing_newer_comes(
    make: Make, box: Sandbox, tmp_path: Path, clock: Clock
) -> None:
    make(tmp_path, wait=True).rate("Training", TYPE, REGION)
    box.control.fail("GetProducts", "AccessDeniedException")
    clock.time += timedelta(days=3)
    found = make(tmp_path, wait=True).rate("Training", TYPE, REGION)
    assert (found.source, found.as_of) == (SOURCE, "2026-11-20")


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", '{"ml.m5.xlarge": 3}', '{"ml.m5.xlarge": {"at": "2026-11-20", "rates": {}}}', "\x00"],
)
def test_a_broken_file_holds_nothing(text: str, make: Make, tmp_path: Path) -> None:
    (tmp_path / f"{REGION}.json").write_text(text)
    assert rate_cache.load(tmp_path, REGION) == {}
    assert make(tmp_path, wait=True).rate("Training", TYPE, REGION).source == SOURCE
    assert TYPE in rate_cache.load(tmp_path, REGION)


def test_a_disk_that_refuses_is_no_failure(make: Make, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert make(tmp_path / "file" / "below", wait=True).rate("Training", TYPE, REGION).source == SOURCE


def test_denied_is_the_table_with_a_note_and_no_second_call(make: Make, box: Sandbox, clock: Clock) -> None:
    box.control.fail("GetProducts", "AccessDeniedException")
    prices = make(wait=True)
    for instance in (TYPE, "ml.c5.xlarge", "ml.g5.xlarge"):
        found = prices.rate("Training", instance, REGION)
        assert found.usd_per_hour == rate("Training", instance, REGION).usd_per_hour
        assert "pricing:GetProducts" in found.source
    assert asked(box) == 1
    box.control.heal()
    clock.time += REFUSED
    assert prices.rate("Training", TYPE, REGION).source == SOURCE
    assert prices.rate("Training", "ml.c5.xlarge", REGION).source == SOURCE


def test_one_no_is_enough_for_all_that_were_wanted(make: Make, box: Sandbox) -> None:
    box.control.delay(200)
    box.control.fail("GetProducts", "AccessDeniedException")
    prices = make()
    for instance in (TYPE, "ml.c5.xlarge", "ml.g5.xlarge", "ml.t3.medium"):
        prices.rate("Training", instance, REGION)
    settled(prices)
    assert asked(box) == 1


def test_a_failure_that_may_pass_is_tried_again_sooner(make: Make, box: Sandbox, clock: Clock) -> None:
    box.control.fail("GetProducts", "InternalServerError")
    prices = make(wait=True)
    assert "could not be asked" in prices.rate("Training", TYPE, REGION).source
    box.control.heal()
    clock.time += FAILED
    assert prices.rate("Training", TYPE, REGION).source == SOURCE


def test_whoever_waits_for_several_types_waits_for_all_at_once(
    make: Make, account: Account, box: Sandbox, tmp_path: Path
) -> None:
    prices, types = make(tmp_path, wait=True), ["ml.m5.large", "ml.m5.xlarge", "ml.g5.xlarge", "ml.c5.xlarge"]
    together = threading.Barrier(len(types), timeout=120)

    def meet(**_: Any) -> None:
        together.wait()

    account.client("pricing", "us-east-1").meta.events.register("before-call.pricing.GetProducts", meet)
    with ThreadPoolExecutor(2 * len(types)) as threads:
        rates = list(threads.map(lambda name: prices.rate("Training", name, REGION), [*types, *types]))
    assert {rate.source for rate in rates} == {SOURCE}
    assert box.control.calls.count("GetProducts") == len(types)
    assert set(rate_cache.load(tmp_path, REGION)) == set(types)


def test_two_targets_do_not_mix(make: Make, box: Sandbox) -> None:
    allowed = make(wait=True)
    allowed.rate("Training", TYPE, REGION)
    box.control.fail("GetProducts", "AccessDeniedException")
    denied = make(wait=True)
    assert denied.rate("Training", TYPE, REGION).source != SOURCE
    assert allowed.rate("Training", TYPE, REGION).source == SOURCE


def test_a_type_that_the_price_list_lacks_is_asked_for_once(make: Make, box: Sandbox) -> None:
    prices = make(wait=True)
    for _ in range(2):
        assert prices.rate("Training", "ml.z9.xlarge", REGION).usd_per_hour is None
    assert asked(box) == 1


def test_a_defect_while_asking_is_not_the_end_of_asking(
    make: Make, monkeypatch: pytest.MonkeyPatch, box: Sandbox
) -> None:
    seen: list[object] = []
    monkeypatch.setattr(threading, "excepthook", lambda given: seen.append(given.exc_type))
    prices = make()
    with monkeypatch.context() as patch:
        patch.setattr("smext.pricing.prices.ask", lambda *given: 1 / 0)
        prices.rate("Training", TYPE, REGION)
        settled(prices)
    assert seen == [ZeroDivisionError]
    prices.rate("Training", TYPE, REGION)
    settled(prices)
    assert prices.rate("Training", TYPE, REGION).source == SOURCE


def test_what_is_no_machine_is_not_asked_for(make: Make, box: Sandbox) -> None:
    prices = make(wait=True)
    assert prices.rate("Canvas", "canvas.session", REGION).usd_per_hour == 1.9
    assert prices.rate("Training", "", REGION).usd_per_hour is None
    assert prices.rate("Training", TYPE, "").usd_per_hour is None
    assert asked(box) == 0


def test_after_the_end_nothing_is_asked(make: Make, box: Sandbox) -> None:
    prices = make(wait=True)
    prices.close()
    assert prices.rate("Training", TYPE, REGION).usd_per_hour == 0.23
    assert asked(box) == 0


@pytest.mark.parametrize(
    ("region", "endpoint"),
    [
        ("us-east-1", "us-east-1"),
        ("sa-east-1", "us-east-1"),
        ("eu-west-1", "eu-central-1"),
        ("ap-northeast-1", "ap-south-1"),
        ("cn-north-1", None),
        ("us-gov-west-1", None),
    ],
)
def test_the_nearest_endpoint_is_asked(region: str, endpoint: str | None) -> None:
    assert price_list.home(region) == endpoint


def test_a_region_without_a_price_list_is_not_asked_about(make: Make, box: Sandbox) -> None:
    make(wait=True).rate("Training", TYPE, "cn-north-1")
    assert asked(box) == 0


@pytest.mark.parametrize(
    "odd",
    [
        {"locationType": "AWS Outposts"},
        {"usd": "0.0000000000"},
        {"unit": "GB"},
        {"regionCode": "eu-west-1"},
        {"instanceName": "ml.m5.2xlarge"},
        {"component": "SpotTraining"},
        {"instanceType": f"{TYPE}-trainingplanunused"},
        {"usagetype": f"USE1-TrSpt:{TYPE}"},
    ],
    ids=lambda odd: str(next(iter(odd.values()))),
)
def test_what_is_no_hour_on_demand_here_is_passed_over(odd: dict[str, str]) -> None:
    assert price_list.read([product(**odd)], TYPE, REGION) == {}
    both = [product(**{"usd": "9.0", **odd}), product()]
    assert price_list.read(both, TYPE, REGION) == {"Training": 0.25}


def test_the_component_is_known_however_it_is_written() -> None:
    texts = [
        product(component="PROCESSING", usd="0.3"),
        product(component="", platoinstancetype="studio-jupyterlab", usd="0.4"),
    ]
    assert price_list.read(texts, TYPE, REGION) == {"Processing": 0.3, "Studio": 0.4}


def test_two_rates_for_one_component_are_none() -> None:
    assert price_list.read([product(), product(usd="0.26")], TYPE, REGION) == {}
    assert price_list.read([product(), product()], TYPE, REGION) == {"Training": 0.25}


@pytest.mark.parametrize(
    "text",
    ["no json", "[]", "{}", '{"product": 3}', product(usd="many"), product(usd=None), product(unit=None)],
)
def test_an_odd_shape_is_an_error_of_ours_or_nothing(text: str) -> None:
    try:
        assert price_list.read([text], TYPE, REGION) == {}
    except (ValueError, TypeError, KeyError, AttributeError):
        return


def test_an_odd_shape_leads_to_the_table(
    make: Make, box: Sandbox, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_terms = json.loads(product())
    without_terms["product"]["productFamily"] = "ML Instance"
    del without_terms["terms"]
    monkeypatch.setattr(sandbox_pricing, "_products", lambda: [without_terms])
    found = make(wait=True).rate("Training", TYPE, REGION)
    assert found.usd_per_hour == 0.23
    assert "shape" in found.source
    with pytest.raises(errors.SmextError, match="shape"):
        price_list.ask(account, TYPE, REGION)
