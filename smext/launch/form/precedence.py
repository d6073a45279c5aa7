"""Values of the form in the order in which they count, each with where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ...api import FieldSource, JobKind, LaunchForm, Problem
from ..form_members import ADDED, NETWORK, decided, of_kind, read
from ..limits import Limits

FIXED = "set by your administrator (fixed)"


@dataclass
class Layers:
    """What was found so far: who comes first decides, and of tags and variables each name."""

    limits: Limits
    values: dict[str, Any] = field(default_factory=dict)
    sources: dict[str, FieldSource] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    _decided: set[str] = field(default_factory=set)

    @property
    def form(self) -> LaunchForm:
        """What is not decided as it is built in."""
        return LaunchForm().model_copy(update=self.values)

    def told(self, values: Any, source: str, where: str, kind: JobKind | None = None) -> None:
        """Members that a person wrote: what is wrong with them is a problem."""
        found, problems = read(values, where)
        self.problems += problems
        machine = found.get("instance_type")
        if machine and not self.limits.allows(machine):
            self.problems.append(_forbidden(machine, where))
        self.add(found, source, kind)

    def kept(
        self,
        values: Mapping[str, Any],
        source: str | Mapping[str, str],
        kind: JobKind | None = None,
        remembered: bool = False,
    ) -> None:
        """Members that smext or the SDK's files have, maybe of another version: what is wrong is passed over."""
        self.add(read(values, "")[0], source, kind, remembered=remembered)

    def add(
        self,
        values: Mapping[str, Any],
        source: str | Mapping[str, str],
        kind: JobKind | None = None,
        fixed: bool = False,
        remembered: bool = False,
    ) -> None:
        """Add valid members, all from one source or each from its own; of a kind of job those that it can take."""
        found = of_kind(values, kind) if kind else dict(values)
        taken = set(self._decided)
        for name, value in found.items():
            told = source if isinstance(source, str) else source[name]
            if name in ADDED:
                self._merge(name, value, told, remembered)
            elif name not in taken and (fixed or self._may_have(name, value)):
                self.values[name] = value
                self.sources[name] = FieldSource(field=name, source=told, fixed=fixed, remembered=remembered)
                # A network may be fixed in part: the rest of it is then found as ever.
                alone = fixed and name in NETWORK
                self._decided |= {name} if alone else decided(name)

    def set(self, name: str, value: Any, source: str) -> None:
        """Set a member that nobody else decided on."""
        self.values[name] = value
        self.sources[name] = FieldSource(field=name, source=source)

    def all_sources(self) -> list[FieldSource]:
        """One for each member of the form, and for each parameter that is set, as `parameters.NAME`."""
        return [
            *(
                self.sources.get(name, FieldSource(field=name, source="default"))
                for name in LaunchForm.model_fields
            ),
            *(source for name, source in self.sources.items() if name not in LaunchForm.model_fields),
        ]

    def _may_have(self, name: str, value: Any) -> bool:
        return name != "instance_type" or self.limits.allows(value)

    def _merge(self, name: str, value: Mapping[str, Any], source: str, remembered: bool) -> None:
        there: dict[str, Any] = self.values.get(name, {})
        new = {key: text for key, text in value.items() if key not in there}
        if not new:
            return
        self.values[name] = {**there, **new}
        for key in new if name == "parameters" else ():
            self.sources[f"{name}.{key}"] = FieldSource(field=f"{name}.{key}", source=source)
        told = self.sources.get(name)
        both = f"{told.source}; {source}" if told else source
        remembered = remembered or (told is not None and told.remembered)
        # What an administrator fixed of them stays, more may be given.
        self.sources[name] = FieldSource(field=name, source=both, remembered=remembered)


def _forbidden(machine: str, where: str) -> Problem:
    return Problem(
        code="invalid",
        message=f"Your administrator does not allow this type, {where}: {machine}",
        advice="Another one is proposed.",
        field="instance_type",
    )
