"""`smext policy`: the IAM policy to hand to an administrator."""

from __future__ import annotations

import argparse
import json
import sys

HELP = "Print the least-privilege IAM policy."


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument(
        "parts",
        nargs="*",
        metavar="PART",
        help="read (tables, logs, outputs), stop (stop, delete and start), launch; all of them by default",
    )


def run(options: argparse.Namespace) -> int:
    """Print the policy as JSON."""
    from ..diagnostics.iam_policy import PARTS, policy

    unknown = [part for part in options.parts if part not in PARTS]
    if unknown:
        # Not where the document goes, which is likely to be a file.
        named = f"there is no such part: {', '.join(unknown)}. Choose from: {', '.join(PARTS)}."
        print(f"smext policy: {named}", file=sys.stderr)
        return 2
    print(json.dumps(policy(options.parts or PARTS), indent=2))
    return 0
