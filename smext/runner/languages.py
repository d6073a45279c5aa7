"""Assignments in the languages of kernels: how each writes names and values.

A value that a language cannot hold as it is raises ValueError with what it cannot hold.
"""

from __future__ import annotations

import json
import keyword
import math
import re
import shlex
from typing import Any, Callable, NamedTuple

_EXACT = 2**53
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_JULIA_NAME = re.compile(r"[^\W\d]\w*!?\Z")


class Language(NamedTuple):
    """Rules of a language: `line` takes a name and a written value; `comment` begins a comment."""

    line: str
    literal: Callable[[Any], str]
    is_name: Callable[[str], bool]
    comment: str = "#"


def find(name: str) -> Language | None:
    """Return the rules of a language by the name that kernelspecs have for it."""
    known = name.strip().lower()
    return _LANGUAGES.get(_ALIASES.get(known, known))


# --- values -------------------------------------------------------------------------------------


def python(value: Any) -> str:
    """Write a value in Python."""
    if isinstance(value, float) and not math.isfinite(value):
        return f'float("{value}")'
    if isinstance(value, dict):
        return "{" + ", ".join(f"{python(key)}: {python(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(python, value)) + "]"
    if isinstance(value, tuple):
        return f"({', '.join(map(python, value))}{',' * (len(value) == 1)})"
    return repr(value)


def _r(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return f"{value}L" if abs(value) < 2**31 else str(_double(value))
    if isinstance(value, float):
        return _number(value, "NaN", "Inf")
    if isinstance(value, (list, tuple)):
        return "list(" + ", ".join(map(_r, value)) + ")"
    if isinstance(value, dict):
        return "list(" + ", ".join(f"{_r(_text(key))} = {_r(item)}" for key, item in value.items()) + ")"
    if "\0" in _text(value):
        raise ValueError("a character NUL in a text")
    return _quoted(value)


def _julia(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return _number(value, "NaN", "Inf")
    if isinstance(value, int):
        return str(value)
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_julia, value)) + "]"
    if isinstance(value, dict):
        return "Dict(" + ", ".join(f"{_julia(key)} => {_julia(item)}" for key, item in value.items()) + ")"
    return _quoted(value).replace("$", "\\$")


def _bash(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return "(" + " ".join(map(_bash_word, value)) + ")"
    return _bash_word(value)


def _bash_word(value: Any) -> str:
    if value is None:
        return "''"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, (list, tuple, dict)):
        raise ValueError("a mapping, or a list in a list")
    if "\0" in _text(value):
        raise ValueError("a character NUL in a text")
    _quoted(value)
    if value.isprintable():
        return shlex.quote(value)
    # On one line, as an interactive shell reads line by line; and nothing that history or quotes could take.
    return "$'" + "".join(_bash_character(each) for each in value) + "'"


def _bash_character(character: str) -> str:
    if character in "\\'!" or ord(character) < 32 or ord(character) == 127:
        return f"\\{ord(character):03o}"
    return character


def _scala(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return _sized(value, "{}L", 'BigInt("{}")')
    if isinstance(value, float):
        return _number(value, "Double.NaN", "Double.PositiveInfinity", "Double.NegativeInfinity")
    if isinstance(value, (list, tuple)):
        return "Seq(" + ", ".join(map(_scala, value)) + ")"
    if isinstance(value, dict):
        return "Map(" + ", ".join(f"{_scala(key)} -> {_scala(item)}" for key, item in value.items()) + ")"
    return "None" if value is None else _quoted(value)


def _csharp(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return _sized(value, "{}L", 'System.Numerics.BigInteger.Parse("{}")')
    if isinstance(value, float):
        return _number(value, "double.NaN", "double.PositiveInfinity", "double.NegativeInfinity")
    if isinstance(value, (list, tuple)):
        return "new object[] { " + ", ".join(map(_csharp, value)) + " }"
    if isinstance(value, dict):
        pairs = ", ".join(f"{{ {_csharp(_text(key))}, {_csharp(item)} }}" for key, item in value.items())
        return f"new System.Collections.Generic.Dictionary<string, object> {{ {pairs} }}"
    return "(object)null" if value is None else _quoted(value)


def _fsharp(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return _sized(value, "{}L", "{}I")
    if isinstance(value, float):
        return _number(value, "nan", "infinity")
    if isinstance(value, (list, tuple)):
        return "[" + "; ".join(f"box ({_fsharp(item)})" for item in value) + "]"
    if isinstance(value, dict):
        pairs = "; ".join(f"({_fsharp(_text(key))}, box ({_fsharp(item)}))" for key, item in value.items())
        return f"Map.ofList [{pairs}]"
    return "(null : obj)" if value is None else _quoted(value)


def _powershell(value: Any) -> str:
    if value is None:
        return "$null"
    if isinstance(value, bool):
        return "$true" if value else "$false"
    if isinstance(value, int):
        return str(value) if abs(value) < 2**63 else f"[bigint]::Parse('{value}')"
    if isinstance(value, float):
        return _number(value, "[double]::NaN", "[double]::PositiveInfinity", "[double]::NegativeInfinity")
    if isinstance(value, (list, tuple)):
        return "@(" + ", ".join(map(_powershell, value)) + ")"
    if isinstance(value, dict):
        names = {_text(key).lower() for key in value}
        if len(names) < len(value):
            raise ValueError("names that differ in capitals alone")
        pairs = "; ".join(f"{_powershell(key)} = {_powershell(item)}" for key, item in value.items())
        return "[ordered]@{" + pairs + "}"
    _quoted(value)
    # PowerShell takes curly quotes for straight ones.
    return "'" + re.sub("(['\u2018\u2019\u201a\u201b])", r"\1\1", value) + "'"


def _matlab(value: Any) -> str:
    if value is None:
        return "NaN"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(_double(value))
    if isinstance(value, float):
        return _number(value, "NaN", "Inf")
    if isinstance(value, (list, tuple)):
        return "{" + ", ".join(map(_matlab, value)) + "}"
    if isinstance(value, dict):
        if not value:
            return "containers.Map()"
        names = ", ".join(f"char({_matlab(_text(key))})" for key in value)
        return f"containers.Map({{{names}}}, {{{', '.join(map(_matlab, value.values()))}}})"
    return _matlab_text(_text(value))


def _matlab_text(value: str) -> str:
    """Write a text; control characters cannot stand between the quotes."""
    _quoted(value)
    parts = [part for part in re.split("([\0-\x1f\x7f])", value) if part]
    written = [
        f"string(char({ord(part)}))"
        if ord(part[0]) < 32 or part == "\x7f"
        else '"' + part.replace('"', '""') + '"'
        for part in parts
    ]
    return " + ".join(written) or '""'


def _sized(value: int, longer: str, longest: str) -> str:
    if -(2**31) <= value < 2**31:
        return str(value)
    return (longer if -(2**63) <= value < 2**63 else longest).format(value)


def _double(value: int) -> int:
    """Return the number. Raises ValueError where a double cannot hold it exactly."""
    if abs(value) > _EXACT:
        raise ValueError("a whole number beyond 2^53")
    return value


def _number(value: float, nan: str, infinity: str, minus: str = "") -> str:
    if math.isnan(value):
        return nan
    if math.isinf(value):
        return infinity if value > 0 else minus or "-" + infinity
    return repr(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"a value of this type: {type(value).__name__}")
    return value


def _quoted(value: Any) -> str:
    """Return a JSON string; its escapes are also those of other languages, where U+2028 may end a line."""
    text = json.dumps(_text(value), ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("half of a surrogate pair in a text") from error
    return "".join(each if each.isprintable() or each > "\uffff" else f"\\u{ord(each):04x}" for each in text)


# --- names --------------------------------------------------------------------------------------


def _is_python_name(name: str) -> bool:
    return name.isidentifier() and not keyword.iskeyword(name)


def _is_r_name(name: str) -> bool:
    return bool(name) and name.isprintable() and not set("`\\") & set(name)


def _is_name(*reserved: str) -> Callable[[str], bool]:
    return lambda name: bool(_NAME.match(name)) and name not in reserved


_SCALA = _is_name(
    "_", "abstract", "case", "catch", "class", "def", "do", "else", "extends", "false", "final", "finally", "for",
    "forSome", "if", "implicit", "import", "lazy", "match", "new", "null", "object", "override", "package", "private",
    "protected", "return", "sealed", "super", "this", "throw", "trait", "try", "true", "type", "val", "var", "while",
    "with", "yield",
)  # fmt: skip
_FSHARP = _is_name(
    "_", "abstract", "and", "as", "assert", "base", "begin", "class", "default", "delegate", "do", "done", "downcast",
    "downto", "elif", "else", "end", "exception", "extern", "false", "finally", "fixed", "for", "fun", "function",
    "global", "if", "in", "inherit", "inline", "interface", "internal", "lazy", "let", "match", "member", "module",
    "mutable", "namespace", "new", "not", "null", "of", "open", "or", "override", "private", "public", "rec", "return",
    "sig", "static", "struct", "then", "to", "true", "try", "type", "upcast", "use", "val", "void", "when", "while",
    "with", "yield", "const",
)  # fmt: skip
_POWERSHELL = _is_name("_", "args", "error", "false", "home", "host", "input", "null", "pid", "true")
_MATLAB = _is_name(
    "break", "case", "catch", "classdef", "continue", "else", "elseif", "end", "for", "function", "global", "if",
    "otherwise", "parfor", "persistent", "return", "spmd", "switch", "try", "while",
)  # fmt: skip

_LANGUAGES = {
    "python": Language("{} = {}", python, _is_python_name),
    "r": Language("`{}` <- {}", _r, _is_r_name),
    "julia": Language("{} = {}", _julia, lambda name: bool(_JULIA_NAME.match(name))),
    "bash": Language("{}={}", _bash, _is_name()),
    "scala": Language("val {} = {}", _scala, _SCALA, "//"),
    "c#": Language("var @{} = {};", _csharp, _is_name(), "//"),
    "f#": Language("let {} = {}", _fsharp, _FSHARP, "//"),
    "powershell": Language("${} = {}", _powershell, _POWERSHELL),
    "matlab": Language("{} = {};", _matlab, lambda name: _MATLAB(name) and not name.startswith("_"), "%"),
}
_ALIASES = {
    "ipython": "python",
    "python3": "python",
    "csharp": "c#",
    "fsharp": "f#",
    "pwsh": "powershell",
}
