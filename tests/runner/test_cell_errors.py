"""Why a run ended: as the cell's output says, and never after cells that were not to run."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.runner.conftest import Container, Json

AFTER = ("import time; time.sleep(1)\nprint('paid for nothing')", "print('later still')")
PUT = "open('bad.py', 'w').write({!r})\n%run bad.py\nprint('the same cell goes on')"
SIGNAL = "import os, signal; os.kill(os.getpid(), signal.{})\nimport time; time.sleep(60)"


@pytest.mark.parametrize(
    "source",
    [
        "exit()",
        "quit",
        "exit(0)",
        "def leave():\n    exit()\nleave()",
        "import sys; sys.exit()",
        "raise SystemExit(0)",
        "exit(keep_kernel=True)",
    ],
)
def test_a_cell_that_ends_the_notebook_is_the_last_and_is_named(training: Container, source: str) -> None:
    outcome = training.run("print(1)", source, *AFTER)
    assert outcome.exit_code == 0, outcome.log
    assert "paid for nothing\n" not in outcome.log
    assert outcome.progress["status"] == "completed"
    assert [cell["status"] for cell in outcome.progress["cells"]] == ["done", "done", "pending", "pending"]
    assert outcome.notebook["cells"][2]["outputs"] == []
    assert outcome.message == (
        "completed: 2 of 4 cells done; cell 2 ended the notebook; the 2 after it did not run"
    )
    assert outcome.message.split("; ", 1)[1] in outcome.log


def test_nothing_is_left_out_where_the_last_cell_ends_the_notebook(training: Container) -> None:
    outcome = training.run("1", "exit()")
    assert outcome.message == "completed: 2 of 2 cells done; cell 2 ended the notebook"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("exit(3)", "SystemExit: 3"),
        ("quit('no data')", "SystemExit: no data"),
        ("import sys; sys.exit(3)", "SystemExit: 3"),
        (PUT.format("import sys; sys.exit(4)"), "SystemExit: 4"),
        (PUT.format("import not_there"), "ModuleNotFoundError: No module named 'not_there'"),
        (PUT.format("def f():\n    raise KeyError('k')\nf()"), "KeyError: 'k'"),
        ("%%capture\n{}['swallowed']", "KeyError: 'swallowed'"),
        ("class A:\n    def __repr__(self): raise OSError('no text')\nA()", "OSError: no text"),
        ("class A:\n    def _repr_png_(self): raise OSError('no picture')\nA()", "OSError: no picture"),
        ("class A:\n    def __repr__(self): 1 / 0\ndisplay(A())", "ZeroDivisionError: division by zero"),
        ("from IPython.display import SVG\nSVG(filename='no.svg')", "FileNotFoundError: "),
        ("assert 2 + 2 == 5", "AssertionError (assert 2 + 2 == 5)"),
        ("def f(x):\n    assert x\nf([])", "AssertionError (assert x)"),
        ("assert False, 'said'", "AssertionError: said"),
        ("raise NotImplementedError", "NotImplementedError (raise NotImplementedError)"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt (raise KeyboardInterrupt)"),
        (
            "class E(Exception):\n    def __str__(self): raise TypeError('in str')\nraise E",
            "TypeError: in str",
        ),
        ("raise ValueError('\\n\\n  second line\\nthird')", "ValueError: second line"),
        ("raise ValueError('\\x1b[31mred\\x1b[0m')", "ValueError: red"),
        ("try:\n    1 / 0\nexcept Exception as e:\n    raise OSError('last') from e", "OSError: last"),
        ("x = = 1", "SyntaxError: invalid syntax"),
        ("%no_such_magic", "UsageError: Line magic function `%no_such_magic` not found."),
        ("%%bash\nexit 3", "CalledProcessError: Command 'b'exit 3"),
        ("%timeit -n1 -r1 [][0]", "IndexError: list index out of range"),
    ],
)
def test_the_reason_is_the_one_that_the_output_says(training: Container, source: str, reason: str) -> None:
    outcome = training.run("print(1)", source, *AFTER)
    assert outcome.exit_code == 1, outcome.log
    assert outcome.failure.startswith(f"cell 2: {reason}"), outcome.failure
    assert f"smext: cell 2/4 failed {reason}" in outcome.log
    assert "paid for nothing\n" not in outcome.log
    assert outcome.progress["error"]["summary"].startswith(f"cell 2: {reason}")
    assert [cell["status"] for cell in outcome.progress["cells"]] == ["done", "failed", "pending", "pending"]


@pytest.mark.parametrize("source", [PUT.format("1 / 0"), "%%capture\n1 / 0", "1 / 0"])
def test_an_error_that_is_expected_is_no_reason_wherever_it_shows(training: Container, source: str) -> None:
    expected: Json = training.cell(source, "raises-exception")
    assert training.run(expected, "print('on')").text(1) == "on\n"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (SIGNAL.format("SIGTERM"), "the kernel was ended by SIGTERM"),
        ("import os; os.abort()", "the kernel crashed with SIGABRT"),
        ("import os; os._exit(5)", "ended with exit code 5"),
        ("import os; os._exit(0)", "exited with code 0"),
        (SIGNAL.format("SIGKILL"), "most likely out of memory"),
    ],
)
def test_a_kernel_that_is_gone_is_not_said_to_have_crashed_for_another_reason(
    training: Container, source: str, said: str
) -> None:
    outcome = training.run(source, *AFTER)
    assert outcome.exit_code == 1
    assert outcome.failure.startswith("cell 1: DeadKernel: ")
    assert said in outcome.failure
    assert "paid for nothing\n" not in outcome.log


def test_an_error_without_end_is_short_in_the_log_and_in_the_reason(training: Container) -> None:
    outcome = training.run("raise ValueError('word ' * 100_000 + '\\n' + 'line\\n' * 100_000)")
    assert outcome.failure.startswith("cell 1: ValueError: word word")
    assert len(outcome.failure.encode()) <= 1000
    assert len(outcome.log) < 60_000
    assert "more characters: they are in the notebook]" in outcome.log
    [error] = outcome.notebook["cells"][0]["outputs"]
    assert len(error["evalue"]) > 900_000


@pytest.mark.skipif(sys.version_info < (3, 11), reason="Python has groups of exceptions since 3.11")
@pytest.mark.parametrize(
    "source",
    [
        "raise ExceptionGroup('two at once', [ValueError('first'), OSError('second')])",
        "def f():\n    raise KeyError('inner')\ntry:\n    f()\nexcept KeyError as e:\n"
        "    raise ExceptionGroup('two at once', [e, ExceptionGroup('deeper', [ValueError('first')])])",
    ],
)
def test_the_reason_of_a_group_of_exceptions_is_its_own_text(training: Container, source: str) -> None:
    outcome = training.run("print(1)", source, *AFTER)
    assert outcome.failure.startswith("cell 2: ExceptionGroup: two at once (2 sub-exceptions)"), (
        outcome.failure
    )
    assert "ValueError: first" in outcome.log


LATE = """import time
kernel = get_ipython().kernel
publish = kernel._publish_status
def late(status, *more, **named):
    if status == "idle":
        kernel._publish_status = publish
        kernel.iopub_thread.schedule(lambda: time.sleep(6))
        print("the last line", flush=True)
    return publish(status, *more, **named)
kernel._publish_status = late
"""


def test_what_a_kernel_sends_after_its_reply_is_not_lost(training: Container) -> None:
    """nbclient waits for it for 4 s unless it is told otherwise."""
    outcome = training.run(LATE, "print('the next cell')")
    assert outcome.text(0) == "the last line\n"
    assert "the last line\n" in outcome.log
