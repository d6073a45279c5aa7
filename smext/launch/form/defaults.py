"""The launch form as it opens: every member filled, each with where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ... import errors
from ...api import (
    DefaultsRequest,
    InstanceChoice,
    JobKind,
    LaunchDefaults,
    LaunchForm,
    NotebookDocument,
    Parameter,
    Problem,
)
from ...aws.account import Account
from ...aws.cache import remembered
from ...aws.concurrent import Answer, together
from ...aws.identity import Caller, identity, identity_label, user
from ...aws.studio import Metadata, read_metadata
from ...pricing import RateOf, instances, rate
from .. import images, sdk_config
from ..limits import Limits
from ..notebook import content, parameters
from ..packages import lists_nearby as package_lists
from ..request import APIS
from ..role import configured as role_of
from ..role import find_role
from ..sdk_config import SdkConfig
from . import last_used, studio_network
from .last_used import whose
from .page import page_options, page_sections
from .precedence import FIXED, Layers

_NOBODY: Mapping[str, Any] = {}


@dataclass(frozen=True)
class _Around:
    """What AWS and the machine say."""

    region: str
    caller: Caller | None
    user: str
    network: studio_network.Network | None
    config: SdkConfig
    role: Answer | None
    """Of find_role without the SDK's config; None where nothing could be asked."""


def defaults(
    account: Account,
    request: DefaultsRequest,
    root: Path | None,
    limits: Limits,
    *,
    rate: RateOf = rate,
    given: Mapping[str, Any] = _NOBODY,
) -> LaunchDefaults:
    """Never raises: what cannot be found is a problem, and its field is empty.

    `given` is what somebody has already chosen. The order of all is told in docs/settings.md.
    """
    document = request.notebook
    layers = Layers(limits)
    layers.problems += [*limits.problems, *limits.unread]
    around = _look(account, layers, limits)
    chosen = {"job_kind": request.job_kind} if request.job_kind else {}
    kind = _fill(layers, request, {**chosen, **given}, around)
    _image(layers, around.region)
    _role(layers, around, kind)
    declared = _parameters(document, layers)
    form = layers.form
    component = APIS[kind].component
    return LaunchDefaults(
        form=form,
        options=page_options(),
        sections=page_sections(),
        sources=layers.all_sources(),
        parameters=declared,
        instances={name: _choices(name, around.region, limits, rate) for name in APIS},
        images=images.choices(around.region) if around.region else [],
        price=rate(component, form.instance_type, around.region).note,
        required_tags=list(limits.required_tags),
        requirement_files=package_lists.find(document, root),
        problems=layers.problems,
    )


def _look(account: Account, layers: Layers, limits: Limits) -> _Around:
    """Ask what AWS has to be asked; without credentials that is one problem."""
    metadata, config = read_metadata(), sdk_config.load(account)
    layers.problems += config.problems
    questions = {
        "the identity": lambda: identity(account),
        "the user": lambda: user(account, metadata),
        "the domain": lambda: studio_network.network(account, metadata.domain),
        "the role": lambda: _execution_role(account, metadata),
    }
    region, answers = "", {}
    try:
        region = account.region
        answers = together(limits.patience_seconds, questions)
    except errors.SmextError as error:
        if not any(problem.code == error.code for problem in layers.problems):
            layers.problems.append(error.problem())
    caller: Caller | None = answers.get("the identity", Answer()).value
    return _Around(
        region=region,
        caller=caller,
        user=answers.get("the user", Answer()).value or identity_label(caller.arn if caller else None),
        network=answers.get("the domain", Answer()).value,
        config=config,
        role=answers.get("the role"),
    )


def _execution_role(account: Account, metadata: Metadata) -> tuple[str, str]:
    """Without the SDK's config. Raises errors.SmextError where there is none, which may be otherwise the next time."""

    def ask() -> tuple[str, str]:
        role, source = find_role(account, metadata, config=SdkConfig())
        if role is None:
            raise errors.SmextError(source)
        return role, source

    found: tuple[str, str] = remembered(account, ("execution role", metadata), ask)
    return found


def _fill(layers: Layers, request: DefaultsRequest, given: Mapping[str, Any], around: _Around) -> JobKind:
    """Everybody who has a say, the first first; the kind of job that comes of it."""
    limits, path = layers.limits, _path(request.notebook)
    mine = whose(path, around.user, around.caller, around.region)
    own = content.launch_settings(request.notebook)
    last, any_last = last_used.of_notebook(mine), last_used.of_any(mine, limits.required_tags)
    kind = _kind(limits.fixed, given, own, last, request.preferred, any_last, limits.defaults)
    layers.add(limits.fixed, FIXED, kind, fixed=True)
    layers.told(given, "given", "as it was given")
    if own is not None:
        layers.told(own, "this notebook", "in the notebook's metadata (smext.launch)", kind)
    layers.kept(last, "as last time", kind, remembered=True)
    layers.told(request.preferred, "your settings", "in your settings", kind)
    layers.kept(any_last, "as in your last launch", kind)
    _environment(layers, around, kind)
    last_used.surrounded(mine, _unchosen(limits, around, kind))
    layers.values["job_kind"] = kind
    if not limits.allows(layers.form.instance_type):
        _allowed_machine(layers, kind, around.region)
    return kind


def _environment(layers: Layers, around: _Around, kind: JobKind) -> None:
    """Add what nobody who launches has chosen."""
    layers.add(layers.limits.defaults, "set by your administrator", kind)
    configured = around.config.members(kind)
    layers.kept(
        {name: value for name, (value, _) in configured.items()},
        {name: source for name, (_, source) in configured.items()},
        kind,
    )
    if around.network:
        network = {
            "subnets": around.network.subnets,
            "security_groups": around.network.security_groups,
        }
        layers.add(network, "the network of the domain (VPC only)")


def _unchosen(limits: Limits, around: _Around, kind: JobKind) -> dict[str, Any]:
    """Members as they would be without anybody's choice: those are found anew the next time, not remembered."""
    plain = Layers(limits)
    plain.add(limits.fixed, FIXED, kind, fixed=True)
    _environment(plain, around, kind)
    role = _found_role(around, kind)[0]
    return ({"role": role} if role else {}) | plain.values


def _path(document: NotebookDocument) -> str:
    try:
        return content.contents_path(document)
    except errors.SmextError:
        return document.path


def _kind(*layers: Any) -> JobKind:
    kinds = (layer.get("job_kind") for layer in layers if isinstance(layer, Mapping))
    return next((kind for kind in kinds if kind in APIS), LaunchForm().job_kind)


def _allowed_machine(layers: Layers, kind: JobKind, region: str) -> None:
    choices = _choices(kind, region, layers.limits, rate)
    if choices:
        cheapest = min(choices, key=lambda choice: choice.usd_per_hour or float("inf"))
        layers.add({"instance_type": cheapest.name}, "the cheapest that your administrator allows")


def _choices(kind: JobKind, region: str, limits: Limits, rate: RateOf) -> list[InstanceChoice]:
    component = APIS[kind].component
    return [
        each.model_copy(update={"usd_per_hour": rate(component, each.name, region).usd_per_hour})
        for each in instances(component, region)
        if limits.allows(each.name)
    ]


def _image(layers: Layers, region: str) -> None:
    image = images.default(layers.form.instance_type, region) if region else None
    if image and not layers.form.image:
        layers.set("image", image.uri, image.source)


def _role(layers: Layers, around: _Around, kind: JobKind) -> None:
    if layers.form.role or around.role is None:
        return
    role, source = _found_role(around, kind)
    if role:
        layers.set("role", role, source)
        return
    layers.problems.append(
        Problem(
            code="not-found",
            message=f"No execution role was found. {source}",
            advice="Write the ARN of a role that SageMaker may assume, or set RoleArn in the SDK's config.yaml.",
            field="role",
        )
    )


def _found_role(around: _Around, kind: JobKind) -> tuple[str | None, str]:
    """Return the role, or None, and where it comes from or why there is none."""
    configured, answer = role_of(around.config, kind), around.role
    if configured or answer is None:
        return configured or (None, "")
    return answer.value if answer.error is None else (None, answer.error.message)


def _parameters(document: NotebookDocument, layers: Layers) -> list[Parameter]:
    """Those that the notebook declares; the form sets none of them but what somebody gave."""
    declared = parameters.read(document)
    if not declared and any(text.strip() for text in content.tagged(document, content.PARAMETERS)):
        _unread(document, layers)
    return [each.wire() for each in declared]


def _unread(document: NotebookDocument, layers: Layers) -> None:
    if content.language(document) not in (None, "python"):
        return
    layers.problems.append(
        Problem(
            code="unsupported",
            message="No parameters could be read from the cell tagged `parameters`.",
            advice="Write one assignment a line, in Python: name = value",
            field="parameters",
        )
    )
