"""nbclient's client, with the kernel's messages passed on to the log as they come. Needs nbclient."""

from __future__ import annotations

import contextlib
import importlib
from typing import Any, Callable

from .console import Console
from .kernels import Kernel
from .streams import StreamMerger
from .text import shown

_STARTUP_SECONDS = 300
# nbclient drops what a cell printed if it does not come within this time of the cell's end.
_IOPUB_SECONDS = 60
# A notebook with more displays in one cell no longer opens well; the log has their texts.
MOST_DISPLAYS = 2000

# 23 is zmq's SNDHWM. The socket belongs to a thread, which is asked to do it.
_SEND_ALL = "(lambda thread: thread.schedule(lambda: thread.socket.setsockopt(23, 0)))(get_ipython().kernel.iopub_thread)"


def report(message: dict[str, Any], console: Console) -> None:
    """Show one message of the kernel in the log."""
    content = message["content"]
    kind = message["msg_type"]
    if kind == "stream":
        console.stream(content["name"], content["text"])
    elif kind in ("execute_result", "display_data"):
        console.block(shown(content.get("data", {})))
    elif kind == "error":
        console.traceback("\n".join(content.get("traceback") or [f"{content['ename']}: {content['evalue']}"]))
    elif kind == "clear_output":
        console.clear()


def make(
    notebook: Any,
    kernel: Kernel,
    console: Console,
    merger: StreamMerger,
    changed: Callable[[int | None], object],
) -> Any:
    """Return a NotebookClient for the notebook, tied to the log and the merger.

    It has the last cell's `reply`; `changed` is told which earlier cells got another output, None where that is not known.
    """
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient

    class Client(NotebookClient):
        reply: dict[str, Any] | None = None
        dropped = 0

        def process_message(self, msg: dict[str, Any], cell: Any, cell_index: int) -> Any:
            report(msg, console)
            display = (msg["content"].get("transient") or {}).get("display_id")
            places = getattr(self, "_display_id_map", None) if display else {}
            for place in (None,) if places is None else (cell_index, *places.get(display, ())):
                changed(place)
            return super().process_message(msg, cell, cell_index)

        def output(self, outs: list[Any], msg: dict[str, Any], display_id: Any, cell_index: int) -> Any:
            if self.output_hook_stack[msg["parent_header"].get("msg_id")]:
                return super().output(outs, msg, display_id, cell_index)
            if self.clear_before_next_output:
                merger.clear()
            elif msg["msg_type"] == "stream":
                joined = merger.take(outs, msg["content"]["name"], msg["content"]["text"])
                if joined is not None:
                    return joined
            elif msg["msg_type"] == "display_data" and len(outs) >= MOST_DISPLAYS:
                self.dropped += 1
                return None
            out = super().output(outs, msg, display_id, cell_index)
            if out is not None and out.get("output_type") == "stream":
                merger.begin(out)
            return out

        def clear_output(self, outs: list[Any], msg: dict[str, Any], cell_index: int) -> None:
            super().clear_output(outs, msg, cell_index)
            if not outs:
                merger.clear()

        def _check_raise_for_error(self, *given: Any) -> Any:
            # Its arguments differ between versions; the last one is the kernel's reply to the cell.
            self.reply = given[-1]
            return super()._check_raise_for_error(*given)

    return Client(
        notebook,
        kernel_name=kernel.name,
        extra_arguments=_arguments(kernel),
        kernel_manager_class=AsyncKernelManager,
        timeout=None,
        startup_timeout=_STARTUP_SECONDS,
        iopub_timeout=_IOPUB_SECONDS,
    )


def keep_all_messages(manager: Any) -> None:
    """Have the manager make clients whose message queues have no limit.

    zmq drops what is over a thousand of them: of 60,000 lines that are flushed one by one, nbclient loses half.
    """
    import zmq

    make_client = manager.client

    def client(**given: Any) -> Any:
        made = make_client(**given)
        with contextlib.suppress(Exception):
            made.context.setsockopt(zmq.RCVHWM, 0)
        return made

    manager.client = client


def send_all_messages(client: Any) -> None:
    """Remove the same limit from an ipykernel, without a trace in its history and names."""
    with contextlib.suppress(Exception):
        client.execute(_SEND_ALL, silent=True, store_history=False, allow_stdin=False)


def left_out(displays: int) -> Any:
    """Return an output that says how many displays are left out."""
    v4: Any = importlib.import_module("nbformat.v4")

    return v4.new_output("stream", name="stderr", text=f"... [{displays} more displays are not kept]\n")


def _arguments(kernel: Kernel) -> list[str]:
    if not kernel.python:
        return []
    # ipykernel warns of TCP on loopback in every log. nbclient keeps the history in memory for some names of kernels only.
    return ["--log-level=ERROR", "--HistoryManager.hist_file=:memory:"]
