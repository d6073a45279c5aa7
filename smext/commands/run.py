"""`smext run`: a notebook file as a SageMaker job, after a look at its plan."""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from ..api import Plan, SdkVersion
    from ..client.options import Choices
    from ..client.run import Prepared, Run
    from ..launch.option import Option

HELP = "Run a notebook as a SageMaker job, after showing what it may cost."
_TYPES = {
    "int": "whole number",
    "float": "number",
    "bool": "true or false",
    "str": "text",
    "json": "list or mapping",
    "literal": "Python literal",
    "expression": "text",
}
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("notebook", type=Path, help="an .ipynb file")
    _options(parser)
    add = parser.add_argument
    add("--profile", help="AWS profile")
    add("--region", help="AWS region")
    add("--yes", "-y", action="store_true", help="launch without asking")
    add("--params", action="store_true", help="list the parameters that the notebook takes, create nothing")
    add("--dry-run", action="store_true", help="show the plan, create nothing")
    add(
        "--code",
        nargs="?",
        const="",
        choices=["", "3", "2"],
        metavar="SDK",
        help="print the launch as SageMaker SDK code (version 3 or 2, by default the kernel's), create nothing",
    )
    add("--wait", action="store_true", help="follow the log, write the notebook, end with the job's result")
    add("--json", action="store_true", help="JSON on standard output, everything else on standard error")


def _options(parser: argparse.ArgumentParser) -> None:
    """Add the flags of the form's options, in groups."""
    from ..launch.options import OPTIONS, SECTIONS

    groups = {each.flags: parser.add_argument_group(each.flags) for each in SECTIONS}
    of_section = {each.name: groups[each.flags].add_argument for each in SECTIONS}
    for option in OPTIONS:
        add, flag = of_section[option.section], option.cli
        given = {**_taken(option), "help": (flag.help or option.help).replace("%", "%%")}
        if flag.metavar:
            given["metavar"] = flag.metavar
        add(flag.name, **given)
        if option.member == "inputs":
            modes = ["File", "FastFile", "Pipe"]
            add("--input-mode", choices=modes, default="File", help="how inputs are read")


def _taken(option: Option) -> dict[str, Any]:
    """How argparse reads an option: by the type of the form's member, where it has no way of its own."""
    if option.member in _OWN:
        return _OWN[option.member]
    found: dict[str, Any] = {"dest": option.python_name}
    kind = option.value_type
    if kind is bool:
        return found | {"action": argparse.BooleanOptionalAction}
    if kind is list:
        return found | {"action": "append"}
    if kind is dict:
        return found | {"action": "append", "type": _pair}
    if option.choices:
        return found | {"choices": option.choices}
    if option.member.endswith("_seconds"):
        return found | {"type": _seconds}
    return found | {"type": kind}


def run(options: argparse.Namespace) -> int:
    """0: launched, and with --wait completed; 1: it could not be launched, or the job failed or was stopped."""
    from ..client.confirm import agreed
    from ..client.options import members
    from ..client.run import account_of, prepare

    if options.params:
        return _print_parameters(options.notebook, options.json)
    account = account_of(options.profile, options.region)
    given = members(_choices(options)) | ({"include_files": False} if options.no_files else {})
    made = prepare(options.notebook, given, account, dict(options.param))
    if options.code is not None:
        return _print_code(made, options.code or None)
    out = sys.stderr if options.json else sys.stdout
    print(made, file=out)
    if options.dry_run or made.failing():
        if options.json:
            print(_without_secrets(made).model_dump_json(indent=1))
        return 1 if made.failing() else 0
    if not options.yes and not agreed("Launch it?"):
        print("Nothing was launched.", file=sys.stderr)
        return 1
    started = made.launch()
    print(f"Launched {started.name}.", file=out)
    code = _watched(started, options.notebook, options.json) if options.wait else 0
    if options.json:
        print(json.dumps({"name": started.name, "kind": started.kind, "status": started.status()}))
    elif not options.wait:
        print(f"  smext logs -f {started.name}\n  smext stop {started.name}")
    return code


def _without_secrets(made: Prepared) -> Plan:
    """Mask the secrets of a plan, as it may stand in a log."""
    from ..runs.secret_values import with_masked_environment

    return made.plan.model_copy(update={"request": with_masked_environment(made.plan.request)})


def _choices(options: argparse.Namespace) -> Choices:
    """Return what was typed, by the names that Python has for it."""
    from ..launch.options import OPTIONS

    inputs = {name: {"uri": uri, "mode": options.input_mode} for name, uri in options.input}
    found: dict[str, Any] = {"inputs": inputs or None, "outputs": dict(options.output) or None}
    for option in OPTIONS:
        if option.python_name and option.member not in _OWN:
            value = getattr(options, option.python_name)
            found[option.python_name] = dict(value) if value and option.value_type is dict else value
    return cast("Choices", found)


def _print_parameters(notebook: Path, as_json: bool) -> int:
    from ..client.run import parameters

    found = parameters(notebook)
    if as_json:
        print(json.dumps([each.model_dump(mode="json") for each in found], indent=1))
        return 0
    if not found:
        print("None can be listed: only a Python cell tagged `parameters` is read.", file=sys.stderr)
    width = max((len(each.name) for each in found), default=0)
    for each in found:
        kinds = " or ".join(map(repr, each.choices)) if each.choices else _TYPES[each.type]
        default = f" = {' '.join(each.default.split())}" if each.default else ""
        comment = f"  # {each.comment}" if each.comment else ""
        print(f"{each.name:{width}}  {kinds}{' or None' if each.optional else ''}{default}{comment}")
    return 0


def _print_code(made: Prepared, sdk: SdkVersion | None) -> int:
    found = made.code(sdk)
    print(found.source, end="")
    if found.note:
        print(found.note, file=sys.stderr)
    return 0


def _watched(started: Run, source: Path, quiet: bool) -> int:
    """Follow the log to its end and write the notebook; the exit code."""
    out = sys.stderr if quiet else sys.stdout
    try:
        for line in started.logs():
            print(line, file=out, flush=True)
    except KeyboardInterrupt:
        print(f"\nThe job goes on. To stop it: smext stop {started.name}", file=sys.stderr)
        raise
    _write_notebook(started, source, quiet)
    status, reason = started.status(), started.reason()
    print(f"{status}: {started.name}{f' ({reason})' if reason else ''}", file=sys.stderr)
    return 0 if status == "Completed" else 1


def _write_notebook(started: Run, source: Path, quiet: bool) -> None:
    """Beside its source, over nothing. A job that failed early has none."""
    from ..errors import SmextError
    from ..runs.notebook_copy import copy_of, names

    try:
        content, _ = copy_of(started.notebook(), started.name)
    except SmextError as error:
        print(f"No notebook: {error.message}", file=sys.stderr)
        return
    text = json.dumps(content, indent=1, ensure_ascii=False)
    for path in map(Path, names(source.parent.as_posix(), started.name)):
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(text + "\n")
        except FileExistsError:
            continue
        print(f"Notebook: {path}", file=sys.stderr if quiet else sys.stdout)
        return


def _pair(text: str) -> tuple[str, str]:
    name, found, value = text.partition("=")
    if not found or not name.strip():
        raise argparse.ArgumentTypeError(f"write it as NAME=VALUE: {text}")
    return name.strip(), value


def _output(text: str) -> tuple[str, str]:
    name, _, uri = text.partition("=")
    return name.strip(), uri.strip()


def _seconds(text: str) -> int:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([smhd]?)", text.strip())
    if not match:
        raise argparse.ArgumentTypeError(f"write it as seconds, or as 90m, 2h, 1d: {text}")
    return round(float(match[1]) * _UNITS[match[2]])


_OWN: dict[str, dict[str, Any]] = {
    "include_files": {"action": "store_true"},
    "parameters": {"action": "append", "type": _pair, "default": []},
    "inputs": {"action": "append", "type": _pair, "default": []},
    "outputs": {"action": "append", "type": _output, "default": []},
}
"""Options that are not read by their type alone."""
