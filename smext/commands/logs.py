"""`smext logs`: the log of a training or processing job."""

from __future__ import annotations

import argparse

HELP = "Print the log of a job."


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("job", help="name of a training or processing job")
    parser.add_argument("-f", "--follow", action="store_true", help="go on until the job is over")
    parser.add_argument("--profile", help="AWS profile")
    parser.add_argument("--region", help="AWS region")


def run(options: argparse.Namespace) -> int:
    """Print the log of a job; with `--follow` until it ends."""
    from ..client.run import Run

    for line in Run.find(options.job, profile=options.profile, region=options.region).logs(options.follow):
        print(line, flush=True)
    return 0
