"""The interpreter behind a notebook's kernel, and what is installed in it: read by that interpreter itself."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

from packaging.utils import canonicalize_name  # like jupyter_client a part of every Jupyter server

from ... import errors

_BARE = re.compile(r"python(\d(\.\d+)?)?(\.exe)?", re.IGNORECASE)
#: Where a conda or virtual environment has its Python, here and on Windows.
_PLACES = ("bin/python", "python.exe", "Scripts/python.exe")


@dataclass(frozen=True)
class Distribution:
    """An installed package. `folder` is the folder or wheel of this machine that it comes from, `url` any other address."""

    name: str
    version: str
    requires: tuple[str, ...]
    modules: frozenset[str]
    folder: str | None = None
    url: str | None = None

    @property
    def key(self) -> str:
        """The normalized name."""
        return str(canonicalize_name(self.name))


@dataclass(frozen=True)
class Interpreter:
    """A Python with its packages by normalised name."""

    python: str
    version: str
    distributions: Mapping[str, Distribution]
    _providers: Mapping[str, tuple[Distribution, ...]] = field(default_factory=dict)

    def providing(self, name: str) -> tuple[Distribution, ...]:
        """Those that bring a dotted module name; of a shared namespace only those that have the part named."""
        owners = self._providers.get(name.partition(".")[0], ())
        if len(owners) < 2:
            return owners
        parts = name.split(".")
        for depth in range(len(parts), 1, -1):
            part = ".".join(parts[:depth])
            exact = tuple(each for each in owners if part in each.modules)
            if exact:
                return exact
        return owners


def read(kernel: str, patience: float) -> Interpreter:
    """Read what the kernel's interpreter has installed. Raises errors.SmextError where it cannot be read."""
    python, environment = _command(kernel)
    known = _known.get((python, environment.get("PYTHONPATH", "")))
    return known if known is not None else _ask(python, environment, patience)


class _Memory:
    """The last answer of each interpreter, as good as long as no folder of its path has changed."""

    def __init__(self) -> None:
        self._answers: dict[tuple[str, str], tuple[Interpreter, dict[str, int]]] = {}
        self._lock = threading.Lock()

    def get(self, key: tuple[str, str]) -> Interpreter | None:
        with self._lock:
            answer = self._answers.get(key)
        if answer is None or _marks(list(answer[1])) != answer[1]:
            return None
        return answer[0]

    def keep(self, key: tuple[str, str], found: Interpreter, marks: dict[str, int]) -> None:
        with self._lock:
            self._answers[key] = (found, marks)


_known = _Memory()


def _marks(folders: list[str]) -> dict[str, int]:
    found = {}
    for folder in folders:
        try:
            found[folder] = os.stat(folder).st_mtime_ns
        except OSError:
            found[folder] = 0
    return found


def _command(kernel: str) -> tuple[str, dict[str, str]]:
    """Path of the interpreter that Jupyter would start, and its environment."""
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
    from jupyter_server.gateway.gateway_client import GatewayClient

    if GatewayClient.initialized() and GatewayClient.instance().gateway_enabled:
        raise _unreadable("the kernel runs on another machine")
    try:
        spec = KernelSpecManager().get_kernel_spec(kernel)
    except NoSuchKernel:
        raise _unreadable(f"this machine has no such kernel: {kernel}") from None
    environment = {**os.environ, **{str(name): str(value) for name, value in (spec.env or {}).items()}}
    conda = (spec.metadata or {}).get("conda_env_path")
    named = _python_of(str(conda)) if conda else (spec.argv or [""])[0]
    # As Jupyter does it: a bare name is the Python of the server.
    if _BARE.fullmatch(named):
        return sys.executable, environment
    found = shutil.which(named, path=environment.get("PATH"))
    if not found or not _BARE.fullmatch(os.path.basename(found)):
        raise _unreadable(f"it is not started by a Python: {named}")
    return found, environment


def _python_of(environment: str) -> str:
    """Return the Python of an environment's folder; the usual place where there is none."""
    places = [os.path.join(environment, *place.split("/")) for place in _PLACES]
    return next((place for place in places if os.path.isfile(place)), places[0])


def _ask(python: str, environment: dict[str, str], patience: float) -> Interpreter:
    code = resources.files(__package__).joinpath("probe.py").read_text(encoding="utf-8")
    try:
        done = subprocess.run(
            [python, "-c", code],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=patience,
            check=True,
        )
        told = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        raise _unreadable(f"it does not answer: {python}") from None
    except subprocess.CalledProcessError as error:
        lines = error.stderr.decode("utf-8", "replace").strip().splitlines()
        raise _unreadable(f"{python}: {lines[-1] if lines else error.returncode}") from None
    except (OSError, ValueError) as error:
        raise _unreadable(f"{python}: {error}") from error
    found = _interpreter(python, told)
    _known.keep((python, environment.get("PYTHONPATH", "")), found, dict(told["watched"]))
    return found


def _interpreter(python: str, told: Mapping[str, Any]) -> Interpreter:
    distributions = {}
    providers: dict[str, list[Distribution]] = {}
    for entry in told["distributions"]:
        found = Distribution(
            entry["name"],
            entry["version"],
            tuple(entry["requires"]),
            frozenset(entry["modules"]),
            entry["folder"],
            entry["url"],
        )
        distributions[found.key] = found
        for module in found.modules:
            if "." not in module:
                providers.setdefault(module, []).append(found)
    by_module = {module: tuple(owners) for module, owners in providers.items()}
    return Interpreter(python, told["version"], distributions, by_module)


def _unreadable(why: str) -> errors.Unsupported:
    return errors.Unsupported(
        f"Could not see which packages the kernel has: {why}",
        advice="Write down what the image lacks under Packages, or install it in the notebook.",
    )
