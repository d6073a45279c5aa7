"""Session of a kernel: the notebook's cells, one after the other, until the end, an error, or SIGTERM."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
from pathlib import Path
from typing import Any, Callable

from . import cell_errors, notebook_client
from .cell_errors import Error
from .console import Console
from .failure import Failure
from .kernels import Kernel
from .notebook import has_tag, is_run
from .partial_notebook import Draft
from .process_output import ProcessOutput
from .progress import COMPLETED, DONE, FAILED, PENDING, STOPPED, Cell, Progress, RunError
from .stop import StopSignal
from .streams import StreamMerger
from .text import first_line
from .throttle import every

_SHUTDOWN_SECONDS = 10.0


class Session:
    """Execution of one notebook; `extra` is a cell of it that is not the user's and not counted.

    `save` writes the notebook after a preparation, if that is due or urgent, and tells whether it did.
    Afterwards the notebook holds the outputs, `traceback` the lines of the error, and `ending` which cell ended it early.
    """

    def __init__(
        self,
        notebook: Any,
        kernel: Kernel,
        progress: Progress,
        console: Console,
        stop: StopSignal,
        draft: Draft,
        save: Callable[[Callable[[], object], bool], bool],
        extra: Any | None = None,
    ) -> None:
        self._notebook = notebook
        self._kernel = kernel
        self._progress = progress
        self._console = console
        self._stop = stop
        self._draft = draft
        self._save = save
        self._fresh = self._ended = False
        self._extra = extra
        self._output = ProcessOutput(console)
        self._merger = StreamMerger()
        self._client = notebook_client.make(notebook, kernel, console, self._merger, self._changed)
        self.traceback: list[str] = []
        self.ending = ""

    def run(self, folder: Path, environment: dict[str, str]) -> str:
        """Start the kernel in the folder, run all cells, end the kernel; return the final status."""
        return asyncio.run(self._run(folder, environment))

    async def _run(self, folder: Path, environment: dict[str, str]) -> str:
        loop = asyncio.get_running_loop()
        asked = asyncio.Event()
        self._stop.notify = lambda: loop.call_soon_threadsafe(asked.set)
        self._stop.raises = False
        if self._stop.asked is not None:
            asked.set()
        work = asyncio.ensure_future(self._work(folder, environment, asked))
        heartbeat = asyncio.ensure_future(self._heartbeat())
        stop = asyncio.ensure_future(asked.wait())
        try:
            await asyncio.wait({work, stop}, return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                await self._interrupt(work)
            return self._outcome(work)
        finally:
            for task in (heartbeat, stop):
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
            notebook_client.keep_all_messages(client.km)
            # What C code prints at the end of a cell comes too late for its message, and last words come in no
            # message at all: the process's own output is read too.
            ends = self._output.open()
            await client.async_start_new_kernel(cwd=str(folder), env=environment, stdout=ends, stderr=ends)
            self._output.started()
            await client.async_start_new_kernel_client()
            if self._kernel.ipykernel:
                notebook_client.send_all_messages(client.kc)
            reply = await client.async_wait_for_reply(await _settled(client.kc.kernel_info()))
        except (RuntimeError, OSError, NoSuchKernel) as error:
            raise Failure(
                f"Could not start the kernel: {self._kernel.name} ({first_line(str(error))}). "
                "The log shows what it said; choose another kernel or image."
            ) from error
        if reply is not None:
            self._notebook.metadata["language_info"] = reply["content"].get("language_info", {})

    async def _run_cell(self, state: Cell | None, place: int, cell: Any, asked: asyncio.Event) -> str | None:
        """Run one cell; return the status if the run ends with it. The state is None for the extra one."""
        from nbclient.exceptions import CellExecutionError, DeadKernelError

        self._begin_cell(state, place, cell)
        status: str | None = None
        problem: Error | None = None
        asked_exit: Error | None = None
        client = self._client
        client.reply, client.dropped = None, 0
        try:
            await client.async_execute_cell(cell, place)
            asked_exit = cell_errors.exit_asked(client.reply)
            problem = asked_exit or cell_errors.unsaid(cell)
            if asked_exit is not None and not asked_exit.ends_well:
                cell.outputs.append(cell_errors.output(asked_exit))
        except CellExecutionError as error:
            problem = cell_errors.raised(cell, error.ename, error.evalue)
        except (DeadKernelError, asyncio.CancelledError):
            if not asked.is_set():
                problem = cell_errors.death(await self._exit_code())
                cell.outputs.append(cell_errors.output(problem))
            else:
                status = STOPPED
        finally:
            self._merger.clear()
            self._console.end_cell()
            if client.dropped:
                cell.outputs.append(notebook_client.left_out(client.dropped))
        if problem is not None and asked.is_set():
            status, problem = STOPPED, None
        elif problem is not None and problem.ends_well:
            status, problem = COMPLETED, None
            self._end_early(state, "SystemExit" if asked_exit is None else "exit()")
        self._end_cell(state, cell, status, problem)
        return FAILED if problem else status

    def _begin_cell(self, state: Cell | None, place: int, cell: Any) -> None:
        self._draft.current = place
        self._draft.forget(place)
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

    def _end_early(self, state: Cell | None, how: str) -> None:
        where = _where(state)
        left = 0 if state is None else len(self._progress.cells) - state.index
        rest = f"; the {left} after it did not run" if left > 1 else "; the one after it did not run"
        self.ending = f"{where} ended the notebook{rest if left else ''}"
        self._console.note(f"the notebook ended itself here ({how}): {self.ending}")

    def _end_cell(self, state: Cell | None, cell: Any, status: str | None, problem: Error | None) -> None:
        if problem is not None:
            error = problem.shortened()
            self._output.drain()
            self.traceback = cell_errors.traceback(cell)
            line = error.line(self.traceback)
            marked = _where(state) if state is None else f"cell {self._count(state)}"
            self._console.marker(f"{marked} failed {line}")
            index = state.index if state else None
            self._progress.fail(RunError(index, error.ename, error.evalue, f"{_where(state)}: {line}"))
        if state is not None:
            ended = FAILED if problem else PENDING if status == STOPPED else DONE
            self._progress.end(state, ended)
            if ended == DONE:
                self._console.marker(f"cell {self._count(state)} done {state.seconds:.1f}s")
        self._draft.current = None
        self._ended = True
        self._offer()

    def _changed(self, place: int | None) -> None:
        """Note that a cell got an output, mostly the one that runs."""
        self._fresh = True
        if place != self._draft.current:
            self._draft.forget(place)

    def _offer(self) -> None:
        """Have the notebook written if something in it is new."""
        if (self._fresh or self._ended) and self._save(self._prepare, self._ended):
            self._fresh = self._ended = False

    def _prepare(self) -> None:
        """Write the progress first: the notebook is not to be ahead of it."""
        self._merger.settle()
        self._progress.catch_up()

    def _count(self, state: Cell) -> str:
        return f"{state.index}/{len(self._progress.cells)}"

    async def _heartbeat(self) -> None:
        """Write what there is while a cell takes long."""
        seconds = every()
        while True:
            self._console.tick()
            self._console.release()
            self._progress.heartbeat()
            self._offer()
            await asyncio.sleep(seconds)

    async def _interrupt(self, work: asyncio.Future[str]) -> None:
        """Interrupt as Jupyter's stop button does; kill a kernel that does not react."""
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
    """Await the value where it is awaitable: versions of jupyter_client differ."""
    return await value if inspect.isawaitable(value) else value


def _where(state: Cell | None) -> str:
    return "the cell that sets the parameters" if state is None else f"cell {state.index}"
