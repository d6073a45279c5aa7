"""Answers of AWS as files, with what is to be made of them: `answers/NAME.json`.

Each has the `kind`, the time `now`, the `answers` by operation (see replay.told), and what is `expected`: `rows` by name with
the members that matter, and of the total `at_least`, `usd_per_hour` (null where nothing is known of it) and
`problem` (its code, or ""). Both readings are held to it, or only the first where `once` is true.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.kinds.replay import CREDENTIALS, replay

CASES = sorted((Path(__file__).parent / "answers").glob("*.json"))


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_answers_come_to_what_is_expected(path: Path) -> None:
    case: dict[str, Any] = json.loads(path.read_text())
    expected = case["expected"]
    for told in replay(case):
        rows = told.table
        assert set(rows) == set(expected["rows"])
        for name, members in expected["rows"].items():
            got = {member: rows[name][member] for member in members}
            assert got == pytest.approx(members), name
        total = {"problem": told.problem, **told.summary.model_dump()}
        assert {name: total[name] for name in expected if name != "rows"} == pytest.approx(
            {name: value for name, value in expected.items() if name != "rows"}
        )
