"""`smext stop`: stop training or processing jobs, after saying what is lost."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..client.run import Run

HELP = "Stop jobs, after saying what is lost."


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("job", nargs="+", help="name of a training or processing job; or more")
    parser.add_argument("--yes", "-y", action="store_true", help="stop without asking")
    parser.add_argument(
        "--confirm", metavar="NAME", help="in a protected account: the job's name once more, instead of --yes"
    )
    parser.add_argument("--profile", help="AWS profile")
    parser.add_argument("--region", help="AWS region")


def run(options: argparse.Namespace) -> int:
    """1 where something was not stopped."""
    from ..client.run import Run, account_of
    from ..errors import SmextError
    from ..inventory.protection import Protection
    from ..launch.form.settings import from_files, limits_of

    given, unread = from_files(("read_only", "protected_accounts"))
    limits_of(given).refuse_if_read_only("Nothing was stopped")
    account = account_of(options.profile, options.region)
    # Where the settings cannot be read, every account may be the one that is meant.
    protected = bool(unread) or Protection(account, given.get("protected_accounts") or ()).on()
    account.close()
    if protected and len(options.job) > 1:
        return _refuse("this account is protected, where jobs are stopped one by one.")
    jobs = [Run.find(name, profile=options.profile, region=options.region) for name in options.job]
    if not (_retyped(jobs[0], options.confirm) if protected else _agreed(jobs, options.yes)):
        return _refuse("")
    failed = 0
    for job in jobs:
        try:
            job.stop()
            print(f"Stopping {job.name}.")
        except SmextError as error:
            failed = 1
            print(f"smext stop: {error.message} {error.advice}".rstrip(), file=sys.stderr)
    return failed


def _agreed(jobs: list[Run], yes: bool) -> bool:
    from ..client.confirm import agreed

    running = [] if yes else [job for job in jobs if job.active()]
    for job in running:
        _say(job)
    return not running or agreed("Stop it?" if len(running) == 1 else f"Stop these {len(running)}?")


def _retyped(job: Run, confirmed: str | None) -> bool:
    """In a protected account a yes is not enough."""
    _say(job)
    print("This account is protected.", file=sys.stderr)
    if confirmed is None and sys.stdin.isatty():
        print("Type the job's name to stop it: ", end="", file=sys.stderr, flush=True)
        confirmed = sys.stdin.readline().strip()
    if confirmed != job.name:
        print(f"Its name was not confirmed: add --confirm {job.name}", file=sys.stderr)
    return confirmed == job.name


def _say(job: Run) -> None:
    lost, stays = job.stop_warning()
    print(f"Stops the {job.kind} job {job.name}.\n  lost   {lost}\n  stays  {stays}")


def _refuse(why: str) -> int:
    print(f"Nothing was stopped{f': {why}' if why else '.'}", file=sys.stderr)
    return 1
