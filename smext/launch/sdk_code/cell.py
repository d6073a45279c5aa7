"""The whole cell: what runs in the container, what goes there, and the job."""

from __future__ import annotations

import math
import re
import textwrap
from pathlib import Path
from typing import Any

from ... import errors
from ...api import Code, CodeRequest, NotebookDocument, SdkVersion
from ...aws.account import Account
from ...pricing import RateOf, rate
from ..limits import Limits
from ..notebook import content
from ..packages import interpreter
from ..plan import Draft, draft
from . import processing, training
from .job import Job, job_of
from .text import literal

# An f-string of the cell. Its folder is copied, as what SageMaker mounts may be read only.
_SCRIPT = """\
import importlib.metadata, os, shutil, subprocess, sys
has = {{{{str(each.metadata["Name"]).lower().replace("_", "-") for each in importlib.metadata.distributions()}}}}
wanted = {always}[each for each in {{packages!r}} if each.split("==")[0].lower().replace("_", "-") not in has]
if wanted:
    subprocess.check_call([sys.executable, "-m", "pip", "install", "-q", *wanted])
work = os.path.join(sys.argv[1], "notebook")
shutil.copytree(os.path.dirname(os.path.abspath(__file__)), work)
os.chdir({work})  # among the outputs, so that what the notebook writes beside itself is kept
os.environ.update(SMEXT_JOB="yes", SMEXT_NOTEBOOK={{notebook!r}}, SM_OUTPUT_DATA_DIR=sys.argv[1]{model})
{paths}{kernel}{numbers}{setting}import papermill
papermill.execute_notebook(
    {path}, {path}, {parameters}, {options}
    progress_bar=False, stdout_file=sys.stdout, stderr_file=sys.stderr)
"""
_PAPERMILL = ["papermill", "ipykernel"]
_PATHS = """\
paths = [os.path.join(work, each) for each in {paths!r}]  # which the notebook imports from
os.environ["PYTHONPATH"] = os.pathsep.join([*paths, os.environ.get("PYTHONPATH", "")])
"""
# What papermill does not write alike: other languages, tuples, and beside what an earlier run has set.
_SETTING = """\
import nbformat
source = nbformat.v4.upgrade(nbformat.read({notebook!r}, 4))
tags = [cell.metadata.get("tags", []) for cell in source.cells]
places = [at for at, each in enumerate(tags) if "parameters" in each][:1]
places += [at for at, each in enumerate(tags) if "injected-parameters" in each]
cell = nbformat.v4.new_code_cell({setting!r}, metadata=dict(tags=["injected-parameters"]))
source.cells.insert(max(places, default=-1) + 1, cell)
nbformat.write(source, {notebook!r})
"""
_COPY_INSIDE = """\
    to = pathlib.Path(folder, os.path.normpath(os.path.join(inside, each)))
    to.parent.mkdir(parents=True, exist_ok=True)
"""
_COPY_FOLDERS = """\
    if os.path.isdir(each):
        shutil.copytree(each, {to}, ignore=shutil.ignore_patterns({ignored}))
    else:
        shutil.copy(each, {file})
"""
# Of a kernel; anything else does not go into code.
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_GENERATED = [".*", "__pycache__", "*.pyc"]


def code(
    account: Account, request: CodeRequest, root: Path | None, limits: Limits, *, rate: RateOf = rate
) -> Code:
    """Write the launch as a cell for the notebook's own kernel. Raises what planning raises."""
    made = draft(account, request, root, limits, rate=rate)
    found = request.sdk or _of_kernel(request.notebook, limits)
    job = job_of(made, request.notebook, found or "3")
    notes = [
        "The notebook's kernel has no SageMaker SDK: install version 3 there (pip install sagemaker)."
        * (found is None),
        "Save the notebook first: it has edits that are not on the disk." * request.notebook.unsaved,
        f"The bucket must be made first: {made.asked.run.bucket.name}" * made.bucket_missing,
        _stays(made),
        _unsaid(job),
    ]
    return Code(sdk=job.sdk, source=source(job), note=" ".join(filter(None, notes)))


def source(job: Job) -> str:
    """Python for a cell beside the notebook."""
    kind = "training" if job.training else "processing"
    # A file's name may have any letter, and a comment ends with its line.
    shown = job.notebook if job.notebook.isprintable() else repr(job.notebook)
    parts = [
        f"# Runs {shown} as a SageMaker {kind} job, with SageMaker Python SDK {job.sdk} and nothing else.\n"
        "# Save the notebook first, and run this in its folder: what lies there is what is sent.\n"
        f"{_cap(job)}{_missing(job)}"
        f"import os, pathlib, shutil, tempfile, time",
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


def _of_kernel(document: NotebookDocument, limits: Limits) -> SdkVersion | None:
    """Return the SDK that the notebook's kernel has; None where it has none, or where that cannot be seen."""
    try:
        kernel = interpreter.read(content.kernel(document) or "python3", limits.patience_seconds)
    except errors.SmextError:
        return None
    found = kernel.distributions.get("sagemaker")
    if found is None:
        return None
    return "2" if found.version.split(".")[0] in {"1", "2"} else "3"


def _settings(job: Job) -> str:
    lines = [
        f"notebook = {literal(job.notebook)}",
        *_formatted(job),
        f"setting = {literal(job.setting)}  # a cell after that of the parameters"
        if job.setting
        else f"parameters = {literal(job.parameters, taken=13)}",
        f"files = {literal(job.files, taken=8)}",
    ]
    if job.inside:
        lines.append(f"inside = {literal(job.inside)}  # its folder, below what comes from above it")
    if job.paths:
        lines.append(f"paths = {literal(job.paths, taken=8)}")
    if job.packages:
        lines.append(f"requirements = {literal(job.packages, taken=15)}")
    lines.append("# Installed where the image has none; SageMaker Distribution has papermill.")
    lines.append(f"packages = {literal([*_PAPERMILL, *job.packages_if_missing], taken=11)}")
    return "\n".join(lines)


def _formatted(job: Job) -> list[str]:
    """papermill takes a path for a pattern, in which a brace that is one is written twice."""
    if not set("{}") & set(job.notebook):
        return []
    doubled = job.notebook.replace("{", "{{").replace("}", "}}")
    return [f"path = {literal(doubled)}  # papermill formats it"]


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
    always = "{requirements!r} + " if job.packages else ""
    return _SCRIPT.format(
        always=always,
        path="{path!r}" if _formatted(job) else "{notebook!r}",
        work="os.path.join(work, {inside!r})" if job.inside else "work",
        paths=_PATHS if job.paths else "",
        kernel=kernel,
        # As repr() writes them.
        numbers="from math import inf, nan\n" if not job.setting and _lacks(job.parameters) else "",
        setting=_SETTING if job.setting else "",
        parameters="{{}}" if job.setting else "{parameters!r}",
        options=options,
        model=model,
    )


def _lacks(value: Any) -> bool:
    """Whether there is a number in it that is no literal of Python."""
    if isinstance(value, (dict, list, tuple)):
        return any(map(_lacks, value.values() if isinstance(value, dict) else value))
    return isinstance(value, float) and not math.isfinite(value)


def _launch(job: Job) -> str:
    made = (training if job.training else processing).lines(job)
    lines = []
    if made.uploads:
        lines += [
            f'name = time.strftime("{job.stem}-%Y%m%d-%H%M%S", time.gmtime())',
            f"place = {literal(job.base)} + name",
        ]
    lines.append(_copy(job))
    if made.uploads:
        key = f", kms_key={literal(job.key)}" if job.key else ""
        lines += [f'S3Uploader.upload(folder, f"{{place}}/input"{key})', _command(job)]
    return "\n".join([*made.imports, "", *lines, made.body])


def _copy(job: Job) -> str:
    """Return the folder that goes along: what is named, and what runs it."""
    lines = "folder = tempfile.mkdtemp()\nfor each in [notebook, *files]:\n"
    lines += _COPY_INSIDE if job.inside else ""
    to, file = ("to", "to") if job.inside else ("pathlib.Path(folder, each)", "folder")
    if job.folders:
        ignored = ", ".join(literal(name) for name in [*_GENERATED, *job.left_out])
        lines += _COPY_FOLDERS.format(to=to, file=file, ignored=ignored)
    else:
        lines += f"    shutil.copy(each, {file})\n"
    return f'{lines}pathlib.Path(folder, "run_notebook.py").write_text(run_notebook, encoding="utf-8")'


def _command(job: Job) -> str:
    lines = [
        f'mounted, outputs = "{job.mounted}", "{job.outputs}"',
        'command = f"python3 {mounted}/run_notebook.py {outputs}"',
    ]
    if not job.root:
        mount = "/opt/ml/output" if job.training else "/opt/ml/processing"
        lines += [
            "# This image's user may not write what SageMaker mounts, but may become root.",
            f'command = "[ -w {mount} ] || sudo -n chmod -R a+rwX /opt/ml; exec " + command',
        ]
    return "\n".join(lines)


def _stays(made: Draft) -> str:
    """Say what the launch sends and the code does not."""
    local = ", ".join(each.requirement for each in made.plan.packages if " (" in each.requirement)
    return f"Not installed by this code, as it would have to be built: {local}." if local else ""


def _missing(job: Job) -> str:
    return f"# {_unsaid(job)}\n" if _unsaid(job) else ""


def _unsaid(job: Job) -> str:
    """Name the members of the request that the code does not have."""
    said = (training if job.training else processing).said(job)
    left = sorted(job.members() - said) if said is not None else []
    return f"Not in this code: {', '.join(left)}." if left else ""
