"""Carry out a plan: upload, leave the record, create the job. The job's name is the lock: never two of one launch."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from .. import errors
from ..api import Launched, LaunchRequest
from ..aws import s3, service_errors
from ..aws.account import Account
from ..aws.responses import words
from ..aws.s3 import Writer
from ..pricing import RateOf, rate
from ..runs.job_names import is_ours
from ..runs.record import ENV_RUN, write_record
from .files.upload import send
from .limits import Limits
from .packages import downloads, wheel_upload, wheels
from .plan import Draft, draft
from .progress import LaunchState, tracked
from .rejections.field_errors import explained, is_definite
from .request import APIS, JobApi

ATTEMPTS = 2
"""How often a job is created whose creation AWS did not answer."""


def apply(
    account: Account, request: LaunchRequest, root: Path | None, limits: Limits, *, rate: RateOf = rate
) -> Launched:
    """Launch it. The same name again gives the job that exists.

    Raises errors.SmextError; then no job was created, except where the message says that it is not known.
    """
    limits.refuse_if_read_only("Nothing was launched")
    if not request.name:
        raise errors.Invalid(
            "Could not launch: the job has no name.", advice="Make a plan first.", field="name"
        )
    with tracked(request.name) as way:
        with ThreadPoolExecutor(1, thread_name_prefix="smext-ask") as pool:
            kind = limits.applied(request.form).job_kind
            described = pool.submit(_described, account, APIS[kind], request.name)
            made = draft(account, request, root, limits, rate=rate)
        if _is_this(made, described.result()):
            return _launched(made, existed=True)
        _refuse(made)
        return _carry_out(account, made, way)


def _carry_out(account: Account, made: Draft, way: LaunchState) -> Launched:
    writer = made.writer(account)
    way.enter("packing")
    with tempfile.TemporaryDirectory(prefix="smext-") as scratch:
        built = wheels.build(made.local, Path(scratch), made.container, way.check)
        fetched = downloads.fetch(made.download, built, way.check) if made.download else []
        if made.bucket_missing:
            _make_bucket(account, made.asked.run.bucket.name)
        _upload(writer, made, built, fetched, way)
    return _create(account, writer, made)


def _launched(made: Draft, existed: bool) -> Launched:
    name = made.plan.name
    if not existed:
        made.remember()
    return Launched(kind=made.plan.kind, key=quote(name, safe=""), name=name, existed=existed)


def _refuse(made: Draft) -> None:
    for check in made.plan.checks:
        if check.status == "will fail":
            raise errors.Invalid(f"Could not launch: {check.message}", advice=check.advice, field=check.field)


def _exists(account: Account, made: Draft) -> bool | None:
    """Whether this launch's job is there; None where that may not be asked.

    Raises errors.Conflict where the name is somebody else's.
    """
    return _is_this(made, _described(account, made.asked.api, made.plan.name))


def _described(account: Account, api: JobApi, name: str) -> dict[str, Any] | None:
    """Return the job of this name, empty where there is none; None where that may not be asked."""
    try:
        return account.call("sagemaker", api.describe, **{api.name_member: name})
    except errors.NotFound:
        return {}
    except errors.Denied:
        return None


def _is_this(made: Draft, found: dict[str, Any] | None) -> bool | None:
    if not found:
        return None if found is None else False
    name, run = made.plan.name, made.asked.run.uri
    environment: dict[str, Any] = found.get("Environment") or {}
    if environment.get(ENV_RUN, run if is_ours(name) else None) != run:
        raise errors.Conflict(
            f"Could not launch: there is another job of this name: {name}",
            advice="Make a new plan.",
            field="name",
        )
    return True


def _make_bucket(account: Account, name: str) -> None:
    """As the SDK makes it. One that appeared meanwhile is fine if it is ours."""
    region = account.region
    # us-east-1 is S3's default and may not be named.
    place = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    try:
        with s3.translated(f"create the bucket {name}", "create_bucket"):
            account.client("s3").create_bucket(Bucket=name, **place)
    except errors.SmextError as error:
        if service_errors.cause_code(error) not in {
            "BucketAlreadyOwnedByYou",
            "OperationAborted",
        }:
            raise


def _upload(writer: Writer, made: Draft, built: list[Path], fetched: list[Path], way: LaunchState) -> None:
    """Everything at once, the record with it. Raises the first error; then the record says that no job was made."""
    base = made.asked.run.input_uri
    files = made.files
    work: list[Callable[[], None]] = [
        *(partial(writer.put, base + name, content) for name, content in made.contents.items()),
        *(partial(writer.put_file, f"{base}packages/{path.name}", path, way.sent) for path in built),
        *([partial(wheel_upload.send, writer, fetched, made.asked.run, way)] if fetched else []),
        *([partial(send, writer, files, made.asked.run, way)] if files and files.files else []),
        partial(write_record, writer, made.record, made.plan.record_uri),
    ]
    way.expect(sum(path.stat().st_size for path in built))
    try:
        with ThreadPoolExecutor(len(work), thread_name_prefix="smext-upload") as pool:
            for done in [pool.submit(each) for each in work]:
                done.result()
        way.enter("creating")
    except errors.Cancelled as error:
        _note(writer, made, error, "cancelled")
        raise
    except errors.SmextError as error:
        told = explained(error, made.asked, made.region, made.limits)
        _note(writer, made, told, "refused")
        raise told from error


def _create(account: Account, writer: Writer, made: Draft) -> Launched:
    api, error = made.asked.api, errors.SmextError("")
    for _ in range(ATTEMPTS):
        try:
            _check_named(made, account.call("sagemaker", api.create, **made.plan.request))
            return _launched(made, existed=False)
        except errors.Conflict:
            if _exists(account, made) is False:
                raise
            return _launched(made, existed=True)
        except errors.SmextError as failure:
            error = explained(failure, made.asked, made.region, made.limits)
            if is_definite(failure):
                _note(writer, made, error, "refused")
                raise error from failure
        # No answer is no answer: it may have been created all the same.
        with contextlib.suppress(errors.SmextError):
            if _exists(account, made):
                return _launched(made, existed=False)
    _note(writer, made, error, "unknown")
    error.advice = "Run it again: if AWS did create it, that job is taken and no second one is made."
    raise error


def _check_named(made: Draft, answer: dict[str, Any]) -> None:
    """Raise errors.NotUnderstood where the ARN that came back is not that of this job."""
    api, name = made.asked.api, made.plan.name
    arn = answer.get(api.name_member.removesuffix("Name") + "Arn")
    # SageMaker writes names in ARNs in lower case.
    if not isinstance(arn, str) or arn.rpartition("/")[2].lower() != name.lower():
        raise errors.not_understood(f"Could not {words(api.create)}", "the name of something else")


def _note(writer: Writer, made: Draft, error: errors.SmextError, status: str) -> None:
    """Leave the outcome in the record; the error itself matters more than this."""
    record = made.record.model_copy(update={"status": status, "error": error.problem()})
    with contextlib.suppress(errors.SmextError):
        write_record(writer, record, made.plan.record_uri)
