"""Notebooks that nobody prepared: they run, or fail for reasons of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.runner.conftest import Container, Outcome

FLOOD = 5_000
WIDGET = "application/vnd.jupyter.widget-view+json"
CELLS: dict[str, Any] = {
    "shell": "!echo from the shell; echo and its error >&2",
    "bash": "%%bash\necho from bash",
    "pip": "%pip --version",
    "magics": "%timeit -n1 -r1 1\n%env ODD=1",
    "subprocess": "import subprocess; subprocess.run('echo from a child; echo its error >&2', shell=True)",
    "stderr": f"import os\nfor i in range({FLOOD}): os.write(2, b'flood %d\\n' % i)",
    "one line": "print('x' * 3_000_000)",
    "binary": "import os; os.write(1, b'\\xff\\x00\\x01 bytes\\n'); b'\\x00\\xff'",
    "picture": "from IPython.display import display\ndisplay({'image/png': 'A' * 2_000_000, 'text/plain': '<Figure>'}, raw=True)",
    "widget": f"display({{'{WIDGET}': {{'model_id': 'a'}}, 'text/plain': 'IntProgress(value=0)'}}, raw=True)",
    "bar": "from tqdm import tqdm\nfor _ in tqdm(range(3), desc='bar'): pass",
    "await": "import asyncio; await asyncio.sleep(0); 'awaited'",
    "thread": "import threading; t = threading.Thread(target=print, args=('from a thread',)); t.start(); t.join()",
    "warning": "import warnings, logging; warnings.warn('warned'); logging.error('logged')",
    "skipped": ("print('must not run')", "skip-execution"),
    "expected": ("raise ValueError('expected')", "raises-exception"),
    "empty": "# only a comment",
    "fork": "import os; pid = os.fork()\nif not pid: os._exit(7)\nos.waitpid(pid, 0)[1] >> 8",
    "chdir": "os.makedirs('a b/ü', exist_ok=True); os.chdir('a b/ü'); open('x ☃.txt', 'w').write('here')",
    "debugger": "def stops():\n    breakpoint()\n    return 1\nstops()",
    "password": "import getpass; getpass.getpass()",
}


@pytest.fixture(scope="module")
def odd(module_container: Container) -> Outcome:
    """One run of many cells that have nothing to do with each other."""
    cells = [cell if isinstance(cell, str) else module_container.cell(*cell) for cell in CELLS.values()]
    return module_container.run(*cells)


def outputs(run: Outcome, name: str) -> str:
    return str(run.notebook["cells"][list(CELLS).index(name)]["outputs"])


def lines(run: Outcome, text: str) -> int:
    return run.log.splitlines().count(text)


def test_all_of_it_runs_until_somebody_would_have_to_answer(odd: Outcome) -> None:
    failed = list(CELLS).index("password") + 1
    assert odd.failure.startswith(f"cell {failed}: StdinNotImplementedError: the notebook asks for input")
    assert [cell["status"] for cell in odd.progress["cells"]] == ["done"] * (failed - 1) + ["failed"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("shell", "from the shell"),
        ("shell", "and its error"),
        ("bash", "from bash"),
        ("subprocess", "from a child"),
        ("subprocess", "its error"),
        ("thread", "from a thread"),
        ("await", "'awaited'"),
        ("widget", "IntProgress(value=0)"),
        ("fork", "7"),
    ],
)
def test_what_it_prints_is_once_in_the_log_and_in_the_notebook(odd: Outcome, name: str, text: str) -> None:
    assert lines(odd, text) == 1
    assert text.strip("'") in outputs(odd, name)


@pytest.mark.parametrize("text", ["warned", "logged", "pip ", "bar: 100%", "ODD=1", "bytes"])
def test_it_is_somewhere_in_the_log(odd: Outcome, text: str) -> None:
    assert text in odd.log


def test_a_flood_of_errors_is_in_the_log_once(odd: Outcome) -> None:
    flood = [line for line in odd.log.splitlines() if line.startswith("flood ")]
    assert len(flood) == len(set(flood)) == FLOOD


def test_what_is_huge_is_whole_in_the_notebook_and_short_in_the_log(odd: Outcome) -> None:
    assert max(map(len, odd.log.splitlines())) < 20_000
    assert len(outputs(odd, "one line")) > 3_000_000
    assert len(outputs(odd, "picture")) > 2_000_000
    assert len(odd.log) < 2_000_000


def test_a_cell_that_is_to_be_skipped_is_and_that_is_said(odd: Outcome) -> None:
    number = list(CELLS).index("skipped") + 1
    assert f"smext: note: cell {number} has the tag skip-execution: it is not run" in odd.log
    assert lines(odd, "must not run") == 0


def test_files_in_another_folder_of_any_name_come_back(odd: Outcome) -> None:
    assert odd.files["a b/ü/x ☃.txt"] == "here"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("x = [0] * 10**13", "MemoryError"),
        ("import sys; sys.exit('no data today')", "SystemExit: no data today"),
        ("%no_such_magic", "UsageError"),
        ("!exit 3\nassert _exit_code == 0, 'shell said 3'", "AssertionError: shell said 3"),
        ("if True\n  pass", "SyntaxError"),
    ],
)
def test_what_fails_fails_for_its_own_reason(processing: Container, source: str, reason: str) -> None:
    outcome = processing.run(source)
    assert outcome.exit_code == 1
    assert outcome.failure.startswith("cell 1: ")
    assert reason in outcome.failure


@pytest.mark.parametrize("minor", [0, 2])
def test_early_minor_versions_run(training: Container, minor: int) -> None:
    content = training.notebook("print('early')")
    content["nbformat_minor"] = minor
    for cell in content["cells"]:
        cell["prompt_number"] = 3
    outcome = training.run_file(content)
    assert outcome.exit_code == 0, outcome.log
    assert outcome.text(0) == "early\n"
