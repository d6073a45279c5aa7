"""Write docs/kinds.md from the registry of kinds, or with --check say whether it is up to date."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator

from generated_file import ROOT, settle

from smext.kinds import registry
from smext.kinds.base import Kind
from smext.kinds.exclusions import EXCLUSIONS

TARGET = ROOT / "docs" / "kinds.md"
HEAD = """\
# Kinds of resources

Written by `python scripts/generate_kinds.py` from the files in `smext/kinds/`: do not edit.

Every kind is listed in the region that is looked at, whoever started it. A status that is in none of the columns does
not bill; where a description tells more than a status (a serverless endpoint, throughput that is provisioned, workers
that are kept ready), it decides. Whatever AWS adds later is shown as it is and may be billing.
"""
TAIL = """\
## What is not listed

Notebook runs of SageMaker Unified Studio (`datazone:StartNotebookRun`): they run on machines of their own, and may bill.
Things outside of SageMaker that are paid for because of it: NAT gateways, VPC endpoints, FSx, CloudWatch logs and
metrics, objects in S3, images in ECR, Bedrock. Requests to serverless endpoints, data in and out of endpoints, and the
volumes of jobs, endpoints and clusters while these run are not counted either.

Prices are on demand, without taxes, discounts or savings plans. Storage by the month is known for us-east-1 alone.
"""


def generated() -> str:
    """The whole page."""
    kinds = registry().values()
    return "\n".join([HEAD, *_billing(kinds), "", *_calls(kinds), "", *_excluded(), "", TAIL])


def _billing(kinds: Iterable[Kind]) -> Iterator[str]:
    rows = [
        [
            kind.label,
            kind.bills,
            _statuses(kind, "billing"),
            _statuses(kind, "may be billing"),
            _statuses(kind, "storage only"),
        ]
        for kind in kinds
    ]
    yield from _table(["kind", "what bills", "billing", "may be billing", "storage only"], rows)


def _excluded() -> Iterator[str]:
    """Lists that AWS has and no kind reads, by what is behind them."""
    yield "## Lists that are not read\n"
    yield "`smext doctor` names those that a newer boto3 has beside these and those above: what they list may bill unseen.\n"
    rows = [
        [service, reason, ", ".join(f"`{name}`" for name in names)]
        for service, reasons in EXCLUSIONS.items()
        for reason, names in reasons.items()
    ]
    yield from _table(["service", "what they list", "lists"], rows)


def _calls(kinds: Iterable[Kind]) -> Iterator[str]:
    yield "## How it ends, and what that takes\n"
    rows = [[kind.label, "<br>".join(_endings(kind)), _code(kind)] for kind in kinds]
    yield from _table(["kind", "how it ends", "permissions to see it"], rows)


def _statuses(kind: Kind, certainty: str) -> str:
    return ", ".join(name for name, status in kind.statuses.items() if status.certainty == certainty)


def _endings(kind: Kind) -> Iterator[str]:
    for action in kind.actions:
        if action.danger:
            calls = ", ".join(f"`{kind.permission(operation)}`" for operation in action.operations)
            yield f"**{action.label}** ({calls}). Lost: {action.lost} Stays: {action.stays}"
    if kind.ends:
        yield kind.ends


def _code(kind: Kind) -> str:
    return ", ".join(f"`{kind.permission(operation)}`" for operation in kind.operations)


def _table(head: list[str], rows: list[list[str]]) -> Iterator[str]:
    """A table whose columns are aligned, as the formatter of the repository's Markdown writes it."""
    widths = [max(len(line[index]) for line in [head, *rows]) for index in range(len(head))]
    for line in [head, ["-" * width for width in widths], *rows]:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        yield f"| {' | '.join(cells)} |"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when the file is stale")
    check = parser.parse_args().check
    return settle(TARGET, generated(), check=check, how="run python scripts/generate_kinds.py")


if __name__ == "__main__":
    sys.exit(main())
