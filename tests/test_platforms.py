"""What only POSIX has is neither imported nor called by the product, but for the sandbox and the runner."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "smext"
#: The sandbox says that it needs Linux or macOS; the runner runs in the job.
ELSEWHERE = ("sandbox", "runner", "labextension")
MODULES = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"}
NAMES = {
    "os": {"chown", "chroot", "ctermid", "fchmod", "fchown", "fork", "forkpty", "getegid", "geteuid", "getgid", "getgroups", "getloadavg", "getpgid", "getpgrp", "getpriority", "getsid", "getuid", "initgroups", "killpg", "lchown", "mkfifo", "mknod", "nice", "openpty", "posix_spawn", "pread", "pwrite", "sched_getaffinity", "sendfile", "setegid", "seteuid", "setgid", "setpgid", "setpriority", "setsid", "setuid", "statvfs", "sync", "sysconf", "uname", "wait", "wait3", "wait4", "waitid", "O_CLOEXEC", "O_DIRECTORY", "O_NOCTTY", "O_NOFOLLOW", "O_NONBLOCK", "O_SYNC", "WNOHANG"},
    "signal": {"SIGALRM", "SIGCHLD", "SIGCONT", "SIGHUP", "SIGKILL", "SIGPIPE", "SIGQUIT", "SIGSTOP", "SIGTSTP", "SIGUSR1", "SIGUSR2", "alarm", "pause", "setitimer", "sigwait", "pthread_kill", "pthread_sigmask"},
    "time": {"tzset"},
    "socket": {"AF_UNIX", "socketpair"},
}  # fmt: skip
#: The job's own folder of that name, not this machine's.
ABOUT_JOBS = {"launch/files/missing.py"}


def sources() -> list[Path]:
    return [
        file for file in sorted(PACKAGE.rglob("*.py")) if file.relative_to(PACKAGE).parts[0] not in ELSEWHERE
    ]


def guarded(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    """Whether it is asked first if there is such a thing, or what is missing is caught."""
    while node in parents:
        above = parents[node]
        if isinstance(above, (ast.If, ast.IfExp)) and any(
            sign in ast.unparse(above.test) for sign in ("os.name", "hasattr(", "sys.platform")
        ):
            return True
        if isinstance(above, ast.Try) and any(
            "ImportError" in ast.unparse(handler.type or ast.Name("")) for handler in above.handlers
        ):
            return True
        node = above
    return False


def of_posix_alone(text: str, about_jobs: bool = False) -> Iterator[str]:
    tree = ast.parse(text)
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names if alias.name in MODULES]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module] if node.module in MODULES else []
            names += [alias.name for alias in node.names if alias.name in NAMES.get(node.module or "", ())]
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            names = [ast.unparse(node)] if node.attr in NAMES.get(node.value.id, ()) else []
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and not about_jobs:
            names = [node.value] if node.value == "/tmp" or node.value.startswith("/tmp/") else []
        if names and not guarded(node, parents):
            yield from names


@pytest.mark.parametrize("file", sources(), ids=lambda file: file.relative_to(PACKAGE).as_posix())
def test_the_product_uses_nothing_that_only_posix_has(file: Path) -> None:
    about_jobs = file.relative_to(PACKAGE).as_posix() in ABOUT_JOBS
    assert list(of_posix_alone(file.read_text(encoding="utf-8"), about_jobs)) == []


def test_what_only_posix_has_is_found() -> None:
    text = """
import fcntl
from os import fork
import os, signal
os.kill(1, signal.SIGKILL)
os.geteuid()
open("/tmp/x")
if hasattr(os, "getuid"):
    os.getuid()
try:
    import pwd
except ImportError:
    pass
"""
    assert set(of_posix_alone(text)) == {"fcntl", "fork", "signal.SIGKILL", "os.geteuid", "/tmp/x"}
