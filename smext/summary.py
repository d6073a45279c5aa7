"""The total over all tables: what bills now, and what is not in the figure."""

from __future__ import annotations

from collections.abc import Iterable

from .api import Summary, Table, Unseen
from .kinds.base import Kind


def summarize(tables: Iterable[tuple[Kind, Table]]) -> Summary:
    """What bills now. What is unknown makes it `at least`, and is named; nothing unknown counts as zero."""
    known = list(tables)
    billed = [r for _, t in known for r in t.rows if r.billing.certainty == "billing"]
    uncertain = sum(r.billing.certainty == "may be billing" for _, t in known for r in t.rows)
    unseen = [
        Unseen(kind=kind.name, label=kind.label, problem=table.problem)
        for kind, table in known
        if table.problem and table.as_of is None and hides(kind, table)
    ]
    unpriced = sum(row.billing.usd_per_hour is None for row in billed)
    return Summary(
        usd_per_hour=sum(row.billing.usd_per_hour or 0.0 for row in billed),
        count=len(billed),
        at_least=bool(unpriced or uncertain or any(hides(kind, table) for kind, table in known)),
        unpriced=unpriced,
        uncertain=uncertain,
        unseen=unseen,
        ready=all(table.as_of or table.problem for _, table in known),
    )


def hides(kind: Kind, table: Table) -> bool:
    """Something that bills by the hour may be missing from a table, whatever the reason.

    Not of a kind that never bills by the hour, nor of one that AWS does not have in this region.
    """
    return bool(table.problem and table.problem.code != "unsupported" and kind.may_bill)
