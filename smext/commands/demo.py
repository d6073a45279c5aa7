"""`smext demo`: a JupyterLab on a local SageMaker account, with example notebooks."""

from __future__ import annotations

import argparse
import importlib.util
import platform
import sys
from pathlib import Path

HELP = "Start JupyterLab on a local SageMaker account (free): jobs really run, on this machine."
_NEEDED = ("moto", "flask", "flask_cors", "nbclient", "ipykernel", "jupyterlab")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("--scene", default="busy", help="the state of the account (default: %(default)s)")
    parser.add_argument("--port", type=int, help="port of JupyterLab (default: any free one)")
    parser.add_argument(
        "--base-url", default="/", help="where JupyterLab is served, as /jupyterlab/default/ in Studio"
    )
    parser.add_argument("--dir", type=Path, help="directory of the notebooks (default: ./smext-demo)")
    parser.add_argument("--no-browser", action="store_true", help="only print the address")


def run(options: argparse.Namespace) -> int:
    """Start the demo and wait for its end; 1 where it cannot start."""
    if platform.system() == "Windows":
        return _refuse(
            "The demo needs Linux or macOS. On Windows, run it in the Windows Subsystem for Linux (WSL)."
        )
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        return _refuse(
            f'The demo needs packages that are not installed ({", ".join(missing)}). Run: pip install "smext[demo]"'
        )
    # What is imported here takes a while.
    print("Starting a local SageMaker account and JupyterLab ...", flush=True)
    from ..sandbox.demo import Demo, DemoError

    try:
        return Demo(
            scene=options.scene,
            port=options.port,
            base_url=options.base_url,
            directory=options.dir,
            browser=not options.no_browser,
        ).serve()
    except DemoError as error:
        return _refuse(str(error))


def _refuse(text: str) -> int:
    sys.stderr.write(f"smext demo: {text}\n")
    return 1
