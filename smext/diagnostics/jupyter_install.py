"""Is smext whole in one Python's Jupyter: its server half, its panel, and what switches either off?"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any

from .finding import Finding

SECONDS = 120.0
#: The current directory is no part of an environment, and a json.py in it is not Python's.
_START = "import sys; sys.path[:] = [each for each in sys.path if each]; exec(sys.stdin.read())"
#: Without one of these there is no panel: the plugin that the others need, and the one that adds the panel.
_VITAL = ("smext", "smext:plugin", "smext:panel")
_SUPPORTED = ((4, 2), (5, 0))


def probe(python: str = sys.executable, environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Return what the Jupyter of a Python would load (see jupyter_probe), or {"error": why it cannot tell}."""
    code = resources.files(__package__).joinpath("jupyter_probe.py").read_text(encoding="utf-8")
    try:
        done = subprocess.run(
            [python, "-c", _START],
            env=dict(environ),
            input=code.encode(),
            capture_output=True,
            timeout=SECONDS,
        )
        found = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        return {"error": f"it did not answer within {SECONDS:.0f} s"}
    except OSError as error:
        return {"error": str(error)}
    except ValueError:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        return {"error": lines[-1] if lines else f"it ended with {done.returncode}"}
    return found if isinstance(found, dict) else {"error": "it gave no answer"}


def examine(facts: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield the findings of one Python's Jupyter in the order in which things have to work."""
    if "error" in facts:
        yield Finding("bad", f"This Python cannot be examined: {facts['error']}")
        return
    yield Finding("ok", f"Python {facts['version']}: {facts['python']}")
    yield Finding("ok", ", ".join(f"{name} {told or 'missing'}" for name, told in facts["packages"].items()))
    if _for_this_user(facts):
        yield Finding(
            "ok",
            f"smext is installed for this user only: {facts['user_base']}",
            "`jupyter server extension list` does not list it there. A JupyterLab of another Python version does not see it.",
        )
    yield package(facts)
    yield server_half(facts)
    yield from lab_half(facts)


def package(facts: Mapping[str, Any]) -> Finding:
    """Say whether the Python package can be imported as the server does it."""
    found = facts["package"]
    if "folder" in found and not found["folder"]:
        return Finding("bad", "smext is not installed for this Python", _install(facts))
    if "error" in found:
        return Finding("bad", f"smext cannot be loaded: {found['error']}", _reinstall(facts))
    return Finding("ok", f"package found in {found['folder']}")


def server_half(facts: Mapping[str, Any]) -> Finding:
    """Say whether Jupyter Server loads the extension, and which file decides."""
    found = facts["server"]
    if not facts["packages"]["jupyter_server"]:
        return Finding("bad", "Jupyter Server is not installed for this Python", _install(facts))
    if "error" in found:
        return Finding("bad", f"Jupyter Server cannot read its configuration: {found['error']}")
    where = f" by {found['origin']}" if found["origin"] else ""
    panel = " The panel opens, but stays empty." if facts["lab"].get("found") else ""
    if found["enabled"]:
        return Finding("ok", f"server extension enabled{where}")
    if found["enabled"] is not None:
        setting = "smext" if not str(found["origin"]).endswith(".py") else "c.ServerApp.jpserver_extensions"
        told = "to true" if setting == "smext" else 'to {"smext": True}'
        advice = f"In {found['origin']}, set {setting} {told}. Then restart JupyterLab."
        return Finding("bad", f"server extension disabled{where}.{panel}", advice)
    if facts["no_config"]:
        advice = "JUPYTER_NO_CONFIG is set, so Jupyter reads no configuration: start JupyterLab without it."
    else:
        file = os.path.join(found["config_dir"], "jupyter_server_config.d", "smext.json")
        advice = f'Reinstall smext, or write {{"ServerApp": {{"jpserver_extensions": {{"smext": true}}}}}} to {file}'
    return Finding("bad", f"no configuration enables the server extension.{panel}", advice)


def lab_half(facts: Mapping[str, Any]) -> Iterator[Finding]:
    """Say whether JupyterLab loads the panel, in the same version, with all its plugins."""
    found, number = facts["lab"], facts["packages"]["jupyterlab"]
    if not number:
        yield Finding(
            "bad",
            "JupyterLab is not installed for this Python",
            f"Run doctor with the Python that starts JupyterLab, or: {facts['python']} -m pip install jupyterlab",
        )
        return
    if not _SUPPORTED[0] <= _release(number) < _SUPPORTED[1]:
        yield Finding("bad", f"JupyterLab {number} is not supported", "smext needs JupyterLab 4.2 to 4.x.")
    if "error" in found:
        yield Finding(
            "bad",
            f"JupyterLab cannot read its page configuration: {found['error']}",
            _repair(found["origin"]) if found.get("origin") else "",
        )
        return
    panel = found["found"]
    if found["core_mode"]:
        yield Finding(
            "bad", "JupyterLab runs in core mode, without extensions", "Set LabApp.core_mode to False."
        )
    elif not panel:
        yield Finding("bad", "JupyterLab has no panel of smext", _reinstall(facts))
    elif not panel["loads"]:
        yield Finding("bad", f"the panel is incomplete: {panel['folder']}", _reinstall(facts))
    else:
        yield from _switches(found["off"])
        server = str(facts["packages"]["smext"] or "")
        if server and _plain(panel["version"]) != _plain(server):
            text = f"panel {panel['version']} and server {server} differ"
            yield Finding("warning", text, f"{_reinstall(facts)} Then reload the page.")
        if not any(each["name"] in _VITAL for each in found["off"]):
            yield Finding("ok", f"panel found in {panel['folder']}")


def _switches(off: list[dict[str, Any]]) -> Iterator[Finding]:
    for each in off:
        name, origin = each["name"], each["origin"]
        how = "disabled" if each["switch"] == "disabledExtensions" else "deferred"
        what = "the panel is" if name == "smext" else f"the plugin {name} is"
        advice = (
            f"In {origin}, set {name} to false under {each['switch']}. Then reload the page."
            if origin
            else ""
        )
        if origin and origin.endswith("package.json"):
            advice = f"Another extension switches it off: {origin}"
        where = f" by {origin}" if origin else ""
        yield Finding("bad" if name in _VITAL else "warning", f"{what} {how}{where}", advice)


def _for_this_user(facts: Mapping[str, Any]) -> bool:
    base, folder = facts["user_base"], facts["package"].get("folder")
    return bool(base and folder) and str(folder).startswith(str(base) + os.sep)


def _install(facts: Mapping[str, Any]) -> str:
    return f"Install it: {facts['python']} -m pip install smext"


def _reinstall(facts: Mapping[str, Any]) -> str:
    user = "--user " if _for_this_user(facts) else ""
    return f"Reinstall it: {facts['python']} -m pip install {user}--force-reinstall --no-deps smext"


def _repair(file: str) -> str:
    return f'In {file}, write the switches as an object: {{"disabledExtensions": {{"name": true}}}}'


def _plain(number: object) -> str:
    return str(number).split("-")[0].split("+")[0]


def _release(number: str) -> tuple[int, ...]:
    return tuple(int(part) for part in number.split(".")[:2] if part.isdigit())
