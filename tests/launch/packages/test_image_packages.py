"""What the images ship."""

from __future__ import annotations

import pytest

from smext.launch.packages.image_packages import shipped


def test_the_images_of_the_distribution_are_known() -> None:
    image = shipped("885854791233.dkr.ecr.us-east-1.amazonaws.com/sagemaker-distribution-prod:4.4.1-gpu")
    assert image is not None
    assert image.packages["torch"] == "2.8.0"
    assert image.packages["xgboost"]
    assert image.python == "3.12"
    assert "sagemaker-jupyterlab-extension" in image.packages


@pytest.mark.parametrize(
    "uri", ["", "x/sagemaker-distribution-prod:9.9.9-cpu", "123.dkr.ecr.x.amazonaws.com/own:1"]
)
def test_other_images_are_not(uri: str) -> None:
    assert shipped(uri) is None
