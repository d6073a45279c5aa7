"""The request against SageMaker's own model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...api import Check, LaunchForm, check
from .. import options
from ..request import Asked
from .base import Offline
from .botocore_model import Violation, violations


def of_request(asked: Asked, request: Mapping[str, Any]) -> list[Check]:
    """Check the request against SageMaker's own model; the role has a check of its own."""
    found = [
        _violation(each, _field(each, asked.form, request))
        for each in violations(asked.api.create, request)
        if each.path != ("RoleArn",)
    ]
    return found or [check("request", "ok", f"{asked.api.create} takes it, by boto3's model.")]


def _field(found: Violation, form: LaunchForm, request: Mapping[str, Any]) -> str | None:
    """Return the part of the form that a violation is of; of an input or output its row, as the form counts them."""
    fields, parts = options.fields(), options.parts()
    field = next((fields[name] for name in reversed(found.path) if name in fields), None)
    at = next((at for at, part in enumerate(found.path) if part.isdigit()), None)
    if field not in ("inputs", "outputs") or at is None:
        return field
    listed: Any = request
    for member in found.path[:at]:
        listed = listed[member]
    # The run's own come first.
    row = int(found.path[at]) - len(listed) + len(form.inputs if field == "inputs" else form.outputs)
    part = next((parts[name] for name in reversed(found.path) if name in parts), None)
    return field if row < 0 else ".".join(filter(None, (field, str(row), part)))


def _violation(found: Violation, field: str | None) -> Check:
    if field == "environment" and len(found.path) > 1:
        message = f"Environment variable {found.path[1]}: {found.message}"
        if found.key:
            message = f"No environment variable can have this name: {found.path[1] or '(empty)'}"
    else:
        message = f"{'.'.join(found.path)}: {found.message}".lstrip(": ")
    return check(
        "environment" if field == "environment" else "request",
        "will fail",
        message,
        "Change it in the form."
        if field
        else "It comes from the SageMaker SDK's config.yaml: mend it there.",
        field,
    )


CHECKS = (Offline(80, lambda context: of_request(context.asked, context.request)),)
