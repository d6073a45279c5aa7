"""Write src/generated.ts and smext/events/ from the wire models, or with --check say whether they are up to date."""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from pathlib import Path

from generated_file import ROOT, settle

TARGET = ROOT / "src" / "generated.ts"
BANNER = "// Generated from smext/api by `jlpm generate`: do not edit.\n/* eslint-disable */"
COMPILER = [
    "node_modules/.bin/json2ts",
    "--additionalProperties=false",
    "--unreachableDefinitions",
    "--style.singleQuote",
    f"--bannerComment={BANNER}",
]
# json2ts says of every interface where the schema had it, which a reader has no use for.
ORIGIN = re.compile(r"( \*\n)? \* This interface was referenced by .*\n \* via the `definition` .*\n")
HOW = "run `jlpm generate` and commit the result"
EMPTY_COMMENT = re.compile(r"/\*\*\n \*/\n")


def generated() -> str:
    """The TypeScript of every model in smext.api."""
    schema = _output([sys.executable, "-m", "smext.api"], "")
    return EMPTY_COMMENT.sub("", ORIGIN.sub("", _output(COMPILER, schema)))


def events() -> dict[Path, str]:
    """The JSON schema of every event, by its file."""
    sys.path.insert(0, str(ROOT))
    from smext.api import EVENTS

    return {
        ROOT / "smext" / "events" / f"{event.name}.json": json.dumps(event.event_schema(), indent=2) + "\n"
        for event in EVENTS
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when the file is stale")
    check = parser.parse_args().check
    wanted = {TARGET: generated(), **events()}
    return max(settle(target, text, check=check, how=HOW) for target, text in wanted.items())


def _output(command: list[str], given: str) -> str:
    done = subprocess.run(command, cwd=ROOT, input=given, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
