"""The notebook's cells, run one after the other in a kernel, until the end, an error, or SIGTERM."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import inspect
import os
import signal
from pathlib import Path
from typing import Any, Callable

from . import client as notebook_client
from .console import Console
from .failure import Failure
from .kernels import Kernel
from .notebook import has_tag, is_run
from .process_output import ProcessOutput
from .progress import COMPLETED, DONE, FAILED, PENDING, STOPPED, Cell, Problem, Progress
from .stop import StopSignal
from .streams import StreamMerger
from .text import first_line, plain

LIVE_SECONDS = 5.0
_SHUTDOWN_SECONDS = 10.0
_EVALUE_LIMIT = 300


class Session:
    """One run of a notebook; `extra` is a cell of it that is not the user's and not counted.

    Afterwards the notebook holds the outputs, and `traceback` the lines of the error.
    """

    def __init__(
        self,
        notebook: Any,
        kernel: Kernel,
        progress: Progress,
        console: Console,
        stop: StopSignal,
        save: Callable[[], None],
        extra: Any | None = None,
    ) -> None:
        self._notebook = notebook
        self._kernel = kernel
        self._progress = progress
        self._console = console
        self._stop = stop
        self._save = save
        self._extra = extra
        self._output = ProcessOutput(console)
        self._merger = StreamMerger()
        self._client = notebook_client.make(notebook, kernel, console, self._merger)
        self.traceback: list[str] = []

    def run(self, folder: Path, environment: dict[str, str]) -> str:
        """Start the kernel in the folder, run all cells, end the kernel; the status at the end."""
        return asyncio.run(self._run(folder, environment))

    async def _run(self, folder: Path, environment: dict[str, str]) -> str:
        loop = asyncio.get_running_loop()
        asked = asyncio.Event()
        self._stop.notify = lambda: loop.call_soon_threadsafe(asked.set)
        self._stop.raises = False
        if self._stop.asked is not None:
            asked.set()
        work = asyncio.ensure_future(self._work(folder, environment, asked))
        beat = asyncio.ensure_future(self._beat())
        stop = asyncio.ensure_future(asked.wait())
        try:
            await asyncio.wait({work, stop}, return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                await self._interrupt(work)
            return self._outcome(work)
        finally:
            for task in (beat, stop):
                task.cancel()
            await self._end_kernel()
            self._output.close()
            self._stop.notify = None

    async def _work(self, folder: Path, environment: dict[str, str], asked: asyncio.Event) -> str:
        await self._start_kernel(folder, environment)
        states = iter(self._progress.cells)
        for place, cell in enumerate(self._notebook.cells):
            if not is_run(cell):
                continue
            if asked.is_set():
                return STOPPED
            state = None if cell is self._extra else next(states)
            status = await self._run_cell(state, place, cell, asked)
            if status is not None:
                return status
        with contextlib.suppress(Exception):
            self._client.set_widgets_metadata()
        return COMPLETED

    async def _start_kernel(self, folder: Path, environment: dict[str, str]) -> None:
        from jupyter_client.kernelspec import NoSuchKernel

        client = self._client
        try:
            client.create_kernel_manager()
            # What C code prints at the end of a cell comes too late for its message, and last words come in no
            # message at all: the process's own output is read too.
            ends = self._output.open()
            await client.async_start_new_kernel(cwd=str(folder), env=environment, stdout=ends, stderr=ends)
            self._output.started()
            await client.async_start_new_kernel_client()
            reply = await client.async_wait_for_reply(await _settled(client.kc.kernel_info()))
        except (RuntimeError, OSError, NoSuchKernel) as error:
            raise Failure(
                f"Could not start the kernel: {self._kernel.name} ({first_line(str(error))}). "
                "The log shows what it said; choose another kernel or image."
            ) from error
        if reply is not None:
            self._notebook.metadata["language_info"] = reply["content"].get("language_info", {})

    async def _run_cell(self, state: Cell | None, place: int, cell: Any, asked: asyncio.Event) -> str | None:
        """The status if the run ends with this cell; the state is None for the extra one."""
        from nbclient.exceptions import CellExecutionError, DeadKernelError

        self._begin_cell(state, cell)
        status: str | None = None
        problem: tuple[str, str] | None = None
        try:
            await self._client.async_execute_cell(cell, place)
        except CellExecutionError as error:
            if asked.is_set():
                status = STOPPED
            elif _is_exit(error.ename, error.evalue):
                self._console.note("the notebook ended itself here (SystemExit)")
                status = COMPLETED
            else:
                problem = error.ename, _explained(error.ename, error.evalue)
        except (DeadKernelError, asyncio.CancelledError):
            status = STOPPED if asked.is_set() else None
            if not asked.is_set():
                problem = "DeadKernel", await self._death()
                cell.outputs.append(_error_output(*problem))
        finally:
            self._merger.settle()
            self._console.end_cell()
        self._end_cell(state, cell, status, problem)
        return FAILED if problem else status

    def _begin_cell(self, state: Cell | None, cell: Any) -> None:
        if state is None:
            self._console.note("setting the parameters")
            self._progress.enter("setting the parameters")
            return
        self._console.marker(f"cell {self._count(state)} start {state.label}")
        if has_tag(cell, self._client.skip_cells_with_tag):
            self._console.note(
                f"cell {state.index} has the tag {self._client.skip_cells_with_tag}: it is not run"
            )
        self._progress.start(state)

    def _end_cell(
        self, state: Cell | None, cell: Any, status: str | None, problem: tuple[str, str] | None
    ) -> None:
        where = "the cell that sets the parameters" if state is None else f"cell {state.index}"
        if problem is not None:
            ename, evalue = problem[0], plain(problem[1])[:_EVALUE_LIMIT]
            self._output.drain()
            marked = where if state is None else f"cell {self._count(state)}"
            self._console.marker(f"{marked} failed {ename}: {first_line(evalue)}")
            self.traceback = _traceback(cell)
            summary = f"{where}: {ename}: {first_line(evalue)}"
            self._progress.fail(Problem(state.index if state else None, ename, evalue, summary))
        if state is not None:
            ended = FAILED if problem else PENDING if status == STOPPED else DONE
            self._progress.end(state, ended)
            if ended == DONE:
                self._console.marker(f"cell {self._count(state)} done {state.seconds:.1f}s")
        self._save()

    def _count(self, state: Cell) -> str:
        return f"{state.index}/{len(self._progress.cells)}"

    async def _beat(self) -> None:
        """Write what there is while a cell takes long."""
        every = float(os.environ.get("SMEXT_LIVE_SECONDS") or LIVE_SECONDS)
        while True:
            self._console.tick()
            self._console.release()
            self._progress.beat()
            if self._progress.current is not None:
                self._merger.settle()
                self._save()
            await asyncio.sleep(every)

    async def _interrupt(self, work: asyncio.Future[str]) -> None:
        """As Jupyter's stop button does; a kernel that does not heed it is ended."""
        manager = self._client.km
        if manager is not None and self._client.kc is not None:
            with contextlib.suppress(Exception):
                await _settled(manager.interrupt_kernel())
            await asyncio.wait({work}, timeout=self._stop.grace)
        if not work.done():
            self._console.note("the kernel did not heed the interrupt; ending it")
            with contextlib.suppress(Exception):
                await _settled(manager.shutdown_kernel(now=True))
            await asyncio.wait({work}, timeout=3)
        if not work.done():
            work.cancel()
            await asyncio.wait({work}, timeout=3)

    def _outcome(self, work: asyncio.Future[str]) -> str:
        if self._stop.asked is not None and (
            not work.done() or work.cancelled() or work.exception() is not None
        ):
            return STOPPED
        return work.result()

    async def _death(self) -> str:
        """What is known of a kernel that is gone."""
        code = await self._exit_code()
        if code == 0:
            return "the kernel ended itself; a cell called exit() or quit(). Remove that call."
        if code is not None and code < 0 and -code != signal.SIGKILL:
            return (
                f"the kernel crashed with {signal.Signals(-code).name}. Look for a native library that fails."
            )
        if code is not None and code > 0:
            return f"the kernel's process ended with exit code {code}; a cell or a library ended it. The log has its last words."
        return (
            "the kernel died, most likely out of memory. "
            "Choose an instance type with more memory, or work on less data at a time."
        )

    async def _exit_code(self) -> int | None:
        with contextlib.suppress(Exception):
            process = getattr(self._client.km, "provisioner", None) or self._client.km.kernel
            code = await _settled(process.poll())
            return code if isinstance(code, int) else None
        return None

    async def _end_kernel(self) -> None:
        """Let the kernel run its exit handlers, for a while."""
        client = self._client
        manager = client.km
        if manager is None:
            return
        with contextlib.suppress(Exception):
            alive = await _settled(manager.is_alive())
            manager.shutdown_wait_time = min(_SHUTDOWN_SECONDS, self._stop.grace)
            if alive:
                await asyncio.wait_for(_settled(manager.shutdown_kernel(now=False)), 3 * _SHUTDOWN_SECONDS)
        with contextlib.suppress(Exception):
            if client.kc is not None:
                await _settled(client.kc.stop_channels())
            await _settled(manager.cleanup_resources())


async def _settled(value: Any) -> Any:
    """Some versions of jupyter_client answer at once, others with something to wait for."""
    return await value if inspect.isawaitable(value) else value


def _is_exit(ename: str, evalue: str) -> bool:
    """sys.exit() and sys.exit(0): the notebook wanted to end here, and well."""
    return ename == "SystemExit" and evalue in ("", "0", "None")


def _explained(ename: str, evalue: str) -> str:
    """What the kernel says of a front end means something else to who reads it."""
    if ename == "StdinNotImplementedError":
        return (
            "the notebook asks for input, and nobody is there to answer. "
            "Give the value as a parameter or in the environment."
        )
    return evalue


def _error_output(ename: str, evalue: str) -> Any:
    """For the reader of the notebook: a kernel that is gone wrote no error itself."""
    v4: Any = importlib.import_module("nbformat.v4")

    return v4.new_output("error", ename=ename, evalue=evalue, traceback=[f"{ename}: {evalue}"])


def _traceback(cell: Any) -> list[str]:
    for output in reversed(cell.get("outputs", [])):
        if output.get("output_type") == "error":
            return plain("\n".join(output.get("traceback", []))).splitlines()
    return []
