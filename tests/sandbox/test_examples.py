from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

SMALL = {
    "train_model": "customers, trees_per_round, rounds, learning_rate, seed = 2000, 5, 2, 0.1, 7",
    "process_csv": "orders, shops, days, seed = 5000, 3, 4, 1",
    "fails_on_purpose": "readings, seed = 50, 1",
}


def load(name: str) -> Any:
    text = (files("smext.sandbox.examples") / f"{name}.ipynb").read_text(encoding="utf-8")
    return nbformat.reads(text, as_version=4)


def run(name: str, directory: Path) -> Any:
    """The notebook, executed on little data in an empty directory."""
    notebook = load(name)
    cell = next(cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", []))
    cell.source = SMALL[name]
    NotebookClient(notebook, resources={"metadata": {"path": str(directory)}}).execute()
    return notebook


def test_the_model_is_trained_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SM_MODEL_DIR", raising=False)
    notebook = run("train_model", tmp_path)
    printed = "".join(output.get("text", "") for cell in notebook.cells for output in cell.get("outputs", []))
    assert "round 2/2: auc=0." in printed
    assert (tmp_path / "churn.joblib").stat().st_size > 0
    assert "auc" in (tmp_path / "metrics.json").read_text()


def test_the_model_goes_where_sagemaker_wants_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    models = tmp_path / "model"
    models.mkdir()
    monkeypatch.setenv("SM_MODEL_DIR", str(models))
    run("train_model", tmp_path)
    assert (models / "churn.joblib").exists()


def test_the_orders_are_summed_up(tmp_path: Path) -> None:
    run("process_csv", tmp_path)
    lines = (tmp_path / "results" / "sales_by_shop_and_day.csv").read_text().splitlines()
    assert lines[0] == "shop,day,sold,orders"
    assert len(lines) == 1 + 3 * 4
    assert (tmp_path / "results" / "summary.txt").read_text().startswith("Shop ")


def test_the_fourth_cell_fails_after_useful_work(tmp_path: Path) -> None:
    with pytest.raises(CellExecutionError) as failed:
        run("fails_on_purpose", tmp_path)
    assert (failed.value.ename, failed.value.evalue) == ("KeyError", "'humidity'")
    assert (tmp_path / "means.csv").exists()
    code = [cell for cell in load("fails_on_purpose").cells if cell.cell_type == "code"]
    assert "humidity" in code[3].source


@pytest.mark.parametrize("name", SMALL)
def test_examples_are_clean(name: str) -> None:
    notebook = load(name)
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"
    for cell in notebook.cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
