"""Environment variables: names that smext sets itself, and secrets that were not kept."""

from __future__ import annotations

from ...api import Check, LaunchForm, check
from ...runs.record import ENV_LIVE, ENV_NOTEBOOK, ENV_RUN, ENV_USER
from ...runs.secret_values import KEPT_OUT
from .base import Offline

RESERVED = {ENV_LIVE, ENV_NOTEBOOK, ENV_RUN, ENV_USER, "SMEXT_JOB", "SMEXT_OPT_ML"}
# Members of a request, and the field of the form that they come from.


def of_environment(form: LaunchForm) -> list[Check]:
    """Check the names of environment variables, and how large all are."""
    own = [name for name in form.environment if name in RESERVED]
    return [
        *(_variable(f"smext sets this variable itself: {name}", "Choose another name.") for name in own),
        *(
            _variable(f"The value of this secret was not kept: {name}", "Enter it again.")
            for name, value in form.environment.items()
            if value == KEPT_OUT
        ),
    ]


def _variable(message: str, advice: str) -> Check:
    return check("environment", "will fail", message, advice, "environment")


CHECKS = (Offline(70, lambda context: of_environment(context.form)),)
