"""run.json: the request of a run."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from . import literals
from .failure import Failure, reason

VERSION = 1
OUTPUTS_LIMIT = 5 * 1024**3


@dataclass(frozen=True)
class Request:
    """Request of one run. `notebook` and `paths` lie inside the working tree; `outputs_limit` is in bytes.

    `packages` are installed in any case, `packages_if_missing` only where the image has no version at all.
    `extras` are those of the wheels that came along, by normalised name. `paths` are folders that the notebook imports from.
    `encryption` is the KMS key that files are kept with, empty for the bucket's own.
    """

    job: str
    notebook: PurePosixPath
    kernel: str | None
    language: str | None
    parameters: dict[str, Any]
    packages: tuple[str, ...]
    packages_if_missing: tuple[str, ...]
    extras: dict[str, list[str]]
    paths: tuple[PurePosixPath, ...]
    outputs_limit: int
    encryption: str


def load(path: Path) -> Request:
    """Read run.json. Raises Failure if it is missing, unreadable or of a later version."""
    try:
        content = json.loads(path.read_bytes())
    except OSError as error:
        raise Failure(
            f"Could not read the run's description: {path} ({reason(error)}). Launch the run again."
        ) from error
    except ValueError as error:
        raise Failure(f"The run's description is no JSON: {path} ({error}). Launch the run again.") from error
    if not isinstance(content, dict) or content.get("version") != VERSION:
        found = content.get("version") if isinstance(content, dict) else None
        raise Failure(f"This runner reads run.json version {VERSION}, not: {found}. Launch the run again.")
    try:
        return _request(content)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Failure(
            f"The run's description is not complete: {path} ({error!r}). Launch the run again."
        ) from error


def _request(content: dict[str, Any]) -> Request:
    notebook = _inside(_text(content["notebook"]))
    if not notebook.name:
        raise Failure("The run's description names no notebook. Launch the run again.")
    return Request(
        job=_text(content["job"]),
        notebook=notebook,
        kernel=content.get("kernel") or None,
        language=(content.get("language") or "").lower() or None,
        parameters={
            name: literals.decoded(value) for name, value in (content.get("parameters") or {}).items()
        },
        packages=tuple(_text(package) for package in content.get("packages") or ()),
        packages_if_missing=tuple(_text(package) for package in content.get("packages_if_missing") or ()),
        extras={name: list(map(_text, given)) for name, given in (content.get("extras") or {}).items()},
        paths=tuple(_inside(_text(path)) for path in content.get("paths") or ()),
        outputs_limit=int(content.get("outputs_limit_bytes") or OUTPUTS_LIMIT),
        encryption=content.get("encryption") or "",
    )


def _inside(text: str) -> PurePosixPath:
    path = PurePosixPath(text)
    if path.is_absolute() or ".." in path.parts:
        raise Failure(f"The notebook's path leaves the working tree: {path}. Launch the run again.")
    return path


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(f"not a text: {value!r}")
    return value
