"""The launch form as it opens: every member filled, each with where it comes from."""

from __future__ import annotations

from dataclasses import dataclass, field

from .. import errors
from ..api import FieldSource, LaunchDefaults, LaunchForm, NotebookDocument, Parameter, Problem
from ..aws import Account
from ..context import read_metadata
from ..pricing import instances, rate
from . import images, notebook, parameters, sdk_config
from .asking import together
from .caller import whoami
from .limits import Limits
from .request import APIS
from .role import find_role


@dataclass
class _Found:
    """Values of the form, where they come from, and what kept others from being found."""

    values: dict[str, object] = field(default_factory=dict)
    sources: list[FieldSource] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def add(self, name: str, value: object, source: str) -> None:
        self.values[name] = value
        self.sources.append(FieldSource(field=name, source=source))


def defaults(account: Account, document: NotebookDocument, limits: Limits) -> LaunchDefaults:
    """Never raises: what cannot be found is a problem, and its field is empty."""
    found = _Found()
    form = LaunchForm()
    region = _region(account, found)
    declared = _parameters(document, found)
    _role(account, form, limits, found)
    image = images.default(form.instance_type, region) if region else None
    if image:
        found.add("image", image.uri, image.source)
    untold = [name for name in LaunchForm.model_fields if name not in found.values]
    found.sources += [FieldSource(field=name, source="default") for name in untold]
    return LaunchDefaults(
        form=form.model_copy(update=found.values),
        sources=found.sources,
        parameters=declared,
        instances={kind: instances(api.component, region) for kind, api in APIS.items()},
        images=images.choices(region) if region else [],
        price=rate(APIS[form.job_kind].component, form.instance_type, region).note,
        problems=found.problems,
    )


def _region(account: Account, found: _Found) -> str:
    try:
        return account.region
    except errors.SmextError as error:
        found.problems.append(error.problem())
        return ""


def _parameters(document: NotebookDocument, found: _Found) -> list[Parameter]:
    declared = parameters.read(document)
    if declared:
        found.add("parameters", {each.name: each.value for each in declared}, "the cell tagged `parameters`")
    elif (notebook.tagged(document, notebook.PARAMETERS) or "").strip():
        found.problems.append(
            Problem(
                code="unsupported",
                message="No parameters could be read from the cell tagged `parameters`.",
                advice="Write one assignment a line, in Python: name = value",
                field="parameters",
            )
        )
    return declared


def _role(account: Account, form: LaunchForm, limits: Limits, found: _Found) -> None:
    metadata = read_metadata()
    config = sdk_config.load(account)
    found.problems += config.problems
    questions = {
        "the identity": lambda: whoami(account),
        "the role": lambda: find_role(account, metadata, form.job_kind, config),
    }
    try:
        answers = together(limits.patience_seconds, questions)
    except errors.SmextError as error:
        if not any(problem.code == error.code for problem in found.problems):
            found.problems.append(error.problem())
        return
    answer = answers["the role"]
    role, source = answer.value if answer.error is None else (None, answer.error.message)
    if role:
        found.add("role", role, source)
        return
    found.problems.append(
        Problem(
            code="not-found",
            message=f"No execution role was found. {source}",
            advice="Write the ARN of a role that SageMaker may assume, or set RoleArn in the SDK's config.yaml.",
            field="role",
        )
    )
