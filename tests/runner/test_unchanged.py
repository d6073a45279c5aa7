"""A notebook of whose parameters none is set runs as it is: its outputs are those of papermill on this machine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pytest

if TYPE_CHECKING:
    from tests.runner.conftest import Container

papermill = pytest.importorskip("papermill")

TEXT = '"""You are an assistant.\nWhat is the capital?\n!important\n% rate 5\n%%time\nx = !ls\nend"""'
CELLS: dict[str, str] = {
    "added to": "n = 1\nn += 5",
    "appended to": "xs = [1, 2]\nxs.append(3)",
    "conditional": "prefix = 'a'\ndefault_prefix = 'b'\nif default_prefix:\n    prefix = f'{default_prefix}/{prefix}'",
    "both ways": "debug = True\nif debug:\n    steps = 1\nelse:\n    steps = 100",
    "in a loop": "total = 0\nfor each in range(4):\n    total += each",
    "in a with": "import contextlib\nlevel = 1\nwith contextlib.nullcontext(7) as level:\n    pass",
    "in a try": "size = 'x'\ntry:\n    size = int(size)\nexcept ValueError:\n    size = -1",
    "in a function": "count = 0\ndef more():\n    global count\n    count += 2\nmore()",
    "set by name": "rate = 0.1\nglobals()['rate'] = 0.7",
    "of each other": "a = 2\nb = a * 3\na = b + 1",
    "swapped": "low, high = 1, 9\nlow, high = high, low",
    "unpacked": "first, *rest = [1, 2, 3]\nx, (y, z) = 1, (2, 3)",
    "walrus": "n = 1\nprint(n := n + 1)",
    "deleted": "n = 1\nm = n\ndel n",
    "mapping": "config = {'a': 1}\nconfig['b'] = 2\nconfig.update(c=3)",
    "key order": "order = {'10': 1, '2': 2, 'z': 0, 'a': 9}\nkeys = list(order)",
    "shared": "xs = ys = []\nxs.append(1)",
    "shuffled": "import random\nrandom.seed(3)\nxs = list(range(9))\nrandom.shuffle(xs)",
    "text of lines": f"n = 3\nprompt = {TEXT}",
    "text of lines and a magic": f"%env SOME_NAME=3\nprompt = {TEXT}\nn = 3",
    "numbers": "big = 2**53 + 1\nhuge = 9007199254740993\none = 1.0\nless = -0.0\nmost = float('inf')\nnone = float('nan')",
    "characters": "half = '\\ud800'\nface = '🎉'\nnul = '\\0'\nline = 'a\\u2028b'\nback = 'C:\\\\new'\nraw = r'\\d+'",
    "blanks": "sep = ' '\nhead = ' Dear '\ntab = '\\t'",
    "other types": "pair = (1, 2)\nsome = {1, 2}\ncode = b'a'\nkeys = {1: (2,)}\nz = 1j\nnothing = None\nrest = ...",
    "annotated": "from typing import Optional\nrate: float = 1\nname: Optional[str] = None\nleft: int",
    "computed": "import os, datetime\nday = datetime.date(2024, 1, 1)\nbucket = os.environ.get('NOT_SET', 'b')\nt = 60 * 60",
    "classes": "from dataclasses import dataclass\n@dataclass\nclass Config:\n    n: int = 3\nconfig = Config()\nconfig.n += 1",
    "enumeration": "import enum\nclass Mode(enum.Enum):\n    FAST = 1\nmode = Mode.FAST",
    "cell magic": "%%capture said\nn = 4\nprint('hidden')\nn += 1",
    "assigned magics": "lines = !echo a b\nwhere = %pwd\nn = 1; n += 1",
    "question": "n = 2\nlen?\nn *= 2",
    "comments": "n = 1  # n = 2?\n# n = 3\nn = n + 1  # !",
    "prints": "n = 1\nprint('n is', n)\nn += 1\nn",
    "nothing": "",
}
SHOW = """import types
for name, value in sorted(globals().items()):
    hidden = name.startswith("_") or name in {"In", "Out", "exit", "quit", "get_ipython", "open", "where"}
    if not hidden and not callable(value) and not isinstance(value, types.ModuleType):
        print(name, repr(value) if type(value).__name__ != "CapturedIO" else str(value))"""


def outputs(content: dict[str, Any]) -> list[list[tuple[str, str]]]:
    """Of each cell, what it printed and what it is."""
    return [
        [
            (each["output_type"], _text(each.get("text") or each.get("data", {}).get("text/plain") or each))
            for each in _merged(cell["outputs"])
        ]
        for cell in content["cells"]
        if cell["cell_type"] == "code"
    ]


def _merged(outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Text of one stream in a row, however it came."""
    found: list[dict[str, Any]] = []
    for each in outputs:
        if each["output_type"] == "stream" and found and found[-1].get("name") == each["name"]:
            found[-1]["text"] = _text(found[-1]["text"]) + _text(each["text"])
        else:
            found.append(dict(each))
    return found


def _text(value: Any) -> str:
    return "".join(value) if isinstance(value, list) else str(value)


def both(
    container: Container, content: dict[str, Any], folder: Path
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The notebook as the runner and as papermill have run it."""
    nbformat.write(nbformat.from_dict(content), folder / "in.ipynb")
    papermill.execute_notebook(
        str(folder / "in.ipynb"), str(folder / "out.ipynb"), kernel_name="python3", progress_bar=False
    )
    outcome = container.run_file(content)
    assert outcome.exit_code == 0, outcome.log
    return outcome.notebook, json.loads((folder / "out.ipynb").read_text("utf-8"))


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_that_computes_gives_what_it_gives_anywhere(
    name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    kind = "training" if list(CELLS).index(name) % 2 else "processing"
    container: Container = request.getfixturevalue(kind)
    content = container.notebook(container.cell(CELLS[name], "parameters"), SHOW, "'done'")
    ours, theirs = both(container, content, tmp_path)
    assert outputs(ours) == outputs(theirs)
    assert [cell["source"] for cell in ours["cells"]] == [cell["source"] for cell in theirs["cells"]]


def test_what_an_earlier_run_has_set_is_code_like_any_other(processing: Container, tmp_path: Path) -> None:
    cell = processing.cell
    content = processing.notebook(
        cell("a = 1\nb = 2", "parameters"), cell("a = 7\na += 1", "injected-parameters"), SHOW
    )
    ours, theirs = both(processing, content, tmp_path)
    assert outputs(ours) == outputs(theirs)
