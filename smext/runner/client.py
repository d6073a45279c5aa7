"""nbclient's client, with what it hears passed on to the log as it comes. Needs nbclient."""

from __future__ import annotations

from typing import Any

from .console import Console
from .kernels import Kernel
from .streams import StreamMerger
from .text import shown

_STARTUP_SECONDS = 300
# nbclient drops what a cell printed if it does not come within this time of the cell's end.
_IOPUB_SECONDS = 60


def report(message: dict[str, Any], console: Console) -> None:
    """Show one message of the kernel in the log."""
    content = message["content"]
    kind = message["msg_type"]
    if kind == "stream":
        console.stream(content["name"], content["text"])
    elif kind in ("execute_result", "display_data"):
        console.block(shown(content.get("data", {})))
    elif kind == "error":
        console.block("\n".join(content.get("traceback") or [f"{content['ename']}: {content['evalue']}"]))
    elif kind == "clear_output":
        console.clear()


def make(notebook: Any, kernel: Kernel, console: Console, merger: StreamMerger) -> Any:
    """A NotebookClient for the notebook; tied to the log and the merger."""
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient

    class Client(NotebookClient):
        def process_message(self, msg: dict[str, Any], cell: Any, cell_index: int) -> Any:
            report(msg, console)
            return super().process_message(msg, cell, cell_index)

        def output(self, outs: list[Any], msg: dict[str, Any], display_id: Any, cell_index: int) -> Any:
            plain = msg["msg_type"] == "stream" and not self.clear_before_next_output
            hooked = self.output_hook_stack[msg["parent_header"].get("msg_id")]
            if plain and not hooked and merger.take(outs, msg["content"]["name"], msg["content"]["text"]):
                return outs[-1]
            out = super().output(outs, msg, display_id, cell_index)
            if out is not None and out.get("output_type") == "stream":
                merger.begin(out)
            return out

    return Client(
        notebook,
        kernel_name=kernel.name,
        # ipykernel warns of TCP on loopback in every log.
        extra_arguments=["--log-level=ERROR"] if kernel.python else [],
        kernel_manager_class=AsyncKernelManager,
        timeout=None,
        startup_timeout=_STARTUP_SECONDS,
        iopub_timeout=_IOPUB_SECONDS,
    )
