"""`smext COMMAND`: finds the commands and hands over to one."""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import sys
from collections.abc import Sequence

from . import commands


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code.

    2 for a wrong command line, 130 for Ctrl-C, 141 where the reader of its output has gone (`| head`).
    """
    try:
        try:
            return _run(argv)
        finally:
            _flush()
    except BrokenPipeError:
        # What is left to be written goes nowhere: else Python would say so at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141


def _run(argv: Sequence[str] | None) -> int:
    parser = argparse.ArgumentParser(prog="smext", description="SageMaker from the open notebook.")
    given = sys.argv[1:] if argv is None else argv
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for found in pkgutil.iter_modules(commands.__path__):
        module = importlib.import_module(f"{commands.__name__}.{found.name}")
        subparser = subparsers.add_parser(found.name, help=module.HELP, description=module.HELP)
        # Its options may take long to import.
        if found.name in given:
            module.configure(subparser)
        subparser.set_defaults(run=module.run)
    options = parser.parse_args(argv)
    try:
        return int(options.run(options))
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        from .errors import SmextError  # not before it is needed: it takes pydantic

        if not isinstance(error, SmextError):
            raise
        sys.stderr.write(f"smext {options.command}: {error.message}\n{error.advice}".rstrip() + "\n")
        return 1


def _flush() -> None:
    if sys.stdout is not None and not sys.stdout.closed:
        sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
