"""Write src/generated.ts from the wire models, or with --check say whether it is up to date."""

from __future__ import annotations

import argparse
import difflib
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
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
    old = TARGET.read_text() if TARGET.exists() else ""
    new = generated()
    if old == new:
        return 0
    if not check:
        TARGET.write_text(new)
        print(f"wrote {TARGET.relative_to(ROOT)}")
        return 0
    diff = difflib.unified_diff(
        old.splitlines(), new.splitlines(), "committed", "generated", n=1, lineterm=""
    )
    print("\n".join(list(diff)[:40]))
    print("src/generated.ts does not fit smext/api: run `jlpm generate` and commit the result.")
    return 1


def _output(command: list[str], given: str) -> str:
    done = subprocess.run(command, cwd=ROOT, input=given, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
