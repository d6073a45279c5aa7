"""The whole cell: what runs in the container, what goes there, and the job."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

from ...api import Code, CodeRequest
from ...aws import Account
from ..limits import Limits
from ..plan import draft
from . import processing, training
from .interpreter import kernel_sdk
from .job import Job, job_of
from .text import literal

# An f-string of the cell. Its folder is copied, as what SageMaker mounts may be read only.
_SCRIPT = """\
import importlib.util, os, shutil, subprocess, sys
if not importlib.util.find_spec("papermill"):  # SageMaker Distribution has it, other images may not
    subprocess.check_call([sys.executable, "-m", "pip", "install", "-q", "papermill", "ipykernel"])
import papermill
work = os.path.join(sys.argv[1], "notebook")
shutil.copytree(os.path.dirname(os.path.abspath(__file__)), work)
os.chdir(work)  # among the outputs, so that what the notebook writes beside itself is kept
os.environ.update(SMEXT_JOB="yes", SM_OUTPUT_DATA_DIR=sys.argv[1]{model})
{kernel}papermill.execute_notebook(
    {{notebook!r}}, {{notebook!r}}, {{parameters!r}}, {options}
    progress_bar=False, stdout_file=sys.stdout, stderr_file=sys.stderr)
"""
_COPY_FOLDERS = """\
    if os.path.isdir(each):
        shutil.copytree(each, Path(folder, each), ignore=shutil.ignore_patterns({ignored}))
    else:
        shutil.copy(each, folder)
"""
# Of a kernel; anything else does not go into code.
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_GENERATED = [".*", "__pycache__", "*.pyc"]


def code(account: Account, request: CodeRequest, root: Path | None, limits: Limits) -> Code:
    """The launch as a cell for the notebook's own kernel. Raises what planning raises."""
    made = draft(account, request, root, limits)
    found = request.sdk or kernel_sdk(request.notebook)
    job = job_of(made, request.notebook, found or "3")
    notes = [
        "The notebook's kernel has no SageMaker SDK: install version 3 there (pip install sagemaker)."
        * (found is None),
        "Save the notebook first: it has edits that are not on the disk." * request.notebook.unsaved,
        f"The bucket must be made first: {made.asked.run.bucket.name}" * made.bucket_missing,
        _unsaid(job),
    ]
    return Code(sdk=job.sdk, source=source(job), note=" ".join(filter(None, notes)))


def source(job: Job) -> str:
    """Python for a cell beside the notebook."""
    kind = "training" if job.training else "processing"
    parts = [
        f"# Runs {job.notebook} as a SageMaker {kind} job, with SageMaker Python SDK {job.sdk} and nothing else.\n"
        "# Save the notebook first, and run this in its folder: what lies there is what is sent.\n"
        f"{_cap(job)}"
        f"import os, shutil, tempfile, time\nfrom pathlib import Path",
        _settings(job),
        "# What the container runs: papermill sets the parameters, shows what cells print, saves after each.\n"
        f'run_notebook = f"""\n{_script(job)}"""',
        f"def launch():\n{textwrap.indent(_launch(job), '    ')}",
        "# This may be a cell of that very notebook: inside a job it must not launch the next one.\n"
        'if "SMEXT_JOB" not in os.environ:\n    job = launch()',
    ]
    return "\n\n".join(parts) + "\n"


def _cap(job: Job) -> str:
    if job.most_usd is None:
        return ""
    seconds = job.get("StoppingCondition", "MaxRuntimeInSeconds")
    return f"# It may run for {seconds} s, which caps what it costs: ${job.most_usd:.2f} for the machines.\n"


def _settings(job: Job) -> str:
    return "\n".join(
        [
            f"notebook = {literal(job.notebook)}",
            f"parameters = {literal(job.parameters, taken=13)}",
            f"files = {literal(job.files, taken=8)}",
        ]
    )


def _script(job: Job) -> str:
    kernel, options = "", ""
    if job.language in (None, "python"):
        options = 'kernel_name="python3", language="python",'
        if job.kernel != "python3" and _NAME.fullmatch(job.kernel or ""):
            kernel = (
                "from jupyter_client.kernelspec import find_kernel_specs\n"
                f"kernel = {job.kernel!r} if {job.kernel!r} in find_kernel_specs() else 'python3'\n"
            )
            options = options.replace('"python3"', "kernel")
    model = ', SM_MODEL_DIR="/opt/ml/model"' if job.training else ""
    return _SCRIPT.format(kernel=kernel, options=options, model=model)


def _launch(job: Job) -> str:
    made = (training if job.training else processing).lines(job)
    parts = ["\n".join(made.imports)]
    if made.uploads:
        parts.append(f'name = time.strftime("{job.stem}-%Y%m%d-%H%M%S", time.gmtime())')
        parts[-1] += f'\nplace = f"{job.base}{{name}}"'
    parts.append(_copy(job))
    if made.uploads:
        key = f", kms_key={literal(job.key)}" if job.key else ""
        parts[-1] += f'\nS3Uploader.upload(folder, f"{{place}}/input"{key})'
        parts.append(_command(job))
    return "\n\n".join([*parts, made.body])


def _copy(job: Job) -> str:
    """The folder that goes along: what is named, and what runs it."""
    lines = "folder = tempfile.mkdtemp()\nfor each in [notebook, *files]:\n"
    if job.folders:
        ignored = ", ".join(literal(name) for name in [*_GENERATED, *job.left_out])
        lines += _COPY_FOLDERS.format(ignored=ignored)
    else:
        lines += "    shutil.copy(each, folder)\n"
    return f'{lines}Path(folder, "run_notebook.py").write_text(run_notebook, encoding="utf-8")'


def _command(job: Job) -> str:
    command = f'command = "python3 {job.mounted}/run_notebook.py {job.outputs}"'
    if job.root:
        return command
    mount = "/opt/ml/output" if job.training else "/opt/ml/processing"
    return (
        f"{command}\n# This image's user may not write what SageMaker mounts, but may become root.\n"
        f'command = "[ -w {mount} ] || sudo -n chmod -R a+rwX /opt/ml; exec " + command'
    )


def _unsaid(job: Job) -> str:
    """A word on members of the request that the code does not have."""
    said = (training if job.training else processing).said(job)
    left = sorted(job.members() - said) if said is not None else []
    return f"Not in this code: {', '.join(left)}." if left else ""
