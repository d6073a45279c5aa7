"""Write smext/pricing/machines.json from scripts/data/machines.csv, or with --check say whether it is up to date.

A line of the CSV is the hardware of one EC2 type, who said so, and when; `ml.X` of SageMaker is `X` of EC2. To bring it
up to date:

    aws ec2 describe-instance-types --region us-east-1 > types.json
    scripts/make_machines.py --described types.json --as-of 2026-11-20

replaces the lines of the types that the answer has, for all types that botocore's model of SageMaker names; the lines
of the others stay.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from generated_file import ROOT, settle

SOURCE = ROOT / "scripts" / "data" / "machines.csv"
TARGET = ROOT / "smext" / "pricing" / "machines.json"
MEMBERS = (
    "ec2_type",
    "vcpus",
    "memory_mib",
    "gpus",
    "gpu",
    "memory_mib_of_a_gpu",
    "accelerators",
    "accelerator",
    "as_of",
    "source",
)
SHAPES = (
    "TrainingInstanceType",
    "ProcessingInstanceType",
    "TransformInstanceType",
    "ProductionVariantInstanceType",
    "InstanceType",
    "AppInstanceType",
)
SAID = "EC2 DescribeInstanceTypes"

Row = dict[str, str]


def generated() -> str:
    """The catalogue as JSON: [vCPUs, GiB, GPUs, name, GiB of a GPU, accelerators, date, index of source] by type."""
    rows = _rows()
    sources = sorted({row["source"] for row in rows})
    head = json.dumps({"as_of": max(row["as_of"] for row in rows)})[:-1]
    listed = ",\n".join(f"  {json.dumps(source)}" for source in sources)
    lines = ",\n".join(
        f"  {json.dumps('ml.' + row['ec2_type'])}: {json.dumps(_entry(row, sources))}" for row in rows
    )
    return f'{head}, "sources": [\n{listed}\n], "machines": {{\n{lines}\n}}}}\n'


def _rows() -> list[Row]:
    with SOURCE.open(newline="") as file:
        return sorted(csv.DictReader(file), key=lambda row: row["ec2_type"])


def _entry(row: Row, sources: list[str]) -> list[Any]:
    return [
        _number(row["vcpus"]),
        _gib(row["memory_mib"]),
        _number(row["gpus"]),
        _spoken(row["gpu"] or row["accelerator"]),
        _gib(row["memory_mib_of_a_gpu"]),
        _number(row["accelerators"]),
        row["as_of"],
        sources.index(row["source"]),
    ]


def _number(text: str) -> int | None:
    return int(text) if text else None


def _gib(mib: str) -> float | None:
    return round(int(mib) / 1024, 2) if mib else None


def _spoken(name: str) -> str:
    """`a10g` -> `A10G`, `rtx-pro-server-6000` -> `RTX PRO 6000`, `trainium2` -> `Trainium2`."""
    word = name.replace("-", " ").replace(" server", "")
    return word.capitalize() if word.startswith(("train", "infer", "gaudi")) else word.upper()


def described(answer: dict[str, Any], as_of: str) -> None:
    """Take what EC2 says now into the CSV."""
    names = {name.removeprefix("ml.") for name in _named()}
    found = {row["ec2_type"]: row for row in _rows()}
    for each in answer["InstanceTypes"]:
        if each["InstanceType"] in names:
            found[each["InstanceType"]] = _row(each, as_of)
    with SOURCE.open("w", newline="") as file:
        writer = csv.DictWriter(file, MEMBERS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(found[name] for name in sorted(found))


def _named() -> Iterator[str]:
    import botocore.session

    model: Any = botocore.session.get_session().get_service_model("sagemaker")
    for shape in SHAPES:
        yield from model.shape_for(shape).enum


def _row(each: dict[str, Any], as_of: str) -> Row:
    gpus = [gpu for gpu in (each.get("GpuInfo") or {}).get("Gpus", []) if gpu["Manufacturer"] == "NVIDIA"]
    others = [gpu for gpu in (each.get("GpuInfo") or {}).get("Gpus", []) if gpu not in gpus]
    others += (each.get("NeuronInfo") or {}).get("NeuronDevices", [])
    gpu: dict[str, Any] = next(iter(gpus), {})
    other: dict[str, Any] = next(iter(others), {})
    values = (
        each["InstanceType"],
        each["VCpuInfo"]["DefaultVCpus"],
        each["MemoryInfo"]["SizeInMiB"],
        gpu.get("Count", 0),
        _plain(gpu.get("Name", "")),
        gpu.get("MemoryInfo", {}).get("SizeInMiB", ""),
        other.get("Count", ""),
        _plain(other.get("Name", "")),
        as_of,
        SAID,
    )
    return dict(zip(MEMBERS, map(str, values), strict=True))


def _plain(name: str) -> str:
    return name.lower().replace(" ", "-")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="write nothing; fail when the file is stale")
    parser.add_argument("--described", type=Path, help="an answer of describe-instance-types, as JSON")
    parser.add_argument("--as-of", help="the date of that answer")
    given = parser.parse_args()
    if given.described:
        if not given.as_of:
            parser.error("--described needs --as-of")
        described(json.loads(given.described.read_text()), given.as_of)
    return settle(TARGET, generated(), check=given.check, how="run scripts/make_machines.py")


if __name__ == "__main__":
    raise SystemExit(main())
