"""What an administrator may set for launches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from .. import errors
from ..api import LaunchForm, Problem
from .form_members import ADDED, NETWORK, decided, of_kind

MB = 1024 * 1024
READ_ONLY = "this server is set to read-only."
READ_ONLY_ADVICE = "Ask who looks after it (SmextApp.read_only)."


@dataclass(frozen=True)
class Limits:
    """Sizes in bytes, times in seconds."""

    read_only: bool = False
    """Plans are shown, nothing is launched."""
    max_files: int = 2_000
    """How many go along unasked."""
    max_files_bytes: int = 200 * MB
    """How much goes along unasked, of all files together, before they are packed."""
    max_entries: int = 50_000
    """Files and folders looked at, sent or not."""
    patience_seconds: float = 10.0
    """How long a plan waits for AWS; what has not answered by then cannot be told."""
    instance_types: tuple[str, ...] = ()
    """Patterns of the types that may be chosen, as `ml.m5.*`; none: all."""
    max_usd: float | None = None
    """The most that one launch may cost."""
    required_tags: tuple[str, ...] = ()
    """Keys of tags that a launch must have a value for."""
    fixed: Mapping[str, Any] = field(default_factory=dict)
    """Members of the form that cannot be changed, with their values; tags and environment are added to."""
    defaults: Mapping[str, Any] = field(default_factory=dict)
    """Members of the form as they are where nobody says otherwise."""
    problems: tuple[Problem, ...] = ()
    """Settings that make no sense: nothing is launched before they are mended."""
    unread: tuple[Problem, ...] = ()
    """Files of settings that could not be read: what they would set is not known."""

    def refuse_if_read_only(self, doing: str) -> None:
        """Raise errors.ReadOnly where nothing may be changed; `doing` is what was not done (`Nothing was launched`)."""
        if self.read_only:
            raise errors.ReadOnly(f"{doing}: {READ_ONLY}", advice=READ_ONLY_ADVICE)

    def allows(self, instance_type: str) -> bool:
        """Tell whether the administrator allows an instance type."""
        patterns = self.instance_types
        return not patterns or any(fnmatchcase(instance_type, pattern) for pattern in patterns)

    def applied(self, form: LaunchForm) -> LaunchForm:
        """Return the form with what is fixed, whatever it had there."""
        kind = self.fixed.get("job_kind", form.job_kind)
        values = of_kind(self.fixed, kind)
        for name in set(ADDED) & values.keys():
            values[name] = getattr(form, name) | values[name]
        # What is decided on with it must not undo it; a network may be fixed in part.
        for name in [each for each in values if each not in NETWORK]:
            undone = decided(name) - values.keys()
            values |= {each: LaunchForm.model_fields[each].get_default() for each in undone}
        return form.model_copy(update=values) if values else form
