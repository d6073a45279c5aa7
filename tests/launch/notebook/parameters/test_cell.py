"""Parameters as the notebook declares them, with the types that annotations and defaults tell."""

from typing import Any

import pytest

from smext.api import NotebookDocument
from smext.launch.notebook.parameters import parse, read


def notebook(*sources: tuple[str, str], **metadata: Any) -> NotebookDocument:
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
    return NotebookDocument(path="a.ipynb", content={"cells": cells, "metadata": metadata, "nbformat": 4})


def python(*sources: tuple[str, str]) -> NotebookDocument:
    return notebook(*sources, kernelspec={"name": "k", "language": "python"})


@pytest.mark.parametrize(
    ("source", "kind", "default", "text"),
    [
        ("x = 3", "int", "3", "3"),
        ("x = -3", "int", "-3", "-3"),
        ("x = 9007199254740993", "int", "9007199254740993", "9007199254740993"),
        ("x = 0x10", "int", "0x10", "0x10"),
        ("x = 1.0", "float", "1.0", "1.0"),
        ("x = 1e-3", "float", "1e-3", "1e-3"),
        ("x = 1e999", "float", "1e999", "1e999"),
        ("x = True", "bool", "True", "True"),
        ("x = 'a b'", "str", "'a b'", "a b"),
        ("x = ('a'\n     'b')", "str", "'a'\n     'b'", "ab"),
        ("x = '\\ud800'", "str", "'\\ud800'", None),
        ("x = [1, 2.5, 'a', None]", "json", "[1, 2.5, 'a', None]", "[1, 2.5, 'a', None]"),
        ("x = {'10': [1], '2': 0}", "json", "{'10': [1], '2': 0}", "{'10': [1], '2': 0}"),
        ("x = (1, 2)", "literal", "(1, 2)", "(1, 2)"),
        ("x = {1: 2}", "literal", "{1: 2}", "{1: 2}"),
        ("x = b'a'", "literal", "b'a'", "b'a'"),
        ("x = None", "expression", "None", None),
        ("x = date.today()", "expression", "date.today()", None),
        ("x = f'{y}'", "expression", "f'{y}'", None),
        ("x = 10 ** 3", "expression", "10 ** 3", None),
        ("x = math.inf", "expression", "math.inf", None),
        ("y = x = 3", "int", "3", "3"),
        ("y, (x, z) = 1, ('a', 2)", "str", "'a'", "a"),
        ("x = 1\nx = 'later'", "str", "'later'", "later"),
        ("x = 1\nx += 1", "int", "1  # changed further down", None),
        ("x = 1\nx = x + 1", "int", "1  # changed further down", None),
        ("x = 1\nif True:\n    x = 2", "int", "1  # changed further down", None),
        ("x = [1]\nx.append(2)", "json", "[1]  # changed further down", None),
        ("x = {}\nx['a'] = 2", "json", "{}  # changed further down", None),
        ("x = [2, 1]\nrandom.shuffle(x)", "json", "[2, 1]  # changed further down", None),
        ("x = 1\nx += 1\nx = 5", "int", "5", "5"),
        ("x = 'a'\nprint(x)\nos.makedirs(x)", "str", "'a'", "a"),
    ],
)
def test_defaults_tell_the_type(source: str, kind: str, default: str, text: str | None) -> None:
    found = {each.name: each.wire() for each in parse(source)}["x"]
    assert (found.type, found.default, found.text) == (kind, default, text)
    # It goes to a browser as it is.
    assert found.model_validate_json(found.model_dump_json()) == found


@pytest.mark.parametrize(
    ("source", "kind", "optional", "choices"),
    [
        ("x: float = 1", "float", False, []),
        ("x: 'float' = 1", "float", False, []),
        ("x: Optional[str] = None", "str", True, []),
        ("x: typing.Optional[int] = None", "int", True, []),
        ("x: int | None = 3", "int", True, []),
        ("x: Union[None, 'float'] = 3", "float", True, []),
        ("x: int | float = 3", "float", False, []),
        ("x: int | str = 3", "expression", False, []),
        ("x: list[int] = make()", "json", False, []),
        ("x: Dict[str, int] = None", "json", False, []),
        ("x: tuple[int, int] = size()", "literal", False, []),
        ("x: Final[int] = n()", "int", False, []),
        ("x: Annotated[float, 'a rate'] = n()", "float", False, []),
        ("x: Literal['a', 'b'] = 'a'", "str", False, ["a", "b"]),
        ("x: Literal[1, 2, None] = 1", "int", True, ["1", "2"]),
        ("x: Optional[Literal['a']] = None", "str", True, ["a"]),
        ("x: str", "str", False, []),
        ("x = 3\nx: float", "float", False, []),
        ("x: float = 1\nx = 2", "float", False, []),
        # These tell nothing that is known here: the default does.
        ("x: Any = 3", "int", False, []),
        ("x: Path = 'a'", "str", False, []),
        ("x: 'not (' = 3", "int", False, []),
        ("x: None = 3", "int", False, []),
    ],
)
def test_annotations_decide_the_type(source: str, kind: str, optional: bool, choices: list[str]) -> None:
    [found] = [each.wire() for each in parse(source)]
    assert (found.type, found.optional, found.choices) == (kind, optional, choices)


def test_comments_behind_explain() -> None:
    found = parse("lr = 0.1  # learning rate\n# not this one\ndepth = 6\nname = '#no'  ## the name")
    assert [(p.name, p.comment) for p in found] == [
        ("lr", "learning rate"),
        ("depth", ""),
        ("name", "the name"),
    ]


def test_what_is_computed_from_a_parameter_is_known() -> None:
    found = parse(
        "bucket = 'a'\npath = f's3://{bucket}/x'\nlog = path + '/log'\ndebug = False\nsteps = 9\n"
        "if debug:\n    steps = 1\nxs = []\nxs.append(steps)\nalone = 1"
    )
    assert {each.name: each.feeds for each in found} == {
        "bucket": ["path", "log"],
        "path": ["log"],
        "log": [],
        "debug": ["steps", "xs"],
        "steps": ["xs"],
        "xs": [],
        "alone": [],
    }


@pytest.mark.parametrize(
    "source",
    [
        "%%time\nlr = 0.1",
        "\n%%time\nlr = 0.1",
        "%%time\n\n%%capture out\nlr = 0.1",
        "# first\nlr = 0.1",
        "lr = 0.1\n%%bash",
        "%matplotlib inline\nlr = 0.1",
        "!pip install x\nlr = 0.1",
        '!echo it\'s """\nlr = 0.1',
        "files = !ls\nlr = 0.1",
        "x = %env HOME\nlr = 0.1",
        "print?\nlr = 0.1",
        "if True:\n    %time\nlr = 0.1",
        "lr = 0.1\nthis is not python",
        "def broken(:\nlr = 0.1",
        "lr = 0.1\nimport os\nos.makedirs('x', exist_ok=True)",
        "lr = 0.1\ns = '\ud800'",
    ],
)
def test_what_is_not_python_does_not_hide_the_rest(source: str) -> None:
    assert ("lr", "0.1") in [(p.name, p.default) for p in parse(source)]


TEXT = "You are.\nWhat is it?\n!important\n% rate 5\n%%time\na = !ls\nend?"


@pytest.mark.parametrize("magic", ["", "%matplotlib inline\n", "!ls 'a\n", "n = 3; print?\n"])
@pytest.mark.parametrize("quotes", ['"""', "'''", 'r"""'])
@pytest.mark.parametrize("around", ["{}", "[{}][0]", "({}  # why?\n)", "'it\\'s \"' + {}"])
def test_lines_within_a_text_are_no_magics(magic: str, quotes: str, around: str) -> None:
    text = around.format(f"{quotes}{TEXT}{quotes[-3:]}")
    [found] = [each for each in parse(f"{magic}x = {text}\nlr = 0.1\n!ls") if each.name == "x"]
    scope: dict[str, Any] = {}
    exec(f"x = ({found.default}\n)", scope)
    assert TEXT in scope["x"]


def test_lines_within_brackets_are_no_magics() -> None:
    found = {each.name: each.wire().text for each in parse("!ls\nx = [7\n% 5,\n'a'\n]\ny = 7 \\\n% 5\nz = 1")}
    assert found == {"x": None, "y": None, "z": "1"}


@pytest.mark.parametrize(
    "source", ["", "\0", "((((", "'''", "\n" * 50, "%%bash\nlr = 0.1; (", "x = 1\n" + "(" * 9999]
)
def test_nothing_readable_is_nothing(source: str) -> None:
    assert [each for each in parse(source) if each.name != "x"] == []


@pytest.mark.parametrize(
    "magic",
    [
        "%%bash",
        "\n  %%sh",
        "%%script bash",
        "%%writefile a.py",
        "%%python3",
        "%%timeit",
        "%%sql",
        "%%time\n%%bash",
    ],
)
def test_a_cell_that_sets_nothing_in_the_notebook_declares_nothing(magic: str) -> None:
    assert parse(f"{magic}\nlr = 0.1\nname='a'") == []
    assert [each.name for each in parse(f"{magic}\nlr = 0.1", "name = 'a'")] == ["name"]


def test_values_of_an_earlier_run_are_the_defaults_of_the_next() -> None:
    document = python(
        ("parameters", "lr: float = 1  # rate\ndepth = 6"),
        ("injected-parameters", "lr = 2"),
        ("injected-parameters", "depth = 7"),
    )
    assert [(p.name, p.default, p.type.kind, p.comment) for p in read(document)] == [
        ("lr", "2", "float", "rate"),
        ("depth", "7", "int", ""),
    ]


@pytest.mark.parametrize(
    "metadata",
    [
        {"kernelspec": {"name": "ir", "language": "R"}},
        {"kernelspec": {"name": "ir"}},
        {"kernelspec": {"name": "conda-env-r-ir"}},
        {"kernelspec": {"name": "bash"}},
        {"kernelspec": {"name": "julia-1.9"}},
        {"kernelspec": {"name": "k"}, "language_info": {"name": "scala"}},
    ],
)
def test_other_languages_are_not_read_as_python(metadata: dict[str, Any]) -> None:
    assert read(notebook(("parameters", "lr = 0.1"), **metadata)) == []


@pytest.mark.parametrize(
    "metadata", [{}, {"kernelspec": {"name": "conda_python3"}}, {"kernelspec": {"name": "my"}}]
)
def test_a_notebook_that_names_no_language_is_read_as_python(metadata: dict[str, Any]) -> None:
    assert [p.name for p in read(notebook(("parameters", "lr = 0.1"), **metadata))] == ["lr"]
