"""What is wrong with a file that is no notebook, in the words of every door: runner, command line, copies."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from smext import errors
from smext.runner import notebook
from smext.runner.failure import Failure
from smext.runs import notebook_file

CELL: dict[str, Any] = {
    "cell_type": "code",
    "source": "1 + 1",
    "metadata": {},
    "outputs": [],
    "execution_count": None,
}
WHOLE = {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [CELL]}
TEXT = json.dumps(WHOLE, indent=1)

BROKEN: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "empty file"),
    "blank": (b" \n\n", "empty file"),
    "only a mark": (b"\xef\xbb\xbf", "empty file"),
    "zeros": (bytes(4096), "nothing but NUL bytes"),
    "UTF-16": (TEXT.encode("utf-16"), "UTF-16 text (it has that byte order mark), not UTF-8"),
    "UTF-32": (TEXT.encode("utf-32"), "UTF-32 text (it has that byte order mark), not UTF-8"),
    "Latin-1": (TEXT.replace("1 + 1", "'Müller'").encode("latin-1"), "not UTF-8 text, it may be Latin-1: byte 0xFC in line 8, column 17"),
    "ours": ((TEXT.replace('\n "metadata": {},', '\n<<<<<<< HEAD\n "metadata": {},\n=======\n>>>>>>> theirs', 1)).encode(), "merge conflict: line 4 (<<<<<<< HEAD)"),
    "theirs": (TEXT.replace('\n "cells"', '\n>>>>>>> 1a2b (theirs)\n "cells"').encode(), "line 5 (>>>>>>> 1a2b (theirs))"),
    "windows": (TEXT.replace('\n "cells"', '\n=======\r\n "cells"').encode(), "merge conflict: line 5 (=======)"),
    "half": (TEXT[: len(TEXT) // 2].encode(), "not valid JSON"),
    "cut": (b'{"cells": [', "it ends too early: line 1"),
    "a comma": (b'{"cells": [],\n}', "not valid JSON"),
    "a page": (b"<!DOCTYPE html><html></html>", "a web page or XML"),
    "a pointer": (b"version https://git-lfs.github.com/spec/v1\noid sha256:1\n", "Git LFS pointer"),
    "a zip": (b"PK\x03\x04\xff\xfe", "an archive or a PDF"),
    "a script": (b"import os\nprint(1)\n", "it begins with 'import os"),
    "null": (b"null", "it holds null"),
    "a number": (b"3", "it holds a number"),
    "a list": (b"[1]", "it holds a list"),
    "another file": (b'{"name": "x", "version": "1"}', "it has no cells, but name, version"),
    "deep": (b'{"cells": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deeply"),
    "deeper than is written": (b'{"cells": ' + b"[" * 300 + b"]" * 300 + b"}", "nested too deeply"),
    "a number without end": (b'{"cells": [], "x": ' + b"9" * 10_000 + b"}", "not valid JSON"),
    "cells a number": (b'{"nbformat": 4, "cells": 7}', "`cells` is a number, not a list"),
    "cells an object": (b'{"nbformat": 4, "cells": {}}', "`cells` is an object, not a list"),
    "sheets": (b'{"nbformat": 3, "worksheets": [5]}', "worksheet 1 is a number"),
    "source a number": (b'{"cells": [{"cell_type": "raw"}, {"cell_type": "code", "source": 5}]}', "cell 2 has a `source` that is no text"),
    "source a list of numbers": (b'{"cells": [{"cell_type": "code", "source": ["a", 5]}]}', "cell 1 has a `source` that is no text"),
    "type a list": (b'{"cells": [{"cell_type": []}]}', "cell 1 has a cell_type that is a list"),
    "version 5": (b'{"nbformat": 5, "cells": []}', "newer than what is known here: nbformat 5"),
    "version a text": (b'{"nbformat": "4", "cells": []}', 'nbformat is no version: "4"'),
    "version 4.5": (b'{"nbformat": 4.5, "cells": []}', "nbformat is no version: 4.5"),
    "version null": (b'{"nbformat": null, "cells": []}', "nbformat is no version: null"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_every_door_says_the_same(name: str, tmp_path: Path) -> None:
    body, said = BROKEN[name]
    path = tmp_path / "x.ipynb"
    path.write_bytes(body)
    with pytest.raises(Failure) as of_runner:
        notebook.read(path)
    assert said in str(of_runner.value)
    with pytest.raises(errors.Invalid) as of_copy:
        notebook_file.read(body)
    assert of_copy.value.advice
    assert str(of_runner.value) == f"{of_copy.value.message}. {of_copy.value.advice}"
    with pytest.raises(errors.Invalid) as of_command:
        notebook_file.read_path(path)
    assert of_command.value.message == f"{of_copy.value.message}: {path}"


def without(member: str) -> dict[str, Any]:
    return {**WHOLE, "cells": [{name: value for name, value in CELL.items() if name != member}]}


LACKING: dict[str, Any] = {
    "outputs": without("outputs"),
    "cell metadata": without("metadata"),
    "count": without("execution_count"),
    "cell metadata a list": {**WHOLE, "cells": [{**CELL, "metadata": []}]},
    "tags a text": {**WHOLE, "cells": [{**CELL, "metadata": {"tags": "parameters"}}]},
    "metadata": {name: value for name, value in WHOLE.items() if name != "metadata"},
    "metadata a list": {**WHOLE, "metadata": []},
    "version": {"cells": [CELL]},
    "minor version a text": {**WHOLE, "nbformat_minor": "x"},
    "not a number": {**WHOLE, "metadata": {"x": float("nan")}},
}


@pytest.mark.parametrize("name", LACKING)
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["", "with a byte order mark"])
def test_what_may_be_missing_may(name: str, mark: bytes, tmp_path: Path) -> None:
    body = mark + json.dumps(LACKING[name]).encode()
    path = tmp_path / "x.ipynb"
    path.write_bytes(body)
    made = notebook.upgrade(notebook.read(path))
    assert [notebook.source(cell) for cell in made.cells] == ["1 + 1"]
    assert made.metadata is not None
    assert not notebook.has_tag(made.cells[0], "parameters")
    assert notebook_file.read(body)["cells"][0]["source"] == "1 + 1"


def test_an_old_notebook_is_converted_with_its_outputs() -> None:
    output = {"output_type": "stream", "stream": "stdout", "text": "7"}
    cell = {
        "cell_type": "code",
        "language": "python",
        "input": "3 + 4",
        "outputs": [output],
        "prompt_number": 1,
    }
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": [cell]}]}
    made = notebook_file.read(json.dumps(old).encode())
    assert (made["nbformat"], made["cells"][0]["source"]) == (4, "3 + 4")
    assert made["cells"][0]["outputs"][0]["text"] == "7"


def test_what_no_file_can_hold_is_replaced() -> None:
    made = notebook_file.read(b'{"cells": [{"cell_type": "raw", "source": "a\\ud800b \\ud83d\\ude00"}]}')
    assert made["cells"][0]["source"] == "a?b \N{GRINNING FACE}"
