from __future__ import annotations

import ast
import io
import sys
import zipfile
from pathlib import Path

import pytest

import smext.runner
from smext.runner import archive

SOURCES = sorted(Path(smext.runner.__file__).parent.glob("*.py"))


def test_the_archive_has_the_same_bytes_at_every_build() -> None:
    first = archive.build()
    archive.build.cache_clear()
    assert archive.build() == first
    with zipfile.ZipFile(io.BytesIO(first)) as opened:
        assert {info.date_time for info in opened.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert opened.namelist() == sorted(opened.namelist())


def test_the_archive_holds_every_module_but_its_builder() -> None:
    with zipfile.ZipFile(io.BytesIO(archive.build())) as opened:
        names = set(opened.namelist())
    others = {f"smext_runner/{path.name}" for path in SOURCES} - {
        "smext_runner/archive.py",
        "smext_runner/__main__.py",
    }
    assert names == others | {"__main__.py"}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_every_module_parses_on_python_3_8(path: Path) -> None:
    ast.parse(path.read_text("utf-8"), feature_version=(3, 8))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_modules_import_only_the_standard_library_and_each_other_at_the_top(path: Path) -> None:
    for node in ast.parse(path.read_text("utf-8")).body:
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [node.module or ""]
        assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names, path.name


def test_an_old_python_could_parse_the_start() -> None:
    """No annotations, f-strings or keyword-only syntax: the start must come far enough to refuse."""
    tree = ast.parse((Path(smext.runner.__file__).parent / "__main__.py").read_text("utf-8"))
    assert not [
        node for node in ast.walk(tree) if isinstance(node, (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr))
    ]
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    assert all(function.returns is None for function in functions)
