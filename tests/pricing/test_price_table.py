"""Rates come out of the dated table, and out of nothing else."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from smext.pricing import Component, rate

ROOT = Path(__file__).resolve().parents[2]


def test_the_table_is_made_from_its_source() -> None:
    ran = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "make_prices.py"), "--check"], capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stdout


@pytest.mark.parametrize("component", ["Training", "Processing", "Hosting", "Notebook", "Studio"])
def test_one_rate_per_type_serves_every_compute_component(component: Component) -> None:
    found = rate(component, "ml.m5.xlarge", "us-east-1")
    assert found.usd_per_hour == pytest.approx(0.23)
    assert found.note is not None
    assert found.as_of.startswith("2026")


def test_a_component_with_a_rate_of_its_own_has_it() -> None:
    assert rate("Processing", "ml.g5.xlarge", "us-east-1").usd_per_hour == 1.408
    assert rate("Notebook", "ml.g5.xlarge", "us-east-1").usd_per_hour == 1.41


@pytest.mark.parametrize(
    ("instance_type", "region"),
    [
        ("ml.m5.xlarge", "eu-south-1"),
        ("ml.nosuch.xlarge", "us-east-1"),
        ("", "us-east-1"),
        ("ml.m5.xlarge", ""),
    ],
)
def test_what_the_table_does_not_hold_is_unknown(instance_type: str, region: str) -> None:
    found = rate("Training", instance_type, region)
    assert found.usd_per_hour is None
    assert found.note is None
    assert "no price is known" in found.source


def test_a_region_has_its_own_rate() -> None:
    home, away = (rate("Training", "ml.g5.xlarge", r).usd_per_hour for r in ("us-east-1", "ap-northeast-1"))
    assert home is not None
    assert away is not None
    assert away > home * 1.2


def test_stale_rates_are_left_out() -> None:
    assert rate("Training", "ml.p3.8xlarge", "us-east-1").usd_per_hour != 14.688
    assert rate("Training", "ml.p3.2xlarge", "eu-west-1").usd_per_hour is None


def test_canvas_and_mlflow_do_not_borrow_rates() -> None:
    assert rate("Canvas", "canvas.session", "us-east-1").usd_per_hour == 1.9
    assert rate("MLflow", "mlflow.Small", "us-east-1").usd_per_hour == 0.642
    assert rate("MLflow", "mlflow.Large", "us-east-1").usd_per_hour is None
    assert rate("Canvas", "ml.m5.xlarge", "us-east-1").usd_per_hour is None


def test_every_rate_has_a_source_and_a_positive_figure() -> None:
    table = json.loads((ROOT / "smext" / "pricing" / "prices.json").read_text())
    for types in table["rates"].values():
        for components in types.values():
            for usd, as_of, source in components.values():
                assert 0 < usd < 500
                assert as_of == "unknown" or as_of >= "2025"
                assert table["sources"][source]
