"""Output without end, from a kernel and from what it starts: nothing lost, nothing twice, nothing that does not open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.runner.conftest import Container, Outcome

LINES = 150_000
MESSAGES = 30_000
ALTERNATING = 4_000
TQDM = """
from tqdm import tqdm
for i in tqdm(range(3), desc='outer', position=0):
    for j in tqdm(range(40), desc='inner', position=1, leave=False, mininterval=0):
        pass
"""
CELLS = {
    "subprocess": f"import subprocess\n_ = subprocess.run(['seq', '-f', 'sub %.0f', '{LINES}'])",
    "messages": f"for i in range({MESSAGES}): print('message', i, flush=True)",
    "in turn": "import sys\n"
    f"for i in range({ALTERNATING}):\n"
    "    print('out', i, flush=True); print('err', i, file=sys.stderr, flush=True)",
    "mixed": "for i in range(500):\n    print('python', i)\n    if not i % 100: subprocess.run(['echo', f'child {i}'])",
    "displays": "for i in range(2100): display({'text/plain': f'shown {i}'}, raw=True)\n'value'",
    "nested bars": TQDM,
    "history": "get_ipython().history_manager.hist_file",
}


@pytest.fixture(scope="module")
def flood(module_container: Container) -> Outcome:
    """One run, on a kernel that the notebook does not name."""
    return module_container.run(*CELLS.values(), kernel=None, language=None)


def outputs(run: Outcome, name: str) -> list[dict[str, str]]:
    return list(run.notebook["cells"][list(CELLS).index(name)]["outputs"])


def test_it_runs(flood: Outcome) -> None:
    assert flood.exit_code == 0, flood.log[-3000:]


@pytest.mark.parametrize(
    ("begin", "count"),
    [("sub ", LINES), ("message ", MESSAGES), ("out ", ALTERNATING), ("err ", ALTERNATING), ("child ", 5)],
)
def test_every_line_is_in_the_log_once(flood: Outcome, begin: str, count: int) -> None:
    found = [line for line in flood.log.splitlines() if line.startswith(begin)]
    assert len(found) == len(set(found)) == count


def test_lines_in_turn_are_all_in_few_outputs(flood: Outcome) -> None:
    found = outputs(flood, "in turn")
    assert len(found) <= 500
    for name, word in (("stdout", "out"), ("stderr", "err")):
        text = "".join(output["text"] for output in found if output["name"] == name)
        assert text.splitlines() == [f"{word} {index}" for index in range(ALTERNATING)]


def test_displays_have_a_limit_but_the_result_is_there(flood: Outcome) -> None:
    found = outputs(flood, "displays")
    assert len(found) == 2002
    assert found[-2]["output_type"] == "execute_result"
    assert found[-1]["text"] == "... [100 more displays are not kept]\n"
    assert "shown 2099" in flood.log


def test_nested_bars_leave_their_last_state(flood: Outcome) -> None:
    [bars] = outputs(flood, "nested bars")
    assert bars["text"].splitlines()[0].startswith("outer: 100%")
    assert "inner" not in bars["text"]
    shown = [line for line in flood.log.splitlines() if line.startswith(("outer", "inner"))]
    assert 1 <= len(shown) <= 5
    assert shown[-1].startswith("outer: 100%")


def test_the_history_is_in_memory_whatever_the_kernel_is_called(flood: Outcome) -> None:
    assert flood.text(list(CELLS).index("history")) == "':memory:'"
