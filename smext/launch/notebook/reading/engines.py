"""Packages that pandas loads for one of its functions, and that the code itself imports nowhere.

By pandas' own documentation (2.3, "Optional dependencies" and the engines of each function).
"""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Iterator

from .events import UNKNOWN, Event
from .values import Texts, Values, called, owner

_PANDAS = ("", "pd", "pandas")
_BY_ENGINE = {"calamine": "python_calamine", "odf": "odf", "openpyxl": "openpyxl", "pyxlsb": "pyxlsb", "xlrd": "xlrd", "xlsxwriter": "xlsxwriter",
              "pyarrow": "pyarrow", "fastparquet": "fastparquet"}  # fmt: skip
"""Modules by the value of `engine`."""
_SHEETS = {".xls": "xlrd", ".xlsx": "openpyxl", ".xlsm": "openpyxl", ".xlsb": "pyxlsb", ".ods": "odf", ".odf": "odf", ".odt": "odf"}  # fmt: skip
_READERS = {
    "read_excel": "openpyxl xlrd", "ExcelFile": "openpyxl xlrd", "read_hdf": "tables", "HDFStore": "tables", "read_parquet": "pyarrow fastparquet",
    "read_feather": "pyarrow", "read_orc": "pyarrow", "read_spss": "pyreadstat", "read_html": "lxml html5lib", "read_xml": "lxml",
    "ExcelWriter": "openpyxl xlsxwriter", "read_gbq": "pandas_gbq",
}  # fmt: skip
"""Functions of the module pandas; one of the modules is enough."""
_WRITERS = {
    "to_excel": "openpyxl xlsxwriter", "to_hdf": "tables", "to_parquet": "pyarrow fastparquet", "to_feather": "pyarrow", "to_orc": "pyarrow",
    "to_markdown": "tabulate", "to_gbq": "pandas_gbq",
}  # fmt: skip
"""Methods of a table, whatever it is called."""
_BOOKS = {"read_excel", "ExcelFile", "ExcelWriter", "to_excel"}


def events(node: ast.Call, values: Values) -> Iterator[Event]:
    """Yield the modules that a call of pandas needs beside it, as one event of which one module is enough."""
    name = called(node)
    of_module = owner(node) in _PANDAS and (owner(node) or isinstance(node.func, ast.Name))
    modules = (_READERS.get(name) if of_module else None) or (
        _WRITERS.get(name) if isinstance(node.func, ast.Attribute) else None
    )
    if modules:
        modules = _chosen(node, name, modules, values)
    if modules:
        yield Event("engine", modules, text=name)


def _chosen(node: ast.Call, name: str, modules: str, values: Values) -> str:
    named = {each.arg: each.value for each in node.keywords if each.arg}
    engine = values.of(named["engine"]) if "engine" in named else ("auto",)
    if engine != ("auto",):
        # An engine that cannot be told, or that is part of pandas, needs nothing that can be named.
        return _BY_ENGINE.get(engine[0], "") if len(engine) == 1 else ""
    if name == "read_xml" and "parser" in named:
        return ""
    if name not in _BOOKS:
        return modules
    paths = _paths(node, named, values)
    if name == "to_excel" and all(UNKNOWN in each for each in paths):
        return ""  # a writer, which was made before
    endings = {posixpath.splitext(each)[1].lower() for each in paths}
    wanted = {_SHEETS.get(each, modules) for each in endings}
    if len(wanted) != 1:
        return modules
    (one,) = wanted
    return modules if one == "openpyxl" and name in ("to_excel", "ExcelWriter") else one


def _paths(node: ast.Call, named: dict[str, ast.expr], values: Values) -> Texts:
    first = node.args[0] if node.args else None
    for keyword in ("io", "path_or_buffer", "path", "excel_writer"):
        first = first or named.get(keyword)
    return values.of(first) if first is not None else (UNKNOWN,)
