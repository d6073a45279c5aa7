"""Values as the languages of kernels write them."""

from __future__ import annotations

import math
import shutil
import subprocess
from typing import Any

import pytest

from smext.runner import languages, literals

VALUES: dict[str, Any] = {
    "lr": 0.1,
    "depth": 6,
    "name": 'a "b" $c\n🎉',
    "half": "\ud800",
    "flags": [1, 2.5, None],
    "none": None,
    "on": True,
    "nested": {"a": {"b": [False]}},
    "größe": -3,
    "huge": 1e300,
    "long": 2**53 + 1,
    "whole": 1.0,
    "pair": (1, ("a",), ()),
    "set": {1, 2},
    "keys": {1: b"a", (2, 3): {}},
}


def written(value: Any, language: str, name: str = "x") -> str:
    rules = languages.find(language)
    assert rules is not None
    return rules.line.format(name, rules.literal(value))


def run_python(value: Any) -> Any:
    scope: dict[str, Any] = {}
    exec(written(value, "python"), scope)
    return scope["x"]


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_values_keep_their_types_in_python(value: Any) -> None:
    assert repr(run_python(value)) == repr(value)


def test_numbers_that_json_lacks_are_written_too() -> None:
    assert run_python([math.inf, {"a": (-math.inf,)}]) == [math.inf, {"a": (-math.inf,)}]
    assert math.isnan(run_python([math.nan])[0])


@pytest.mark.parametrize("value", [*VALUES.values(), {"$literal": "1"}, (math.inf, -math.inf)], ids=repr)
def test_what_json_lacks_is_a_literal_in_it(value: Any) -> None:
    assert repr(literals.decoded(literals.encoded(value))) == repr(value)
    assert literals.is_json(literals.encoded(value)["$literal"] if not literals.is_json(value) else value)


@pytest.mark.parametrize(
    "text", ["open('a')", "__import__('os')", "a", "(1).real", "[x for x in (1,)]", "", "(" * 9999, 5, None]
)
def test_only_literals_are_read(text: Any) -> None:
    with pytest.raises(ValueError, match="no Python literal"):
        literals.read(text)


TEXTS = [
    "", "y", "a b", "it's", 'a "b"', "$(touch hacked)", "`touch hacked`", "a; touch hacked", "$HOME", "a\nb", "'\n'", "\\", "\\n\n",
    "!!", "a!b\n!c", "tab\there", "~", "*", "é🎉", "\x1b[0m", "a\r\n'b'!", "x" * 5000, "a\u2028b", "\x7f0",
]  # fmt: skip


@pytest.mark.skipif(not shutil.which("bash"), reason="no bash on this machine")
@pytest.mark.parametrize("how", [["-c"], ["-i", "-c"]], ids=["script", "interactive"])
def test_bash_has_the_texts_that_were_given(how: list[str], tmp_path: Any) -> None:
    lines = [written(text, "bash", f"x{at}") for at, text in enumerate(TEXTS)]
    assert all("\n" not in line for line in lines)
    names = " ".join(f'"$x{at}"' for at in range(len(TEXTS)))
    script = "set -H\n" + "\n".join([*lines, f"printf '%s\\0' {names}"])
    done = subprocess.run(["bash", "--norc", *how, script], capture_output=True, cwd=tmp_path, check=True)
    assert done.stdout.decode().split("\0")[:-1] == TEXTS
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not shutil.which("bash"), reason="no bash on this machine")
def test_bash_has_lists_numbers_and_switches() -> None:
    given = {"rows": ["a b", 1, None, "'"], "lr": 0.5, "on": True, "off": False, "none": None, "empty": []}
    lines = [written(value, "bash", name) for name, value in given.items()]
    show = 'printf \'%s|\' "${#rows[@]}" "${rows[@]}" "$lr" "$on" "$off" "$none" "${#empty[@]}"'
    done = subprocess.run(
        ["bash", "-c", "\n".join([*lines, show])], capture_output=True, text=True, check=True
    )
    assert done.stdout == "4|a b|1||'|0.5|true|false||0|"


GIVEN: dict[str, Any] = {
    "lr": 0.1,
    "n": 5,
    "big": 2**40,
    "s": 'a"$b\\\n\u2028',
    "l": [True, None, "'"],
    "d": {"k": math.inf},
    "t": (-1, math.nan),
    "none": None,
}
WRITTEN = {
    "R": [
        "`lr` <- 0.1", "`n` <- 5L", "`big` <- 1099511627776", r'`s` <- "a\"$b\\\n\u2028"', """`l` <- list(TRUE, NULL, "'")""",
        '`d` <- list("k" = Inf)', "`t` <- list(-1L, NaN)", "`none` <- NULL",
    ],
    "julia": [
        "lr = 0.1", "n = 5", "big = 1099511627776", r's = "a\"\$b\\\n\u2028"', """l = [true, nothing, "'"]""",
        'd = Dict("k" => Inf)', "t = [-1, NaN]", "none = nothing",
    ],
    "scala": [
        "val lr = 0.1", "val n = 5", "val big = 1099511627776L", r'val s = "a\"$b\\\n\u2028"',
        """val l = Seq(true, None, "'")""", 'val d = Map("k" -> Double.PositiveInfinity)', "val t = Seq(-1, Double.NaN)",
        "val none = None",
    ],
    "C#": [
        "var @lr = 0.1;", "var @n = 5;", "var @big = 1099511627776L;", r'var @s = "a\"$b\\\n\u2028";',
        """var @l = new object[] { true, (object)null, "'" };""",
        'var @d = new System.Collections.Generic.Dictionary<string, object> { { "k", double.PositiveInfinity } };',
        "var @t = new object[] { -1, double.NaN };", "var @none = (object)null;",
    ],
    "F#": [
        "let lr = 0.1", "let n = 5", "let big = 1099511627776L", r'let s = "a\"$b\\\n\u2028"',
        """let l = [box (true); box ((null : obj)); box ("'")]""", 'let d = Map.ofList [("k", box (infinity))]',
        "let t = [box (-1); box (nan)]", "let none = (null : obj)",
    ],
    "PowerShell": [
        "$lr = 0.1", "$n = 5", "$big = 1099511627776", "$s = 'a\"$b\\\n\u2028'", "$l = @($true, $null, '''')",
        "$d = [ordered]@{'k' = [double]::PositiveInfinity}", "$t = @(-1, [double]::NaN)", "$none = $null",
    ],
    "matlab": [
        "lr = 0.1;", "n = 5;", "big = 1099511627776;", 's = "a""$b\\" + string(char(10)) + "\u2028";',
        """l = {true, NaN, "'"};""", 'd = containers.Map({char("k")}, {Inf});', "t = {-1, NaN};", "none = NaN;",
    ],
}  # fmt: skip


@pytest.mark.parametrize("language", WRITTEN)
def test_values_are_written_in_the_notebooks_language(language: str) -> None:
    assert [written(value, language, name) for name, value in GIVEN.items()] == WRITTEN[language]


def test_curly_quotes_are_quotes_in_powershell() -> None:
    assert written("’; rm x #", "powershell") == "$x = '’’; rm x #'"


@pytest.mark.parametrize(
    ("language", "value"),
    [("r", "\0"), ("r", 2**60), ("r", "\ud800"), ("bash", "\0"), ("bash", [[1]]), ("julia", "\udfff"), ("matlab", 2**60),
     ("powershell", {"a": 1, "A": 2}), ("c#", {1: 2})],
)  # fmt: skip
def test_what_a_language_lacks_is_refused(language: str, value: Any) -> None:
    rules = languages.find(language)
    assert rules is not None
    with pytest.raises(ValueError):  # noqa: PT011
        rules.literal(value)
