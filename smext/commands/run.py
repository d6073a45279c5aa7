"""`smext run`: a notebook file as a SageMaker job, after a look at its plan."""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..api import SdkVersion
    from ..job import Prepared, Run

HELP = "Run a notebook as a SageMaker job, after showing what it may cost."
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
_SHOWN = 8


def configure(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("notebook", type=Path, help="an .ipynb file")
    add("--kind", choices=["processing", "training"], help="kind of job (default: processing)")
    add("--instance", metavar="TYPE", help="instance type (default: ml.m5.xlarge)")
    add("--count", type=int, help="machines; each runs the whole notebook (default: 1)")
    add("--volume", type=int, metavar="GB", help="size of the disk")
    add(
        "--max-runtime", type=_seconds, metavar="TIME", help="longest run, which caps the cost: 90m, 2h, 3600"
    )
    add("--param", type=_pair, action="append", default=[], metavar="NAME=VALUE", help="a parameter, or more")
    add("--env", type=_pair, action="append", default=[], metavar="NAME=VALUE", help="environment variables")
    add("--image", help="container image (default: that of this space, or SageMaker Distribution)")
    add("--role", help="ARN of the role that the job takes (default: as the SageMaker SDK finds it)")
    add("--file", action="append", metavar="PATTERN", help="more to send, also from above: ../lib/*.py")
    add("--package", action="append", metavar="REQUIREMENT", help="install this, in place of what is found")
    add("--requirements", metavar="FILE", help="install this list instead, by its path from the notebook")
    add("--no-files", action="store_true", help="send the notebook alone, without its folder")
    add("--profile", help="AWS profile")
    add("--region", help="AWS region")
    add("--yes", "-y", action="store_true", help="launch without asking")
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


def run(options: argparse.Namespace) -> int:
    """0: launched, and with --wait completed; 1: it could not be launched, or the job failed or was stopped."""
    from ..cli import agreed
    from ..job import account_of, form_values, prepare

    given = form_values(
        job_kind=options.kind,
        instance_type=options.instance,
        instance_count=options.count,
        volume_gb=options.volume,
        max_runtime_seconds=options.max_runtime,
        environment=dict(options.env) or None,
        image=options.image,
        role=options.role,
        include_files=False if options.no_files else None,
        files=options.file,
        packages=options.package,
        requirements=options.requirements,
    )
    account = account_of(options.profile, options.region)
    made = prepare(options.notebook, given, account, dict(options.param))
    if options.code is not None:
        return _print_code(made, options.code or None)
    out = sys.stderr if options.json else sys.stdout
    print(_described(made, options.notebook), file=out)
    if options.dry_run or made.failing():
        if options.json:
            print(made.plan.model_dump_json(indent=1))
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
    from ..copies import marked, names
    from ..errors import SmextError

    try:
        content = started.notebook()
    except SmextError as error:
        print(f"No notebook: {error.message}", file=sys.stderr)
        return
    text = json.dumps(marked(content, started.name), indent=1, ensure_ascii=False)
    for path in map(Path, names(source.as_posix(), started.name)):
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(text + "\n")
        except FileExistsError:
            continue
        print(f"Notebook: {path}", file=sys.stderr if quiet else sys.stdout)
        return


def _described(made: Prepared, source: Path) -> str:
    plan, form = made.plan, made.form
    machines = form.instance_type + (f" × {form.instance_count}" if form.instance_count > 1 else "")
    files = [upload for upload in plan.uploads if upload.bytes]
    lines = [
        f"{plan.name}",
        f"  runs   {source} as a {form.job_kind} job on {machines}",
        f"  costs  {made.cost()}",
        f"  sends  {len(plan.files)} files beside the notebook, {_size(plan.upload_bytes)} in {len(files)} objects",
        f"  to     {plan.output_uri}",
    ]
    lines += [f"  stays  {each.path} ({each.why})" for each in plan.left_out[:_SHOWN]]
    if len(plan.left_out) > _SHOWN:
        lines.append(f"  stays  {len(plan.left_out) - _SHOWN} more")
    for check in plan.checks:
        if check.status != "ok":
            lines.append(f"  {check.status}: {check.message} {check.advice}".rstrip())
    return "\n".join(lines)


def _size(count: float) -> str:
    for unit in ("bytes", "kB", "MB"):
        if count < 1000:
            return f"{count:.0f} {unit}"
        count /= 1000
    return f"{count:.1f} GB"


def _pair(text: str) -> tuple[str, str]:
    name, found, value = text.partition("=")
    if not found or not name.strip():
        raise argparse.ArgumentTypeError(f"write it as NAME=VALUE: {text}")
    return name.strip(), value


def _seconds(text: str) -> int:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([smhd]?)", text.strip())
    if not match:
        raise argparse.ArgumentTypeError(f"write it as seconds, or as 90m, 2h, 1d: {text}")
    return round(float(match[1]) * _UNITS[match[2]])
