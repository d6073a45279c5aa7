"""What can go wrong, in words and with what to do."""

from __future__ import annotations

from datetime import datetime

from .api import Problem, ProblemCode


class SmextError(Exception):
    """A failure that a person can read. `status` is the HTTP status it becomes."""

    code: ProblemCode = "failed"
    status = 502

    def __init__(
        self,
        message: str,
        *,
        advice: str = "",
        permission: str | None = None,
        field: str | None = None,
        cause: str | None = None,
    ) -> None:
        """cause: what keeps more than this call from working, in the same words for each of them."""
        super().__init__(message)
        self.message, self.advice, self.permission, self.field = message, advice, permission, field
        self.cause = cause

    def __str__(self) -> str:
        return self.message

    def problem(self, since: datetime | None = None) -> Problem:
        """Return the failure as the page gets it."""
        return Problem(
            code=self.code,
            message=self.message,
            advice=self.advice,
            permission=self.permission,
            field=self.field,
            cause=self.cause,
            since=since,
        )


class SetupError(SmextError):
    """The account cannot be asked at all: credentials, region, clock or configuration of this machine."""

    code: ProblemCode = "misconfigured"
    status = 424

    def __init__(self, message: str, *, advice: str = "", permission: str | None = None) -> None:
        super().__init__(message, advice=advice, permission=permission, cause=message)


class Misconfigured(SetupError):
    """A file, variable or address that this machine is set up with is wrong."""


class ClockWrong(SetupError):
    """AWS refuses what is signed with a time that is minutes off."""

    code = "clock"

    def __init__(self, message: str, *, advice: str = "", permission: str | None = None) -> None:
        super().__init__(message, advice=advice, permission=permission)
        # The times in the message differ from call to call.
        self.cause = "This machine's clock is wrong."


class Denied(SmextError):
    code, status = "denied", 403


class ReadOnly(SmextError):
    code, status = "read-only", 403


class Throttled(SmextError):
    code, status = "throttled", 429


class Expired(SetupError):
    code, status = "expired", 424


class NoCredentials(SetupError):
    code, status = "no-credentials", 424


class NoRegion(SetupError):
    code, status = "no-region", 424


class Unreachable(SmextError):
    code, status = "unreachable", 502


class TimedOut(SmextError):
    code, status = "timeout", 504


class Unsupported(SmextError):
    """AWS does not have it here: there is nothing of it in this region."""

    code: ProblemCode = "unsupported"
    status = 501


class Outdated(Unsupported):
    """This boto3 does not know it: what there is of it cannot be seen."""

    code, status = "outdated", 501


class NotUnderstood(SmextError):
    """What came back is no answer of AWS: nothing is known from it, least of all that there is nothing."""

    code, status = "not-understood", 502


class NotFound(SmextError):
    code, status = "not-found", 404


class Conflict(SmextError):
    code, status = "conflict", 409


class Cancelled(SmextError):
    """Called back by the user: nothing was created."""

    code, status = "cancelled", 409


class Quota(SmextError):
    code, status = "quota", 409


class Capacity(SmextError):
    code, status = "capacity", 503


class Invalid(SmextError):
    code, status = "invalid", 400


def not_understood(doing: str, came: str) -> NotUnderstood:
    """Make the error of an answer that is none; `came` says what came back instead."""
    return NotUnderstood(
        f"{doing}: {came} came back instead of AWS's answer.",
        cause=f"{came[:1].upper()}{came[1:]} came back instead of AWS's answer.",
        advice="A proxy or a login page of the network may answer in AWS's place: sign in to the network, and check "
        "HTTPS_PROXY and AWS_ENDPOINT_URL of this server; then press Refresh.",
    )


def describe_exception(error: BaseException | None, status: int) -> tuple[int, Problem]:
    """HTTP status and problem of whatever a handler raised; `status` is what the server would say."""
    if isinstance(error, SmextError):
        return error.status, error.problem()
    if type(error).__name__ == "ValidationError":
        return 400, _body_problem(error)
    said = str(getattr(error, "log_message", None) or "") or f"The server answers {status}."
    if status >= 500:
        return status, Problem(
            code="failed",
            message=f"This is a defect of smext: {type(error).__name__}: {error}",
            advice="The server's log has the details.",
        )
    code: ProblemCode = {403: "denied", 404: "not-found"}.get(status, "invalid")  # type: ignore[assignment]
    return status, Problem(code=code, message=said)


def _body_problem(error: BaseException | None) -> Problem:
    found = error.errors() if error is not None and hasattr(error, "errors") else []
    first = found[0] if found else {"loc": (), "msg": str(error)}
    place = ".".join(str(part) for part in first["loc"])
    return Problem(
        code="invalid",
        message=f"{first['msg']}: {place}" if place else str(first["msg"]),
        advice="Correct this value, then try again.",
        field=place.removeprefix("form.") or None,
    )
