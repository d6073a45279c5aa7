"""Run by a kernel's own interpreter (Python 3.8 or later): what is installed in it, as JSON on stdout.

Nothing of the environment is imported: the metadata beside the packages says it all.
"""

from __future__ import annotations

import sys

# Before all else is imported: a json.py of the user's folder is not Python's.
sys.path[:] = [place for place in sys.path if place]

import json  # noqa: E402
import os  # noqa: E402
import re  # noqa: E402
from collections.abc import Iterator  # noqa: E402
from importlib import metadata  # noqa: E402
from typing import Any  # noqa: E402
from urllib.parse import unquote, urlsplit  # noqa: E402

NAMESPACE_DEPTH = 3
SITES = {"site-packages", "dist-packages"}


def main() -> None:
    """Print the interpreter's packages as JSON."""
    # The current directory is no part of the environment.
    sys.path[:] = [place for place in sys.path if place != os.getcwd()]
    # Taken first: what is installed from now on changes the folder, and is seen.
    watched = {place: os.stat(place).st_mtime_ns for place in sys.path if os.path.isdir(place)}
    found: dict[str, dict[str, Any]] = {}
    for each in metadata.distributions():
        entry = described(each)
        if entry and entry["key"] not in found:
            found[entry["key"]] = entry
    trim(list(found.values()))
    json.dump(
        {
            "version": ".".join(map(str, sys.version_info[:3])),
            "watched": watched,
            "distributions": list(found.values()),
        },
        sys.stdout,
    )


def trim(entries: list[dict[str, Any]]) -> None:
    """Keep what lies below a module only where several distributions share the module."""
    owners: dict[str, int] = {}
    for entry in entries:
        for module in entry["modules"]:
            if "." not in module:
                owners[module] = owners.get(module, 0) + 1
    for entry in entries:
        entry["modules"] = [
            module
            for module in entry["modules"]
            if "." not in module or owners.get(module.split(".")[0], 0) > 1
        ]


def described(dist: Any) -> dict[str, Any] | None:
    """Describe a distribution: name, version, requirements, modules; None where it is broken."""
    try:
        name, version = dist.metadata["Name"], dist.metadata["Version"]
        if not name or not version:
            return None
        local, url = origin(dist)
        return {
            "key": re.sub(r"[-_.]+", "-", name).lower(),
            "name": name,
            "version": version,
            "requires": list(dist.requires or []),
            "modules": modules(dist, local),
            "folder": local,
            "url": url,
        }
    except Exception:  # broken metadata of one package is no reason to know nothing of the others
        return None


def origin(dist: Any) -> tuple[str | None, str | None]:
    """Folder or wheel on this machine, and the address to fetch it from; None for what an index has."""
    text = dist.read_text("direct_url.json")
    if text:
        told = json.loads(text)
        url = told.get("url") or ""
        if url.startswith("file://"):
            path = unquote(urlsplit(url).path)
            # conda builds its packages from folders that were thrown away.
            return (path if os.path.exists(path) else None), None
        vcs = told.get("vcs_info")
        if vcs:
            return None, f"{vcs.get('vcs')}+{url}@{vcs.get('commit_id')}"
        return None, url or None
    path = str(getattr(dist, "_path", "") or "")
    folder = os.path.dirname(path)
    # Made importable where it lies, as `setup.py develop` does.
    projects = (os.path.join(folder, name) for name in ("setup.py", "pyproject.toml"))
    in_place = path.endswith(".egg-info") and os.path.basename(folder) not in SITES
    return (folder if in_place and any(map(os.path.exists, projects)) else None), None


def modules(dist: Any, local: str | None) -> list[str]:
    """Dotted names of what it brings, down to where namespaces part."""
    found: set[str] = set()
    for line in (dist.read_text("RECORD") or "").splitlines():
        path = line.split(",", 1)[0].strip('"')
        parts = path.split("/")
        if parts[0].startswith("..") or parts[0].endswith(
            (".dist-info", ".data", ".egg-info", "__pycache__")
        ):
            continue
        if len(parts) == 1:
            if path.endswith((".py", ".so", ".pyd")) and not path.startswith("__editable__"):
                found.add(path.split(".")[0])
            continue
        if parts[-1].endswith((".py", ".so", ".pyd")):
            found.update(".".join(parts[:depth]) for depth in range(1, min(len(parts), NAMESPACE_DEPTH + 1)))
            if len(parts) <= NAMESPACE_DEPTH:
                found.add(".".join([*parts[:-1], parts[-1].split(".")[0]]))
    found.update((dist.read_text("top_level.txt") or "").split())
    if local and os.path.isdir(local) and not found:
        found.update(editable(dist))
    if local and os.path.isdir(local) and not found:
        found.update(lying_in(local))
        found.update(lying_in(os.path.join(local, "src")))
    return sorted(found)


def editable(dist: Any) -> Iterator[str]:
    """Yield the folders that an editable install has put on the path: by a .pth of folders, or by a finder."""
    for line in (dist.read_text("RECORD") or "").splitlines():
        name = line.split(",", 1)[0].strip('"')
        if "/" in name or not name.endswith((".pth", "_finder.py")):
            continue
        try:
            with open(str(dist.locate_file(name)), encoding="utf-8") as file:
                text = file.read()
        except (OSError, ValueError):
            continue
        if name.endswith(".pth"):
            for folder in text.splitlines():
                yield from lying_in(folder.strip())
        else:
            # setuptools writes `MAPPING: dict[str, str] = {'name': '/folder/name'}`
            for mapping in re.findall(r"^(?:MAPPING|NAMESPACES)\b[^=]*=\s*(\{.*\})", text, re.MULTILINE):
                yield from re.findall(r"'(\w+)[\w.]*'\s*:", mapping)


def lying_in(folder: str) -> Iterator[str]:
    """Yield the modules and packages in a folder."""
    if not os.path.isdir(folder):
        return
    for name in os.listdir(folder):
        path = os.path.join(folder, name)
        if name.endswith(".py") and name != "setup.py":
            yield name[:-3]
        elif name.isidentifier() and name not in ("tests", "test") and is_package(path):
            yield name


def is_package(path: str) -> bool:
    """With modules in it, or, below a `src`, in a folder of it: a namespace has no __init__.py."""
    if not os.path.isdir(path):
        return False
    entries = os.listdir(path)
    below_src = os.path.basename(os.path.dirname(path)) == "src"
    return any(each.endswith(".py") for each in entries) or below_src


main()
