"""What somebody gave for parameters: as values to send, and what is to be said of it."""

from __future__ import annotations

import json
import keyword
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .... import errors
from ....api import Check, CheckStatus
from ....api.values import Typed, plain
from ....runner import languages, literals
from ....runner import parameters as runner
from ....runner.failure import Failure
from ....runs.secret_values import KEPT_OUT, is_secret_variable
from .cell import Declared
from .types import fits, typed
from .values import wrong

NAME = "parameters"


@dataclass
class _Taken:
    values: dict[str, Any] = field(default_factory=dict)
    checks: list[Check] = field(default_factory=list)

    def say(self, name: str, message: str, advice: str = "", status: CheckStatus = "warning") -> None:
        self.checks.append(
            Check(name=NAME, status=status, message=message, advice=advice, field=f"{NAME}.{name}")
        )

    def refuse(self, name: str, value: Any, wanted: str) -> None:
        self.say(
            name,
            f"Parameter {name} does not take this value: {_short(value)} ({wanted}).",
            "Change it, or change the cell tagged `parameters`.",
            "will fail",
        )


def accept(
    declared: list[Declared], given: Mapping[str, Any], language: str = "python"
) -> tuple[dict[str, Any], list[Check]]:
    """Return the values to send, and the checks that name `parameters.NAME` as their field."""
    taken = _Taken()
    known = {each.name: each for each in declared}
    for name, value in given.items():
        refused = wrong({name: value})
        if refused is not None:
            taken.say(name, f"{refused}.", refused.advice, "will fail")
        elif name in known:
            if not _is_own(known[name], value):
                _take(taken, known[name], value)
        elif language != "python":
            taken.values[name] = _untyped(value)
        else:
            _unknown(taken, name, value, bool(declared))
    for name in taken.values.keys() & known.keys():
        _say_what_stays(taken, known[name])
    _try(taken, language)
    return taken.values, taken.checks


def cell(values: Mapping[str, Any], language: str) -> str:
    """Return the cell that sets the values, as the runner writes it; empty without any.

    Raises errors.Invalid where the language takes no parameters, or not these.
    """
    try:
        return runner.code(dict(values), language) if values else ""
    except Failure as failure:
        message, _, advice = str(failure).partition(". ")
        raise errors.Invalid(f"{message}.", advice=advice, field=NAME) from failure


def code(values: Mapping[str, Any], language: str) -> dict[str, str]:
    """Return the values as they are written in the language, for people: without secrets and what cannot be written."""
    rules = languages.find(language)
    written: dict[str, str] = {}
    if rules is None:
        return written
    for name, value in values.items():
        if isinstance(value, str) and is_secret_variable(name, value):
            written[name] = KEPT_OUT
            continue
        try:
            written[name] = rules.literal(value)
        except ValueError:
            continue
    return written


def _is_own(parameter: Declared, value: Any) -> bool:
    """Tell whether the text is the notebook's own code of a computed default, which is then no text of these letters."""
    typed_or_code = isinstance(value, Typed) or parameter.default != "None"
    return "expression" in parameter.type.kinds and value == parameter.default and typed_or_code


def _take(taken: _Taken, parameter: Declared, value: Any) -> None:
    if isinstance(value, Typed):
        _take_typed(taken, parameter, plain(value))
        return
    fitting = fits(parameter.type, value)
    if fitting is False:
        taken.refuse(parameter.name, value, parameter.type.wanted)
        return
    if fitting is None:
        taken.say(parameter.name, _another(parameter, value))
    taken.values[parameter.name] = value


def _take_typed(taken: _Taken, parameter: Declared, text: str) -> None:
    name, kind = parameter.name, parameter.type
    try:
        value = typed(kind, text)
    except ValueError as error:
        number = _number(text) if kind.kinds == ("int",) and not kind.annotated else None
        if number is None:
            taken.refuse(name, text, str(error) or kind.wanted)
            return
        taken.say(name, _another(parameter, number))
        value = number
    if isinstance(value, str) and not kind.choices:
        value = _trimmed(taken, parameter, value)
        if kind.kinds == ("expression",) and _looks_typed(value):
            taken.say(
                name,
                f"Parameter {name} is set to a text: {_short(value)}",
                f"The notebook does not say that another type is meant. If so, write it in the cell, such as `{name}: float = …`.",
            )
    taken.values[name] = value


def _trimmed(taken: _Taken, parameter: Declared, text: str) -> str:
    """Blanks that the notebook itself has, or that are all there is, are meant."""
    default = parameter.wire().text or ""
    if not text.strip() or text.strip() == text or default.strip() != default:
        return text
    taken.say(parameter.name, f"Blanks around the value are left out: {parameter.name}")
    return text.strip()


def _looks_typed(text: str) -> bool:
    try:
        literals.read(text)
    except ValueError:
        return text.strip() in {"true", "false", "null"}
    return True


def _number(text: str) -> float | None:
    try:
        found = literals.read(text)
    except ValueError:
        return None
    return found if type(found) is float else None


def _another(parameter: Declared, value: Any) -> str:
    return (
        f"Parameter {parameter.name} is {parameter.default or 'of another type'} in the notebook "
        f"and becomes {_short(value)}: another type."
    )


def _unknown(taken: _Taken, name: str, value: Any, declares: bool) -> None:
    if not name.isidentifier() or keyword.iskeyword(name):
        taken.say(
            name,
            f"No variable can have this name: {name}",
            "Rename the parameter: letters, digits and underscores.",
            "will fail",
        )
        return
    where = (
        "The notebook's `parameters` cell does not set it" if declares else "The notebook does not declare it"
    )
    taken.say(name, f"{where}: {name}", "It is set all the same; check the spelling.")
    taken.values[name] = _untyped(value)


def _untyped(value: Any) -> Any:
    """JSON, or a list or mapping in YAML, or else the text: in YAML alone `no` would be false."""
    import yaml

    if not isinstance(value, Typed):
        return value
    text = plain(value)
    try:
        return json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        pass
    try:
        found = yaml.safe_load(text) if text.lstrip()[:1] in {"[", "{"} else text
    except (yaml.YAMLError, RecursionError):
        return text
    return found if literals.is_json(found) else text


def _no_number(text: str) -> None:
    raise ValueError(text)


def _say_what_stays(taken: _Taken, parameter: Declared) -> None:
    """Warn of what the cell computed from the default, which stays: the value is set after the cell has run."""
    stays = [name for name in parameter.feeds if name not in taken.values]
    if stays:
        taken.say(
            parameter.name,
            f"Computed from the default of {parameter.name} before it is set: {', '.join(stays)}",
            "Compute it in a later cell, or give it as well.",
        )


def _try(taken: _Taken, language: str) -> None:
    """Write the cell as the runner will."""
    try:
        cell(taken.values, language)
    except errors.Invalid as refused:
        taken.checks.append(
            Check(name=NAME, status="will fail", message=refused.message, advice=refused.advice, field=NAME)
        )


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:79] + "…"
