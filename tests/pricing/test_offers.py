"""What is offered in a region comes out of one answer of the Price List, with what is told of each type."""

from __future__ import annotations

import json
from typing import Any

import pytest

from smext import errors
from smext.api import Target
from smext.aws.account import Account
from smext.pricing.offers import Offer, offers, read_offers
from smext.sandbox import Sandbox

REGION = "us-east-1"


def product(name: str, usd: str = "0.2500000000", **changes: Any) -> str:
    attributes = {
        "instanceName": name,
        "instanceType": f"{name}-Training",
        "component": "Training",
        "usagetype": f"USE1-Train:{name}",
        "regionCode": REGION,
        "vCpu": "4",
        "memory": "16 GiB",
        "gpu": "N/A",
    } | changes
    price = {"unit": "Hrs", "pricePerUnit": {"USD": usd}}
    terms = {"OnDemand": {"S.T": {"priceDimensions": {"S.T.D": price}}}}
    return json.dumps({"product": {"attributes": attributes}, "terms": terms})


def test_a_type_comes_with_its_rate_and_figures() -> None:
    found = read_offers([product("ml.m5.xlarge")], "Training", REGION)
    assert found == {"ml.m5.xlarge": Offer(0.25, 4, 16.0, None)}


def test_figures_are_read_as_they_are_written() -> None:
    found = read_offers(
        [product("ml.p4d.24xlarge", vCpu="96", memory="1,152 GiB", gpu="8")], "Training", REGION
    )
    assert found["ml.p4d.24xlarge"] == Offer(0.25, 96, 1152.0, 8)


def test_a_type_with_two_rates_is_offered_all_the_same() -> None:
    found = read_offers([product("ml.m5.xlarge"), product("ml.m5.xlarge", "0.5")], "Training", REGION)
    assert found["ml.m5.xlarge"].usd is None


def test_what_is_told_of_another_component_is_no_rate() -> None:
    found = read_offers([product("ml.m5.xlarge", component="Hosting")], "Training", REGION)
    assert found["ml.m5.xlarge"].usd is None


@pytest.mark.parametrize("component", ["Training", "Processing"])
def test_one_question_tells_of_all_types(account: Account, box: Sandbox, component: Any) -> None:
    box.control.calls.clear()
    found = offers(account, component, REGION)
    assert len(found) > 100
    assert found["ml.m5.xlarge"].usd == pytest.approx(0.23)
    assert box.control.calls.count("GetProducts") == 2


def test_a_region_that_the_price_list_does_not_serve_is_said() -> None:
    china = Account(Target(id="c", label="c", region="cn-north-1"))
    with pytest.raises(errors.Unsupported):
        offers(china, "Training", "cn-north-1")
    china.close()
