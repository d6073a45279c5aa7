"""`python -m benchmarks [NAME...]`: measure, print a table, keep it in bench-results/."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable

from . import calls_an_hour, inventory, launch, page_weight, plan_limits, runner, server_start
from .figure import Figure, keep, table

BENCHMARKS: dict[str, Callable[[], list[Figure]]] = {
    "server-start": server_start.measure,
    "page-weight": page_weight.measure,
    "inventory": inventory.measure,
    "calls-an-hour": calls_an_hour.measure,
    "launch": launch.measure,
    "runner": runner.measure,
    "plan-limits": plan_limits.measure,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*BENCHMARKS, []], help="which ones; all by default")
    names = parser.parse_args().names or list(BENCHMARKS)
    figures: list[Figure] = []
    for name in names:
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        figures += BENCHMARKS[name]()
    text = "\n".join([table(figures), *_doubts()])
    print(text)
    print(f"kept in {keep(figures, text)}")


def _doubts() -> list[str]:
    load, processors = os.getloadavg()[0], os.cpu_count() or 1
    # The benchmarks keep about one processor busy themselves.
    if load <= processors + 0.5:
        return []
    return ["", f"Load average {load:.1f} on {processors} processors: other work disturbed these times."]


if __name__ == "__main__":
    main()
