"""Runs from code: `smext.run("train.ipynb")` plans and launches as the panel does, and gives a handle on the job."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from .. import errors, launch
from ..api import (
    Check,
    Code,
    CodeRequest,
    DefaultsRequest,
    FieldSource,
    JobKind,
    LaunchForm,
    LaunchRequest,
    NotebookDocument,
    Output,
    Parameter,
    Plan,
    SdkVersion,
    Target,
)
from ..api.values import Typed
from ..aws.account import Account
from ..inventory import logs
from ..kinds import registry
from ..kinds.base import Item, Kind
from ..launch import Limits
from ..launch.form.settings import configured
from ..launch.form_members import read
from ..launch.notebook import parameters as parameters_cell
from ..launch.rejections import job_failures
from ..launch.request import APIS
from ..pricing import RateOf, rate_cache
from ..pricing.prices import Prices
from ..runs import artifacts, notebook_file
from ..runs.record import ENV_LIVE, ENV_NOTEBOOK
from . import plan_text
from .options import Choices, members
from .server_root import root_of

if TYPE_CHECKING:
    from typing_extensions import Unpack

ENV_JOB = "SMEXT_JOB"
"""Set in the container by the runner, and by the code that a launch is shown as."""
# How often somebody who waits looks: a job takes minutes, one on this machine seconds.
SECONDS, LOCAL_SECONDS = 5.0, 0.1


@dataclass(frozen=True)
class Run:
    """A training or processing job. Methods block, and raise SmextError."""

    name: str
    kind: JobKind
    _account: Account = field(repr=False)

    @classmethod
    def find(cls, name: str, *, profile: str | None = None, region: str | None = None) -> Run:
        """Return the job of this name, of either kind, whoever launched it. Raises SmextError where there is none."""
        account = account_of(profile, region)
        for kind in APIS:
            try:
                found = cls(name, kind, account)
                found._item()
                return found
            except errors.NotFound:
                continue
        raise errors.NotFound(
            f"There is no training or processing job of this name in {account.region}: {name}",
            advice="Check its spelling, and the account and region.",
        )

    def status(self) -> str:
        """As SageMaker says it: InProgress, Stopping, Completed, Failed or Stopped."""
        return self._kind.status_of(self._item())

    def reason(self) -> str:
        """Why it failed; empty where it did not."""
        item = self._item()
        failed = self._kind.status_of(item) == "Failed"
        return str(item.get("ExitMessage") or item.get("FailureReason") or "") if failed else ""

    def logs(self, follow: bool = True) -> Iterator[str]:
        """Lines of its log: from the first to the last with `follow`, else those that are there."""
        assert self._kind.logs is not None
        cursor, source = "", self._kind.logs(self._item())
        while True:
            page = logs.page(self._account, source, cursor, over=not self.active())
            cursor = page.cursor
            yield from (line.text for line in page.lines)
            if page.ended or not (follow or page.lines):
                return
            time.sleep(min(page.wait_seconds, self._seconds))

    def wait(self) -> str:
        """Until it is over. Raises SmextError with the reason unless it completed."""
        while self.active():
            time.sleep(self._seconds)
        status = self.status()
        if status != "Completed":
            word, reason = status.lower(), self.reason()
            why = job_failures.explained(
                self._kind.name, self._item(), reason, self._account.region, configured()
            )
            raise errors.SmextError(
                f"The job {word}: {self.name}{f' ({reason})' if reason else ''}",
                advice=why.advice if why else "logs() tells how it went, notebook() has what was done.",
            )
        return status

    def active(self) -> bool:
        """Whether it still runs, or is just about to begin or to end."""
        return self._kind.status(self._item()).active

    def stop(self) -> None:
        """Ask SageMaker to stop it; what the notebook has done so far is kept. Raises SmextError if it is over."""
        item, stop = self._item(), next(each for each in self._kind.actions if each.name == "stop")
        if not stop.allowed(item):
            status = self._kind.status_of(item)
            raise errors.Conflict(f"Could not stop a job that is {status}: {self.name}")
        stop.run(self._call, item)

    def notebook(self) -> dict[str, Any]:
        """Return the notebook with its outputs, as far as it has come: nbformat 4 JSON."""
        live = (self._item().get("Environment") or {}).get(ENV_LIVE)
        return notebook_file.read(artifacts.notebook(self._account, live, self._prefixes()))

    def outputs(self) -> list[Output]:
        """List what it has left in S3, each with `name`, `uri` and `bytes`."""
        found = artifacts.outputs(self._account, self._prefixes())
        if found.problem:
            raise errors.SmextError(found.problem.message, advice=found.problem.advice)
        return found.outputs

    def stop_warning(self) -> tuple[str, str]:
        """Return what stopping it loses, and what stays."""
        stop = next(each for each in self._kind.actions if each.name == "stop")
        return stop.lost, stop.stays

    @property
    def _kind(self) -> Kind:
        return registry()[APIS[self.kind].kind]

    @property
    def _seconds(self) -> float:
        return LOCAL_SECONDS if self._account.local else SECONDS

    def _item(self) -> Item:
        api = APIS[self.kind]
        return self._account.call("sagemaker", api.describe, **{api.name_member: self.name})

    def _call(self, operation: str, /, **params: Any) -> Item:
        return self._account.call(self._kind.service, operation, **params)

    def _prefixes(self) -> list[str]:
        assert self._kind.outputs is not None
        return list(self._kind.outputs(self._item()).prefixes)


@dataclass(frozen=True)
class Prepared:
    """A plan that can be carried out."""

    plan: Plan
    form: LaunchForm
    sources: list[FieldSource] = field(repr=False)
    """Where each member of the form comes from."""
    _account: Account = field(repr=False)
    _request: LaunchRequest = field(repr=False)
    _root: Path = field(repr=False)
    _limits: Limits = field(repr=False)
    _rate: RateOf = field(repr=False)

    def __str__(self) -> str:
        return plan_text.text(self.plan, self.form, self._request.notebook.path, self.sources)

    @property
    def checks(self) -> list[Check]:
        """All of them; `status` is ok, warning, will fail or cannot tell."""
        return self.plan.checks

    def failing(self) -> Check | None:
        """Return the first check that says that the job cannot run."""
        return next((check for check in self.plan.checks if check.status == "will fail"), None)

    def code(self, sdk: SdkVersion | None = None) -> Code:
        """Write the same as SageMaker SDK code, for the version that the notebook's kernel has, or 3."""
        request = CodeRequest(**dict(self._request), sdk=sdk)
        return launch.code(self._account, request, self._root, self._limits, rate=self._rate)

    def launch(self) -> Run:
        """Start the job. Raises SmextError; then no job was created, except where the message says that it is not known."""
        failing = self.failing()
        if failing:
            raise errors.Invalid(
                f"Could not launch: {failing.message}", advice=failing.advice, field=failing.field
            )
        request = self._request.model_copy(update={"name": self.plan.name})
        launched = launch.apply(self._account, request, self._root, self._limits, rate=self._rate)
        kind = next(kind for kind, api in APIS.items() if api.kind == launched.kind)
        return Run(launched.name, kind, self._account)


def run(
    notebook: str | os.PathLike[str],
    *,
    wait: bool = False,
    quiet: bool = False,
    profile: str | None = None,
    region: str | None = None,
    **choices: Unpack[Choices],
) -> Run:
    """Run a notebook file as a SageMaker job: what is not given is what the panel's form would open with.

    `choices` are those of smext.client.options.Choices, told in docs/code.md. `max_runtime` is in seconds and caps the
    cost, which is printed unless `quiet`. With `wait` it returns when the job has completed. Raises SmextError
    with the first check that says that it cannot run.
    """
    made = prepare(notebook, members(choices), account_of(profile, region))
    if not quiet and not made.failing():
        cost = plan_text.cost(made.plan)
        sys.stdout.write(f"smext: {made.plan.name} on {made.form.instance_type}, {cost}\n")
        sys.stdout.writelines(f"smext: {line}\n" for line in plan_text.not_ok(made.plan, ("warning",)))
    started = made.launch()
    if wait:
        started.wait()
    return started


def plan(
    notebook: str | os.PathLike[str],
    *,
    profile: str | None = None,
    region: str | None = None,
    **choices: Unpack[Choices],
) -> Prepared:
    """Plan what `run` with the same arguments would do, and create nothing: print it for its text; `launch()` does it."""
    return prepare(notebook, members(choices), account_of(profile, region))


def prepare(
    notebook: str | os.PathLike[str],
    given: Mapping[str, Any],
    account: Account,
    texts: Mapping[str, str] | None = None,
) -> Prepared:
    """Plan a notebook file with these members of the form. Raises SmextError; creates nothing.

    `texts` are parameters as somebody typed them: the notebook's own take their types there.
    """
    path = Path(notebook).expanduser().resolve()
    _refuse_itself(path)
    _, wrong = read(given, "as it was given")
    if wrong:
        raise errors.Invalid(wrong[0].message, advice=wrong[0].advice, field=wrong[0].field)
    root, limits = root_of(path), configured()
    prices = Prices(account, None if account.local else rate_cache.folder(), wait=True)
    document = _document(path, root)
    opened = launch.defaults(
        account, DefaultsRequest(notebook=document), root, limits, rate=prices.known, given=given
    )
    typed = {name: Typed(text) for name, text in (texts or {}).items()}
    sources = [*opened.sources, *(FieldSource(field=f"parameters.{name}", source="given") for name in typed)]
    form = opened.form.model_copy(update={"parameters": opened.form.parameters | typed})
    request = LaunchRequest(notebook=document, form=form)
    made = launch.plan(account, request, root, limits, rate=prices.rate)
    return Prepared(made, form, sources, account, request, root, limits, prices.rate)


def parameters(notebook: str | os.PathLike[str]) -> list[Parameter]:
    """List what the notebook file's cell tagged `parameters` sets. Asks AWS nothing; raises SmextError for no notebook."""
    path = Path(notebook).expanduser().resolve()
    return [each.wire() for each in parameters_cell.read(_document(path, root_of(path)))]


def _document(path: Path, root: Path) -> NotebookDocument:
    return NotebookDocument(path=path.relative_to(root).as_posix(), content=notebook_file.read_path(path))


def account_of(profile: str | None, region: str | None) -> Account:
    """Return the account of the environment's credentials, as boto3 finds them."""
    return Account(
        Target(id="code", profile=profile, region=region, label=profile or "default"), via="python"
    )


def _refuse_itself(path: Path) -> None:
    """Refuse a notebook that launches itself: it would do so in each job again, without end."""
    running = PurePosixPath(os.environ.get(ENV_NOTEBOOK, "")).name
    if ENV_JOB in os.environ and running == path.name:
        raise errors.Conflict(
            f"This job runs that very notebook, which would launch itself without end: {path.name}",
            advice=f"Leave it out where the variable {ENV_JOB} is set.",
        )
