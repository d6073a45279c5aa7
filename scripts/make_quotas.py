"""Write smext/launch/machines/quotas.json: the code of each SageMaker quota, by what it is for and by instance type.

    scripts/make_quotas.py 2026-01

Reads scripts/data/sagemaker-quota-codes.csv, taken from the list that gruntwork-io/terraform-aws-utilities
(modules/request-quota-increase) keeps, as of the month; codes are the same in every region. With --check nothing is
written.
"""

from __future__ import annotations

import argparse
import csv
import json
from pathlib import Path

from generated_file import ROOT, settle

LIST = Path(__file__).resolve().parent / "data" / "sagemaker-quota-codes.csv"
TARGET = ROOT / "smext" / "launch" / "machines" / "quotas.json"
USES = (
    "training job",
    "spot training job",
    "training warm pool",
    "processing job",
    "transform job",
    "endpoint",
)
ALL = "Number of instances across all "


def generated(as_of: str) -> str:
    """Codes without their `L-`, by use; `*` is the quota of all types together."""
    codes: dict[str, dict[str, str]] = {use: {} for use in USES}
    with LIST.open(newline="") as file:
        for row in csv.DictReader(file):
            name, code = row["quota_name"], row["quota_code"].removeprefix("L-")
            if row["kind"] in codes and name == f"{row['instance_type']} for {row['kind']} usage":
                codes[row["kind"]][row["instance_type"]] = code
            elif name.startswith(ALL) and name.removeprefix(ALL).removesuffix("s") in codes:
                codes[name.removeprefix(ALL).removesuffix("s")]["*"] = code
    lines = [f' "{use}": {json.dumps(dict(sorted(codes[use].items())))}' for use in USES]
    head = {"source": "Service Quotas of SageMaker, gruntwork-io/terraform-aws-utilities", "as_of": as_of}
    return f'{json.dumps(head)[:-1]}, "codes": {{\n' + ",\n".join(lines) + "\n}}\n"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("as_of")
    parser.add_argument("--check", action="store_true")
    given = parser.parse_args()
    new = generated(given.as_of)
    return settle(TARGET, new, check=given.check, how="run scripts/make_quotas.py")


if __name__ == "__main__":
    raise SystemExit(main())
