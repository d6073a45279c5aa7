"""Write src/generated.ts from the wire models, or with --check say whether it is up to date."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys

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
EMPTY_COMMENT = re.compile(r"/\*\*\n \*/\n")


def generated() -> str:
    """The TypeScript of every model in smext.api."""
    schema = _output([sys.executable, "-m", "smext.api"], "")
    return EMPTY_COMMENT.sub("", ORIGIN.sub("", _output(COMPILER, schema)))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when the file is stale")
    check = parser.parse_args().check
    return settle(TARGET, generated(), check=check, how="run `jlpm generate` and commit the result")


def _output(command: list[str], given: str) -> str:
    done = subprocess.run(command, cwd=ROOT, input=given, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
