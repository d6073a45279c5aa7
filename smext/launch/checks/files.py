"""What is said of the files that go along: how many, how large, and whether so much is meant."""

from __future__ import annotations

from ...api import Check, LaunchForm, check
from ..files.selection import FileSet, FoundFile
from ..files.sizes import size
from ..limits import MB, Limits
from ..notebook import content
from .base import Offline
from .context import Context

FIELD = "include_files"
LARGE = 10 * MB
"""Bytes of a file from which on it is named."""
SHOWN = 5
GB = 1024 * MB
_BYTES_A_MINUTE = 60 * 100_000_000 // 8
_PATIENT = 2


def of_slow_folder() -> Check:
    """Say that the folder could not be looked through in time."""
    return check(
        "files",
        "will fail",
        "The notebook's folder could not be looked through in time.",
        "Launch without the files, or move the notebook into a folder of its own.",
        FIELD,
    )


def of_files(found: FileSet | None, form: LaunchForm, limits: Limits, alone: str = "") -> list[Check]:
    """`alone`: why the notebook has no folder here, where it has none."""
    if found is not None:
        return [_of_amount(found, form, limits), *_of_rest(found, limits), *_of_disk(found, form)]
    why = f": {alone}" if alone else "."
    if form.files:
        message = f"The files that were chosen cannot go along{why}"
        return [
            check(
                "files",
                "will fail",
                message,
                "Take them out, and give the data as inputs from S3.",
                "files",
            )
        ]
    if not form.include_files:
        return [check("files", "ok", "Only the notebook goes along.", "", FIELD)]
    message = f"Only the notebook goes along, without the files beside it{why}"
    advice = "If it needs files, open a copy of it in this server's folder, or read them from S3."
    return [check("files", "warning", message, advice, FIELD)]


def _of_amount(found: FileSet, form: LaunchForm, limits: Limits) -> Check:
    count = len(found.files)
    files = "1 file" if count == 1 else f"{count} files"
    largest = sorted(found.files, key=lambda each: -each.bytes)[:SHOWN]
    amount = f"{files}, {size(found.bytes)}"
    if count <= limits.max_files and found.bytes <= limits.max_files_bytes:
        large = [each for each in largest if each.bytes >= LARGE]
        advice = "Put large data into S3 once and read it as an input." if large else ""
        return check("files", "ok", f"{amount}{_named(large)}.", advice, FIELD)
    most = f"{limits.max_files} files, {size(limits.max_files_bytes)}"
    if not form.send_large:
        return check(
            "files",
            "will fail",
            f"{amount} are more than go along unasked ({most}){_named(largest)}.",
            "Allow it, name what is not needed in .smextignore, or put it into S3 and give it as an input.",
            "send_large",
        )
    minutes = found.bytes // _BYTES_A_MINUTE
    time = f"; at 100 Mbit/s that takes {minutes} minutes" if minutes >= _PATIENT else ""
    return check(
        "files",
        "warning",
        f"{amount}{_named(largest)}{time}.",
        "What the bucket has is not sent again. Data that many runs read is better an input from S3.",
        "send_large",
    )


def _of_rest(found: FileSet, limits: Limits) -> list[Check]:
    if found.complete:
        return []
    return [
        check(
            "files",
            "warning",
            f"Only the first {limits.max_entries} files and folders were looked at: the rest stays.",
            "Move the notebook into a folder of its own, or name what it needs under Files.",
            FIELD,
        )
    ]


def _of_disk(found: FileSet, form: LaunchForm) -> list[Check]:
    # They are there twice: as they came, and unpacked.
    if 2 * found.bytes < form.volume_gb * GB:
        return []
    message = f"The disk of the job does not hold the files, which are there packed and unpacked: {form.volume_gb} GB"
    return [
        check("files", "will fail", message, f"Take {2 * found.bytes // GB + 5} GB or more.", "volume_gb")
    ]


def _named(files: list[FoundFile]) -> str:
    named = ", ".join(f"{each.path} {size(each.bytes)}" for each in files)
    return f"; the largest: {named}" if named else ""


def _of_folder(context: Context) -> list[Check]:
    if context.around.no_files:
        return [of_slow_folder()]
    why = content.why_alone(context.notebook)
    return of_files(context.files, context.form, context.limits, why)


CHECKS = (Offline(90, _of_folder), Offline(160, lambda context: context.around.said_of_files))
