"""Installation of what the image lacks, with pip, from the package index or from wheels that came along."""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Callable, Mapping, Sequence

from .failure import Failure

_NO_ROUTE = re.compile(
    r"NewConnectionError|ConnectTimeoutError|ReadTimeoutError|ProxyError|Max retries exceeded|"
    r"Failed to establish a new connection|Name or service not known|Temporary failure in name resolution|"
    r"Network is unreachable|No route to host|Connection refused|Connection reset|timed out"
)
_CULPRIT = re.compile(
    r"No matching distribution found for ([^\s(]+)|satisfies the requirement ([^\s(]+)|"
    r"Failed (?:to build|building wheel for) '?([^\s']+)|Invalid requirement: '([^']+)'"
)
_PROBE = (
    "import importlib.util, json, os, sys, sysconfig; path = sysconfig.get_path('purelib');"
    "os.path.isdir(path) or os.path.isdir(os.path.dirname(path)) and os.access(os.path.dirname(path), os.W_OK)"
    " and os.makedirs(path, exist_ok=True);"
    "json.dump({'purelib': path, 'writable': os.access(path, os.W_OK), 'pip': importlib.util.find_spec('pip') is not None,"
    " 'version': sys.version.split()[0]}, sys.stdout)"
)
_ABSENT = (
    "import importlib.metadata as m, json, sys\n"
    "def lacks(name):\n"
    "    try: m.distribution(name)\n"
    "    except m.PackageNotFoundError: return True\n"
    "json.dump([name for name in sys.argv[1:] if lacks(name)], sys.stdout)"
)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_TAIL_LINES = 15


class Installer:
    """Installer into an interpreter; where its site-packages cannot be written, into a directory beside it."""

    def __init__(self, scratch: Path, wheels: Path, note: Callable[[str], None]) -> None:
        self._scratch = scratch
        self._wheels = wheels if wheels.is_dir() else None
        self._note = note
        self.targets: dict[str, str] = {}
        self._pip_path = ""

    def install(
        self, python: str, requirements: Sequence[str], listed: Path | None = None, folder: Path | None = None
    ) -> None:
        """Install the requirements, and those listed in a file, for that interpreter. Raises Failure.

        Paths in the list are relative to `folder`. Failure with the package's name and what to do.
        """
        if not requirements and listed is None:
            return
        state = self._probe(python)
        if not state["pip"]:
            self._bootstrap(python, state)
        command = [python, "-m", "pip", "install", "--retries", "2", "--progress-bar", "off"]
        if self._wheels:
            command += ["--no-index", "--find-links", str(self._wheels)]
        if not state["writable"]:
            target = self.targets.setdefault(python, str(self._scratch / f"packages-{len(self.targets)}"))
            command += ["--upgrade", "--target", target]
        started = time.monotonic()
        if listed is not None:
            command += ["--requirement", str(listed)]
        shown = [os.path.basename(each) for each in requirements] + ([listed.name] if listed else [])
        self._note("installing " + ", ".join(shown))
        output = _run([*command, "--", *requirements], self._pip_path, folder)
        if output is not None:
            for line in output[-_TAIL_LINES:]:
                self._note("pip: " + line)
            raise Failure(_explanation(output, shown, self._wheels is not None, str(state["version"])))
        self._note(f"installed in {time.monotonic() - started:.1f}s")
        if python == sys.executable:
            self._make_importable(python)

    def absent(self, python: str, requirements: Sequence[str]) -> list[str]:
        """Return the requirements of which that interpreter has no version."""
        names = {match.group(): each for each in requirements for match in [_NAME.match(each)] if match}
        if not names:
            return []
        path = os.pathsep.join(filter(None, [*self.path(python), os.environ.get("PYTHONPATH")]))
        done = subprocess.run(
            [python, "-c", _ABSENT, *names],
            env={**os.environ, "PYTHONPATH": path},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=False,
        )
        try:
            return [names[name] for name in json.loads(done.stdout)]
        except ValueError:
            # pip finds out by itself what is there.
            return list(requirements)

    def path(self, python: str | None) -> list[str]:
        """Return what PYTHONPATH needs so that the interpreter finds what was installed for it."""
        return [self.targets[python]] if python in self.targets else []

    def _make_importable(self, python: str) -> None:
        for target in self.path(python):
            if target not in sys.path:
                sys.path.insert(1, target)
        importlib.invalidate_caches()

    def _probe(self, python: str) -> dict[str, object]:
        done = subprocess.run(
            [python, "-c", _PROBE],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        try:
            state: dict[str, object] = json.loads(done.stdout)
        except ValueError:
            lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise Failure(
                f"The kernel's Python does not start: {python} ({lines[-1] if lines else done.returncode}). "
                "Choose another image or kernel."
            ) from None
        return state

    def _bootstrap(self, python: str, state: dict[str, object]) -> None:
        self._note("the image's Python has no pip; unpacking its own")
        if _run([python, "-m", "ensurepip"]) is None:
            return
        # Where this Python may not be changed, pip can run from a directory of ours.
        own = self._scratch / "pip"
        if _run([python, "-m", "ensurepip", "--root", str(own)]) is not None:
            raise Failure(
                f"Could not install packages: this Python has neither pip nor ensurepip: {python}. "
                "Use an image with pip, or one that has nbclient and ipykernel."
            )
        self._pip_path = f"{own}{state['purelib']}"


def sent(folder: Path, extras: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the wheels in a folder, as pip is given them: by their paths, with the extras that are wanted of them."""
    found = []
    for wheel in sorted(folder.glob("*.whl")):
        name = re.sub(r"[-_.]+", "-", wheel.name.split("-")[0]).lower()
        wanted = ",".join(extras.get(name, ()))
        found.append(f"{wheel}[{wanted}]" if wanted else str(wheel))
    return found


def check(wheels: Path, told: Path) -> None:
    """Raise Failure for a wheel with another digest than the launch gave it: many people may write there."""
    for name, digest in json.loads(told.read_bytes()).items():
        content = wheels / name
        if not content.is_file() or _sha256(content) != digest:
            raise Failure(
                f"A wheel does not hold what was sent: {name}. "
                "Somebody has changed it in the bucket: delete it below smext/cache/wheels/ there, and launch the run again."
            )


def _sha256(path: Path) -> str:
    """Return the digest in hex."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for content in iter(lambda: file.read(1024 * 1024), b""):
            digest.update(content)
    return digest.hexdigest()


def has_hashes(listed: Path) -> bool:
    """Return True if the requirements file has hashes, so that pip checks all of them."""
    return "--hash=" in listed.read_text("utf-8", "replace")


def missing(names: Sequence[str]) -> list[str]:
    """Return the top-level modules that this interpreter cannot import."""
    return [name for name in names if importlib.util.find_spec(name) is None]


def _run(command: Sequence[str], path: str = "", folder: Path | None = None) -> list[str] | None:
    """Run a command; return None on success, else its output's lines."""
    environment = {
        **os.environ,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_INPUT": "1",
        "PIP_ROOT_USER_ACTION": "ignore",
        # The container is thrown away afterwards: a Debian Python may be changed.
        "PIP_BREAK_SYSTEM_PACKAGES": "1",
    }
    if path:
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, [path, os.environ.get("PYTHONPATH")]))
    process = subprocess.Popen(
        list(command),
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        output = process.communicate()[0]
    except BaseException:
        process.kill()
        process.communicate()
        raise
    return None if process.returncode == 0 else output.decode("utf-8", "replace").splitlines()


def _explanation(output: list[str], requirements: Sequence[str], offline: bool, version: str) -> str:
    text = "\n".join(output)
    match = _CULPRIT.search(text)
    culprit = next((found for found in match.groups() if found), "") if match else ""
    what = f"Could not install {culprit or ', '.join(requirements)}"
    unknown = "No matching distribution" in text
    if offline and unknown:
        return f"{what}: it is not among the wheels that came along (for Python {version}). Send its wheel along."
    if _NO_ROUTE.search(text):
        return f"{what}: no route to the package index: send wheels along, or give the job a network."
    if unknown:
        return (
            f"{what}: the package index has no such version for Python {version}. Check its name and version."
        )
    errors = [line for line in output if line.lstrip().lower().startswith("error")] or output[-1:]
    return f"{what}: {' '.join(' '.join(errors).split()) or 'pip failed'}. Check the requirement, or leave it out."
