"""What would do where a machine is not to be had."""

from __future__ import annotations

from dataclasses import dataclass

from ...api import JobKind, LaunchForm
from ...pricing import fits_like
from ...pricing.offered_types import is_offered
from ..limits import Limits
from ..request import APIS

MOST = 3
"""Other types that are named."""


@dataclass(frozen=True)
class MachineRequest:
    """What a job asks for; `placed` means in subnets of the account."""

    job_kind: JobKind
    instance_type: str
    spot: bool = False
    placed: bool = False


def of_form(form: LaunchForm) -> MachineRequest:
    """Return what the form wants of a machine."""
    return MachineRequest(form.job_kind, form.instance_type, form.spot, bool(form.subnets))


def types(wanted: MachineRequest, region: str, limits: Limits) -> list[str]:
    """Other types with as much of everything, that are offered there and allowed; the cheapest first."""
    component = APIS[wanted.job_kind].component
    found = (
        name
        for name in fits_like(component, wanted.instance_type, region)
        if limits.allows(name) and is_offered(component, name, region) is not False
    )
    return [name for name, _ in zip(found, range(MOST), strict=False)]


def capacity(wanted: MachineRequest, region: str, limits: Limits) -> str:
    """Say what to do where AWS has no such machine free."""
    others = types(wanted, region, limits)
    waits = wanted.job_kind == "training" and not wanted.spot
    sentences = [
        f"These have as much of everything: {', '.join(others)}." if others else "",
        "Subnets in other zones may have some." if wanted.placed else "",
        "Without spot there are more." if wanted.spot else "",
        "Or run it again in a while"
        + (", or as a spot job: that waits for machines by itself." if waits else "."),
    ]
    return " ".join(filter(None, sentences))
