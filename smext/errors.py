"""What can go wrong, and how AWS's words for it become ours, with what to do."""

from __future__ import annotations

import re
from datetime import datetime

from .api import Problem, ProblemCode


class SmextError(Exception):
    """A failure that a person can read. `status` is the HTTP status it becomes."""

    code: ProblemCode = "failed"
    status = 502

    def __init__(
        self, message: str, *, advice: str = "", permission: str | None = None, field: str | None = None
    ) -> None:
        super().__init__(message)
        self.message, self.advice, self.permission, self.field = message, advice, permission, field

    def problem(self, since: datetime | None = None) -> Problem:
        return Problem(
            code=self.code,
            message=self.message,
            advice=self.advice,
            permission=self.permission,
            field=self.field,
            since=since,
        )


class Denied(SmextError):
    code, status = "denied", 403


class ReadOnly(SmextError):
    code, status = "read-only", 403


class Throttled(SmextError):
    code, status = "throttled", 429


class Expired(SmextError):
    code, status = "expired", 424


class NoCredentials(SmextError):
    code, status = "no-credentials", 424


class NoRegion(SmextError):
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


_THROTTLED = {
    "ThrottlingException",
    "Throttling",
    "TooManyRequestsException",
    "RequestLimitExceeded",
    "SlowDown",
}
_EXPIRED = {"ExpiredTokenException", "ExpiredToken", "RequestExpired", "TokenRefreshRequired"}
_BAD_KEYS = {
    "UnrecognizedClientException",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "SignatureDoesNotMatch",
    "InvalidAccessKeyId",
    "IncompleteSignature",
    "AuthFailure",
}
_DENIED = {"AccessDeniedException", "AccessDenied", "UnauthorizedOperation", "403", "Forbidden"}
_MISSING = {
    "ResourceNotFound",
    "ResourceNotFoundException",
    "NoSuchBucket",
    "NoSuchKey",
    "NoSuchEntity",
    "404",
    "NotFound",
}
_CONFLICT = {"ResourceInUse", "ConflictException", "ResourceInUseException"}
_NO_MACHINES = {"CapacityError", "InsufficientCapacityException", "InsufficientInstanceCapacity"}

# The shape of SageMaker's own sentence (seen in public threads; every service that names the action uses it).
_NOT_AUTHORIZED = re.compile(
    r"(?:User: (?P<who>arn:\S+) )?is not authorized to perform: (?P<action>[\w-]+:\w+)"
    r"(?: on resource: (?P<resource>\S+))?(?P<why>.*)",
    re.DOTALL,
)
_ASK_FOR = "Ask for {action} on the role that this server uses (`smext policy` prints the policy)."
_WHY_DENIED = (
    ("service control policy", "Your organisation forbids this action: nobody in this account can allow it."),
    ("permissions boundary", "A permissions boundary blocks it: adding it to the role alone will not help."),
    ("explicit deny", "A policy denies this on purpose: ask who looks after the account."),
    (
        "no identity-based policy",
        "Ask for {action} on the role that this server uses (`smext policy` prints the policy).",
    ),
)
_QUOTA = re.compile(
    r"service limit '(?P<quota>[^']+)' is (?P<limit>[\d.]+) \w+, with current utilization of "
    r"(?P<used>[\d.]+) \w+ and a request delta of (?P<delta>[\d.]+)"
)


def aws_code(error: BaseException) -> str:
    """AWS's code out of a botocore ClientError; empty for anything else."""
    response = getattr(error, "response", None)
    if not isinstance(response, dict):
        return ""
    return str(response.get("Error", {}).get("Code", ""))


def aws_message(error: BaseException) -> str:
    response = getattr(error, "response", None)
    if not isinstance(response, dict):
        return str(error)
    return str(response.get("Error", {}).get("Message", "")) or str(error)


def is_throttle(error: BaseException) -> bool:
    return aws_code(error) in _THROTTLED


def not_understood(doing: str, came: str) -> NotUnderstood:
    """Make the error of an answer that is none; `came` says what came back instead."""
    return NotUnderstood(
        f"{doing}: {came} came back instead of AWS's answer.",
        advice="A proxy or a login page of the network may answer in AWS's place: sign in to the network, and check "
        "HTTPS_PROXY and AWS_ENDPOINT_URL of this server; then press Refresh.",
    )


def translate(error: BaseException, doing: str, action: str = "") -> SmextError:
    """Turn what botocore raised while `doing` into ours.

    `doing` is the start of the sentence, such as `Could not list endpoints`; `action` the IAM
    action that was used, such as `sagemaker:ListEndpoints`.
    """
    if isinstance(error, SmextError):
        return error
    code = aws_code(error)
    if code:
        return _from_service(code, aws_message(error), doing, action)
    return _from_client(error, doing)


def _from_service(code: str, text: str, doing: str, action: str) -> SmextError:
    match = _NOT_AUTHORIZED.search(text)
    if code in _DENIED or match:
        return _denied(code, text, doing, action, match)
    if code in _THROTTLED:
        return Throttled(
            f"{doing}: AWS asks for fewer calls ({code}).", advice="smext waits and tries again."
        )
    if code in _EXPIRED:
        return Expired(
            f"{doing}: the AWS credentials have expired ({code}).",
            advice="Sign in again (for example `aws sso login`), or restart the space; then press Refresh.",
        )
    if code in _BAD_KEYS:
        return NoCredentials(
            f"{doing}: AWS does not accept these credentials ({code}).",
            advice="Check the access key, the profile and the region that this server was started with.",
        )
    if code == "ResourceLimitExceeded":
        return _quota(text, doing)
    if "CapacityError" in text or "InsufficientInstanceCapacity" in text or code in _NO_MACHINES:
        return Capacity(
            f"{doing}: {text}", advice="Try another instance type or region, or wait and try again."
        )
    if code in _MISSING or "not found" in text.lower() or text.startswith("Could not find"):
        return NotFound(
            f"{doing}: it does not exist ({text}).", advice="It may have been deleted; press Refresh."
        )
    if code in _CONFLICT:
        return Conflict(f"{doing}: {text}", advice="Wait until it has settled, then try again.")
    if code in {"ValidationException", "ValidationError", "InvalidParameterValue"}:
        return Invalid(f"{doing}: {text}", advice="Change the value that AWS names, then try again.")
    if code in {"UnknownOperationException", "UnknownOperation"}:
        return Unsupported(f"{doing}: this endpoint does not know the operation.", advice="")
    return SmextError(f"{doing} ({code}): {text}", advice="Try again; if it goes on, see the server's log.")


def _denied(code: str, text: str, doing: str, action: str, match: re.Match[str] | None) -> SmextError:
    named = match["action"] if match else action
    why = (match["why"] if match else text).lower()
    advice = next((advice for words, advice in _WHY_DENIED if words in why), _ASK_FOR)
    shown = named or "an action that AWS does not name"
    return Denied(f"{doing} ({code}: {shown}).", advice=advice.format(action=shown), permission=named or None)


def _quota(text: str, doing: str) -> SmextError:
    match = _QUOTA.search(text)
    if not match:
        return Quota(
            f"{doing}: a quota of the account is used up ({text}).", advice="Ask for more in Service Quotas."
        )
    return Quota(
        f"{doing}: the quota '{match['quota']}' is {match['limit']}, {match['used']} in use, "
        f"{match['delta']} more wanted.",
        advice=f"Ask for more of '{match['quota']}' in Service Quotas, or choose another instance type.",
        field="instance_type",
    )


def _from_client(error: BaseException, doing: str) -> SmextError:
    # By name: botocore is loaded only when a call was made, and this module on every start.
    names = {c.__name__ for c in type(error).__mro__}
    if names & {
        "NoCredentialsError",
        "PartialCredentialsError",
        "ProfileNotFound",
        "CredentialRetrievalError",
    }:
        return NoCredentials(
            f"{doing}: no AWS credentials were found.",
            advice="In Studio, restart the space. On a computer, run `aws configure` or `aws sso login`, "
            "or try without an account: `smext demo`.",
        )
    if names & {"SSOTokenLoadError", "UnauthorizedSSOTokenError", "TokenRetrievalError"}:
        return Expired(
            f"{doing}: the single sign-on has expired.", advice="Run `aws sso login`, then Refresh."
        )
    if "NoRegionError" in names:
        return NoRegion(
            f"{doing}: no AWS region is set.",
            advice="Set AWS_REGION, or a region in ~/.aws/config, and restart the server.",
        )
    if names & {"ReadTimeoutError", "ConnectTimeoutError"}:
        return TimedOut(
            f"{doing}: no answer in time.", advice="smext tries again; check the network if it goes on."
        )
    if names & {
        "EndpointConnectionError",
        "ConnectionError",
        "HTTPClientError",
        "ConnectionClosedError",
        "ProxyConnectionError",
    }:
        return Unreachable(
            f"{doing}: AWS cannot be reached.",
            advice="Check the network; in a VPC-only domain, ask for VPC endpoints of the service.",
        )
    if "ResponseParserError" in names or _in_parser(error):
        return not_understood(doing, "something that cannot be read")
    if names & {"ParamValidationError"}:
        return Invalid(f"{doing}: {error}", advice="Change the value that is named.")
    if names & {"UnknownServiceError", "OperationNotPageableError"}:
        return Outdated(f"{doing}: needs a newer boto3.", advice="Update boto3 where that is allowed.")
    return SmextError(f"{doing}: {type(error).__name__}: {error}", advice="See the server's log.")


def _in_parser(error: BaseException) -> bool:
    """botocore failed while it parsed an answer, with whatever it raised then."""
    trace, module = error.__traceback__, ""
    while trace is not None:
        module = str(trace.tb_frame.f_globals.get("__name__"))
        if module == "botocore.parsers":
            return True
        trace = trace.tb_next
    # Its parser makes nothing at all of the body `null`.
    return module == "botocore.endpoint" and isinstance(error, AttributeError)


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
