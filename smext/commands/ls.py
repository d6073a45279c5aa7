"""`smext ls`: what bills in an account, in the terminal or for a script."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from ..api import Problem, Row, Summary, Table
    from ..aws.account import Account
    from ..inventory.reader import Reader
    from ..kinds.base import Kind

HELP = "List what bills, with its rate, since when, and whose it is."
NOTHING, FAILED, WRONG, UNSEEN, BILLS = 0, 1, 2, 3, 10
_STATUS = """exit status:
  0   nothing that is listed bills
  1   the account cannot be asked: credentials, profile, region, clock, configuration, proxy or network (with --json
      the problems are printed, too)
  2   the command line is wrong
  3   nothing that is listed bills, but something that may bill could not be seen
  10  something that is listed bills, or may be billing"""
_HEAD = ("KIND", "NAME", "STATUS", "WHAT", "SINCE", "$/HOUR", "SO FAR", "OWNER", "NOTE")
_RIGHT = {"$/HOUR", "SO FAR", "SINCE"}
_WIDE = 48


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.epilog = _STATUS
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    add = parser.add_argument
    add("--all", "-a", action="store_true", help="also what bills storage only or nothing, and what is over")
    add("--mine", action="store_true", help="leave out what is known to be somebody else's")
    add(
        "--kind",
        action="append",
        default=[],
        metavar="KIND",
        help="this kind only, such as endpoint; or more",
    )
    add("--json", action="store_true", help="JSON: rows, summary and problems, as the panel gets them")
    add("--profile", help="AWS profile")
    add("--region", help="AWS region")


def run(options: argparse.Namespace) -> int:
    """Print what bills, with the total; the exit codes are in the command's help."""
    from ..api import Target
    from ..aws.account import Account
    from ..inventory.total import summarize
    from ..kinds import registry

    unknown = [name for name in options.kind if name not in registry()]
    if unknown:
        return _refuse(f"There is no such kind: {', '.join(unknown)}. Known: {', '.join(registry())}.", WRONG)
    kinds = [kind for name, kind in registry().items() if not options.kind or name in options.kind]
    account = Account(Target(id="ls", profile=options.profile, region=options.region, label="ls"), via="cli")
    account.credentials.told = _note
    try:
        tables = [_chosen(table, options) for table in _read(account, kinds)]
    finally:
        account.close()
    summary = summarize(zip(kinds, tables, strict=True))
    if options.json:
        print(_json(tables, summary))
    if not any(table.as_of for table in tables) and all(t.problem and t.problem.cause for t in tables):
        said = {
            t.problem.cause: f"{_cause(t.problem)}\n{t.problem.advice}".rstrip() for t in tables if t.problem
        }
        return _refuse("\n".join(said.values()), FAILED)
    if not options.json:
        _print(kinds, tables, summary)
    if summary.count or summary.uncertain:
        return BILLS
    return UNSEEN if summary.at_least else NOTHING


def _note(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _read(account: Account, kinds: Sequence[Kind]) -> list[Table]:
    """All kinds at once."""
    from concurrent.futures import ThreadPoolExecutor

    from ..api import Table
    from ..aws import studio
    from ..errors import SetupError
    from ..inventory.owners import Owners
    from ..inventory.reader import Reader
    from ..pricing import rate_cache
    from ..pricing.prices import Prices

    try:
        account.client("sagemaker")
    except SetupError as error:  # once for all kinds: no call can be made
        return [Table(kind=kind.name, revision=1, problem=error.problem()) for kind in kinds]
    prices = Prices(account, None if account.local else rate_cache.folder(), wait=True)
    here = studio.server_identity(account, studio.read_metadata())
    with ThreadPoolExecutor(32) as details, ThreadPoolExecutor(len(kinds) or 1) as threads:
        reader = Reader(account, here, details, rate=prices.rate, owners=Owners(account))
        return list(threads.map(lambda kind: _table(reader, kind), kinds))


def _table(reader: Reader, kind: Kind) -> Table:
    from datetime import datetime, timezone

    from ..errors import SmextError
    from ..inventory.reader import Memory, as_table

    now = datetime.now(timezone.utc)
    try:
        return as_table(kind, reader.read(kind, Memory(), now, lambda rows: None), now)
    except SmextError as error:
        return as_table(kind, error, now)


def _chosen(table: Table, options: argparse.Namespace) -> Table:
    rows = [
        row
        for row in table.rows
        if (options.all or row.billing.certainty in {"billing", "may be billing"})
        and not (options.mine and row.mine is False)
    ]
    return table.model_copy(update={"rows": rows})


# --- what is printed ---------------------------------------------------------------------------------


def _json(tables: Sequence[Table], summary: Summary) -> str:
    problems = {table.kind: table.problem.model_dump(mode="json") for table in tables if table.problem}
    rows = [row.model_dump(mode="json") for table in tables for row in table.rows]
    return json.dumps(
        {"rows": rows, "summary": summary.model_dump(mode="json"), "problems": problems}, indent=2
    )


def _print(kinds: Sequence[Kind], tables: Sequence[Table], summary: Summary) -> None:
    from datetime import datetime, timezone

    now = datetime.now(timezone.utc)
    rows = [row for table in tables for row in table.rows]
    rows.sort(key=lambda row: (-(row.billing.usd_per_hour or 0.0), not row.active))
    if rows:
        print(_lines([_HEAD, *(_cells(row, now) for row in rows)]))
        print()
    print(_total(summary))
    for line in _problems(kinds, tables):
        print(line)


def _problems(kinds: Sequence[Kind], tables: Sequence[Table]) -> list[str]:
    """List what could not be seen, and why; one cause is said once, whatever it hides."""
    groups: dict[tuple[str, str], list[tuple[str, Problem]]] = {}
    for kind, table in zip(kinds, tables, strict=True):
        if table.problem:
            seen = "not visible" if table.as_of is None else "not seen whole"
            groups.setdefault((seen, table.problem.cause or table.problem.message), []).append(
                (kind.label, table.problem)
            )
    return [
        f"{', '.join(label for label, _ in found)} {seen}: "
        f"{found[0][1].message if len(found) == 1 else _cause(found[0][1])} {found[0][1].advice}".rstrip()
        for (seen, _), found in groups.items()
    ]


def _cause(problem: Problem) -> str:
    """Return what several kinds have in common: not the call that met it."""
    of_call = problem.code in {"throttled", "timeout", "unreachable", "not-understood"} and problem.cause
    return of_call or problem.message


def _cells(row: Row, now: datetime) -> tuple[str, ...]:
    billing = row.billing
    hourly = "?" if billing.certainty in {"billing", "may be billing"} else ""
    return (
        row.kind,
        row.name,
        row.detail_status or row.status,
        row.subtitle,
        _age(billing.since or row.created, now),
        hourly if billing.usd_per_hour is None else f"{billing.usd_per_hour:.3f}",
        "" if billing.accrued_usd is None else f"{billing.accrued_usd:.2f}",
        "me" if row.mine else row.owner or "",
        " · ".join(filter(None, ["this machine" if row.here else "", _grade(row), billing.why])),
    )


def _grade(row: Row) -> str:
    return row.billing.certainty if row.billing.certainty in {"may be billing", "storage only"} else ""


def _lines(rows: Sequence[tuple[str, ...]]) -> str:
    """Columns side by side; the last one may be as long as it likes."""
    cut = [tuple(_short(cell) for cell in row[:-1]) + row[-1:] for row in rows]
    widths = [max(len(row[column]) for row in cut) for column in range(len(_HEAD))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if name in _RIGHT else cell.ljust(width)
            for name, cell, width in zip(_HEAD, row, widths, strict=True)
        ).rstrip()
        for row in cut
    )


def _short(text: str) -> str:
    return text if len(text) <= _WIDE else f"{text[: _WIDE - 1]}…"


def _total(summary: Summary) -> str:
    least = "at least " if summary.at_least else ""
    if not summary.count and not summary.uncertain:
        return f"Nothing that was seen bills by the hour{', but not all could be seen' if least else ''}."
    left_out = [
        f"{summary.unpriced} without a price" if summary.unpriced else "",
        f"{summary.uncertain} may be billing besides" if summary.uncertain else "",
        f"{_many(len(summary.unseen), 'kind')} not visible" if summary.unseen else "",
        f"{_many(len(summary.partly), 'kind')} not seen whole" if summary.partly else "",
    ]
    known = "unknown" if summary.usd_per_hour is None else f"{least}${summary.usd_per_hour:.2f}/h"
    total = f"Total: {known} for {_many(summary.count, 'thing')}"
    return "; ".join([total, *filter(None, left_out)]) + "."


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _age(since: datetime | None, now: datetime) -> str:
    if since is None:
        return ""
    minutes = max(int((now - since).total_seconds() // 60), 0)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} d"


def _refuse(text: str, status: int) -> int:
    sys.stderr.write(f"smext ls: {text.rstrip()}\n")
    return status
