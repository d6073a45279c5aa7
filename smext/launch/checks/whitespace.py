"""Blanks around what was typed: they are left out, and it is said."""

from __future__ import annotations

from typing import TypeVar

from ...api import Check, InputChannel, LaunchForm, OutputFolder, check
from .. import options
from .base import Offline

_Place = TypeVar("_Place", InputChannel, OutputFolder)


def trimmed(form: LaunchForm) -> LaunchForm:
    """Return the form without blanks around its texts."""
    return form.model_copy(update=_changes(form))


def of_blanks(form: LaunchForm) -> list[Check]:
    """Return a word on each member that had some."""
    labels = {"environment": "environment variables"}
    return [_blanks(name, labels.get(name, name.replace("_", " "))) for name in _changes(form)]


def _changes(form: LaunchForm) -> dict[str, object]:
    return {name: value for name, value in _trimmed(form).items() if value != getattr(form, name)}


def _trimmed(form: LaunchForm) -> dict[str, object]:
    made: dict[str, object] = {
        "inputs": [_named(each) for each in form.inputs],
        "outputs": [_named(each) for each in form.outputs],
    }
    for option in options.OPTIONS:
        value = getattr(form, option.member)
        if isinstance(option.default, str):
            made[option.member] = value.strip()
        elif isinstance(value, list) and option.together == "network":
            made[option.member] = [each.strip() for each in value if each.strip()]
        elif isinstance(value, dict) and option.places(form.job_kind):
            made[option.member] = {key.strip(): each.strip() for key, each in value.items()}
    return made


def _named(place: _Place) -> _Place:
    return place.model_copy(update={"name": place.name.strip(), "uri": place.uri.strip()})


def _blanks(field: str, label: str) -> Check:
    message = f"Blanks around it are left out: {label}"
    return check(label, "warning", message, field=field)


CHECKS = (Offline(120, lambda context: of_blanks(context.sent)),)
