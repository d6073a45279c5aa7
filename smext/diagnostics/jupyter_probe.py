"""Run by the Python that is examined: print as JSON what its Jupyter server and JupyterLab would load.

Nothing of smext is imported here but where its server half is tried: that Python may have none.
"""

from __future__ import annotations

import glob
import json
import logging
import os
import site
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import Any

PACKAGES = ("smext", "jupyterlab", "jupyter_server", "boto3", "pydantic")
NAME = "smext"
SWITCHES = ("disabledExtensions", "deferredExtensions")
Facts = dict[str, Any]


def main() -> None:
    """Print the facts; what configuration files print goes to standard error."""
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    found: Facts = {
        "python": sys.executable,
        "version": ".".join(str(part) for part in sys.version_info[:3]),
        "packages": {name: _version(name) for name in PACKAGES},
        "user_base": site.getuserbase() if site.ENABLE_USER_SITE else None,
        "no_config": bool(os.environ.get("JUPYTER_NO_CONFIG")),
    }
    for part, look in (("package", _package), ("server", _server), ("lab", _lab)):
        try:
            found[part] = look()
        except BaseException as error:  # a configuration file may do anything, also end the process
            found[part] = {"error": f"{type(error).__name__}: {error}"}
    json.dump(found, answer)
    answer.close()


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _package() -> Facts:
    """Import the server half as Jupyter does, and what it imports at its first request."""
    from importlib import import_module
    from importlib.util import find_spec

    spec = find_spec(NAME)
    if spec is None or not spec.origin:
        return {"folder": None}
    facts: Facts = {"folder": os.path.dirname(spec.origin)}
    try:
        from jupyter_server.extension.manager import ExtensionPackage

        if not ExtensionPackage(name=NAME, enabled=True).validate():
            facts["error"] = "Jupyter finds no server extension in it"
        import_module(f"{NAME}.server.targets")
    except Exception as error:
        facts["error"] = f"{type(error).__name__}: {error}"
    return facts


def _server() -> Facts:
    """Ask Jupyter Server's own configuration whether it loads smext, and find the file that decides."""
    from jupyter_core.paths import jupyter_config_dir
    from jupyter_server.serverapp import ServerApp

    app = ServerApp(log=_quiet())
    app.load_config_file()
    app.find_server_extensions()
    enabled = app.jpserver_extensions.get(NAME)
    origin = next(
        (file for file, value in _server_files(app) if enabled is not None and bool(value) == bool(enabled)),
        None,
    )
    return {"enabled": enabled, "origin": origin, "config_dir": jupyter_config_dir()}


def _server_files(app: Any) -> Iterator[tuple[str, Any]]:
    """Yield each configuration file that names smext with its value, the strongest first."""
    from traitlets.config.loader import JSONFileConfigLoader, PyFileConfigLoader

    for file in reversed(app.loaded_config_files):
        loader = PyFileConfigLoader if file.endswith(".py") else JSONFileConfigLoader
        told = loader(os.path.basename(file), path=os.path.dirname(file)).load_config()
        named = _names(told.get("ServerApp", {}).get("jpserver_extensions", {}))
        if NAME in named:
            yield file, named[NAME]
    for file in _json_files(app.config_file_paths, "jupyter_server_config"):
        named = _names(_json(file).get("ServerApp", {}).get("jpserver_extensions", {}))
        if NAME in named:
            yield file, named[NAME]


def _lab() -> Facts:
    """Ask JupyterLab's own code which extensions the page would load and which of them are switched off."""
    from jupyter_server.serverapp import ServerApp
    from jupyterlab.labapp import LabApp
    from jupyterlab_server.config import get_federated_extensions, get_page_config

    server = ServerApp(log=_quiet())
    server.load_config_file()
    lab = LabApp(log=_quiet())
    lab.serverapp = server
    lab.load_config_file()
    lab.update_config(server.config)
    paths = [] if lab.core_mode else [*lab.extra_labextensions_path, *lab.labextensions_path]
    try:
        page = get_page_config(paths, lab.app_settings_dir, _quiet())
    except Exception as error:  # then the page itself does not open
        return {"error": f"{type(error).__name__}: {error}", "origin": _malformed()}
    loaded = {each["name"]: each for each in page["federated_extensions"]}
    found = get_federated_extensions(paths).get(NAME)
    facts: Facts = {"core_mode": bool(lab.core_mode), "found": None, "off": []}
    if found:
        entry = loaded.get(NAME, {}).get("load")
        facts["found"] = {
            "folder": found["ext_path"],
            "version": found["version"],
            "loads": bool(entry) and os.path.isfile(os.path.join(found["ext_path"], entry)),
        }
    for switch in SWITCHES:
        for name in page.get(switch, []):
            if name == NAME or name.startswith(NAME + ":"):
                origin = _switched_by(switch, name, lab.app_settings_dir, paths)
                facts["off"].append({"switch": switch, "name": name, "origin": origin})
    return facts


def _switched_by(switch: str, name: str, settings: str, paths: list[str]) -> str | None:
    """Return the file that switches a name off, the strongest first."""
    from jupyter_core.paths import jupyter_config_path
    from jupyterlab_server.config import get_federated_extensions, load_config

    labconfig = [os.path.join(path, "labconfig") for path in jupyter_config_path()]
    for file in _json_files(labconfig, "page_config"):
        if _names(_json(file).get(switch, {})).get(name):
            return file
    for file in (os.path.join(settings, "page_config.json5"), os.path.join(settings, "page_config.json")):
        if os.path.exists(file) and _names(load_config(file).get(switch, {})).get(name):
            return file
    for other in get_federated_extensions(paths).values():
        if name in other["jupyterlab"].get(switch, []):
            return os.path.join(other["ext_path"], "package.json")
    return None


def _malformed() -> str | None:
    """Return the page configuration whose switches are a list, which only JupyterLab's own folder may have."""
    from jupyter_core.paths import jupyter_config_path

    for file in _json_files(
        [os.path.join(path, "labconfig") for path in jupyter_config_path()], "page_config"
    ):
        if any(not isinstance(_json(file).get(switch, {}), dict) for switch in SWITCHES):
            return file
    return None


def _json_files(folders: list[str], section: str) -> Iterator[str]:
    """Yield the files of a section in the order in which Jupyter prefers them."""
    for folder in folders:
        yield os.path.join(folder, section + ".json")
        yield from sorted(glob.glob(os.path.join(folder, section + ".d", "*.json")), reverse=True)


def _json(file: str) -> dict[str, Any]:
    try:
        with open(file, encoding="utf-8") as opened:
            told = json.load(opened)
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def _names(told: Any) -> dict[str, Any]:
    """Return the switches by name; a list names what is switched on."""
    return dict(told) if isinstance(told, dict) else {str(name): True for name in told or ()}


def _quiet() -> logging.Logger:
    logger = logging.getLogger("smext-doctor")
    logger.addHandler(logging.NullHandler())
    logger.propagate = False
    return logger


if __name__ == "__main__":
    main()
