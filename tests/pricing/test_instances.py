"""Instance types are offered in an order that people expect, priced or not."""

import pytest

from smext.pricing import has_gpu, instances, known, well_formed


def test_types_stand_by_family_and_size() -> None:
    names = [choice.name for choice in instances("Processing", "us-east-1")]
    m5 = [name for name in names if name.startswith("ml.m5.")]
    assert m5 == [
        "ml.m5.large",
        "ml.m5.xlarge",
        "ml.m5.2xlarge",
        "ml.m5.4xlarge",
        "ml.m5.12xlarge",
        "ml.m5.24xlarge",
    ]
    assert names.index("ml.t3.medium") < names.index("ml.m5.large") < names.index("ml.g5.xlarge")
    assert len(names) == len(set(names))


def test_a_type_without_a_price_is_offered_without_one() -> None:
    choices = {choice.name: choice.usd_per_hour for choice in instances("Training", "us-east-1")}
    assert choices["ml.m5.xlarge"] == pytest.approx(0.23)
    assert choices["ml.trn2.48xlarge"] is None


def test_a_region_without_prices_still_has_types() -> None:
    choices = instances("Training", "eu-south-1")
    assert len(choices) > 100
    assert all(choice.usd_per_hour is None for choice in choices)


def test_only_types_that_the_job_kind_takes_are_offered() -> None:
    processing = {choice.name for choice in instances("Processing", "us-east-1")}
    assert "ml.p4d.24xlarge" not in processing
    assert "ml.p4d.24xlarge" in {choice.name for choice in instances("Training", "us-east-1")}


@pytest.mark.parametrize(
    "name", ["ml.m5.xlarge", "ml.p6-b200.48xlarge", "ml.c7i-flex.large", "ml.g4dn.12xlarge"]
)
def test_types_are_well_formed(name: str) -> None:
    assert well_formed(name)


@pytest.mark.parametrize(
    "name", ["", "m5.xlarge", "ml.m5", "ml.m5.xlarge ", "ML.M5.XLARGE", "ml..xlarge", "ml.m5.xl arge"]
)
def test_what_is_no_type_is_told_apart(name: str) -> None:
    assert not well_formed(name)


def test_gpus_are_told_from_the_family() -> None:
    assert has_gpu("ml.g5.xlarge")
    assert has_gpu("ml.p4d.24xlarge")
    assert not has_gpu("ml.m5.xlarge")
    assert not has_gpu("nonsense")


def test_known_types() -> None:
    assert known("Training", "ml.m5.xlarge", "us-east-1")
    assert not known("Training", "ml.z9.xlarge", "us-east-1")
