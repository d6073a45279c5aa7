"""What a notebook needs beside itself, out of the form, its folder and its kernel: files and packages."""

from __future__ import annotations

import platform
from pathlib import Path, PurePosixPath

from packaging.utils import canonicalize_name

from .. import errors
from ..api import Check, LaunchForm, NotebookDocument, Package
from ..aws.concurrent import Answer
from .files import missing, outside_folder
from .files.missing import RunFiles
from .files.selection import FileSet, scan
from .limits import Limits
from .notebook import analysis, content
from .notebook.reading.events import UNKNOWN
from .packages import imports, lists, sagemaker_sdk
from .packages.container import container
from .packages.image_packages import shipped
from .packages.imports import Import
from .packages.install_list import InstallList, compared, found, given
from .packages.interpreter import Interpreter
from .packages.modules import Modules

ROUNDS = 5
"""How far imports are followed from module to module above the folder."""
SHOWN = 20


def reads_kernel(document: NotebookDocument, form: LaunchForm) -> bool:
    """Whether the kernel's interpreter is to be asked."""
    here = not analysis.is_remote(content.kernel(document))
    python = here and content.language(document) in (None, "python")
    return python and bool(content.kernel(document)) and form.packages is None and not form.requirements


def files(
    document: NotebookDocument, form: LaunchForm, root: Path | None, limits: Limits
) -> tuple[FileSet | None, list[Check]]:
    """Find what the form sends along; None where the notebook has no folder on this machine, or nobody wants any."""
    path = PurePosixPath(content.contents_path(document))
    folder = root / path.parent if root else None
    if root is None or folder is None or not path.name or not folder.is_dir():
        return None, []
    if not form.include_files and not form.files:
        return None, []
    found = scan(folder, path.name, limits) if form.include_files else FileSet(folder)
    return found, outside_folder.add_named(found, form.files, path.name, root, limits)


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
        path = PurePosixPath(content.contents_path(document))
        folder = root / path.parent if root and path.name and (root / path.parent).is_dir() else None
        self._story = analysis.read(document, form.parameters, folder, root)
        self._imports = imports.of_events(self._story.events)
        self._modules = Modules(files)
        if files is not None and root is not None and form.include_files:
            self._add_from_above(files, root, limits)
        self._say_what_stays(RunFiles(files, folder, root, path.name))
        self._say_what_was_not_read()

    @property
    def _interpreter(self) -> Interpreter | None:
        value = self._kernel.value if self._kernel else None
        return value if isinstance(value, Interpreter) else None

    def packages(self) -> InstallList:
        """Find the form's packages, or else the kernel's; what cannot be found is a check."""
        wanted, image = self._asked_or_found(), shipped(self._form.image)
        installs = [each for each in self._story.events if each.kind == "install"]
        if image and UNKNOWN not in {each.value for each in installs}:
            asked = [*wanted.always, *map(lists.shown, wanted.listed or ())]
            asked += [f"{each.name} @ file:///{each.path}" for each in wanted.local]
            asked += [each.text or each.value for each in installs]
            wanted.checks += sagemaker_sdk.check(self._from_elsewhere(), image, asked)
        return wanted

    def _asked_or_found(self) -> InstallList:
        form, kernel = self._form, self._interpreter
        if form.packages is not None:
            return given(form.packages)
        if form.requirements:
            return self._listed(form.requirements.strip())
        image, installs = shipped(form.image), self._installs()
        if kernel:
            unknown = installs is None or self._brings_modules()
            return found(self._from_elsewhere(), kernel, image, installs or frozenset(), complete=not unknown)
        wanted = InstallList()
        if image and installs is not None:
            wanted = compared(self._from_elsewhere(), image, installs, complete=not self._brings_modules())
        if self._kernel:
            wanted.checks.append(_unseen(self._kernel.error, image.image if image else ""))
        return wanted

    def _installs(self) -> frozenset[str] | None:
        """Return what the notebook itself installs; None where not all of that can be told."""
        names = {each.value for each in self._story.events if each.kind == "install"}
        if UNKNOWN in names:
            return None
        return frozenset(str(canonicalize_name(name)) for name in names)

    def _brings_modules(self) -> bool:
        """Whether it clones a repository, whose modules may be what it imports."""
        return any(each.kind == "clone" for each in self._story.events)

    def _from_elsewhere(self) -> list[Import]:
        """List what is imported and does not go along, or only as files that nothing on the path leads to."""
        return [each for each in self._modules.reached(self._imports) if not self._goes_along(each)]

    def _goes_along(self, each: Import) -> bool:
        if each.top not in self._modules:
            return False
        kernel = self._interpreter
        # An editable package below the notebook's folder, in a src or elsewhere: its files alone are not importable.
        own = kernel.providing(each.name) if kernel and not self._modules.beside(each.top) else ()
        return not any(provider.folder for provider in own)

    def _listed(self, named: str) -> InstallList:
        """Return what a list of the user's asks for."""
        folder = PurePosixPath(content.contents_path(self._document)).parent
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
            place = lists.ListContext(
                self._root, self._root / folder, imported, where, platform.python_version()
            )
            return _wanted(lists.read(named, place), named)
        except errors.SmextError as error:
            failed = Check(
                name="packages",
                status="will fail",
                message=error.message,
                advice=error.advice,
                field=error.field or lists.FIELD,
            )
            return InstallList(checks=[failed])

    def _add_from_above(self, files: FileSet, root: Path, limits: Limits) -> None:
        kernel, added = self._interpreter, []
        for _ in range(ROUNDS):
            missing = {
                each.top for each in self._from_elsewhere() if not (kernel and kernel.providing(each.name))
            }
            more = outside_folder.add_modules(files, missing, root, limits)
            if not more:
                break
            added += more
            self._modules = Modules(files)
        if added:
            message = f"From above the notebook's folder, because it is imported: {', '.join(added)}"
            self.checks.append(Check(name="files", status="ok", message=message, field="include_files"))

    def _say_what_stays(self, place: RunFiles) -> None:
        found = missing.find(self._story.events, place)
        gone = [each.path for each in found if each.why == missing.NOT_THERE]
        stays = [each for each in found if each.why != missing.NOT_THERE]
        if gone:
            message = f"The notebook reads what is not there, and does not make it before: {_some(gone)}"
            advice = "Correct the name, or make or download it in the notebook before it is read."
            self._warn("missing files", message, advice)
        if stays:
            message = f"The notebook names what does not go along: {_some(list(map(str, stays)))}"
            advice = "Add it under Files if the run reads it, or read it from S3."
            if any(each.why == missing.ABSOLUTE for each in stays):
                advice = "Name it from the notebook's folder and add it under Files, or read it from S3."
            self._warn("files", message, advice)

    def _warn(self, name: str, message: str, advice: str) -> None:
        self.checks.append(
            Check(name=name, status="warning", message=message, advice=advice, field=outside_folder.FIELD)
        )

    def _say_what_was_not_read(self) -> None:
        story = self._story
        unseen = list(dict.fromkeys(each.value for each in story.events if each.kind == "unseen"))
        if unseen:
            shown = "; ".join(unseen[:SHOWN])
            self._cannot_tell(f"What is run here was not looked into: {shown}")
        if story.large:
            cells = ", ".join(map(str, story.large[:SHOWN]))
            self._cannot_tell(
                f"Too large to be looked into, but for imports at the start of a line: code cell {cells}"
            )
        if story.unread:
            self._cannot_tell(
                f"Too much code to be looked into: of the last {story.unread} cells only imports were read"
            )

    def _cannot_tell(self, message: str) -> None:
        advice = "Write packages that it needs under Packages, and files under Files."
        self.checks.append(
            Check(name="packages", status="cannot tell", message=message, advice=advice, field="packages")
        )


def _some(texts: list[str]) -> str:
    more = f" and {len(texts) - SHOWN} more" if len(texts) > SHOWN else ""
    return ", ".join(texts[:SHOWN]) + more


def _wanted(listed: lists.PackageList, named: str) -> InstallList:
    asked = [lists.shown(line) for line in listed.lines if not line.startswith("-")]
    asked += [each.shown for each in listed.local]
    return InstallList(
        local=listed.local,
        listed=listed.lines,
        constraints=listed.constraints,
        shown=[Package(requirement=each, why="asked for", source=named) for each in asked],
        checks=listed.checks,
        index_checks=listed.index_checks,
    )


def _unseen(error: errors.SmextError | None, image: str) -> Check:
    instead = f"Imports were compared with what {image} ships." if image else ""
    return Check(
        name="packages",
        status="warning",
        message=error.message if error else "Could not see which packages the kernel has.",
        advice=instead or (error.advice if error else ""),
        field="packages",
    )
