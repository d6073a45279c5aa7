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
from ..aws.concurrent import Answer
from ..aws.s3 import Writer
from ..pricing import RateOf, rate
from ..runs import job_names
from ..runs.record import RunRecord, notebook_id
from . import cost_limit, dependencies, images, last_run
from . import request as requests
from .checks import bucket, with_aws, without_aws
from .checks.context import Context
from .checks.whitespace import trimmed
from .files.selection import FileSet
from .files.upload import ArchiveStore, StoredArchives, find_stored
from .form import last_used
from .form.last_used import FormKey, whose
from .last_run import LastRun
from .limits import Limits
from .notebook import content, parameters
from .packages import offline as wheels
from .packages.container import Container, container
from .packages.downloads import Download
from .packages.install_list import Local
from .prerequisites import Prerequisites, look
from .request import Asked
from .s3_layout import RunLayout
from .uploads import contents

FILES_SHOWN = 1_000
_BUCKET, _LAST_RUN, _FILES = "the bucket's place", "the last run", "the files"


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
    whose: FormKey | None = None
    """By whom and where the form is remembered."""
    download: Download | None = None
    """Wheels that are downloaded when it is carried out, for a job that reaches no package index."""

    @property
    def container(self) -> Container:
        """What runs it: the image on the instance type."""
        return container(self.asked.form.image, self.asked.form.instance_type)

    def remember(self) -> None:
        """Keep what was chosen for the next launch."""
        if self.whose is not None:
            form = self.asked.form
            image = images.default(form.instance_type, self.region)
            last_used.keep(self.whose, form, image.uri if image else "")

    def writer(self, account: Account) -> Writer:
        """Return what writes to the run's bucket, with its owner and key."""
        return Writer(account, self.asked.run.bucket.owner, requests.output_key(self.plan.request))


def plan(
    account: Account, request: LaunchRequest, root: Path | None, limits: Limits, *, rate: RateOf = rate
) -> Plan:
    """Plan a launch: what would be sent, what it may cost at these rates, and the checks.

    What an administrator has fixed is in it, whatever the request says. Raises errors.SmextError where there are no credentials, no region or no bucket to plan for.
    """
    return draft(account, request, root, limits, rate=rate).plan


def draft(
    account: Account, request: LaunchRequest, root: Path | None, limits: Limits, *, rate: RateOf = rate
) -> Draft:
    """Return the plan with its contents. Raises as `plan` does."""
    now, document = datetime.now(timezone.utc), request.notebook
    name, root = _name(request, now), content.home(document, root)
    form = limits.applied(trimmed(request.form))
    around = look(account, form, document, root, limits)
    price = rate(requests.APIS[form.job_kind].component, form.instance_type, around.region)
    form, said = _filled(cost_limit.capped(form, cost_limit.hourly(price, form)), document, around)
    needs = dependencies.Needs(document, form, around.files, around.kernel, root, limits)
    wanted = needs.packages()
    asked = _asked(form, name, document, around)
    body = requests.build(asked)
    wanted, download = wheels.prepared(wanted, form, isolated=requests.isolated(body))
    context = Context(
        account=account,
        limits=limits,
        notebook=document,
        sent=request.form,
        asked=asked,
        request=body,
        around=around,
        price=price,
        packages=wanted,
        downloads=download is not None,
        said_of_parameters=said,
        said_of_code=needs.checks,
    )
    return _checked(context, download, now)


def _name(request: LaunchRequest, now: datetime) -> str:
    if request.name is None:
        return job_names.job_name(content.file_name(request.notebook), now, job_names.new_token())
    if not job_names.is_valid(request.name):
        raise errors.Invalid(
            f"SageMaker takes no job of this name: {request.name}",
            advice="Use letters, digits and single hyphens, 63 at most.",
            field="name",
        )
    return request.name


def _filled(
    form: LaunchForm, document: NotebookDocument, around: Prerequisites
) -> tuple[LaunchForm, list[Check]]:
    """Fill in the role, the image and the values of parameters that are sent; what is said of those comes with it."""
    image, language = images.default(form.instance_type, around.region), content.language(document)
    values, said = parameters.accept(parameters.read(document), form.parameters, language or "python")
    found = {
        "role": around.role,
        "image": form.image or (image.uri if image else ""),
        "parameters": values,
    }
    return form.model_copy(update=found), said


def _asked(form: LaunchForm, name: str, document: NotebookDocument, around: Prerequisites) -> Asked:
    return Asked(
        form,
        RunLayout(around.bucket, name),
        around.config,
        content.contents_path(document),
        around.user,
        sends_files=bool(around.files and around.files.files),
    )


def _checked(context: Context, download: Download | None, now: datetime) -> Draft:
    """Make the draft of a launch with all its checks."""
    asked, around = context.asked, context.around
    found = without_aws.run(context)
    told, answers = with_aws.ask(context, _beside(context))
    seen, stock = answers[_BUCKET].value, answers.get(_FILES, Answer()).value
    sent = contents(asked, context.notebook, context.files, context.packages)
    uploads = [
        Upload(name=name, bytes=len(body), uri=asked.run.input_uri + name) for name, body in sent.items()
    ]
    uploads += _of_files(asked.run, context.files, stock)
    checks = without_aws.once([*found, *told])
    return Draft(
        plan=_plan(context, uploads, checks, answers[_LAST_RUN].value, now),
        asked=asked,
        contents=sent,
        files=replace(context.files) if context.files else None,
        local=context.packages.local,
        bucket_missing=seen is not None and not seen.exists,
        record=_record(context, uploads, now),
        region=around.region,
        limits=context.limits,
        whose=whose(asked.notebook, around.user, around.caller, around.region),
        download=download,
    )


def _beside(context: Context) -> dict[str, Callable[[], Any]]:
    """Return what AWS is asked beside the checks, by name."""
    account, asked, files = context.account, context.asked, context.files
    questions: dict[str, Callable[[], Any]] = {
        _BUCKET: lambda: bucket.seen(account, asked.run.bucket),
        _LAST_RUN: lambda: last_run.find(account, asked),
    }
    if files and files.files:
        shelf = ArchiveStore(asked.run, requests.output_key(context.request))
        questions[_FILES] = lambda: find_stored(account, files, shelf)
    return questions


def _plan(
    context: Context, uploads: list[Upload], checks: list[Check], last: LastRun | None, now: datetime
) -> Plan:
    asked, form, run, price = context.asked, context.form, context.asked.run, context.price
    files, hourly = context.files, cost_limit.hourly(context.price, context.form)
    return Plan(
        name=run.job,
        kind=asked.api.kind,
        operation=asked.api.create,
        request=dict(context.request),
        uploads=uploads,
        upload_bytes=sum(upload.bytes for upload in uploads if not upload.there),
        files=[each.path for each in files.files[:FILES_SHOWN]] if files else [],
        file_count=len(files.files) if files else 0,
        left_out=files.left_out if files else [],
        packages=context.packages.shown,
        parameters=parameters.code(form.parameters, content.language(context.notebook) or "python"),
        usd_per_hour=hourly,
        max_runtime_seconds=form.max_runtime_seconds,
        max_usd=cost_limit.most(price, form),
        likely_usd=None if hourly is None or last is None else hourly * last.seconds / 3600,
        likely_seconds=last.seconds if last else None,
        likely_why=f"as long as {last.job} on {last.instance_type}" if last else "",
        price=price.note,
        checks=checks,
        can_run=all(check.status != "will fail" for check in checks),
        output_uri=run.output_uri,
        record_uri=run.record_uri,
        created=now,
    )


def _record(context: Context, uploads: list[Upload], now: datetime) -> RunRecord:
    asked, run = context.asked, context.asked.run
    return RunRecord(
        job=run.job,
        kind=asked.api.kind,
        notebook=asked.notebook,
        notebook_id=notebook_id(asked.notebook),
        user=asked.user,
        created=now,
        smext=__version__,
        form=asked.form,
        parameters=asked.form.parameters,
        request=dict(context.request),
        uploads=uploads,
        run_uri=run.uri,
        live_uri=asked.live_uri,
        output_uri=run.output_uri,
    )


def _of_files(run: RunLayout, files: FileSet | None, stock: StoredArchives | None) -> list[Upload]:
    """As far as that is known before they are read; what is not known to be there is taken to be sent."""
    if files is None or not files.files:
        return []
    stock = stock or StoredArchives(lacking=files.bytes)
    there = Upload(name="files sent before", bytes=stock.there, uri=run.cache_uri, there=True)
    lacking = Upload(name="files", bytes=stock.lacking, uri=run.manifest_uri)
    return [each for each in (lacking, there) if each.bytes or not files.bytes]
