"""The catalogue of machines has a source for every figure, and tells which would do in another's place."""

import json
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from smext.pricing import Component, Rate, fits_like, hardware, instances, rate

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts" / "make_machines.py"
HERE = "us-east-1"


def test_the_catalogue_is_made_from_its_source() -> None:
    ran = subprocess.run([sys.executable, str(SCRIPT), "--check"], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout


def test_an_answer_of_ec2_needs_a_date() -> None:
    ran = subprocess.run(
        [sys.executable, str(SCRIPT), "--described", "types.json"], capture_output=True, text=True
    )
    assert ran.returncode == 2
    assert "--as-of" in ran.stderr


def test_every_figure_has_a_source_and_a_date() -> None:
    table = json.loads((ROOT / "smext" / "pricing" / "machines.json").read_text())
    for name, (vcpus, memory, gpus, gpu, gpu_gib, others, as_of, source) in table["machines"].items():
        assert name.startswith("ml.")
        assert vcpus > 0
        assert memory > 0
        assert (gpus > 0) == (gpu_gib is not None), name
        assert bool(gpu) == bool(gpus or others), name
        assert "2024" <= as_of <= table["as_of"]
        assert table["sources"][source]


@pytest.mark.parametrize(
    ("name", "vcpus", "memory", "gpus", "gpu", "gpu_memory"),
    [
        ("ml.m5.xlarge", 4, 16, 0, "", None),
        ("ml.g5.xlarge", 4, 16, 1, "A10G", 22.35),
        ("ml.g5.12xlarge", 48, 192, 4, "A10G", 89.4),
        ("ml.p4d.24xlarge", 96, 1152, 8, "A100", 320),
        ("ml.p3.2xlarge", 8, 61, 1, "V100", 16),
        ("ml.trn1.32xlarge", 128, 512, 0, "Trainium", None),
    ],
)
def test_machines_are_as_ec2_tells(
    name: str, vcpus: int, memory: float, gpus: int, gpu: str, gpu_memory: float | None
) -> None:
    found = hardware(name)
    assert found is not None
    assert (found.vcpus, found.memory_gib, found.gpus, found.gpu) == (vcpus, memory, gpus, gpu)
    assert found.gpu_memory_gib == gpu_memory


@pytest.mark.parametrize("name", ["", "ml.z9.xlarge", "m5.xlarge", "ml.p6e-gb200.36xlarge"])
def test_what_nobody_has_told_of_is_unknown(name: str) -> None:
    assert hardware(name) is None


def test_nearly_every_type_that_a_job_may_take_is_known() -> None:
    names = {each.name for each in (*instances("Training", HERE), *instances("Processing", HERE))}
    unknown = {name for name in names if hardware(name) is None}
    assert len(unknown) < len(names) / 20, unknown


def test_what_fits_has_as_much_of_everything_and_the_cheapest_is_first() -> None:
    wanted = hardware("ml.g5.2xlarge")
    assert wanted is not None
    found = fits_like("Training", "ml.g5.2xlarge", HERE)
    assert "ml.g5.2xlarge" not in found
    assert "ml.g5.4xlarge" in found
    assert "ml.g4dn.2xlarge" not in found, "its GPU has less memory"
    for name in found:
        has = hardware(name)
        assert has is not None
        assert (has.vcpus, has.memory_gib, has.gpus) >= (8, 32, 1)
        assert has.gpu_gib is not None
        assert has.gpu_gib >= 22
    usd = [rate("Training", name, HERE).usd_per_hour for name in found]
    known = [each for each in usd if each is not None]
    assert known == sorted(known)
    assert usd[: len(known)] == known


def test_only_types_that_the_component_takes_fit() -> None:
    assert "ml.p4d.24xlarge" in fits_like("Training", "ml.g4dn.xlarge", HERE)
    assert "ml.p4d.24xlarge" not in fits_like("Processing", "ml.g4dn.xlarge", HERE)


def test_bursting_types_stand_in_for_their_like_alone() -> None:
    assert not [name for name in fits_like("Processing", "ml.m5.large", HERE) if name.startswith("ml.t")]
    assert "ml.t3.large" in fits_like("Processing", "ml.t3.medium", HERE)


def test_chips_that_need_code_of_their_own_are_not_mixed() -> None:
    assert not [name for name in fits_like("Training", "ml.m5.large", HERE) if "trn" in name]
    assert set(fits_like("Training", "ml.trn1.2xlarge", HERE)) == {"ml.trn1.32xlarge", "ml.trn1n.32xlarge"}


def test_nothing_fits_like_what_is_not_known() -> None:
    assert fits_like("Training", "ml.z9.xlarge", HERE) == []


def test_another_table_of_prices_orders_what_fits() -> None:
    def dear_g5(component: Component, name: str, region: str) -> Rate:
        assert component in get_args(Component)
        assert region == HERE
        return Rate(1.0 if "p4d" in name else 2.0, "test", "2026-01-01")

    assert fits_like("Training", "ml.g5.xlarge", HERE, dear_g5)[0] == "ml.p4d.24xlarge"
