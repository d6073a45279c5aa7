"""Choice of the kernel: the one that the notebook names, or what the image has for its language."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Mapping

from .failure import Failure

OWN = "smext-python"
_PYTHON = re.compile(r"python(\d(\.\d+)?)?$")
_LIST = (
    "import json, sys; from jupyter_client.kernelspec import KernelSpecManager;"
    "json.dump({name: found['spec'] for name, found in KernelSpecManager().get_all_specs().items()}, sys.stdout)"
)

Specs = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Kernel:
    """Kernelspec of the image, or our own. `python` is its interpreter if it is a Python kernel."""

    name: str
    language: str
    python: str | None
    note: str | None = None
    ipykernel: bool = False
    """True if ipykernel runs it."""


def installed(environment: Mapping[str, str]) -> Specs:
    """Return the image's kernelspecs by name; read in a process of its own, before packages are changed."""
    done = subprocess.run(
        [sys.executable, "-c", _LIST],
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    try:
        specs: dict[str, Mapping[str, Any]] = json.loads(done.stdout)
    except ValueError:
        return {}
    return {name: spec for name, spec in specs.items() if name != OWN and program(spec)}


def choose(name: str | None, language: str | None, specs: Specs) -> Kernel:
    """Return the kernel for a notebook.

    Raises Failure, with the kernels that exist, if its language has none.
    """
    if name and name in specs:
        return _from_spec(name, specs[name])
    if language in (None, "python"):
        note = f"the image has no kernel named {name}; running on {_version()}" if name else None
        return Kernel(OWN, "python", sys.executable, note, ipykernel=True)
    for other, spec in sorted(specs.items()):
        if str(spec.get("language", "")).lower() == language:
            return _from_spec(
                other, spec, f"the image has no kernel named {name}; running on its kernel {other}"
            )
    existing = ", ".join(sorted(specs)) or "none"
    raise Failure(
        f"The image has no kernel for this notebook: {name or language} (language {language}). "
        f"Kernels that it has: {existing}. Choose an image with that kernel."
    )


def _from_spec(name: str, spec: Mapping[str, Any], note: str | None = None) -> Kernel:
    language = str(spec.get("language") or "python").lower()
    is_python = language == "python" and "-m" in spec.get("argv", [])
    python = program(spec) if is_python else None
    if python is not None and _same_environment(python):
        python = sys.executable
    ipykernel = is_python and any(each.startswith("ipykernel") for each in spec["argv"])
    return Kernel(name, language, python, note, ipykernel)


def program(spec: Mapping[str, Any]) -> str | None:
    """Return the program that the spec starts, or None if the image lacks it."""
    argv: list[str] = spec.get("argv") or []
    if not argv:
        return None
    # As jupyter_client does: a bare "python" is the interpreter that starts the kernel.
    if _PYTHON.match(argv[0]):
        return sys.executable
    return shutil.which(argv[0])


def write_own(folder: Path) -> None:
    """Write our own kernelspec, for the running Python, below a directory for JUPYTER_PATH."""
    target = folder / "kernels" / OWN
    target.mkdir(parents=True, exist_ok=True)
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": argv, "display_name": "Python", "language": "python", "metadata": {"debugger": False}}
    (target / "kernel.json").write_text(json.dumps(spec), "utf-8")


def _same_environment(python: str) -> bool:
    """Return True if the interpreter is the running one, under whatever name."""
    return os.path.dirname(os.path.abspath(python)) == os.path.dirname(sys.executable)


def _version() -> str:
    return f"the image's Python {sys.version_info[0]}.{sys.version_info[1]} ({sys.executable})"
