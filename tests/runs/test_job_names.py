"""A job's name is valid and tells its notebook, whatever the notebook is called."""

from datetime import datetime, timezone

import pytest

from smext.runs.job_names import TOKEN_LENGTH, is_ours, is_valid, job_name, new_token

WHEN = datetime(2026, 11, 20, 10, 4, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("analysis/churn.ipynb", "churn-1120-1004-x7k2q"),
        ("my first notebook.ipynb", "my-first-notebook-1120-1004-x7k2q"),
        ("🚀🚀.ipynb", "notebook-1120-1004-x7k2q"),
        ("🚀 launch.ipynb", "launch-1120-1004-x7k2q"),
        ("", "notebook-1120-1004-x7k2q"),
        (".ipynb", "notebook-1120-1004-x7k2q"),
        ("café_modèle.ipynb", "cafe-modele-1120-1004-x7k2q"),
        ("--a--b--.ipynb", "a-b-1120-1004-x7k2q"),
        ("RTC:work/Untitled.ipynb", "Untitled-1120-1004-x7k2q"),
        ("分析.ipynb", "notebook-1120-1004-x7k2q"),
        ("v1.2.ipynb", "v1-2-1120-1004-x7k2q"),
    ],
)
def test_names_come_from_the_notebook(path: str, name: str) -> None:
    assert job_name(path, WHEN, "x7k2q") == name
    assert is_valid(name)
    assert is_ours(name)


@pytest.mark.parametrize(
    "path", ["a" * 200 + ".ipynb", "a-" * 100 + ".ipynb", "x" * 45 + "-yz.ipynb", "é" * 200]
)
def test_long_names_are_cut_and_stay_valid(path: str) -> None:
    name = job_name(path, WHEN, "x7k2q")
    assert len(name) <= 63
    assert is_valid(name)
    assert is_ours(name)
    assert name.endswith("-1120-1004-x7k2q")


def test_tokens_differ() -> None:
    tokens = {new_token() for _ in range(200)}
    assert len(tokens) > 190
    assert {len(token) for token in tokens} == {TOKEN_LENGTH}


@pytest.mark.parametrize(
    "name", ["my-training-job", "churn-1120-1004", "churn-1120-1004-x7k2q-2", "-a-1120-1004-x7k2q"]
)
def test_names_of_others_are_not_ours(name: str) -> None:
    assert not is_ours(name)


@pytest.mark.parametrize("name", ["", "-a", "a-", "a_b", "a b", "a" * 64, "é"])
def test_invalid_names_are_told(name: str) -> None:
    assert not is_valid(name)
