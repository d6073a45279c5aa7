"""Translation of AWS's and boto3's errors into those of this package: in words, with what to do."""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from typing import TypeVar

from ..errors import (
    Capacity,
    Conflict,
    Denied,
    Expired,
    Invalid,
    NoCredentials,
    NotFound,
    Quota,
    SmextError,
    Throttled,
    Unsupported,
)
from . import boto3_errors, clock_skew

T = TypeVar("T")

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
_WHICH = {
    "UnrecognizedClientException": ": the access key or the session token is not known",
    "InvalidClientTokenId": ": the access key is not known",
    "InvalidAccessKeyId": ": the access key is not known",
    "InvalidSignatureException": ": the secret key does not belong to the access key",
    "SignatureDoesNotMatch": ": the secret key does not belong to the access key",
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
)
_QUOTA = re.compile(
    r"service limit '(?P<quota>[^']+)' is (?P<limit>[\d.]+) \w+, with current utilization of "
    r"(?P<used>[\d.]+) \w+ and a request delta of (?P<delta>[\d.]+)"
)


def aws_code(error: BaseException) -> str:
    """Return AWS's code of a botocore ClientError; empty for anything else."""
    response = getattr(error, "response", None)
    if not isinstance(response, dict):
        return ""
    return str(response.get("Error", {}).get("Code", ""))


def cause_code(error: SmextError) -> str:
    """Return AWS's code of what an error was translated from; empty where AWS said nothing."""
    return aws_code(error.__cause__ or error)


def absent_as(absent: T, codes: Container[str], ask: Callable[[], T]) -> T:
    """Return what `ask` returns, and `absent` where AWS refuses with one of these codes: there is no such thing."""
    try:
        return ask()
    except SmextError as error:
        if cause_code(error) in codes:
            return absent
        raise


def aws_message(error: BaseException) -> str:
    """Return AWS's message of a botocore ClientError, else the text of the error."""
    response = getattr(error, "response", None)
    if not isinstance(response, dict):
        return str(error)
    return str(response.get("Error", {}).get("Message", "")) or str(error)


def is_throttle(error: BaseException) -> bool:
    """Return True if AWS throttled the call."""
    return aws_code(error) in _THROTTLED


def translate(error: BaseException, doing: str, action: str = "") -> SmextError:
    """Translate what botocore raised while `doing`; `action` is the IAM action for a denial.

    `doing` is the start of the sentence, such as `Could not list endpoints`; `action` the IAM
    action that was used, such as `sagemaker:ListEndpoints`.
    """
    if isinstance(error, SmextError):
        return error
    code = aws_code(error)
    if not code:
        return boto3_errors.translated(error, doing)
    return clock_skew.skewed(code, error) or _from_service(code, aws_message(error), doing, action)


def _from_service(code: str, text: str, doing: str, action: str) -> SmextError:
    match = _NOT_AUTHORIZED.search(text)
    if code in _DENIED or match:
        return _denied(code, text, doing, action, match)
    if code in _THROTTLED:
        return Throttled(
            f"{doing}: AWS asks for fewer calls ({code}).",
            advice="smext waits and tries again.",
            cause=f"AWS asks for fewer calls ({code}).",
        )
    if code in _EXPIRED:
        return Expired(
            f"Your AWS credentials have expired ({code}).",
            advice="Sign in again (for example `aws sso login`), or restart the space; then press Refresh.",
        )
    if code in _BAD_KEYS:
        return NoCredentials(
            f"AWS does not accept these credentials ({code}{_WHICH.get(code, '')}).",
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
