"""Traits that take a wrong value, too: a launch then says what is wrong, where an error would take the panel away."""

from __future__ import annotations

from typing import Any

from traitlets import Dict, Float, List, TraitError, Unicode


class Texts(List):  # type: ignore[type-arg]
    def __init__(self, **options: Any) -> None:
        super().__init__(Unicode(), **options)

    def validate(self, obj: Any, value: Any) -> Any:
        """Take a wrong value as it is: a launch says what is wrong with it."""
        try:
            return super().validate(obj, value)
        except TraitError:
            return value


class Members(Dict):
    def validate(self, obj: Any, value: Any) -> Any:
        """Take a wrong value as it is: a launch says what is wrong with it."""
        try:
            return super().validate(obj, value)
        except TraitError:
            return value


class Amount(Float):  # type: ignore[type-arg]
    def __init__(self, **options: Any) -> None:
        super().__init__(None, allow_none=True, **options)

    def validate(self, obj: Any, value: Any) -> Any:
        """Take a wrong value as it is: a launch says what is wrong with it."""
        try:
            return super().validate(obj, value)
        except TraitError:
            return value
