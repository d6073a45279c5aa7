"""A requirements.txt of the user's, with the files that it includes, as one text."""

from __future__ import annotations

import re
from pathlib import Path

from .. import errors

FIELD = "requirements"
_INCLUDE = re.compile(r"^(?:-r|--requirement)[\s=]+(?P<path>\S+)|^-r(?P<short>\S+)")
_CONSTRAINT = re.compile(r"^(?:-c|--constraint)\b")
_BLANK = re.compile(r"\s*(#.*)?")
DEEPEST = 10
LARGEST = 1024 * 1024


def read(path: Path, root: Path) -> str:
    """The lines of the file, its `-r` lines replaced by what they name. Raises errors.SmextError."""
    return "\n".join(_lines(path, root.resolve(), 0)) + "\n"


def entries(text: str) -> list[str]:
    """What it asks for, without options and comments."""
    lines = [line.split(" #")[0].strip() for line in text.splitlines() if not _BLANK.fullmatch(line)]
    return [line for line in lines if not line.startswith("-") or line.startswith(("-e", "--editable"))]


def _lines(path: Path, root: Path, depth: int) -> list[str]:
    found = []
    for line in _text(path, root, depth).replace("\\\n", " ").splitlines():
        include = _INCLUDE.match(line.strip())
        if include:
            found += _lines(path.parent / (include["path"] or include["short"]), root, depth + 1)
        elif _CONSTRAINT.match(line.strip()):
            raise errors.Unsupported(
                f"Constraints cannot be sent along: {path.name}: {line.strip()}",
                advice="Write the versions into the requirements themselves.",
                field=FIELD,
            )
        else:
            found.append(line)
    return found


def _text(path: Path, root: Path, depth: int) -> str:
    place = path.resolve()
    if place != root and root not in place.parents:
        raise errors.Invalid(
            f"The list of requirements lies outside of the server's folder: {path.name}",
            advice="Copy it beside the notebook.",
            field=FIELD,
        )
    try:
        if depth > DEEPEST or place.stat().st_size > LARGEST:
            raise OSError("too large, or it includes itself")
        return place.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise errors.NotFound(
            f"Could not read the list of requirements: {path.name} ({why})",
            advice="Choose another file, or none.",
            field=FIELD,
        ) from error
