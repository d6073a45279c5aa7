"""The plan: a launch as data. Nothing is created to make it, anywhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from .. import errors
from .._version import __version__
from ..api import Check, LaunchForm, LaunchRequest, NotebookDocument, Plan, Upload
from ..aws.account import Account
from ..aws.concurrent import Answer, together
from ..aws.identity import Caller, identity, identity_label, user
from ..aws.s3 import Writer
from ..aws.studio import read_metadata
from ..pricing import Rate, RateOf, rate
from ..runner import archive
from ..runs import job_names
from ..runs.record import RunRecord, notebook_id
from . import budget, dependencies, images, network, sdk_config
from . import request as requests
from .checks import admin as admin_checks
from .checks import files as file_checks
from .checks import offline as checks
from .checks import online as aws_checks
from .checks import options as option_checks
from .checks.prices import of_offer
from .files.files import FileSet, in_tree
from .files.sending import Shelf, Stock, take_stock
from .form import last_used
from .form.last_used import Whose, whose
from .limits import Limits
from .notebook import content as notebook
from .notebook import parameters
from .packages import interpreter, offline, wheels
from .packages.container import Container, container
from .packages.downloads import Download
from .packages.wanted import Local, Wanted, summary
from .request import Asked
from .role import find_role
from .s3_layout import Bucket, Run, find_bucket
from .sdk_config import SdkConfig

FILES_SHOWN = 1_000
CONTENT_NAMES = ("runner.pyz", "run.json", "notebook.ipynb")
REQUIREMENTS_NAME, CONSTRAINTS_NAME = "requirements.txt", "constraints.txt"


@dataclass(frozen=True)
class Draft:
    """A plan and what it takes to carry it out."""

    plan: Plan
    asked: Asked
    contents: dict[str, bytes]
    """What is uploaded below `input/`, by name; the files come on top."""
    files: FileSet | None
    local: list[Local]
    """Packages of this machine, which are built when the plan is carried out."""
    bucket_missing: bool
    record: RunRecord
    region: str = ""
    limits: Limits = field(default_factory=Limits)
    whose: Whose | None = None
    """By whom and where the form is remembered."""
    download: Download | None = None
    """Wheels that are downloaded when it is carried out, for a job that reaches no package index."""

    @property
    def container(self) -> Container:
        return container(self.asked.form.image, self.asked.form.instance_type)

    def remember(self) -> None:
        """Keep what was chosen for the next launch."""
        if self.whose is not None:
            form = self.asked.form
            image = images.default(form.instance_type, self.region)
            last_used.keep(self.whose, form, image.uri if image else "")

    def writer(self, account: Account) -> Writer:
        return Writer(account, self.asked.run.bucket.owner, requests.output_key(self.plan.request))


@dataclass(frozen=True)
class _Surroundings:
    """What is found out before the request can be written."""

    region: str
    caller: Caller | None
    config: SdkConfig
    bucket: Bucket
    user: str
    role: str
    why_no_role: str
    files: FileSet | None
    said_of_files: list[Check]
    no_files: errors.SmextError | None
    """Why the folder could not be looked through."""
    kernel: Answer | None
    """The interpreter of the kernel; None where nobody wants to know."""


def plan(
    account: Account, request: LaunchRequest, root: Path | None, limits: Limits, *, rate: RateOf = rate
) -> Plan:
    """What would be sent, what it may cost at these rates, and what is to be said of it.

    What an administrator has fixed is in it, whatever the request says. Raises errors.SmextError where there are no credentials, no region or no bucket to plan for.
    """
    return draft(account, request, root, limits, rate=rate).plan


def draft(
    account: Account, request: LaunchRequest, root: Path | None, limits: Limits, *, rate: RateOf = rate
) -> Draft:
    """The plan with its contents. Raises as `plan` does."""
    document = request.notebook
    form, notes = checks.trimmed(request.form)
    wished, form = form, limits.applied(form)
    fixed = admin_checks.of_changes(wished, form)
    now = datetime.now(timezone.utc)
    name = _name(request, now)
    root = notebook.home(document, root)
    around = _look(account, form, document, root, limits)
    price = rate(requests.APIS[form.job_kind].component, form.instance_type, around.region)
    form, cost = budget.capped(form, budget.hourly(price, form))
    image = images.default(form.instance_type, around.region)
    filled = form.model_copy(
        update={"role": around.role, "image": form.image or (image.uri if image else "")}
    )
    language = notebook.language(document) or "python"
    declared = parameters.read(document)
    values, said = parameters.accept(declared, filled.parameters, language)
    filled = filled.model_copy(update={"parameters": values})
    need = dependencies.Needs(document, filled, around.files, around.kernel, root, limits)
    wanted = need.packages()
    asked = Asked(
        filled,
        Run(around.bucket, name),
        around.config,
        notebook.contents_path(document),
        around.user,
        sends_files=bool(around.files and around.files.files),
    )
    body = requests.build(asked)
    wanted, download = offline.prepared(wanted, filled, isolated=requests.isolated(body))
    found = [
        *_local_checks(asked, document, body, around, limits),
        *said,
        *notes,
        *fixed,
        *cost,
        *admin_checks.of_limits(filled, body, budget.most(price, filled), limits),
        *around.said_of_files,
        *need.checks,
        *wanted.checks,
        *summary(wanted),
        *wheels.checks(wanted.local),
        *option_checks.of_options(
            filled, document, budget.hourly(price, filled), bool(network.vpc(filled, around.config))
        ),
        *([] if price.note else [budget.unpriced(price)]),
        *of_offer(asked, around.region, price),
    ]
    stock = _stock(account, asked, around.files, requests.output_key(body))
    installs = bool(wanted.always or wanted.if_missing or wanted.listed) and download is None
    remote = aws_checks.ask(account, asked, around.caller, stock, limits, installs)
    found = checks.once([*found, *remote.checks])
    contents = _contents(asked, document, values, around.files, wanted)
    written = parameters.code(values, language)
    made = _assembled(asked, body, values, written, contents, around.files, wanted, price, found, now, remote)
    by = whose(asked.notebook, around.user, around.caller, around.region)
    return replace(made, region=around.region, limits=limits, whose=by, download=download)


def _name(request: LaunchRequest, now: datetime) -> str:
    if request.name is None:
        return job_names.job_name(notebook.file_name(request.notebook), now, job_names.new_token())
    if not job_names.is_valid(request.name):
        raise errors.Invalid(
            f"SageMaker takes no job of this name: {request.name}",
            advice="Use letters, digits and single hyphens, 63 at most.",
            field="name",
        )
    return request.name


def _look(
    account: Account, form: LaunchForm, document: NotebookDocument, root: Path | None, limits: Limits
) -> _Surroundings:
    region, metadata = account.region, read_metadata()
    config = sdk_config.load(account)
    questions: dict[str, Any] = {
        "the identity": lambda: identity(account),
        "the user": lambda: user(account, metadata),
        "the files": lambda: dependencies.files(document, form, root, limits),
    }
    if not form.role:
        questions["the role"] = lambda: find_role(account, metadata, form.job_kind, config)
    kernel = notebook.kernel(document)
    if kernel and dependencies.reads_kernel(document, form):
        questions["the kernel"] = lambda: interpreter.read(kernel, limits.patience_seconds)
    answers = together(limits.patience_seconds, questions)
    caller: Caller | None = answers["the identity"].value
    role, why = (form.role, "") if form.role else _role(answers["the role"])
    bucket = find_bucket(config, region, caller.account if caller else _account_of(role))
    if bucket is None:
        raise answers["the identity"].error or errors.NotFound("No AWS account was found.")
    files, said = answers["the files"].value or (None, [])
    return _Surroundings(
        region=region,
        caller=caller,
        config=config,
        bucket=bucket,
        user=answers["the user"].value or identity_label(caller.arn if caller else None),
        role=role or "",
        why_no_role=why,
        files=files,
        said_of_files=said,
        no_files=answers["the files"].error,
        kernel=answers.get("the kernel"),
    )


def _role(answer: Answer) -> tuple[str | None, str]:
    return answer.value if answer.error is None else (None, answer.error.message)


def _account_of(role: str | None) -> str | None:
    parts = (role or "").split(":")
    return parts[4] if len(parts) > 5 and parts[4].isdigit() else None


def _local_checks(
    asked: Asked, document: NotebookDocument, body: dict[str, Any], around: _Surroundings, limits: Limits
) -> list[Check]:
    form = asked.form
    return [
        checks.of_notebook(document),
        checks.of_kernel(document, form.image),
        *checks.of_instance(asked, around.region),
        *checks.of_longest_run(asked),
        *checks.of_image(form, around.region),
        *checks.of_role(form.role, around.why_no_role),
        *checks.of_environment(form),
        *checks.of_request(asked, body),
        *(
            [file_checks.of_slow_folder()]
            if around.no_files
            else file_checks.of_files(around.files, form, limits, notebook.why_alone(document))
        ),
        *(
            Check(name="SDK config", status="warning", message=problem.message, advice=problem.advice)
            for problem in around.config.problems
        ),
    ]


def _stock(
    account: Account, asked: Asked, files: FileSet | None, key: str | None
) -> Callable[[], Stock] | None:
    """A question; None where there are no files."""
    return (lambda: take_stock(account, files, Shelf(asked.run, key))) if files and files.files else None


def _contents(
    asked: Asked, document: NotebookDocument, values: dict[str, Any], files: FileSet | None, wanted: Wanted
) -> dict[str, bytes]:
    place = files.place if files else ""
    name, kernel = in_tree(place, notebook.file_name(document)), notebook.kernel(document)
    needed = {
        "packages": wanted.always,
        "packages_if_missing": wanted.if_missing,
        "extras": wanted.extras,
        "paths": [in_tree(place, path) for path in files.paths] if files else [],
    }
    run_json = requests.run_json(asked, name, kernel, notebook.language(document), values, needed)
    contents = (archive.build(), run_json, notebook.stripped(document))
    listed = {} if wanted.listed is None else _listed(wanted.listed, wanted.constraints)
    return dict(zip(CONTENT_NAMES, contents, strict=True)) | listed


def _listed(lines: list[str], constraints: list[str]) -> dict[str, bytes]:
    """The list as pip reads it in the container, where it lies in another folder than the notebook."""
    if not constraints:
        return {REQUIREMENTS_NAME: "\n".join([*lines, ""]).encode()}
    held = {CONSTRAINTS_NAME: "\n".join([*constraints, ""]).encode()}
    return {REQUIREMENTS_NAME: "\n".join([*lines, f"-c {CONSTRAINTS_NAME}", ""]).encode()} | held


def _assembled(
    asked: Asked,
    body: dict[str, Any],
    values: dict[str, Any],
    written: dict[str, str],
    contents: dict[str, bytes],
    files: FileSet | None,
    wanted: Wanted,
    price: Rate,
    found: list[Check],
    now: datetime,
    remote: aws_checks.Remote,
) -> Draft:
    form, run = asked.form, asked.run
    uploads = [
        Upload(name=name, bytes=len(content), uri=run.input_uri + name) for name, content in contents.items()
    ]
    uploads += _of_files(run, files, remote.stock)
    last = remote.last
    hourly = budget.hourly(price, form)
    made = Plan(
        name=run.job,
        kind=asked.api.kind,
        operation=asked.api.create,
        request=body,
        uploads=uploads,
        upload_bytes=sum(upload.bytes for upload in uploads if not upload.there),
        files=[each.path for each in files.files[:FILES_SHOWN]] if files else [],
        file_count=len(files.files) if files else 0,
        left_out=files.left_out if files else [],
        packages=wanted.shown,
        parameters=written,
        usd_per_hour=hourly,
        max_runtime_seconds=form.max_runtime_seconds,
        max_usd=budget.most(price, form),
        likely_usd=None if hourly is None or last is None else hourly * last.seconds / 3600,
        likely_seconds=last.seconds if last else None,
        likely_why=f"as long as {last.job} on {last.instance_type}" if last else "",
        price=price.note,
        checks=found,
        can_run=all(check.status != "will fail" for check in found),
        output_uri=run.output_uri,
        record_uri=run.record_uri,
        created=now,
    )
    record = RunRecord(
        job=run.job,
        kind=asked.api.kind,
        notebook=asked.notebook,
        notebook_id=notebook_id(asked.notebook),
        user=asked.user,
        created=now,
        smext=__version__,
        form=form,
        parameters=values,
        request=body,
        uploads=uploads,
        run_uri=run.uri,
        live_uri=asked.live_uri,
        output_uri=run.output_uri,
    )
    kept = replace(files) if files else None
    return Draft(made, asked, contents, kept, wanted.local, remote.bucket_missing, record)


def _of_files(run: Run, files: FileSet | None, stock: Stock | None) -> list[Upload]:
    """As far as that is known before they are read; what is not known to be there is taken to be sent."""
    if files is None or not files.files:
        return []
    stock = stock or Stock(lacking=files.bytes)
    there = Upload(name="files sent before", bytes=stock.there, uri=run.cache_uri, there=True)
    lacking = Upload(name="files", bytes=stock.lacking, uri=run.manifest_uri)
    return [each for each in (lacking, there) if each.bytes or not files.bytes]
