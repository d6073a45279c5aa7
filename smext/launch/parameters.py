"""Parameters: typed out of the cell tagged `parameters`, and typed again when they come back from the form.

A value that is no literal, such as `date.today()`, is an `expression`: its text is shown, and it is only
sent when somebody wrote something else, which must then be a Python literal.
"""

from __future__ import annotations

import ast
import io
import json
import keyword
import math
import re
import tokenize
from collections.abc import Mapping
from typing import Any

from ..api import Check, NotebookDocument, Parameter, ParameterType
from . import notebook
from .packages.cellcode import parsed

_TRUE, _FALSE = {"true", "1", "yes"}, {"false", "0", "no"}


def read(document: NotebookDocument) -> list[Parameter]:
    """The parameters of a Python notebook in order. Values of an earlier run (`injected-parameters`) win."""
    if notebook.language(document) not in (None, "python"):
        return []
    found: dict[str, Parameter] = {}
    for tag in (notebook.PARAMETERS, notebook.INJECTED):
        for parameter in parse(notebook.tagged(document, tag) or ""):
            known = found.get(parameter.name)
            comment = parameter.comment or (known.comment if known else "")
            found[parameter.name] = parameter.model_copy(update={"comment": comment})
    return list(found.values())


def parse(source: str) -> list[Parameter]:
    """The assignments of a cell; a line that cannot be read is passed over."""
    text, tree = parsed(source)
    comments = _comments(text)
    found: dict[str, Parameter] = {}
    for statement in tree.body:
        for name, value in _assigned(statement):
            kind, content = _typed(value, text)
            comment = comments.get(statement.end_lineno or statement.lineno, "")
            found[name] = Parameter(name=name, type=kind, value=content, comment=comment)
    return list(found.values())


def _comments(text: str) -> dict[int, str]:
    """Comment behind the code, by line."""
    found = {}
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                found[token.start[0]] = token.string.lstrip("#").strip()
    except (tokenize.TokenError, SyntaxError):
        pass
    return found


def _assigned(statement: ast.stmt) -> list[tuple[str, ast.expr]]:
    if isinstance(statement, ast.Assign):
        targets, value = statement.targets, statement.value
    elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
        targets, value = [statement.target], statement.value
    else:
        return []
    if isinstance(value, ast.Constant) and value.value is ...:
        return []
    return [(target.id, value) for target in targets if isinstance(target, ast.Name)]


def _typed(value: ast.expr, text: str) -> tuple[ParameterType, Any]:
    try:
        content = ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return "expression", ast.get_source_segment(text, value) or ""
    kind = _type_of(content)
    return (kind, content) if kind else ("expression", ast.get_source_segment(text, value) or "")


def _type_of(value: Any) -> ParameterType | None:
    """None for what JSON would change: tuples, sets, bytes, keys that are no strings."""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        return "int"
    if isinstance(value, float):
        return "float" if math.isfinite(value) else None
    if isinstance(value, str):
        return "str"
    return "json" if _is_json(value) else None


def _is_json(value: Any) -> bool:
    if isinstance(value, list):
        return all(_is_json(item) for item in value)
    if isinstance(value, dict):
        return all(isinstance(key, str) and _is_json(item) for key, item in value.items())
    return (
        value is None
        or isinstance(value, (bool, int, str))
        or (isinstance(value, float) and math.isfinite(value))
    )


# --- back from the form -------------------------------------------------------------------------


def accept(declared: list[Parameter], given: Mapping[str, Any]) -> tuple[dict[str, Any], list[Check]]:
    """The values to send, and what is to be said of them; `field` is `parameters.NAME`."""
    known = {parameter.name: parameter for parameter in declared}
    values: dict[str, Any] = {}
    checks: list[Check] = []
    for name, value in given.items():
        parameter = known.get(name)
        if parameter is None:
            check = _unknown(name)
            checks.append(check)
            if check.status != "will fail":
                values[name] = value
            continue
        if parameter.type == "expression" and value == parameter.value:
            continue
        try:
            values[name] = _converted(parameter, value)
        except ValueError as error:
            checks.append(_wrong(parameter, value, str(error)))
            continue
        if isinstance(value, str) and parameter.type == "str" and values[name] != value:
            checks.append(_trimmed(name))
    return values, checks


def _converted(parameter: Parameter, value: Any) -> Any:
    """The value in the parameter's type. Raises ValueError with what is wanted."""
    if parameter.type == "str":
        return _string(parameter, value)
    if isinstance(value, str):
        value = value.strip()
    return _CONVERT[parameter.type](value)


def _string(parameter: Parameter, value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("a text is wanted")
    # Blanks that the notebook itself has, or that are all there is, are meant.
    return value if value == parameter.value or not value.strip() else value.strip()


def _int(value: Any) -> int:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and re.fullmatch(r"[+-]?\d+", value):
        return int(value)
    raise ValueError("a whole number is wanted")


def _float(value: Any) -> float:
    if isinstance(value, (int, float, str)) and not isinstance(value, bool):
        try:
            number = float(value)
        except (ValueError, OverflowError):
            number = math.nan
        if math.isfinite(number):
            return number
    raise ValueError("a number is wanted")


def _bool(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in _TRUE | _FALSE:
        return value.lower() in _TRUE
    raise ValueError("true or false is wanted")


def _json(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return _expression(value)


def _expression(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        content = ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        content = ...
    if content is ... or not _is_json(content):
        raise ValueError('a number, "text", true, false, null, a list or a mapping is wanted')
    return content


_CONVERT = {"int": _int, "float": _float, "bool": _bool, "json": _json, "expression": _expression}


def _wrong(parameter: Parameter, value: Any, wanted: str) -> Check:
    return Check(
        name="parameters",
        status="will fail",
        message=f"Parameter {parameter.name} does not take this value: {value!r} ({wanted}).",
        advice="Change it, or change the cell tagged `parameters`.",
        field=f"parameters.{parameter.name}",
    )


def _unknown(name: str) -> Check:
    if not name.isidentifier() or keyword.iskeyword(name):
        return Check(
            name="parameters",
            status="will fail",
            message=f"No variable can have this name: {name}",
            advice="Rename the parameter: letters, digits and underscores.",
            field=f"parameters.{name}",
        )
    return Check(
        name="parameters",
        status="warning",
        message=f"The notebook's `parameters` cell does not set it: {name}",
        advice="It is set all the same; check the spelling.",
        field=f"parameters.{name}",
    )


def _trimmed(name: str) -> Check:
    return Check(
        name="parameters",
        status="warning",
        message=f"Blanks around the value are left out: {name}",
        field=f"parameters.{name}",
    )
