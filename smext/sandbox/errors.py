"""AWS errors: a code, a text, an HTTP status; the wire form depends on the protocol."""

from __future__ import annotations


class AwsError(Exception):
    """Error answer; `status` None means the usual one of the code."""

    def __init__(self, code: str, message: str, status: int | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status


def validation(message: str) -> AwsError:
    """Make a ValidationException."""
    return AwsError("ValidationException", message)


def access_denied(principal: str, action: str, resource: str | None = None) -> AwsError:
    """Make IAM's error for an `action` (service prefix and operation) that no policy allows."""
    on = f" on resource: {resource}" if resource else ""
    return AwsError(
        "AccessDeniedException",
        f"User: {principal} is not authorized to perform: {action}{on} "
        f"because no identity-based policy allows the {action} action",
    )


#: Texts of the errors that tests inject by their code alone.
USUAL_TEXT = {
    "ThrottlingException": "Rate exceeded",
    "ExpiredTokenException": "The security token included in the request is expired",
    "UnrecognizedClientException": "The security token included in the request is invalid.",
    "InternalServerError": "An internal error occurred. Please retry your request.",
    "ServiceUnavailable": "The service is temporarily unavailable. Please retry your request.",
    "NoSuchBucket": "The specified bucket does not exist",
}
