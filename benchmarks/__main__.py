"""`python -m benchmarks [NAME...]`: measure, print a table, keep it in bench-results/."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from . import inventory, page_weight, server_start
from .figure import Figure, keep, table

BENCHMARKS: dict[str, Callable[[], list[Figure]]] = {
    "server-start": server_start.measure,
    "page-weight": page_weight.measure,
    "inventory": inventory.measure,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*BENCHMARKS, []], help="which ones; all by default")
    names = parser.parse_args().names or list(BENCHMARKS)
    figures: list[Figure] = []
    for name in names:
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        figures += BENCHMARKS[name]()
    text = table(figures)
    print(text)
    print(f"kept in {keep(figures, text)}")


if __name__ == "__main__":
    main()
