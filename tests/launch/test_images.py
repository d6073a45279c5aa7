"""The image of a job follows the space, the region and the instance type."""

import pytest

from smext.launch import images

SPACE = "885854791233.dkr.ecr.us-east-1.amazonaws.com/sagemaker-distribution-prod:3.1.0-cpu"
OWN = "123456789012.dkr.ecr.us-east-1.amazonaws.com/team/image:1"


def test_the_space_gives_its_image() -> None:
    found = images.default("ml.m5.xlarge", "us-east-1", {images.SPACE_IMAGE: SPACE})
    assert found is not None
    assert found.uri == SPACE
    assert "space" in found.source


def test_a_gpu_type_gets_the_gpu_variant() -> None:
    found = images.default("ml.g5.xlarge", "us-east-1", {images.SPACE_IMAGE: SPACE})
    assert found is not None
    assert found.uri.endswith(":3.1.0-gpu")


def test_an_image_of_ones_own_stays_as_it_is() -> None:
    found = images.default("ml.g5.xlarge", "us-east-1", {images.SPACE_IMAGE: OWN})
    assert found is not None
    assert found.uri == OWN


@pytest.mark.parametrize(("instance_type", "variant"), [("ml.m5.xlarge", "cpu"), ("ml.p4d.24xlarge", "gpu")])
def test_elsewhere_it_is_the_distribution_of_the_region(instance_type: str, variant: str) -> None:
    found = images.default(instance_type, "eu-west-1", {})
    assert found is not None
    assert (
        found.uri
        == f"819792524951.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-distribution-prod:4.4.1-{variant}"
    )


def test_a_region_without_a_known_registry_has_none() -> None:
    assert images.default("ml.m5.xlarge", "mars-north-1", {}) is None
    assert images.choices("mars-north-1", {}) == []


def test_choices_are_labelled_and_differ() -> None:
    found = images.choices("us-east-1", {images.SPACE_IMAGE: SPACE})
    assert found[0].uri == SPACE
    assert len({choice.uri for choice in found}) == len(found) == 4
    assert all(choice.label for choice in found)


def test_the_region_of_an_address() -> None:
    assert images.region_of(SPACE) == "us-east-1"
    assert images.region_of("public.ecr.aws/docker/python:3.12") is None


def test_a_cpu_image_on_a_gpu_type_is_noticed() -> None:
    assert images.lacks_gpu(SPACE, "ml.g5.xlarge")
    assert not images.lacks_gpu(SPACE, "ml.m5.xlarge")
    assert not images.lacks_gpu(OWN, "ml.g5.xlarge")
