"""What is written while a notebook runs: as often as is cheap, and what it is at that moment."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest

from smext.runner.live_files import Live
from smext.runner.partial_notebook import Draft
from smext.runner.progress import COMPLETED, DONE, NAME, Cell, Progress
from smext.runner.throttle import Throttle
from tests.runner.conftest import notebook


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def written(draft: Draft, content: Any) -> Any:
    return json.loads(b"".join(draft.parts(content)))


def many(count: int, size: int = 10) -> Any:
    content = notebook(*[f"x = {index}\nprint(x)" for index in range(count)], smext={"cells": []})
    for cell in content["cells"]:
        cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "é\n" * size}]
    return content


def test_it_is_what_nbformat_writes() -> None:
    content = many(3)
    text = b"".join(Draft().parts(content)).decode()
    node = nbformat.from_dict(content)
    assert json.loads(text)["cells"][0]["source"] == ["x = 0\n", "print(x)"]
    assert nbformat.reads(text, as_version=4) == node
    assert [line for line in text.splitlines() if '"outputs"' in line] == [
        line
        for line in nbformat.writes(node, version=nbformat.NO_CONVERT).splitlines()
        if '"outputs"' in line
    ]


@pytest.mark.parametrize(
    "content", [{}, {"cells": []}, {"cells": ["no cell", {"cell_type": "raw"}], "a": {"cells": []}}]
)
def test_anything_that_is_json_is_written_as_it_is(content: Any) -> None:
    assert written(Draft(), content) == {"cells": [], **content}


@pytest.mark.parametrize("size", [1, 100_000])
def test_what_changes_is_never_stale(size: int) -> None:
    draft, content = Draft(), many(4, size)
    for place, cell in enumerate(content["cells"]):
        draft.current = place
        draft.forget(place)
        for step in range(3):
            cell["outputs"].append({"output_type": "stream", "name": "stderr", "text": f"{step}"})
            assert len(written(draft, content)["cells"][place]["outputs"]) == 2 + step
    draft.current = None
    content["cells"][1]["outputs"].clear()
    draft.forget(1)
    assert written(draft, content)["cells"][1]["outputs"] == []
    content["cells"][2]["outputs"].clear()
    draft.forget()
    assert written(draft, content)["cells"][2]["outputs"] == []


def test_cells_that_are_over_are_put_into_json_once(monkeypatch: pytest.MonkeyPatch) -> None:
    class Counted(dict[str, Any]):
        looked_at = 0

        def get(self, *given: Any) -> Any:
            Counted.looked_at += 1
            return super().get(*given)

    content = many(50)
    content["cells"] = [Counted(cell) for cell in content["cells"]]
    draft = Draft()
    draft.current = 49
    for _ in range(10):
        written(draft, content)
    assert Counted.looked_at == 49 + 10


def test_what_takes_long_is_done_less_often() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    done: list[float] = []

    def work(seconds: float) -> None:
        clock.now += seconds
        done.append(clock.now)

    while clock.now < 100:
        if throttle.due():
            throttle.run(lambda: work(0.3))
        clock.now += 0.5
    assert 8 <= len(done) <= 10, "0.3 s may be spent every ten seconds"
    clock.now += 100
    throttle.run(lambda: work(0.0))
    assert not throttle.due()
    clock.now += 1
    assert throttle.due()
    assert not throttle.due(urgent=False)
    clock.now += 4
    assert throttle.due(urgent=False)


def test_cells_are_written_once_in_a_while_and_the_end_at_once(tmp_path: Path) -> None:
    clock = Clock()
    progress = Progress(Live(tmp_path, print), clock)
    progress.cells = [Cell(index, str(index)) for index in range(1, 2001)]

    def said() -> Any:
        return json.loads((tmp_path / NAME).read_bytes())

    for cell in progress.cells:
        progress.start(cell)
        assert said()["done"] == (0 if cell.index <= 1000 else 1000)
        progress.end(cell, DONE)
        clock.now += 1000 if cell.index == 1000 else 0
    progress.finish(COMPLETED)
    assert (said()["done"], said()["status"]) == (2000, COMPLETED)
