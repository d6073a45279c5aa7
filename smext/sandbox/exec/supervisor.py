"""Supervisor of one job's command: nothing of it outlives the job or the sandbox.

A program of its own, standard library only: `python supervisor.py COMMAND...`. It reads words from its standard
input: `term` asks the job's processes to end, `kill` or the end of the input ends them at once. The input ends
when the sandbox ends, however that happens.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_SWEEPS = 50
_CANNOT_START = 127


def main(command: list[str]) -> int:
    """Run the command; return its exit code, 128 + n for one that ended by signal n."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _control(_PR_SET_CHILD_SUBREAPER, 1)
    try:
        job = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, start_new_session=True, preexec_fn=_die_with_us
        )
    except OSError as error:
        sys.stderr.write(f"Could not start the container's entry point: {error}\n")
        return _CANNOT_START
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: _signal_group(job.pid, signal.SIGKILL))
    threading.Thread(target=_obey, args=(job,), daemon=True).start()
    code = job.wait()
    _signal_group(job.pid, signal.SIGKILL)
    _sweep()
    return 128 - code if code < 0 else code


def _obey(job: subprocess.Popen[bytes]) -> None:
    for word in sys.stdin:
        if word.strip() == "term":
            _signal_group(job.pid, signal.SIGTERM)
        else:
            break
    _signal_group(job.pid, signal.SIGKILL)


def _signal_group(leader: int, number: int) -> None:
    with contextlib.suppress(OSError):
        os.killpg(leader, number)


def _die_with_us() -> None:
    """Have the kernel kill the job when the supervisor is killed; called in the job's process."""
    _control(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _control(option: int, value: int) -> None:
    """Call prctl, where there is one (Linux); elsewhere the process group alone must do."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def _sweep() -> None:
    """Kill all descendants, again until there are none: killing one gives us its children."""
    for _ in range(_SWEEPS):
        left = _children(os.getpid())
        if not left:
            return
        for pid in left:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
            with contextlib.suppress(OSError):
                os.waitpid(pid, 0)
        time.sleep(0)


def _children(parent: int) -> list[int]:
    found: list[int] = []
    if not os.path.isdir("/proc"):
        return found
    for name in os.listdir("/proc"):
        if name.isdigit() and _parent(name) == parent:
            found.append(int(name))
    return found


def _parent(pid: str) -> int | None:
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            return int(file.read().rpartition(")")[2].split()[1])
    except (OSError, ValueError, IndexError):
        return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
