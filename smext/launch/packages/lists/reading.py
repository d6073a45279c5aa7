"""Which reader a list of packages has, by its name."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from .... import errors
from . import conda, pip, pyproject, uv_lock
from .package_list import FIELD, ListContext, PackageList

_NAMED = re.compile(r"(?P<path>.*?)(?:\[(?P<extras>[^\]/]*)\])?")
Reader = Callable[[Path, ListContext, list[str]], PackageList]
_READERS: dict[str, Reader] = {
    "environment.yml": conda.read,
    "environment.yaml": conda.read,
    "pyproject.toml": pyproject.read,
    "uv.lock": uv_lock.read,
}
NAMES = ("requirements.txt", *_READERS)
"""Names of files that can be chosen."""
_OTHERS = {
    "poetry.lock": "Write it with `poetry export -o requirements.txt`, and choose that.",
    "Pipfile": "Write it with `pipenv requirements > requirements.txt`, and choose that.",
    "Pipfile.lock": "Write it with `pipenv requirements > requirements.txt`, and choose that.",
    "pdm.lock": "Write it with `pdm export -o requirements.txt`, and choose that.",
    "pixi.toml": "Write what pip can install into a requirements.txt, and choose that.",
    "pixi.lock": "Write what pip can install into a requirements.txt, and choose that.",
    "conda-lock.yml": "Choose the environment.yml that it was made from.",
    "setup.py": "Choose a requirements.txt, or install the project in the kernel: then it goes along as a wheel.",
    "setup.cfg": "Choose a requirements.txt, or install the project in the kernel: then it goes along as a wheel.",
}


def read(named: str, place: ListContext) -> PackageList:
    """`named` is a path from the notebook's folder, with extras behind it where they are wanted:
    `../pyproject.toml[train]`. Raises errors.SmextError, with `field` and the line that it is about."""
    match = _NAMED.fullmatch(named.strip())
    path = place.folder / (match["path"] if match else named)
    extras = [each.strip() for each in (match["extras"] or "").split(",") if each.strip()] if match else []
    if path.name in _OTHERS:
        raise errors.Unsupported(
            f"A list of this kind cannot be read: {path.name}", advice=_OTHERS[path.name], field=FIELD
        )
    return _reader(path)(path, place, extras)


def _reader(path: Path) -> Reader:
    if path.name in _READERS:
        return _READERS[path.name]
    # environment-gpu.yml, dev.yaml
    return conda.read if path.suffix in (".yml", ".yaml") else pip.read
