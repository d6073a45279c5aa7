"""Errors of cells, as their outputs say, which is not always what the kernel replies."""

from __future__ import annotations

import importlib
import re
import signal
from typing import Any, Mapping, NamedTuple

from .notebook import has_tag
from .text import first_line, plain

EXPECTED = "raises-exception"
_EVALUE_LIMIT = 300
_TAIL_LINES = 40
_ARROW = re.compile(r"^-+> \d+ +(.*)$", re.MULTILINE)


class Error(NamedTuple):
    """Error of a cell, as in an output of the notebook."""

    ename: str
    evalue: str

    @property
    def ends_well(self) -> bool:
        """True for sys.exit() and sys.exit(0): the notebook wanted to end here."""
        return self.ename == "SystemExit" and self.evalue in ("", "0", "None")

    def shortened(self) -> Error:
        """Return it without colours, and not longer than a reason may be."""
        # Cut before and after: escape codes of a huge text are not looked for to its end.
        return Error(self.ename or "Error", plain(self.evalue[: 10 * _EVALUE_LIMIT])[:_EVALUE_LIMIT])

    def line(self, traceback: list[str]) -> str:
        """Return it in one line; where it has no text of its own, with the code that failed."""
        text = first_line(self.evalue)
        if text:
            return f"{self.ename}: {text}"
        found = _ARROW.findall("\n".join(traceback))
        return f"{self.ename} ({found[-1].strip()})" if found else self.ename


def exit_asked(reply: Mapping[str, Any] | None) -> Error | None:
    """Return the SystemExit that exit() or quit() in a cell asked for; None if neither was called.

    A kernel keeps running for a while after it has replied, so nothing else ends the notebook there.
    """
    for payload in _content(reply).get("payload") or ():
        if payload.get("source") == "ask_exit":
            # IPython's exit() takes keep_kernel, and no code; exit(3) comes as keep_kernel=3.
            code = payload.get("keepkernel")
            return Error("SystemExit", "" if code is None or isinstance(code, bool) else str(code))
    return None


def raised(cell: Any, ename: str, evalue: str) -> Error:
    """Return the error of a cell whose kernel replied with this one; its outputs know better what it was."""
    shown = _errors(cell)
    # An object that cannot be displayed makes IPython reply with the type of no exception.
    if shown and (ename, evalue) not in shown:
        return shown[-1]
    if ename == "StdinNotImplementedError":
        return Error(
            ename,
            "the notebook asks for input, and nobody is there to answer. "
            "Give the value as a parameter or in the environment.",
        )
    return Error(ename, evalue)


def unsaid(cell: Any) -> Error | None:
    """Return the error that a cell shows although its kernel replied ok, as after %run and %%capture."""
    shown = [error for error in _errors(cell) if not error.ends_well]
    return None if not shown or has_tag(cell, EXPECTED) else shown[-1]


def death(code: int | None) -> Error:
    """Return what is known of a dead kernel, by the exit code of its process."""
    return Error("DeadKernel", _death(code))


def _death(code: int | None) -> str:
    if code == 0:
        return (
            "the kernel ended itself: its process exited with code 0, as os._exit(0) or exit() in a thread makes it. "
            "Remove that call."
        )
    if code is not None and code > 0:
        return f"the kernel's process ended with exit code {code}; a cell or a library ended it. The log has its last words."
    if code in (None, -signal.SIGKILL):
        return (
            "the kernel died, most likely out of memory. "
            "Choose an instance type with more memory, or work on less data at a time."
        )
    name = _signal_name(-(code or 0))
    if -(code or 0) in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGALRM):
        return f"the kernel was ended by {name}, which a cell or a program that it started has sent to it."
    return f"the kernel crashed with {name}. Look for a native library that fails."


def output(error: Error) -> Any:
    """Return an error output for the notebook where the kernel wrote none."""
    v4: Any = importlib.import_module("nbformat.v4")

    return v4.new_output("error", ename=error.ename, evalue=error.evalue, traceback=[": ".join(error)])


def traceback(cell: Any) -> list[str]:
    """Return the lines of the cell's last error; some errors are printed only."""
    printed: list[str] = []
    for each in reversed(cell.get("outputs", [])):
        if each.get("output_type") == "error":
            return plain("\n".join(each.get("traceback", []))).splitlines()
        if each.get("output_type") == "stream" and each.get("name") == "stderr":
            printed = printed or plain(each["text"]).splitlines()[-_TAIL_LINES:]
    return printed


def _errors(cell: Any) -> list[Error]:
    return [
        Error(each.get("ename", ""), each.get("evalue", ""))
        for each in cell.get("outputs", [])
        if each.get("output_type") == "error"
    ]


def _content(reply: Mapping[str, Any] | None) -> Mapping[str, Any]:
    return (reply or {}).get("content") or {}


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
