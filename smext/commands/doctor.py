"""`smext doctor`: say why the panel or a kind is not there."""

from __future__ import annotations

import argparse

HELP = "Say what works and what does not, and what to do about it."
SIGNS = {"ok": "ok  ", "warning": "warn", "bad": "BAD "}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("--profile", help="AWS profile (default: as boto3 finds it)")
    parser.add_argument("--region", help="AWS region (default: as boto3 finds it)")


def run(options: argparse.Namespace) -> int:
    """Print the findings; 0 where all is well or merely not permitted, 1 where something keeps smext from working."""
    from ..api import Target
    from ..aws.account import Account
    from ..diagnostics.doctor import examine

    account = Account(
        Target(id="doctor", profile=options.profile, region=options.region, label="doctor"), via="cli"
    )
    account.credentials.told = print
    bad = False
    try:
        for finding in examine(account):
            bad = bad or finding.status == "bad"
            print(f"{SIGNS[finding.status]}  {finding.text}")
            if finding.advice:
                print(f"      {finding.advice}")
    finally:
        account.close()
    return int(bad)
