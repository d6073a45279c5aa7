"""What a notebook needs beside itself, found out before the plan: its packages, out of the kernel, the files and the form."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from .. import errors
from ..api import Check, LaunchForm, NotebookDocument, Package
from . import imports, notebook, requirements_file
from .asking import Answer
from .files import FileSet
from .image_packages import shipped
from .interpreter import Interpreter
from .modules import Modules
from .packages import Wanted, found, given


def reads_kernel(document: NotebookDocument, form: LaunchForm) -> bool:
    """Whether the kernel's interpreter is to be asked."""
    python = notebook.language(document) in (None, "python")
    return python and bool(notebook.kernel(document)) and form.packages is None and not form.requirements


def packages(
    document: NotebookDocument,
    form: LaunchForm,
    files: FileSet | None,
    kernel: Answer | None,
    root: Path | None,
) -> Wanted:
    """The form's, or else the kernel's. Never raises: what cannot be found is a check."""
    if form.packages is not None:
        return given(form.packages)
    if form.requirements:
        return _listed(form.requirements, document, root)
    if kernel is None:
        return Wanted()
    if kernel.error or not isinstance(kernel.value, Interpreter):
        return Wanted(checks=[_unseen(kernel.error)])
    modules = Modules(files)
    reached = modules.reached(imports.of_notebook(document))
    return found([each for each in reached if each.top not in modules], kernel.value, shipped(form.image))


def _listed(path: str, document: NotebookDocument, root: Path | None) -> Wanted:
    place = PurePosixPath(notebook.contents_path(document)).parent
    try:
        if root is None:
            raise errors.NotFound(
                f"The list of requirements is not on this machine: {path}",
                advice="Write the packages into the form.",
                field=requirements_file.FIELD,
            )
        text = requirements_file.read(root / place / path, root)
    except errors.SmextError as error:
        failed = Check(
            name="packages",
            status="will fail",
            message=error.message,
            advice=error.advice,
            field=requirements_file.FIELD,
        )
        return Wanted(checks=[failed])
    shown = [
        Package(requirement=entry, why="asked for", source=path) for entry in requirements_file.entries(text)
    ]
    return Wanted(listed=text, shown=shown)


def _unseen(error: errors.SmextError | None) -> Check:
    return Check(
        name="packages",
        status="warning",
        message=error.message if error else "Could not see which packages the kernel has.",
        advice=error.advice if error else "",
        field="packages",
    )
