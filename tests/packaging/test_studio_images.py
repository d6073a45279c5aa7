"""smext leaves every Studio image as it is: pip would install smext and nothing else."""

from __future__ import annotations

import json
import re
import sys
import sysconfig
import venv
from collections.abc import Callable
from pathlib import Path

import pytest
from packaging.version import InvalidVersion, Version

IMAGES = sorted((Path(__file__).parent / "studio-images").glob("*.txt"))


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A virtual environment with nothing in it, not even pip."""
    venv.create(tmp_path / "image", with_pip=False, symlinks=True)
    return tmp_path / "image"


def pretend_to_have(environment: Path, packages: list[str]) -> None:
    site = Path(sysconfig.get_path("purelib", vars={"base": str(environment)}))
    for name, _, version in (line.partition("==") for line in packages):
        if is_version(version):
            info = site / f"{re.sub(r'[-_.]+', '_', name)}-{version}.dist-info"
            info.mkdir(exist_ok=True)
            (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")


def is_version(text: str) -> bool:
    # System packages of conda have versions of their own kind, such as 9e.
    try:
        Version(text)
    except InvalidVersion:
        return False
    return True


@pytest.mark.parametrize("image", IMAGES, ids=lambda path: path.stem)
def test_only_smext_would_be_installed(
    image: Path, bare: Path, wheel: Path, tmp_path: Path, run: Callable[..., str]
) -> None:
    pretend_to_have(bare, image.read_text().split())
    report = tmp_path / "report.json"
    pip = [sys.executable, "-m", "pip", "--python", bare / "bin" / "python", "install", "--quiet"]
    run(*pip, "--dry-run", "--no-index", "--report", report, wheel)
    would = [one["metadata"]["name"] for one in json.loads(report.read_text())["install"]]
    assert would == ["smext"]


def test_there_are_images_to_look_at() -> None:
    assert len(IMAGES) >= 7
