"""Write smext/client/keywords.py from the launch options, or with --check say whether it is up to date."""

from __future__ import annotations

import argparse
import sys
from typing import get_args

from generated_file import ROOT, settle

from smext.launch.option import Option
from smext.launch.options import OPTIONS

TARGET = ROOT / "smext" / "client" / "keywords.py"
HEAD = '''"""Keywords of smext.run and smext.plan. Generated from smext/launch/options.py by `jlpm generate`: do not edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from ..api import JobKind


class Choices(TypedDict, total=False):
    """Keywords of smext.run and smext.plan. Times are in seconds; what is not given is as the form opens."""

'''


def generated() -> str:
    """The Python of all keywords."""
    named = [option for option in OPTIONS if option.python_name]
    return HEAD + "".join(f"    {each.python_name}: {_type(each)} | None\n" for each in named)


def _type(option: Option) -> str:
    if option.typed:
        return option.typed
    if option.choices:
        return "JobKind"
    parts = ", ".join(each.__name__ for each in get_args(option.annotation))
    names: dict[type, str] = {list: "Sequence", dict: "Mapping"}
    generic = names.get(option.value_type)
    return f"{generic}[{parts}]" if generic else option.value_type.__name__


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when the file is stale")
    check = parser.parse_args().check
    return settle(TARGET, generated(), check=check, how="run `jlpm generate` and commit the result")


if __name__ == "__main__":
    sys.exit(main())
