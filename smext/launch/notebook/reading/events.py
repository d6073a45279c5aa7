"""What code does that matters to a launch, in the order in which it does it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

UNKNOWN = "\0"
"""Stands in a text for a part that cannot be told."""
_URL = re.compile(r"[a-z][a-z0-9+.-]*://|s3a?:|hdfs:|dbfs:|data:", re.IGNORECASE)

EventKind = Literal[
    "import",  # a dotted module name
    "engine",  # module names of which a function, the `text`, needs one
    "install",  # the name of a distribution, UNKNOWN where that cannot be told; the `text` is the whole requirement
    "read",  # a file or folder
    "write",  # a file; with `tree` all below it, too
    "folder",  # a folder that is made, or that must be there (`sure`) for what is written into it
    "touch",  # a path given to something that may make it
    "fog",  # files of unknown names appear
    "clone",  # a repository, whose modules nobody knows
    "run",  # a Python file or a notebook
    "chdir",  # another working directory from here on
    "mention",  # a text that may be the name of a file
    "unseen",  # something that is run and cannot be looked into
]


@dataclass(frozen=True)
class Event:
    """`sure` is False for what may not happen, or may fail without harm; `base` is a folder that the path is below."""

    kind: EventKind
    value: str = ""
    sure: bool = True
    tree: bool = False
    base: str = ""
    text: str | None = None
    """What is written, where the code says all of it."""


def is_url(text: str) -> bool:
    """Tell whether a text is the address of something that is no file of this machine."""
    return bool(_URL.match(text)) and not text.startswith("file://")


def local(text: str) -> str:
    """Return the path in a `file://` address; other texts as they are."""
    return text.removeprefix("file://")
