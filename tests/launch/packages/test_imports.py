"""What a notebook imports, and the files that go along with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from smext.api import NotebookDocument
from smext.launch import Limits
from smext.launch.files.selection import scan
from smext.launch.notebook import analysis
from smext.launch.packages import imports
from smext.launch.packages.imports import Import
from smext.launch.packages.modules import Modules

Notebook = Callable[..., NotebookDocument]


def of_notebook(notebook: NotebookDocument) -> set[Import]:
    return imports.of_events(analysis.read(notebook, {}, None, None).events)


def test_imports_of_cells_are_read_through_magics_and_errors(document: Notebook) -> None:
    notebook = document(
        "%load_ext dotenv\n%matplotlib inline\n!pip list\nimport os, pandas as pd\nfrom google.cloud import storage",
        "this is no python\ntry:\n    import cupy\nexcept ImportError:\n    pass",
        "%%time\ndef f():\n    import importlib\n    return importlib.import_module('plug.in')",
    )
    assert of_notebook(notebook) == {
        Import("dotenv"), Import("matplotlib"), Import("pandas"), Import("google.cloud.storage"), Import("cupy", True), Import("plug.in"),
    }  # fmt: skip


def test_what_pandas_loads_counts_as_imported_by_its_function(document: Notebook) -> None:
    notebook = document(
        "import pandas as pd\nframe = pd.read_excel('a.xlsx')\nframe.to_excel('b.xlsx')",
        "try:\n    pd.read_hdf('a.h5')\nexcept ImportError:\n    pass",
    )
    assert of_notebook(notebook) == {
        Import("pandas"), Import("openpyxl", by="read_excel"), Import("openpyxl", by="to_excel", instead=("xlsxwriter",)),
        Import("tables", True, by="read_hdf"),
    }  # fmt: skip


def test_another_language_imports_nothing(document: Notebook) -> None:
    assert of_notebook(document("import x", kernel={"name": "ir", "language": "R"})) == set()


def test_imports_go_on_through_the_files_that_go_along(tmp_path: Path) -> None:
    (tmp_path / "lib" / "deep").mkdir(parents=True)
    (tmp_path / "features.py").write_text("import lib.deep.inner\nfrom . import nothing\n")
    (tmp_path / "lib" / "deep" / "inner.py").write_text("import xgboost, features\n")
    (tmp_path / "unused.py").write_text("import torch\n")
    (tmp_path / "broken.py").write_text("import (\n")
    modules = Modules(scan(tmp_path, "nb.ipynb", Limits()))
    reached = modules.reached({Import("features"), Import("broken")})
    assert {each.top for each in reached} == {"features", "lib", "xgboost", "broken"}
