"""Write smext/pricing/prices.json from scripts/data/prices.csv, or with --check say whether it is up to date.

A line of the CSV is one fact: what an hour of a type costs in a region for a component, who said so, and when.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import defaultdict
from typing import Any

from generated_file import ROOT, settle

SOURCE = ROOT / "scripts" / "data" / "prices.csv"
TARGET = ROOT / "smext" / "pricing" / "prices.json"

STALE_BEFORE = "2025"
"""Rates of p4 and p5 fell by half in 2025: what is older than that is no price of today."""

COMPONENTS = {
    "any": "any",
    "Training": "Training",
    "Processing": "Processing",
    "BatchTransform": "Transform",
    "Hosting": "Hosting",
    "Notebook": "Notebook",
    "Studio-JupyterLab": "Studio",
    "Canvas": "Canvas",
    "MLflow": "MLflow",
}
# These cost the same per type to within a cent an hour wherever both are known, so one stands for the others.
COMPUTE = ("any", "Training", "Processing", "Hosting", "Notebook", "Studio", "Transform")

Row = dict[str, str]


def generated() -> str:
    """The table as JSON: rates by region, type and component as [USD/hour, date, index of source]."""
    with SOURCE.open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["component"] in COMPONENTS and not _stale(row)]
    sources = sorted({row["source"] for row in rows})
    rates: dict[str, Any] = defaultdict(lambda: defaultdict(dict))
    for (region, name), group in sorted(_by_type(rows).items()):
        newest = _newest(group)
        shared = newest.get("any") or _newest_of([newest[c] for c in COMPUTE if c in newest])
        if shared:
            newest["any"] = shared
        for component, row in sorted(newest.items()):
            rates[region][name][component] = [
                float(row["usd_per_hour"]),
                row["as_of"] or "unknown",
                sources.index(row["source"]),
            ]
    return _layout({"sources": sources, "rates": rates})


def _stale(row: Row) -> bool:
    return bool(row["as_of"]) and row["as_of"] < STALE_BEFORE


def _by_type(rows: list[Row]) -> dict[tuple[str, str], list[Row]]:
    groups = defaultdict(list)
    for row in rows:
        groups[row["region"], row["instance_type"]].append(row)
    return groups


def _newest(rows: list[Row]) -> dict[str, Row]:
    """Oldest first, so that the newest of a component stays."""
    return {COMPONENTS[row["component"]]: row for row in sorted(rows, key=lambda row: row["as_of"])}


def _newest_of(rows: list[Row]) -> Row | None:
    return max(rows, key=lambda row: row["as_of"], default=None)


def _layout(table: dict[str, Any]) -> str:
    """One line per instance type: a change of a price is a change of one line."""
    lines = ['{"sources": [']
    lines.append(",\n".join(f"  {json.dumps(source)}" for source in table["sources"]))
    lines.append('], "rates": {')
    regions = []
    for region, types in table["rates"].items():
        inner = ",\n".join(f"    {json.dumps(name)}: {json.dumps(rates)}" for name, rates in types.items())
        regions.append(f"  {json.dumps(region)}: {{\n{inner}\n  }}")
    lines.append(",\n".join(regions))
    lines.append("}}\n")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when the file is stale")
    check = parser.parse_args().check
    return settle(TARGET, generated(), check=check, how="run scripts/make_prices.py")


if __name__ == "__main__":
    raise SystemExit(main())
