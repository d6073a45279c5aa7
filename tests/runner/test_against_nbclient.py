"""The same notebooks run by nbclient alone: what they leave is the same here."""

from __future__ import annotations

import copy
import json
import re
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from smext.runner.terminal import Screen
from tests.runner.conftest import notebook

if TYPE_CHECKING:
    from tests.runner.conftest import Container, Json, Outcome

WIDGET = """
from comm import create_comm
def widget(name, **state):
    module = "@jupyter-widgets/" + ("output" if name == "OutputModel" else "controls")
    data = {"state": {"_model_name": name, "_model_module": module, **state}, "buffer_paths": []}
    return create_comm(target_name="jupyter.widget", data=data, metadata={"version": "2.0.0"})
captured = widget("OutputModel", outputs=[], msg_id="")
bar = widget("FloatProgressModel", value=0.0)
def capture(begin):
    message = get_ipython().kernel.get_parent("shell")["header"]["msg_id"] if begin else ""
    captured.send({"method": "update", "state": {"msg_id": message}, "buffer_paths": []})
"""
CELLS: dict[str, Any] = {
    "text": "print('one')\nprint('two', end='')\nprint()\n'value'",
    "unicode": "print('☃ 🎉 é \\u0394'); '日本'",
    "both streams": "import sys\nfor i in range(5):\n    print(i, flush=True); print(-i, file=sys.stderr, flush=True)",
    "long": "for i in range(2000): print('line', i)",
    "colours": "print('\\x1b[31mred\\x1b[0m and \\x1b[1;4mbold\\x1b[22;24m')",
    "rich": "display({'text/html': '<b>x</b>', 'text/plain': 'x'}, raw=True)\n{'a': [1, 2]}",
    "picture": "from IPython.display import SVG, Image, Markdown, JSON\n"
    "display(Image(data=b'\\x89PNG\\r\\n\\x1a\\n', format='png', embed=True), Markdown('# t'), SVG('<svg></svg>'))",
    "display": "first = display('old', display_id='a'); display('other', display_id='b'); print('between')",
    "update": "first.update('new'); display('again', display_id='a'); print('updated')",
    "cleared": "from IPython.display import clear_output\n"
    "for i in range(30):\n    clear_output(wait=True); print('step', i, flush=True)",
    "cleared at once": "print('gone'); clear_output(); print('stays'); display('too', display_id='b')",
    "cleared and nothing": "print('waits'); clear_output(wait=True)",
    "update of what was cleared": "from IPython.display import update_display\nupdate_display('late', display_id='b')",
    "capture": "%%capture held\nprint('held back')",
    "of the capture": "print(held.stdout)\nheld.show()",
    "await": "import asyncio\nawait asyncio.sleep(0.01)\n[x async for x in aiter_of(3)] if 'aiter_of' in dir() else 'awaited'",
    "await for": "async def count(n):\n    for i in range(n):\n        yield i\n[i async for i in count(3)]",
    "markdown": {"cell_type": "markdown", "metadata": {}, "source": "![](attachment:a.png)"},
    "raw": {"cell_type": "raw", "metadata": {"format": "text/x"}, "source": "print('raw')"},
    "blank": "  \n\t\n",
    "comment": "# nothing",
    "semicolon": "1 + 1;",
    "skipped": ("print('not run')", "skip-execution"),
    "expected": ("print('before'); 1 / 0", "raises-exception"),
    "expected name": ("undefined_name", "raises-exception", "other"),
    "goes on": "print('on')",
    "threads": "import threading\nt = threading.Thread(target=print, args=('thread',)); t.start(); t.join()",
    "question": "help_text = get_ipython().run_line_magic('who', '')",
    "carriage returns": "!printf 'a\\r\\nb\\r\\n'\nprint('c\\r\\n\\r\\nd')",
    "shell": "!echo shell; echo error >&2",
    "bash": "%%bash\necho bash",
    "javascript": "%%javascript\nconsole.log(1)",
    "custom": "display({'application/x-own+json': {'k': [1]}}, raw=True, metadata={'m': 1})",
    "history": "get_ipython().history_manager.hist_file",
    "last value": "_",
    "environment": "import os\n'JPY_PARENT_PID' in os.environ",
    "widgets": WIDGET,
    "captured by a widget": "capture(True)\nprint('inside'); display('inside too')\ncapture(False)\nprint('outside')",
    "widget moves": "bar.send({'method': 'update', 'state': {'value': 0.5}, 'buffer_paths': []})",
    "widget shown": "display({'application/vnd.jupyter.widget-view+json': {'model_id': bar.comm_id}}, raw=True)",
    "unknown comm": "create_comm(target_name='nobody', data={'x': 1}); print('sent')",
    "own error": "import sys\nprint('Traceback (most recent call last)', file=sys.stderr)",
    "counts": "In[-1][:6]",
}


def _cells() -> list[Json]:
    from tests.runner.conftest import code

    return [
        each if isinstance(each, dict) else code(*([each] if isinstance(each, str) else each))
        for each in CELLS.values()
    ]


def _by_nbclient(content: Json, folder: Any) -> tuple[Json, str | None]:
    """The notebook after nbclient, and the name of the error that ended it."""
    node = nbformat.from_dict(copy.deepcopy(content))
    client = NotebookClient(
        node, kernel_name="python3", resources={"metadata": {"path": str(folder)}}, iopub_timeout=60
    )
    try:
        client.execute()
    except CellExecutionError as error:
        return json.loads(json.dumps(node)), error.ename
    return json.loads(json.dumps(node)), None


def _comparable(outputs: list[Json]) -> list[Json]:
    """Consecutive pieces of one stream as one, as a terminal would show it; no addresses and identifiers of one run."""
    made: list[Json] = []
    for output in json.loads(re.sub(r"0x[0-9a-f]{6,}|[0-9a-f]{32}", "ID", json.dumps(outputs))):
        if made and output["output_type"] == "stream" and made[-1].get("name") == output["name"]:
            made[-1]["text"] += output["text"]
        else:
            made.append(output)
    for output in made:
        if output["output_type"] == "stream":
            screen = Screen(returns=True)
            screen.feed(output["text"])
            output["text"] = screen.text
    # Two streams have no order between them.
    return sorted(made, key=lambda each: each.get("name", "")) if _only_streams(made) else made


def _only_streams(outputs: list[Json]) -> bool:
    return all(output["output_type"] == "stream" for output in outputs)


@pytest.fixture(scope="module")
def both(module_container: Container, tmp_path_factory: pytest.TempPathFactory) -> tuple[Json, Outcome]:
    module_container.environment = {"SMEXT_LIVE_SECONDS": "0.01"}
    content = notebook(*_cells())
    theirs, error = _by_nbclient(content, tmp_path_factory.mktemp("beside"))
    assert error is None
    return theirs, module_container.run_file(content)


def test_all_of_it_runs(both: tuple[Json, Outcome]) -> None:
    assert both[1].exit_code == 0, both[1].log
    assert both[1].partial == both[1].notebook


@pytest.mark.parametrize("name", list(CELLS))
def test_outputs_are_those_of_nbclient(both: tuple[Json, Outcome], name: str) -> None:
    place = list(CELLS).index(name)
    theirs, ours = both[0]["cells"][place], both[1].notebook["cells"][place]
    assert _comparable(ours.get("outputs", [])) == _comparable(theirs.get("outputs", []))
    assert ours.get("execution_count") == theirs.get("execution_count")
    assert "".join(ours["source"]) == theirs["source"]


def test_widgets_have_the_same_state(both: tuple[Json, Outcome]) -> None:
    kind = "application/vnd.jupyter.widget-state+json"
    theirs, ours = (
        sorted(
            json.dumps(state["state"], sort_keys=True)
            for state in one["metadata"]["widgets"][kind]["state"].values()
        )
        for one in (both[0], both[1].notebook)
    )
    assert [re.sub(r"[0-9a-f-]{30,}", "ID", each) for each in ours] == [
        re.sub(r"[0-9a-f-]{30,}", "ID", each) for each in theirs
    ]
    assert any("inside" in each for each in ours)


@pytest.mark.parametrize(
    "source",
    ["raise KeyError('k')", "import nothing_there", "raise KeyboardInterrupt", "%%bash\nexit 2", "input()"],
)
def test_what_fails_fails_alike(training: Container, tmp_path: Any, source: str) -> None:
    content = notebook("print('before')", source, "print('after')")
    theirs, ename = _by_nbclient(content, tmp_path)
    outcome = training.run_file(content)
    assert outcome.exit_code == 1
    assert outcome.progress["error"]["ename"] == ename
    for place in (0, 2):
        assert outcome.notebook["cells"][place]["outputs"] == theirs["cells"][place]["outputs"]
    assert outcome.notebook["cells"][1]["outputs"][-1]["ename"] == ename


def test_what_papermill_says_of_the_same(tmp_path: Any) -> None:
    """The table in docs/running.md; papermill's own notebooks pass and fail as it has them."""
    papermill = pytest.importorskip("papermill")
    for index, (source, tags, fails) in enumerate(
        [
            ("import sys; sys.exit()", [], False),
            ("import sys; sys.exit(1)", [], True),
            ("%%capture\n1 / 0", [], True),
            ("1 / 0", ["raises-exception"], True),
        ]
    ):
        from tests.runner.conftest import code

        path = tmp_path / f"{index}.ipynb"
        path.write_text(
            json.dumps(
                notebook(
                    code(source, *tags),
                    kernelspec={"name": "python3", "language": "python", "display_name": "P"},
                )
            )
        )
        failed = False
        try:
            papermill.execute_notebook(str(path), None, progress_bar=False)
        except papermill.PapermillExecutionError:
            failed = True
        assert failed == fails, source
