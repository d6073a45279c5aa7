"""`smext stop`: stop a training or processing job, after saying what is lost."""

from __future__ import annotations

import argparse
import sys

HELP = "Stop a job, after saying what is lost."


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("job", help="name of a training or processing job")
    parser.add_argument("--yes", "-y", action="store_true", help="stop it without asking")
    parser.add_argument("--profile", help="AWS profile")
    parser.add_argument("--region", help="AWS region")


def run(options: argparse.Namespace) -> int:
    """1 where it was not stopped."""
    from ..cli import agreed
    from ..job import Run

    job = Run.find(options.job, profile=options.profile, region=options.region)
    if job.active() and not options.yes:
        lost, stays = job.stop_warning()
        print(f"Stops the {job.kind} job {job.name}.\n  lost   {lost}\n  stays  {stays}")
        if not agreed("Stop it?"):
            print("Nothing was stopped.", file=sys.stderr)
            return 1
    job.stop()
    print(f"Stopping {job.name}.")
    return 0
