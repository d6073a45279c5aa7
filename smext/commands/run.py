"""`smext run`: a notebook file as a SageMaker job, after a look at its plan."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from ..api import Plan, SdkVersion
    from ..client.options import Choices
    from ..client.run import Prepared, Run

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
    _machine(parser.add_argument_group("machine and cost").add_argument)
    _content(parser.add_argument_group("what runs and what goes along").add_argument)
    _network(parser.add_argument_group("network, keys and marks").add_argument)
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


def _machine(add: Callable[..., Any]) -> None:
    add("--kind", choices=["processing", "training"], help="kind of job (default: processing)")
    add("--instance", metavar="TYPE", help="instance type (default: as last time, else ml.m5.xlarge)")
    add("--count", type=int, help="machines; each runs the whole notebook (default: 1)")
    add("--volume", type=int, metavar="GB", dest="volume_gb", help="size of the disk")
    add(
        "--max-runtime", type=_seconds, metavar="TIME", help="longest run, which caps the cost: 90m, 2h, 3600"
    )
    add("--max-usd", type=float, metavar="USD", help="longest run by what it may cost, in place of a time")
    switch = argparse.BooleanOptionalAction
    add("--spot", action=switch, help="training: cheaper machines, which AWS may take away")
    add("--max-wait", type=_seconds, metavar="TIME", help="spot: the longest run and all waiting together")
    add(
        "--keep-alive",
        type=_seconds,
        metavar="TIME",
        help="training: keep the machines for a next run, billed",
    )
    add("--retries", type=int, metavar="N", help="training: begin anew after an internal error of SageMaker")


def _content(add: Callable[..., Any]) -> None:
    switch = argparse.BooleanOptionalAction
    add(
        "--param",
        type=_pair,
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="set a parameter, or more; --params lists them",
    )
    add("--env", type=_pair, action="append", default=[], metavar="NAME=VALUE", help="environment variables")
    add("--image", help="container image (default: that of this space, or SageMaker Distribution)")
    add("--file", action="append", metavar="PATTERN", help="more to send, also from above: ../lib/*.py")
    add("--no-files", action="store_true", help="send the notebook alone, without its folder")
    add(
        "--send-large",
        action="store_true",
        default=None,
        help="send the files although they are many or large",
    )
    add("--package", action="append", metavar="REQUIREMENT", help="install this, in place of what is found")
    add("--requirements", metavar="FILE", help="install this list instead, by its path from the notebook")
    add(
        "--send-wheels",
        action=switch,
        help="download the packages here, for jobs that reach no package index",
    )
    add(
        "--input",
        type=_pair,
        action="append",
        default=[],
        metavar="NAME=URI",
        help="data in S3, whose folder is in the job's variable SM_CHANNEL_NAME",
    )
    add("--input-mode", choices=["File", "FastFile", "Pipe"], default="File", help="how inputs are read")
    add(
        "--output",
        type=_output,
        action="append",
        default=[],
        metavar="NAME[=URI]",
        help="processing: a folder that goes to S3 as it fills; its path is in SM_OUTPUT_NAME",
    )


def _network(add: Callable[..., Any]) -> None:
    add("--role", help="ARN of the role that the job takes (default: as the SageMaker SDK finds it)")
    add(
        "--tag",
        type=_pair,
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="a tag of the job, or more",
    )
    add("--subnet", action="append", metavar="ID", help="run in this subnet, or these")
    add("--security-group", action="append", metavar="ID", help="with these security groups")
    add(
        "--network-isolation",
        action=argparse.BooleanOptionalAction,
        help="the job reaches nothing but its inputs and outputs",
    )
    add("--kms-key", metavar="KEY", help="for what the run writes to S3 and for its disks")


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
    inputs = {name: {"uri": uri, "mode": options.input_mode} for name, uri in options.input}
    same = (
        "kind", "instance", "count", "volume_gb", "max_runtime", "max_usd", "spot", "max_wait", "keep_alive", "retries",
        "image", "role", "requirements", "send_large", "send_wheels", "network_isolation", "kms_key",
    )  # fmt: skip
    found: dict[str, Any] = {name: getattr(options, name) for name in same}
    found |= {
        "environment": dict(options.env) or None,
        "files": options.file,
        "packages": options.package,
        "inputs": inputs or None,
        "outputs": dict(options.output) or None,
        "tags": dict(options.tag) or None,
        "subnets": options.subnet,
        "security_groups": options.security_group,
    }
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
