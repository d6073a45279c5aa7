"""Write from the launch options the keywords of smext.run, and the table that the page's tests have; or --check that they are up to date."""

from __future__ import annotations

import argparse
import json
import sys
from typing import get_args

from generated_file import ROOT, settle

from smext.api import Wire
from smext.launch.form.page import page_options, page_sections
from smext.launch.option import Option
from smext.launch.options import OPTIONS

KEYWORDS = ROOT / "smext" / "client" / "keywords.py"
TABLE = ROOT / "src" / "__tests__" / "options.json"
HEAD = '''"""Keywords of smext.run and smext.plan. Generated from smext/launch/options.py by `jlpm generate`: do not edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from ..api import JobKind


class Choices(TypedDict, total=False):
    """Keywords of smext.run and smext.plan. Times are in seconds; what is not given is as the form opens."""

'''


def keywords() -> str:
    """Return the Python of all keywords."""
    named = [option for option in OPTIONS if option.python_name]
    return HEAD + "".join(f"    {each.python_name}: {_type(each)} | None\n" for each in named)


def table() -> str:
    """Return what the page is given of the options, as JSON."""
    given: dict[str, list[Wire]] = {"options": [*page_options()], "sections": [*page_sections()]}
    plain = {name: [each.model_dump(mode="json") for each in rows] for name, rows in given.items()}
    return json.dumps(plain, indent=1, ensure_ascii=False) + "\n"


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
    made = {KEYWORDS: keywords(), TABLE: table()}
    how = "run `jlpm generate` and commit the result"
    return max(settle(target, text, check=check, how=how) for target, text in made.items())


if __name__ == "__main__":
    sys.exit(main())
