"""`python -m smext.sandbox`: a sandbox as a process of its own, steered through its control route."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from .client_environment import forget_account
from .local_account import Sandbox
from .scenes import names


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until SIGINT or SIGTERM, and print the URL once it answers; return the exit code."""
    options = _parser().parse_args(argv)
    forget_account()
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    try:
        started = _sandbox(options)
    except OSError as error:
        sys.stderr.write(f"The sandbox cannot listen on port {options.port}: {error.strerror}\n")
        return 1
    with started as box:
        if options.env_file:
            _write_private(options.env_file, json.dumps(box.env, indent=1))
        sys.stdout.write(f"{box.url}\n")
        sys.stdout.flush()
        ended.wait()
    return 0


def _sandbox(options: argparse.Namespace) -> Sandbox:
    return Sandbox(
        options.scene,
        options.mode,
        options.speed,
        region=options.region,
        port=options.port,
        grace=options.grace,
    )


def _write_private(path: Path, text: str) -> None:
    """Write a file atomically that only its owner may read: the environment holds keys."""
    draft = path.with_name(path.name + ".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m smext.sandbox", description="A local SageMaker account.")
    parser.add_argument("--scene", default="empty", choices=names())
    parser.add_argument("--mode", default="timeline", choices=("timeline", "exec"))
    parser.add_argument("--speed", type=float, default=1.0, help="virtual seconds in one real second")
    parser.add_argument("--region", default="us-east-1")
    parser.add_argument("--port", type=int, default=0, help="0: any free port")
    parser.add_argument("--grace", type=float, default=120.0, help="seconds from SIGTERM to SIGKILL of a job")
    parser.add_argument("--env-file", type=Path, help="write the client's environment here, as JSON")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
