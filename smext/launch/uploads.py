"""What is sent below `input/` of a run beside the files: the runner, what it is told, the notebook and lists of packages."""

from __future__ import annotations

from ..api import NotebookDocument
from ..runner import archive
from . import request as requests
from .files.selection import FileSet, in_tree
from .notebook import content
from .packages.install_list import InstallList
from .request import Asked

NAMES = ("runner.pyz", "run.json", "notebook.ipynb")
REQUIREMENTS_NAME, CONSTRAINTS_NAME = "requirements.txt", "constraints.txt"


def contents(
    asked: Asked, document: NotebookDocument, files: FileSet | None, wanted: InstallList
) -> dict[str, bytes]:
    """Return what is uploaded, by name; the parameters are those of the form."""
    place = files.place if files else ""
    name, kernel = in_tree(place, content.file_name(document)), content.kernel(document)
    needed = {
        "packages": wanted.always,
        "packages_if_missing": wanted.if_missing,
        "extras": wanted.extras,
        "paths": [in_tree(place, path) for path in files.paths] if files else [],
    }
    values = asked.form.parameters
    run_json = requests.run_json(asked, name, kernel, content.language(document), values, needed)
    made = (archive.build(), run_json, content.stripped(document))
    listed = {} if wanted.listed is None else _listed(wanted.listed, wanted.constraints)
    return dict(zip(NAMES, made, strict=True)) | listed


def _listed(lines: list[str], constraints: list[str]) -> dict[str, bytes]:
    """Return the list as pip reads it in the container, where it lies in another folder than the notebook."""
    if not constraints:
        return {REQUIREMENTS_NAME: "\n".join([*lines, ""]).encode()}
    held = {CONSTRAINTS_NAME: "\n".join([*constraints, ""]).encode()}
    return {REQUIREMENTS_NAME: "\n".join([*lines, f"-c {CONSTRAINTS_NAME}", ""]).encode()} | held
