"""Write smext/launch/packages/import_names.json: which distributions bring a module.

    scripts/make_import_names.py 2026-12-01 .venv/bin/python .envs/sdk3/bin/python .envs/sdk2/bin/python

Reads the metadata of what is installed for these interpreters, as smext reads a kernel's, and
scripts/data/import_names.txt for packages that no environment of this repository has.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
from pathlib import Path

from generated_file import ROOT, settle

LIST = Path(__file__).resolve().parent / "data" / "import_names.txt"
PROBE = ROOT / "smext" / "launch" / "packages" / "probe.py"
TARGET = ROOT / "smext" / "launch" / "packages" / "import_names.json"
# Old names, and those of conda, by the name on PyPI: both bring the module, and this one is the one to tell.
RENAMED = {"pysoundfile": "soundfile", "pytables": "tables"}
# Modules that many distributions leave behind, and none is imported for.
NOISE = re.compile(
    r"(?:tests?|docs?|examples?|scripts?|benchmarks?|build|dist|data|src|lib|bin)(?:\..*)?|_.*|.*__.*"
)


def generated(as_of: str, pythons: list[str]) -> str:
    """The table as JSON: distributions by module, where the module is not just the distribution's name."""
    table: dict[str, set[str]] = {}
    without: set[str] = set()
    same: set[str] = set()
    for name, modules in [*_installed(pythons), *_listed()]:
        if modules == ["-"]:
            without.add(name)
            continue
        for module in modules:
            if _plain(module) == name:
                same.add(name)
            elif not NOISE.fullmatch(module):
                table.setdefault(module, set()).update({name, RENAMED.get(name, name)})
    rows = ",\n".join(f"  {json.dumps(each)}: {json.dumps(sorted(table[each]))}" for each in sorted(table))
    head = json.dumps({"source": "metadata of the packages: RECORD and top_level.txt", "as_of": as_of})
    return f'{head[:-1]}, "without_modules": {json.dumps(sorted(without))}, "same_name": {json.dumps(sorted(same))}, "modules": {{\n{rows}\n}}}}\n'


def _installed(pythons: list[str]) -> list[tuple[str, list[str]]]:
    found = []
    for python in pythons:
        done = subprocess.run([python, str(PROBE)], capture_output=True, check=True)
        for each in json.loads(done.stdout)["distributions"]:
            found.append((each["key"], each["modules"]))
    return found


def _listed() -> list[tuple[str, list[str]]]:
    lines = [line.partition("#")[0].strip() for line in LIST.read_text(encoding="utf-8").splitlines()]
    return [
        (_plain(name), modules.split())
        for name, _, modules in (line.partition(":") for line in lines if line)
    ]


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("as_of")
    parser.add_argument("python", nargs="*")
    given = parser.parse_args()
    return settle(
        TARGET, generated(given.as_of, given.python), check=False, how="run scripts/make_import_names.py"
    )


if __name__ == "__main__":
    raise SystemExit(main())
