"""Which SageMaker SDK the notebook's kernel has, by asking its interpreter: never by running code in the kernel."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from ...api import NotebookDocument, SdkVersion
from .. import notebook

SECONDS = 10.0
KEPT = 60.0
"""Seconds that an answer holds: an SDK may be installed meanwhile."""
# The name of the import package tells nothing: both versions have it.
_ASK = "from importlib.metadata import version; print(version('sagemaker'))"
_answers: dict[str, tuple[float, SdkVersion | None]] = {}


def kernel_sdk(document: NotebookDocument) -> SdkVersion | None:
    """None where the kernel has none, or where it is not known. Never raises."""
    name, language = notebook.kernel(document), notebook.language(document)
    if language not in (None, "python"):
        return None
    python = _python(name or "python3")
    if python is None:
        return None
    asked, answer = _answers.get(python, (-KEPT, None))
    if time.monotonic() - asked > KEPT:
        answer = _ask(python)
        _answers[python] = time.monotonic(), answer
    return answer


def _python(kernel: str) -> str | None:
    """The interpreter that a kernelspec starts."""
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        spec = KernelSpecManager().get_kernel_spec(kernel)
    except (NoSuchKernel, OSError, ValueError):
        return None
    command = spec.argv[0] if spec.argv else ""
    if not Path(command).name.startswith("python"):
        return None
    # A bare `python` is the server's own, as jupyter_client starts it.
    return sys.executable if os.sep not in command else shutil.which(command)


def _ask(python: str) -> SdkVersion | None:
    try:
        ran = subprocess.run(
            [python, "-c", _ASK], cwd=os.sep, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    major = ran.stdout.strip().split(".")[0]
    if ran.returncode or not major.isdigit():
        return None
    return "2" if int(major) < 3 else "3"
