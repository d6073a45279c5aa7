"""What a notebook needs beside itself, out of the form, its folder and its kernel: files and packages."""

from __future__ import annotations

import platform
from pathlib import Path, PurePosixPath

from .. import errors
from ..api import Check, LaunchForm, NotebookDocument, Package
from . import notebook
from .along import elsewhere
from .along.files import FileSet, scan
from .asking import Answer
from .limits import Limits
from .packages import imports, lists
from .packages.container import container
from .packages.image_packages import shipped
from .packages.imports import Import
from .packages.interpreter import Interpreter
from .packages.modules import Modules
from .packages.wanted import Wanted, found, given

ROUNDS = 5
"""How far imports are followed from module to module above the folder."""
SHOWN = 5


def reads_kernel(document: NotebookDocument, form: LaunchForm) -> bool:
    """Whether the kernel's interpreter is to be asked."""
    python = notebook.language(document) in (None, "python")
    return python and bool(notebook.kernel(document)) and form.packages is None and not form.requirements


def files(
    document: NotebookDocument, form: LaunchForm, root: Path | None, limits: Limits
) -> tuple[FileSet | None, list[Check]]:
    """What the form sends along; None where the notebook has no folder on this machine, or nobody wants any."""
    path = PurePosixPath(notebook.contents_path(document))
    folder = root / path.parent if root else None
    if root is None or folder is None or not path.name or not folder.is_dir():
        return None, []
    if not form.include_files and not form.files:
        return None, []
    found = scan(folder, path.name, limits) if form.include_files else FileSet(folder)
    return found, elsewhere.add_named(found, form.files, path.name, root, limits)


class Needs:
    """What the notebook's code asks for; adds modules from the folders above to the files. Never raises."""

    def __init__(
        self,
        document: NotebookDocument,
        form: LaunchForm,
        files: FileSet | None,
        kernel: Answer | None,
        root: Path | None,
        limits: Limits,
    ) -> None:
        self._document, self._form, self._kernel, self._root = document, form, kernel, root
        self.checks: list[Check] = []
        self._imports = imports.of_notebook(document)
        self._modules = Modules(files)
        if files is not None and root is not None and form.include_files:
            self._add_from_above(files, root, limits)
            self._say_what_stays(files, root)

    @property
    def _interpreter(self) -> Interpreter | None:
        value = self._kernel.value if self._kernel else None
        return value if isinstance(value, Interpreter) else None

    def packages(self) -> Wanted:
        """The form's, or else the kernel's; what cannot be found is a check."""
        form, kernel = self._form, self._interpreter
        if form.packages is not None:
            return given(form.packages)
        if form.requirements:
            return self._listed(form.requirements.strip())
        if kernel:
            return found(self._from_elsewhere(), kernel, shipped(form.image))
        return Wanted(checks=[_unseen(self._kernel.error)] if self._kernel else [])

    def _from_elsewhere(self) -> list[Import]:
        """What is imported and does not go along, or only as files that nothing on the path leads to."""
        return [each for each in self._modules.reached(self._imports) if not self._goes_along(each)]

    def _goes_along(self, each: Import) -> bool:
        if each.top not in self._modules:
            return False
        kernel = self._interpreter
        # An editable package below the notebook's folder, in a src or elsewhere: its files alone are not importable.
        own = kernel.providing(each.name) if kernel and not self._modules.beside(each.top) else ()
        return not any(provider.folder for provider in own)

    def _listed(self, named: str) -> Wanted:
        """What a list of the user's asks for."""
        folder = PurePosixPath(notebook.contents_path(self._document)).parent
        try:
            if self._root is None:
                raise errors.NotFound(
                    f"The list of packages is not on this machine: {named}",
                    advice="Write the packages into the form.",
                    field=lists.FIELD,
                )
            imported = frozenset(
                each.top
                for each in self._modules.reached(self._imports)
                if not self._modules.beside(each.top)
            )
            where = container(self._form.image, self._form.instance_type)
            place = lists.Place(self._root, self._root / folder, imported, where, platform.python_version())
            return _wanted(lists.read(named, place), named)
        except errors.SmextError as error:
            failed = Check(
                name="packages",
                status="will fail",
                message=error.message,
                advice=error.advice,
                field=error.field or lists.FIELD,
            )
            return Wanted(checks=[failed])

    def _add_from_above(self, files: FileSet, root: Path, limits: Limits) -> None:
        kernel, added = self._interpreter, []
        for _ in range(ROUNDS):
            missing = {
                each.top for each in self._from_elsewhere() if not (kernel and kernel.providing(each.name))
            }
            more = elsewhere.add_modules(files, missing, root, limits)
            if not more:
                break
            added += more
            self._modules = Modules(files)
        if added:
            message = f"From above the notebook's folder, because it is imported: {', '.join(added)}"
            self.checks.append(Check(name="files", status="ok", message=message, field="include_files"))

    def _say_what_stays(self, files: FileSet, root: Path) -> None:
        stays = elsewhere.named_but_not_sent(files, imports.texts_of(self._document), root)
        if stays:
            message = f"The notebook names what does not go along: {', '.join(stays[:SHOWN])}"
            advice = "Add it under Files if the run reads it."
            self.checks.append(
                Check(name="files", status="warning", message=message, advice=advice, field=elsewhere.FIELD)
            )


def _wanted(listed: lists.Listed, named: str) -> Wanted:
    asked = [lists.shown(line) for line in listed.lines if not line.startswith("-")]
    asked += [each.shown for each in listed.local]
    return Wanted(
        local=listed.local,
        listed=listed.lines,
        constraints=listed.constraints,
        shown=[Package(requirement=each, why="asked for", source=named) for each in asked],
        checks=listed.checks,
        index_checks=listed.index_checks,
    )


def _unseen(error: errors.SmextError | None) -> Check:
    return Check(
        name="packages",
        status="warning",
        message=error.message if error else "Could not see which packages the kernel has.",
        advice=error.advice if error else "",
        field="packages",
    )
