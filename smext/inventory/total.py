"""Total over all tables: what bills now, and what the figure leaves out. The only place that computes it."""

from __future__ import annotations

from collections.abc import Iterable

from ..api import Summary, Table, Unseen
from ..kinds.base import Kind


def summarize(tables: Iterable[tuple[Kind, Table]]) -> Summary:
    """Sum up what bills now. Unknown rates and unread kinds set `at_least` and are named."""
    known = list(tables)
    billed = [r for _, t in known for r in t.rows if r.billing.certainty == "billing"]
    uncertain = sum(r.billing.certainty == "may be billing" for _, t in known for r in t.rows)
    unpriced = sum(row.billing.usd_per_hour is None for row in billed)
    at_least = bool(unpriced or uncertain or any(hides(kind, table) for kind, table in known))
    return Summary(
        usd_per_hour=summed((row.billing.usd_per_hour for row in billed), at_least=at_least),
        count=len(billed),
        at_least=at_least,
        unpriced=unpriced,
        uncertain=uncertain,
        unseen=[_unseen(kind, table) for kind, table in known if not table.as_of and _fails(kind, table)],
        partly=[_unseen(kind, table) for kind, table in known if table.as_of and _fails(kind, table)],
        ready=all(table.as_of or table.problem for _, table in known),
    )


def summed(usd: Iterable[float | None], *, at_least: bool) -> float | None:
    """Add up USD; None where nothing at all is known, which is not the same as zero."""
    total = sum(each or 0.0 for each in usd)
    return None if at_least and not total else total


def hides(kind: Kind, table: Table) -> bool:
    """Return True if something that bills by the hour may be missing from a table: not read yet, or failed.

    Not of a kind that never bills by the hour, nor of one that AWS does not have in this region.
    """
    unread = table.as_of is None and table.problem is None
    return _fails(kind, table) or (unread and kind.may_bill)


def _fails(kind: Kind, table: Table) -> bool:
    return bool(table.problem and table.problem.code != "unsupported" and kind.may_bill)


def _unseen(kind: Kind, table: Table) -> Unseen:
    assert table.problem is not None
    return Unseen(kind=kind.name, label=kind.label, problem=table.problem)
