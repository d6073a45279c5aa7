"""Packages for a job that reaches no package index: which are downloaded here, and what can be said of that beforehand."""

from __future__ import annotations

import importlib.util
import platform
from dataclasses import replace

from packaging.requirements import InvalidRequirement, Requirement

from ...api import Check, LaunchForm, check
from . import downloads, indexes
from .container import Container, container
from .downloads import Download
from .image_packages import shipped
from .install_list import FIELD, InstallList, Local
from .lists import requirement_of

TOOLS = ("nbclient", "nbformat", "ipykernel")
"""What the runner needs itself, where the image lacks it."""


def prepared(wanted: InstallList, form: LaunchForm, *, isolated: bool) -> tuple[InstallList, Download | None]:
    """Split off what is sent instead of being fetched by the job, with a word on it; None where the job fetches it itself."""
    if not (isolated or form.send_wheels):
        said = [*wanted.checks, *wanted.index_checks, *indexes.checks(wanted, form.environment)]
        return replace(wanted, checks=said), None
    where, image = container(form.image, form.instance_type), shipped(form.image)
    if image is not None and not (wanted.always or wanted.if_missing or wanted.listed or wanted.local):
        return wanted, None
    fetched, local = _parted(wanted)
    lines = wanted.listed or []
    locals_ = [*wanted.local, *local, *(_addressed(line) for line in lines if _is_address(line))]
    plain = [line for line in lines if not line.startswith("-") and not _is_address(line)]
    download = Download(
        requirements=(*fetched, *wanted.if_missing, *map(requirement_of, plain)),
        constraints=tuple(wanted.constraints),
        options=tuple(line for line in lines if line.startswith("-") and line != "--require-hashes"),
        container=where,
        python=where.python or platform.python_version(),
        image=image,
        tools=TOOLS,
        extras=InstallList(local=locals_).extras,
    )
    made = replace(
        wanted,
        always=fetched,
        local=locals_,
        listed=plain if wanted.listed is not None else None,
        checks=[*wanted.checks, *_said(download, where, wanted)],
    )
    return made, download


def _parted(wanted: InstallList) -> tuple[list[str], list[Local]]:
    """Part requirements that name an address, which are built or fetched here: pip in the job would go there."""
    kept, local = [], []
    for text in wanted.always:
        if _is_address(text):
            local.append(_addressed(text))
        else:
            kept.append(text)
    return kept, local


def _is_address(text: str) -> bool:
    return "://" in text


def _addressed(text: str) -> Local:
    line = requirement_of(text)
    try:
        requirement = Requirement(line)
        return Local(requirement.name, requirement.url or line, tuple(sorted(requirement.extras)))
    except InvalidRequirement:
        return Local(line.rpartition("/")[2], line)


def _said(download: Download, where: Container, wanted: InstallList) -> list[Check]:
    if importlib.util.find_spec("pip") is None:
        return [
            check(
                "packages",
                "will fail",
                "The packages cannot be downloaded here: this server's Python has no pip.",
                "Install pip beside Jupyter, or choose an image that has the packages.",
                FIELD,
            )
        ]
    checks = []
    if where.python is None:
        checks.append(
            check(
                "packages",
                "cannot tell",
                f"Which Python the image has is not known: wheels are downloaded for {download.minor}.",
                "Choose an image of the SageMaker Distribution, or one whose tag tells it, such as -py312.",
                FIELD,
            )
        )
    return [*checks, _outlook(download, wanted)]


def _outlook(download: Download, wanted: InstallList) -> Check:
    """From what is on the disk and from what failed before; the index itself is asked when it is launched."""
    failure = downloads.failed_before(download)
    if failure is not None:
        return check("packages", "will fail", failure.message, failure.advice, FIELD)
    known = downloads.kept(download)
    if known is not None:
        size = sum(path.stat().st_size for path in known)
        return check(
            "packages",
            "ok",
            f"{len(known)} wheels go along, {size / 1e6:.1f} MB, downloaded before.",
            "",
            FIELD,
        )
    if not wanted.shown:
        return check("packages", "ok", "What the runner itself needs goes along as wheels.", "", FIELD)
    return check(
        "packages",
        "cannot tell",
        f"Whether all of it has wheels for Python {download.minor} on {download.container.machine} "
        "is seen when they are downloaded, before anything is created.",
        "",
        FIELD,
    )
