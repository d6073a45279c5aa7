"""`smext COMMAND`: finds the commands and hands over to one."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
from collections.abc import Sequence

from . import commands


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code (2 for a wrong command line)."""
    parser = argparse.ArgumentParser(prog="smext", description="SageMaker from the open notebook.")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for found in pkgutil.iter_modules(commands.__path__):
        module = importlib.import_module(f"{commands.__name__}.{found.name}")
        subparser = subparsers.add_parser(found.name, help=module.HELP, description=module.HELP)
        module.configure(subparser)
        subparser.set_defaults(run=module.run)
    options = parser.parse_args(argv)
    return int(options.run(options))


if __name__ == "__main__":
    raise SystemExit(main())
