"""The network and the keys of a run: the form's, else those of the SDK's config."""

from __future__ import annotations

import re
from typing import Any

from ..api import LaunchForm
from .options import by_member, places
from .sdk_config import SECTIONS, SdkConfig

# AWS: Amazon EC2 User Guide, "Instance store volumes"; the generation's letter d says so, these families have no such letter.
_WITH_DISKS = re.compile(
    r"ml\.([a-z]+\d+[a-z]*d[a-z]*|g5|g6e?|gr6|g7e?|p5e?n?|p6.*|trn1n?|trn2.*|i\d.*|f\d)\..+"
)


def vpc(form: LaunchForm, config: SdkConfig) -> dict[str, Any]:
    """`VpcConfig`, empty for SageMaker's own network. What the form says, even that there is none, counts."""
    if {"subnets", "security_groups"} & form.model_fields_set:
        both = form.subnets and form.security_groups
        return {"Subnets": form.subnets, "SecurityGroupIds": form.security_groups} if both else {}
    return config.mapping(*_network(form), "VpcConfig")


def is_isolated(form: LaunchForm, config: SdkConfig) -> bool:
    """Tell whether the job is to have no network."""
    return bool(config.value(by_member()["network_isolation"], form))


def config_only(form: LaunchForm, config: SdkConfig) -> dict[str, Any]:
    """Return the members of a processing job's network that the SDK's config sets and the form does not have."""
    start = "NetworkConfig."
    paths = [place.path for _, place in places("processing")]
    known = {path.removeprefix(start).partition(".")[0] for path in paths if path.startswith(start)}
    return {name: value for name, value in config.mapping(*_network(form)).items() if name not in known}


def output_key(form: LaunchForm, config: SdkConfig) -> str | None:
    """Return the KMS key of what is written to S3."""
    return _keys(form, config)[0]


def volume_key(form: LaunchForm, config: SdkConfig) -> str | None:
    """Return the KMS key of the disks; None for types whose disks have a key of their hardware, as AWS takes no other."""
    return None if has_own_disks(form.instance_type) else _keys(form, config)[1]


def has_own_disks(instance_type: str) -> bool:
    """Whether the type keeps its data on disks inside the machine (NVMe)."""
    return _WITH_DISKS.fullmatch(instance_type) is not None


def _keys(form: LaunchForm, config: SdkConfig) -> tuple[str | None, str | None]:
    """Of outputs and of disks."""
    if form.kms_key:
        return form.kms_key, form.kms_key
    output, volume = (
        config.text(SECTIONS[form.job_kind], *place.path.split("."))
        for place in by_member()["kms_key"].places(form.job_kind)
    )
    # The form shows one key: where the config has that one, an empty member means that it was taken away.
    taken_away = "kms_key" in form.model_fields_set and output == volume
    return (None, None) if taken_away else (output, volume)


def _network(form: LaunchForm) -> tuple[str, ...]:
    section = SECTIONS[form.job_kind]
    return (section,) if form.job_kind == "training" else (section, "NetworkConfig")
