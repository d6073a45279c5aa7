"""What a benchmark answers with, and how all answers are shown and kept."""

from __future__ import annotations

import json
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from pathlib import Path

RESULTS = Path(__file__).resolve().parent.parent / "bench-results"


@dataclass(frozen=True)
class Figure:
    """One measurement and the bound it should stay within; both in `unit`."""

    name: str
    value: float
    unit: str
    target: float
    compared_with: str = ""
    """What was measured beside it in the same run."""
    ratio: float | None = None
    """To what was measured beside it."""

    @property
    def reached(self) -> bool:
        return self.value <= self.target


def table(figures: Sequence[Figure]) -> str:
    """The figures as a Markdown table."""
    head = ["figure", "measured", "target", "", "ratio", "in the same run"]
    rows = [head, *map(_row, figures)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
    lines = [
        "| " + " | ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    rule = "| " + " | ".join("-" * w for w in widths) + " |"
    return "\n".join([lines[0], rule, *lines[1:]])


def keep(figures: Sequence[Figure], text: str) -> Path:
    """Write the figures into bench-results/, named by the time; the path of the JSON file."""
    RESULTS.mkdir(exist_ok=True)
    now = datetime.now(timezone.utc)
    path = RESULTS / f"{now:%Y%m%dT%H%M%SZ}.json"
    where = {"python": platform.python_version(), "machine": platform.machine(), "system": platform.system()}
    record = {"at": now.isoformat(timespec="seconds"), **where, "figures": [asdict(f) for f in figures]}
    path.write_text(json.dumps(record, indent=2) + "\n")
    path.with_suffix(".md").write_text(text + "\n")
    return path


def _row(figure: Figure) -> list[str]:
    verdict = "ok" if figure.reached else "MISSED"
    ratio = "" if figure.ratio is None else f"{figure.ratio:.3g} x"
    amounts = [_amount(figure.value, figure), _amount(figure.target, figure)]
    return [figure.name, *amounts, verdict, ratio, figure.compared_with]


def _amount(value: float, figure: Figure) -> str:
    return f"{value:.3g} {figure.unit}"
