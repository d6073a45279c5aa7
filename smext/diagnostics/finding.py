"""One result of `smext doctor`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; `advice` where it is not well."""

    status: Literal["ok", "warning", "bad"]
    text: str
    advice: str = ""
