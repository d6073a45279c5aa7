"""Run from the job's input directory to its outputs."""

from __future__ import annotations

import os
import shutil
import sys
import traceback
from pathlib import Path
from typing import Any, Callable, Iterator

from . import directory_access, kernels, outputs, packages, parameters, request, workspace
from . import notebook as notebook_file
from .console import Console
from .failure import Failure, Stopped, reason
from .kernels import Kernel
from .layout import Layout
from .live_files import Live, write_whole
from .partial_notebook import Draft
from .progress import COMPLETED, FAILED, RUNNING, STOPPED, Progress, RunError
from .session import Session
from .stop import StopSignal
from .text import clipped, first_line, tail
from .throttle import Throttle

NOTEBOOK = "notebook.ipynb"
EXIT_CODES = {COMPLETED: 0, FAILED: 1, STOPPED: 143}
# SageMaker cuts FailureReason and ExitMessage at 1,024 characters.
_MESSAGE_BYTES = 1000
_TOOLS = ("nbclient", "nbformat")


class NotebookRun:
    """One run: prepares, executes and finishes; it always leaves the notebook, the progress and a reason."""

    def __init__(self, layout: Layout, console: Console, stop: StopSignal) -> None:
        self._layout = layout
        self._console = console
        self._stop = stop
        self._live = Live(layout.live, console.note)
        self._progress = Progress(self._live)
        self._scratch: Path | None = None
        self._request: request.Request | None = None
        self._content: Any | None = None
        self._extra: Any | None = None
        self._tree: Path | None = None
        self._before: outputs.Snapshot = {}
        self._traceback: list[str] = []
        self._ending = ""
        self._draft = Draft()
        self._throttle = Throttle()

    def execute(self) -> str:
        """Run it all and leave everything in its place; return completed, failed or stopped."""
        try:
            self._scratch = directory_access.prepare(self._layout, self._console.note)
            status = self._main(self._scratch)
        except Failure as failure:
            status = self._failed(str(failure))
        except Stopped:
            status = STOPPED
        except Exception as error:
            # A fault of the runner's own: the job must end in order, and the log must show where.
            self._console.block(traceback.format_exc())
            status = self._failed(
                f"The runner itself failed: {type(error).__name__}: {first_line(str(error))}"
            )
        self._stop.raises = False
        status = self._finish(status)
        if self._scratch is not None:
            shutil.rmtree(self._scratch, ignore_errors=True)
        return status

    def _main(self, scratch: Path) -> str:
        asked = request.load(self._layout.inputs / "run.json")
        self._request = asked
        self._progress.job = asked.job
        self._progress.enter("reading the notebook")
        self._content = notebook_file.read(self._layout.inputs / NOTEBOOK)
        self._progress.cells = notebook_file.plan(self._content)
        self._progress.enter("unpacking the files")
        self._tree = workspace.make(
            scratch, self._layout.inputs, asked.notebook, self._console.note, asked.encryption
        )
        self._before = outputs.snapshot(self._tree)
        if not self._progress.cells:
            self._announce(asked)
            self._console.note("the notebook has no code: nothing to run")
            return COMPLETED
        return self._prepare_and_run(asked, scratch, self._tree)

    def _prepare_and_run(self, asked: request.Request, scratch: Path, tree: Path) -> str:
        wheels, told = self._layout.inputs / "wheels", self._layout.inputs / "wheels.json"
        if told.exists():
            packages.check(wheels, told)
        installer = packages.Installer(scratch, wheels, self._console.note)
        self._progress.enter("installing what the image lacks")
        tools = _TOOLS if asked.language not in (None, "python") else (*_TOOLS, "ipykernel")
        installer.install(sys.executable, packages.missing(tools))
        kernel = self._choose_kernel(asked, scratch, installer)
        self._install(asked, installer, kernel.python or sys.executable, tree / asked.notebook.parent)
        notebook = self._build_notebook(asked, kernel)
        environment = self._environment(asked, scratch, kernel, installer)
        environment = _with_path(environment, [str(tree / path) for path in asked.paths])
        self._announce(asked)
        session = Session(
            notebook, kernel, self._progress, self._console, self._stop, self._draft, self._save, self._extra
        )
        self._progress.enter("starting the kernel", RUNNING)
        self._write_draft(RUNNING)
        try:
            return session.run(tree / asked.notebook.parent, environment)
        finally:
            self._traceback, self._ending = session.traceback, session.ending

    def _install(
        self, asked: request.Request, installer: packages.Installer, python: str, folder: Path
    ) -> None:
        """Install what the notebook needs, in one go, so that pip sees all of it: pinned, listed, and sent along."""
        listed = self._layout.inputs / "requirements.txt"
        sent = packages.sent(self._layout.inputs / "packages", asked.extras)
        if not (asked.packages or asked.packages_if_missing or sent or listed.exists()):
            return
        self._progress.enter("installing packages")
        wanted = [*asked.packages, *installer.absent(python, asked.packages_if_missing), *sent]
        if listed.exists() and packages.has_hashes(listed):
            # With hashes pip takes nothing that has none.
            installer.install(python, [], listed, folder)
            installer.install(python, wanted)
        else:
            installer.install(python, wanted, listed if listed.exists() else None, folder)

    def _choose_kernel(self, asked: request.Request, scratch: Path, installer: packages.Installer) -> Kernel:
        self._progress.enter("choosing the kernel")
        home = scratch / "jupyter"
        kernels.write_own(home)
        path = [str(home), os.environ.get("JUPYTER_PATH", "")]
        os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, path))
        os.environ["JUPYTER_RUNTIME_DIR"] = str(home / "runtime")
        specs = kernels.installed(_with_path(dict(os.environ), installer.path(sys.executable)))
        kernel = kernels.choose(asked.kernel, asked.language, specs)
        if kernel.note:
            self._console.note(kernel.note)
        if kernel.name == kernels.OWN:
            installer.install(sys.executable, packages.missing(["ipykernel"]))
        return kernel

    def _build_notebook(self, asked: request.Request, kernel: Kernel) -> Any:
        notebook = notebook_file.upgrade(self._content or {})
        minor = notebook.nbformat_minor
        notebook.cells, self._extra = parameters.inject(
            notebook.cells,
            asked.parameters,
            kernel.language,
            lambda code: notebook_file.code_cell(code, minor),
        )
        self._progress.cells = notebook_file.plan(notebook, self._extra)
        self._content = notebook
        return notebook

    def _environment(
        self, asked: request.Request, scratch: Path, kernel: Kernel, installer: packages.Installer
    ) -> dict[str, str]:
        environment = {**os.environ, **self._layout.environment(asked.job)}
        home = Path(environment.get("HOME") or "/")
        if not os.access(home, os.W_OK):
            # IPython, Matplotlib and others keep things there, and complain if they cannot.
            (scratch / "home").mkdir(exist_ok=True)
            environment["HOME"] = str(scratch / "home")
        return _with_path(environment, installer.path(kernel.python or sys.executable))

    def _announce(self, asked: request.Request) -> None:
        self._console.marker(f"run {asked.job} notebook={asked.notebook} cells={len(self._progress.cells)}")

    def _failed(self, what: str) -> str:
        self._progress.fail(RunError(None, "Failure", what, what))
        self._console.marker("failed: " + what)
        return FAILED

    def _save(self, prepare: Callable[[], object], urgent: bool) -> bool:
        """Write the notebook as it is now, if that is due; return True if it is written."""
        due = self._throttle.due(urgent)
        if due:
            self._throttle.run(lambda: self._write_draft(self._progress.status, prepare))
        return due

    def _write_draft(self, status: str, prepare: Callable[[], object] = lambda: None) -> None:
        prepare()
        content = self._stamped(status)
        if content is not None:
            self._live.write(NOTEBOOK, content)

    def _stamped(self, status: str) -> Iterator[bytes] | None:
        if self._content is None:
            return None
        metadata = self._content.setdefault("metadata", {})
        own = metadata.get("smext")
        # The notebook's own launch settings stay with it.
        kept = own if isinstance(own, dict) else {}
        metadata["smext"] = {**kept, "job": self._progress.job, "status": status}
        return self._draft.parts(self._content)

    def _finish(self, status: str) -> str:
        self._progress.enter("saving the outputs")
        status = self._save_results(status)
        self._collect()
        self._write_draft(status)
        self._write_messages(status)
        self._progress.finish(status)
        if status != FAILED:
            self._console.marker("done" if status == COMPLETED else STOPPED)
        return status

    def _save_results(self, status: str) -> str:
        """Write the results; without the notebook the run has failed. Return the status."""
        content = self._stamped(status)
        if content is None:
            return status
        path = self._layout.results / NOTEBOOK
        try:
            write_whole(path, content)
        except OSError as error:
            what = f"Could not save the notebook that ran: {path} ({reason(error)}). Give the job a larger volume."
            if status == FAILED:
                self._console.note(what)
                return status
            return self._failed(what)
        return status

    def _collect(self) -> None:
        if self._tree is None or self._request is None:
            return
        result = outputs.collect(
            self._tree,
            self._before,
            self._layout.results / "files",
            self._request.outputs_limit,
            self._stop.deadline,
        )
        for line in outputs.summary(result.left_out):
            self._console.note(line)

    def _write_messages(self, status: str) -> None:
        """Write the texts for SageMaker's FailureReason and ExitMessage."""
        folder = self._layout.messages
        content = self._message(status).encode("utf-8", "replace")
        for name in ("message",) if status != FAILED else ("message", "failure"):
            try:
                write_whole(folder / name, content)
            except OSError as error:
                self._console.note(f"could not write {folder / name} ({reason(error)})")

    def _message(self, status: str) -> str:
        progress = self._progress
        if status == FAILED and progress.error is not None:
            summary = clipped(progress.error.summary, _MESSAGE_BYTES)
            room = _MESSAGE_BYTES - len(summary.encode("utf-8", "replace")) - 1
            return "\n".join([summary, *tail(self._traceback, room)])
        done = sum(cell.status == "done" for cell in progress.cells)
        ending = f"; {self._ending}" if self._ending else ""
        return f"{status}: {done} of {len(progress.cells)} cells done{ending}"


def _with_path(environment: dict[str, str], folders: list[str]) -> dict[str, str]:
    """Return the environment with the folders at the head of PYTHONPATH."""
    if folders:
        before = environment.get("PYTHONPATH")
        environment["PYTHONPATH"] = os.pathsep.join([*folders, before] if before else folders)
    return environment
