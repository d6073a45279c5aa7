"""What a run left is opened as a file that nobody trusts; a malformed one is opened as far as it goes, or refused in words."""

from __future__ import annotations

import json
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from smext import errors
from smext.runs.notebook_copy import copy_of, write_copy
from smext.runs.notebook_file import read
from smext.runs.notebook_trust import WIDGETS

Json = dict[str, Any]
Fetch = Callable[..., Awaitable[Any]]

SCRIPT = "<script>window.ran = true</script>"


def code(*outputs: Any, **more: Any) -> Json:
    cell = {"cell_type": "code", "source": "1", "metadata": {"trusted": True, "tags": ["a"]}}
    return {**cell, "execution_count": 1, "outputs": list(outputs), **more}


def shown(data: Json, **more: Any) -> Json:
    return {"output_type": "display_data", "data": data, "metadata": {"trusted": True}, **more}


def notebook(*cells: Any, minor: int = 4, **metadata: Any) -> Json:
    return {"nbformat": 4, "nbformat_minor": minor, "metadata": metadata, "cells": list(cells)}


HOSTILE = {
    "script": notebook(code(shown({"text/html": SCRIPT}))),
    "javascript": notebook(code(shown({"application/javascript": "window.ran = true"}))),
    "harmless": notebook(code({"output_type": "stream", "name": "stdout", "text": "hello"})),
    "no cells": notebook(),
    "no outputs": notebook(code()),
    "words": notebook({"cell_type": "markdown", "metadata": {"trusted": True}, "source": SCRIPT}),
    "an update": notebook(code({**shown({"text/html": SCRIPT}), "output_type": "update_display_data"})),
    "an old type": notebook(code({**shown({"text/html": SCRIPT}), "output_type": "pyout"})),
    "trusted as a whole": notebook(code(shown({"text/html": SCRIPT})), trusted=True, signature="sha256:0"),
    "trusted in text": notebook(code(shown({"text/html": SCRIPT}), metadata={"trusted": "yes"})),
    "old": {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": "", "signature": "sha256:0"},
        "worksheets": [
            {
                "metadata": {},
                "cells": [
                    {
                        "cell_type": "code",
                        "input": "1",
                        "language": "python",
                        "metadata": {"trusted": True},
                        "outputs": [{"output_type": "display_data", "html": SCRIPT, "metadata": {}}],
                    }
                ],
            }
        ],
    },
}


def said_trusted(value: Any) -> bool:
    """Whether anything in it says so."""
    if isinstance(value, dict):
        return any(value.get(name) for name in ("trusted", "signature")) or any(
            map(said_trusted, value.values())
        )
    return isinstance(value, list) and any(map(said_trusted, value))


@pytest.fixture
def manager(jp_serverapp: Any) -> Any:
    return jp_serverapp.contents_manager


def on_disk(root: Path, path: str) -> Json:
    found: Json = json.loads((root / path).read_text(encoding="utf-8"))
    return found


async def is_trusted(manager: Any, root: Path, path: str) -> bool:
    """Whether Jupyter opens a cell of it as trusted, or holds its signature."""
    signed = manager.notary.check_signature(nbformat.read(root / path, nbformat.NO_CONVERT))
    found = (await manager.get(path, content=True, type="notebook"))["content"]
    return bool(signed) or said_trusted(found)


@pytest.mark.parametrize("name", HOSTILE)
async def test_nothing_that_comes_from_s3_is_trusted(name: str, manager: Any, jp_root_dir: Path) -> None:
    content = read(json.dumps(HOSTILE[name]).encode())
    opened = await write_copy(manager, content, "a/b.ipynb", "job-1", partial=False)
    assert opened.path == "a/job-1.ipynb"
    assert not said_trusted(on_disk(jp_root_dir, opened.path))
    assert not await is_trusted(manager, jp_root_dir, opened.path)


async def trust(manager: Any, path: str) -> None:
    """As Trust Notebook does: the page saves it with all cells trusted."""
    model = await manager.get(path, content=True, type="notebook")
    manager.notary.mark_cells(model["content"], True)
    await manager.save({"type": "notebook", "format": "json", "content": model["content"]}, path)


async def test_trust_that_the_user_gave_lasts_until_the_content_is_another(
    manager: Any, jp_root_dir: Path
) -> None:
    first = notebook(code(shown({"text/html": "<b>1</b>"})))
    path = (await write_copy(manager, first, None, "job-1", partial=True)).path
    await trust(manager, path)
    assert await is_trusted(manager, jp_root_dir, path)

    assert (await write_copy(manager, first, None, "job-1", partial=True)).path == path
    assert await is_trusted(manager, jp_root_dir, path)

    second = notebook(code(shown({"text/html": SCRIPT})))
    assert (await write_copy(manager, second, None, "job-1", partial=False)).path == path
    assert SCRIPT in (jp_root_dir / path).read_text().replace('\\"', '"')
    assert not await is_trusted(manager, jp_root_dir, path)

    # Nor is what was trusted once, when it comes again.
    await write_copy(manager, first, None, "job-1", partial=False)
    assert not await is_trusted(manager, jp_root_dir, path)


async def test_what_somebody_changed_is_not_written_over(manager: Any, jp_root_dir: Path) -> None:
    first = await write_copy(manager, notebook(code()), None, "job-1", partial=True)
    model = await manager.get(first.path, content=True, type="notebook")
    model["content"]["cells"][0]["source"] = "mine"
    await manager.save({"type": "notebook", "format": "json", "content": model["content"]}, first.path)
    second = await write_copy(manager, notebook(code(), code()), None, "job-1", partial=False)
    assert (first.path, second.path) == ("job-1.ipynb", "job-1 (2).ipynb")
    assert on_disk(jp_root_dir, first.path)["cells"][0]["source"] in ("mine", ["mine"])


@pytest.mark.parametrize("mark", [[], "x", {"job": []}, {"job": "job-1"}, {"job": "job-1", "written": 5}])
async def test_a_file_of_that_name_with_any_mark_stays(manager: Any, jp_root_dir: Path, mark: Any) -> None:
    text = json.dumps(notebook(code(), smext=mark))
    (jp_root_dir / "job-1.ipynb").write_text(text)
    opened = await write_copy(manager, notebook(), None, "job-1", partial=False)
    assert opened.path == "job-1 (2).ipynb"
    assert (jp_root_dir / "job-1.ipynb").read_text() == text


def widget(module: str) -> Json:
    return {"model_name": "M", "model_module": module, "model_module_version": "2.0.0", "state": {"value": 1}}


def test_widgets_that_may_run_what_is_in_their_state_are_left_out() -> None:
    models = {"a": widget("@jupyter-widgets/controls"), "b": widget("anywidget"), "c": 5, "d": widget("x")}
    state = {"version_major": 2, "version_minor": 0, "state": models, "trusted": True}
    made, left = copy_of(notebook(widgets={WIDGETS: state, "application/x": {}}), "job-1")
    assert made["metadata"]["widgets"] == {
        WIDGETS: {"version_major": 2, "version_minor": 0, "state": {"a": models["a"]}}
    }
    assert left == ["widgets of other packages than ipywidgets (3)"]


@pytest.mark.parametrize(
    "widgets", [[], "x", {WIDGETS: []}, {WIDGETS: {"state": []}}, {WIDGETS: {"state": {}}}]
)
def test_widgets_of_any_shape_are_no_failure(widgets: Any) -> None:
    assert "widgets" not in copy_of(notebook(widgets=widgets), "job-1")[0]["metadata"]


ODD: dict[str, Json] = {
    "outputs null": notebook(code(outputs=None)),
    "outputs an object": notebook(code(outputs={})),
    "an output that is none": notebook(code(5, None, [], {}, {"output_type": []})),
    "data a list": notebook(code(shown({"text/html": 5}), {"output_type": "display_data", "data": []})),
    "stream without text": notebook(code({"output_type": "stream"})),
    "stream of numbers": notebook(code({"output_type": "stream", "name": 5, "text": [1]})),
    "error without lines": notebook(
        code({"output_type": "error", "traceback": 5, "ename": [], "evalue": None})
    ),
    "count a text": notebook(code(execution_count="x")),
    "no metadata": notebook({"cell_type": "code", "source": "1"}),
    "metadata a list": notebook(code(metadata=[])) | {"metadata": []},
    "tags a number": notebook(code(metadata={"tags": 5})),
    "tags of numbers": notebook(code(metadata={"tags": [5]})),
    "kernelspec a text": notebook(code(), kernelspec="python3", language_info=[]),
    "kernelspec without label": notebook(code(), kernelspec={"name": "python3"}, language_info={}),
    "the same id twice": notebook(code(id="a"), code(id="a"), minor=5),
    "an id that is none": notebook(code(id="ü !"), minor=5),
    "no ids": notebook(code(), minor=5),
    "minor a text": notebook(code()) | {"nbformat_minor": "x"},
    "members nobody knows": notebook(code(news=1)) | {"news": 1},
    "attachments a list": notebook(
        {"cell_type": "markdown", "source": "a", "metadata": {}, "attachments": []}
    ),
    "a cell that is none": notebook(5, None, [], {}, code()),
    "a mark of ours that is none": notebook(code(), smext=[1]),
    "halves of characters": notebook(code(source="\ud800")),
}


@pytest.mark.parametrize("name", ODD)
async def test_a_malformed_notebook_is_opened_as_far_as_it_goes(
    name: str, manager: Any, jp_root_dir: Path
) -> None:
    content = read(json.dumps(ODD[name]).encode())
    opened = await write_copy(manager, content, None, "job-1", partial=False)
    nbformat.validate(nbformat.read(jp_root_dir / opened.path, nbformat.NO_CONVERT))
    left_out = {
        "an output that is none": "outputs that could not be read (5)",
        "data a list": "outputs that could not be read (2)",
        "a cell that is none": "cells that could not be read (4)",
    }
    assert left_out.get(name, "") in opened.note


DAMAGED: dict[str, Json] = {
    "a type that nobody knows": notebook({"cell_type": "slides", "source": "", "metadata": {}}),
    "an attachment that is none": notebook(
        {"cell_type": "markdown", "source": "", "metadata": {}, "attachments": {"a": 5}}
    ),
    "authors a number": notebook(code(), authors=5),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_what_cannot_be_opened_says_what_is_wrong(name: str) -> None:
    with pytest.raises(errors.Invalid, match=r"The notebook is damaged: .{10}"):
        copy_of(read(json.dumps(DAMAGED[name]).encode()), "job-1")


@pytest.mark.parametrize(
    ("source", "path"),
    [
        (None, "job-1.ipynb"),
        ("a/b.ipynb", "a/job-1.ipynb"),
        ("RTC:a/b.ipynb", "a/job-1.ipynb"),
        ("../../b.ipynb", "job-1.ipynb"),
        ("/etc/b.ipynb", "job-1.ipynb"),
        ("a\0b/c.ipynb", "job-1.ipynb"),
        ("\ud800/c.ipynb", "job-1.ipynb"),
    ],
)
async def test_the_copy_lies_beside_its_source_within_the_servers_folder(
    manager: Any, source: str | None, path: str
) -> None:
    assert (await write_copy(manager, notebook(), source, "job-1", partial=False)).path == path


async def test_the_copy_of_a_notebook_on_another_drive_lies_in_a_place_that_is_named(
    manager: Any, jp_root_dir: Path
) -> None:
    opened = await write_copy(manager, notebook(), "Bucket:a/b.ipynb", "job-1", partial=False)
    assert opened.path == "job-1.ipynb"
    assert "Bucket:a/b.ipynb is on another drive: the output is in the top folder" in opened.note
    assert sorted(os.listdir(jp_root_dir)) == [".ipynb_checkpoints", "job-1.ipynb"]
    # A file of the server that has such a name is one.
    (jp_root_dir / "My:work").mkdir()
    (jp_root_dir / "My:work" / "b.ipynb").write_text("{}")
    opened = await write_copy(manager, notebook(), "My:work/b.ipynb", "job-2", partial=False)
    assert (opened.path, opened.note) == ("My:work/job-2.ipynb", "")


async def test_a_disk_that_refuses_is_said(manager: Any, jp_root_dir: Path) -> None:
    (jp_root_dir / "a").write_text("no folder")
    with pytest.raises(
        errors.SmextError, match=r"Could not write the notebook of the run: a/job-1\.ipynb \("
    ):
        await write_copy(manager, notebook(), "a/b.ipynb", "job-1", partial=False)
