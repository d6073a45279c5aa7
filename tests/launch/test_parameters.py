"""Parameters keep their types from the notebook to the form and back."""

from typing import Any

import pytest

from smext.api import NotebookDocument
from smext.launch.parameters import accept, parse, read


def notebook(*sources: tuple[str, str], language: str | None = "python") -> NotebookDocument:
    cells: list[dict[str, Any]] = [
        {
            "cell_type": "code",
            "metadata": {"tags": [tag]},
            "source": text,
            "outputs": [],
            "execution_count": None,
        }
        for tag, text in sources
    ]
    metadata = {"kernelspec": {"name": "k", "language": language}} if language else {}
    return NotebookDocument(path="a.ipynb", content={"cells": cells, "metadata": metadata, "nbformat": 4})


@pytest.mark.parametrize(
    ("source", "kind", "value"),
    [
        ("x = 3", "int", 3),
        ("x = -3", "int", -3),
        ("x = 1e-3", "float", 0.001),
        ("x = True", "bool", True),
        ("x = 'a b'", "str", "a b"),
        ("x = ('a'\n     'b')", "str", "ab"),
        ("x = None", "json", None),
        ("x = [1, 2.5, 'a', None]", "json", [1, 2.5, "a", None]),
        ("x = {'a': [1]}", "json", {"a": [1]}),
        ("x: int = 3", "int", 3),
        ("x = (1, 2)", "expression", "(1, 2)"),
        ("x = {1: 2}", "expression", "{1: 2}"),
        ("x = 1e999", "expression", "1e999"),
        ("x = date.today()", "expression", "date.today()"),
        ("x = f'{y}'", "expression", "f'{y}'"),
        ("x = 10 ** 3", "expression", "10 ** 3"),
        ("y = x = 3", "int", 3),
        ("x = 1\nx = 'later'", "str", "later"),
    ],
)
def test_types_come_from_the_literals(source: str, kind: str, value: Any) -> None:
    found = {parameter.name: parameter for parameter in parse(source)}["x"]
    assert (found.type, found.value) == (kind, value)


def test_comments_behind_explain() -> None:
    found = parse("lr = 0.1  # learning rate\n# not this one\ndepth = 6\nname = '#no'  ## the name")
    assert [(p.name, p.comment) for p in found] == [
        ("lr", "learning rate"),
        ("depth", ""),
        ("name", "the name"),
    ]


@pytest.mark.parametrize(
    "source",
    [
        "%%time\nlr = 0.1",
        "%matplotlib inline\nlr = 0.1",
        "!pip install x\nlr = 0.1",
        "files = !ls\nlr = 0.1",
        "x = %env HOME\nlr = 0.1",
        "print?\nlr = 0.1",
        "if True:\n    %time\nlr = 0.1",
        "lr = 0.1\nthis is not python",
        "def broken(:\nlr = 0.1",
        "lr = 0.1\nimport os\nos.makedirs('x', exist_ok=True)",
    ],
)
def test_what_is_not_python_does_not_hide_the_rest(source: str) -> None:
    assert ("lr", 0.1) in [(p.name, p.value) for p in parse(source)]


@pytest.mark.parametrize("source", ["", "\0", "((((", "'''", "\n" * 50, "%%bash\nlr = 0.1; ("])
def test_nothing_readable_is_nothing(source: str) -> None:
    assert parse(source) == []


def test_values_of_an_earlier_run_win() -> None:
    document = notebook(("parameters", "lr = 0.1  # rate\ndepth = 6"), ("injected-parameters", "lr = 0.7"))
    assert [(p.name, p.value, p.comment) for p in read(document)] == [("lr", 0.7, "rate"), ("depth", 6, "")]


def test_other_languages_are_not_read_as_python() -> None:
    assert read(notebook(("parameters", "lr = 0.1"), language="R")) == []


def test_a_notebook_that_names_no_language_is_read_as_python() -> None:
    assert [p.name for p in read(notebook(("parameters", "lr = 0.1"), language=None))] == ["lr"]


DECLARED = parse("i = 1\nf = 0.5\nb = True\ns = 'a'\nsep = ' '\nj = [1]\nwhen = date.today()")


@pytest.mark.parametrize(
    ("name", "value", "sent"),
    [
        ("i", 2, 2),
        ("i", 2.0, 2),
        ("i", " 12 ", 12),
        ("f", 1, 1.0),
        ("f", "1e-3", 0.001),
        ("b", False, False),
        ("b", "false", False),
        ("s", "text", "text"),
        ("s", "", ""),
        ("sep", " ", " "),
        ("sep", "\t", "\t"),
        ("j", {"a": 1}, {"a": 1}),
        ("j", "[1, 2]", [1, 2]),
        ("j", "{'a': None}", {"a": None}),
        ("when", "'2026-11-20'", "2026-11-20"),
        ("when", 5, 5),
    ],
)
def test_values_are_sent_in_their_type(name: str, value: Any, sent: Any) -> None:
    values, checks = accept(DECLARED, {name: value})
    assert values == {name: sent}
    assert type(values[name]) is type(sent)
    assert checks == []


@pytest.mark.parametrize(
    ("name", "value"),
    [("i", 0.5), ("i", "six"), ("i", True), ("i", None), ("f", "fast"), ("f", "nan"), ("f", False), ("b", 1),
     ("b", "maybe"), ("s", 3), ("s", None), ("j", "[1,"), ("when", "date.today()+1"), ("when", "(1, 2)")],
)  # fmt: skip
def test_a_value_of_the_wrong_type_is_named(name: str, value: Any) -> None:
    values, [check] = accept(DECLARED, {name: value})
    assert values == {}
    assert check.status == "will fail"
    assert check.field == f"parameters.{name}"
    assert name in check.message
    assert "wanted" in check.message


def test_an_unchanged_expression_stays_with_the_notebook() -> None:
    assert accept(DECLARED, {"when": "date.today()"}) == ({}, [])


def test_blanks_around_a_text_are_left_out_and_said() -> None:
    values, [check] = accept(DECLARED, {"s": " data.csv\n"})
    assert values == {"s": "data.csv"}
    assert check.status == "warning"
    assert check.field == "parameters.s"


def test_a_name_that_the_cell_does_not_set_is_sent_with_a_warning() -> None:
    values, [check] = accept(DECLARED, {"typo": 1})
    assert values == {"typo": 1}
    assert check.status == "warning"


@pytest.mark.parametrize("name", ["a b", "class", "1a", "", "x-y"])
def test_a_name_that_no_variable_can_have_is_refused(name: str) -> None:
    values, [check] = accept(DECLARED, {name: 1})
    assert values == {}
    assert check.status == "will fail"
