"""A plan as text, for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..api import CheckStatus, FieldSource, LaunchForm, Plan
from ..runs.secret_values import masked

SHOWN = 8
_NOT_OK: tuple[CheckStatus, ...] = ("will fail", "warning", "cannot tell")
_UNSAID = ("given", "default")
# What it is made of is said on the other lines, or was typed just now.
_ELSEWHERE = {"job_kind", "parameters", "environment", "packages"}
_PARAMETER = "parameters."


def text(plan: Plan, form: LaunchForm, notebook: str, sources: Sequence[FieldSource] = ()) -> str:
    """Several lines: what runs where, what it costs, what is sent, what stays, and each check that is not ok."""
    machines = form.instance_type + (f" × {form.instance_count}" if form.instance_count > 1 else "")
    files = [upload for upload in plan.uploads if upload.bytes]
    lines = [
        plan.name,
        f"  runs   {notebook} as a {form.job_kind} job on {machines}",
        f"  costs  {cost(plan)}",
        f"  sends  {len(plan.files)} files beside the notebook, {_size(plan.upload_bytes)} in {len(files)} objects",
        f"  to     {plan.output_uri}",
        *_chosen(form, sources),
        *_parameters(plan, sources),
        *_variables(form, sources),
        *(f"  installs  {each.requirement} ({each.why}; from {each.source})" for each in plan.packages),
        *(f"  stays  {each.path} ({each.why})" for each in plan.left_out[:SHOWN]),
    ]
    if len(plan.left_out) > SHOWN:
        lines.append(f"  stays  {len(plan.left_out) - SHOWN} more")
    return "\n".join([*lines, *(f"  {each}" for each in not_ok(plan))])


def not_ok(plan: Plan, statuses: Iterable[CheckStatus] = _NOT_OK) -> list[str]:
    """Return a line for each check of these statuses, with what to do."""
    return [
        f"{check.status}: {check.message} {check.advice}".rstrip()
        for check in plan.checks
        if check.status in statuses
    ]


def cost(plan: Plan) -> str:
    """Say what it costs at most, and what it is likely to cost."""
    hours = f"{plan.max_runtime_seconds / 3600:.3g} h"
    if plan.max_usd is None or plan.usd_per_hour is None:
        return f"at a price that is not known, for at most {hours}"
    most = f"at most ${plan.max_usd:.2f} ({hours} at ${plan.usd_per_hour:.3f}/hour)"
    return most if plan.likely_usd is None else f"{most}, likely ${plan.likely_usd:.2f} ({plan.likely_why})"


def _chosen(form: LaunchForm, sources: Iterable[FieldSource]) -> list[str]:
    """List the form's members that nobody gave just now, with who chose them."""
    return [
        f"  with   {each.field} {_short(getattr(form, each.field))} ({each.source})"
        for each in sources
        if each.source not in _UNSAID
        and each.field not in _ELSEWHERE
        and not each.field.startswith(_PARAMETER)
    ]


def _parameters(plan: Plan, sources: Iterable[FieldSource]) -> list[str]:
    """List the parameters that are set, each with who set it; the notebook's other defaults stay as they are."""
    source = {each.field: f" ({each.source})" for each in sources if each.source not in _UNSAID}
    return [
        f"  sets   {name} = {_short(value)}{source.get(_PARAMETER + name, '')}"
        for name, value in plan.parameters.items()
    ]


def _variables(form: LaunchForm, sources: Iterable[FieldSource]) -> list[str]:
    """List variables with where they come from; secrets by their names alone."""
    source = {each.field: f" ({each.source})" for each in sources if each.source not in _UNSAID}
    return [
        f"  sets   ${name} = {_short(value)}{source.get('environment', '')}"
        for name, value in masked(form.environment).items()
    ]


def _short(value: object) -> str:
    if isinstance(value, list):
        shown = ", ".join(map(str, value))
    elif isinstance(value, dict):
        shown = ", ".join(f"{name}={each}" for name, each in value.items())
    else:
        shown = str(value)
    return shown if len(shown) <= 100 else shown[:99] + "…"


def _size(count: float) -> str:
    for unit in ("bytes", "kB", "MB"):
        if count < 1000:
            return f"{count:.0f} {unit}"
        count /= 1000
    return f"{count:.1f} GB"
