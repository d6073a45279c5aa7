"""Fault injection: errors, delays and calls that never answer, by operation."""

from __future__ import annotations

import fnmatch
import threading
import time
from dataclasses import dataclass

from .errors import USUAL_TEXT, AwsError, access_denied

_REMEMBERED = 100_000


@dataclass
class _Rule:
    pattern: str
    code: str
    message: str | None
    times: int | None


class _Limit:
    """Token bucket that holds a second's worth of calls."""

    def __init__(self, calls_per_second: float) -> None:
        self._rate = self._tokens = calls_per_second
        self._at = time.monotonic()

    def takes(self, now: float) -> bool:
        self._tokens = min(self._rate, self._tokens + (now - self._at) * self._rate)
        self._at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class Faults:
    """Planned faults; patterns are operation names or `service:operation`, with `*`."""

    def __init__(self, principal: str) -> None:
        self._principal = principal
        self._lock = threading.Lock()
        self._rules: list[_Rule] = []
        self._hanging: list[str] = []
        self._released = threading.Event()
        self._delay = 0.0
        self._limits: dict[str, _Limit] = {}
        #: Names of the operations asked for, in order.
        self.calls: list[str] = []

    def fail(self, operation: str, code: str, times: int | None = None, message: str | None = None) -> None:
        """Answer matching calls with an error, always or `times` times."""
        with self._lock:
            self._rules.append(_Rule(operation, code, message, times))

    def hang(self, operation: str) -> None:
        """Never answer matching calls, until `heal`."""
        with self._lock:
            self._released.clear()
            self._hanging.append(operation)

    def delay(self, milliseconds: float) -> None:
        """Delay every call by so many milliseconds."""
        self._delay = milliseconds / 1000

    def limit(self, service: str, calls_per_second: float) -> None:
        """Throttle a service as AWS does: a second's worth at once, then so many a second."""
        with self._lock:
            self._limits[service] = _Limit(calls_per_second)

    def heal(self) -> None:
        """Remove all faults and let hanging calls go."""
        with self._lock:
            self._rules.clear()
            self._limits.clear()
            self._hanging.clear()
            self._delay = 0.0
            self._released.set()

    def strike(self, service: str, operation: str) -> None:
        """Record the call, wait as planned, and raise the planned error."""
        self.calls.append(operation)
        del self.calls[:-_REMEMBERED]
        if self._delay:
            time.sleep(self._delay)
        if any(_matches(pattern, service, operation) for pattern in list(self._hanging)):
            self._released.wait()
            raise AwsError("ServiceUnavailable", USUAL_TEXT["ServiceUnavailable"], 503)
        rule = self._next(service, operation)
        if rule is not None:
            raise self._error(rule, service, operation)
        with self._lock:
            limit = self._limits.get(service)
            over = limit is not None and not limit.takes(time.monotonic())
        if over:
            raise self._error(_Rule(operation, "ThrottlingException", None, None), service, operation)

    def _next(self, service: str, operation: str) -> _Rule | None:
        with self._lock:
            for rule in self._rules:
                if rule.times != 0 and _matches(rule.pattern, service, operation):
                    if rule.times is not None:
                        rule.times -= 1
                    return rule
        return None

    def _error(self, rule: _Rule, service: str, operation: str) -> AwsError:
        code = _for_service(rule.code, service)
        if rule.message is not None:
            return AwsError(code, rule.message)
        if rule.code == "AccessDeniedException":
            action = f"{_PREFIXES.get(service, service)}:{_ACTIONS.get(operation, operation)}"
            return AwsError(code, access_denied(self._principal, action, "*").message)
        return AwsError(code, USUAL_TEXT.get(rule.code, rule.code), _STATUS.get(code))


def _matches(pattern: str, service: str, operation: str) -> bool:
    name = f"{service}:{operation}" if ":" in pattern else operation
    return fnmatch.fnmatchcase(name, pattern)


#: IAM's prefixes where they differ from botocore's service names.
_PREFIXES = {
    "service-quotas": "servicequotas",
    "emr": "elasticmapreduce",
    "resourcegroupstaggingapi": "tag",
    "efs": "elasticfilesystem",
}
#: IAM's actions of S3 whose operations are called otherwise.
_ACTIONS = {
    "ListObjectsV2": "ListBucket",
    "HeadBucket": "ListBucket",
    "ListBuckets": "ListAllMyBuckets",
    "HeadObject": "GetObject",
    "CreateMultipartUpload": "PutObject",
    "UploadPart": "PutObject",
    "GetBucketEncryption": "GetEncryptionConfiguration",
}
_STATUS = {"NoSuchBucket": 404, "SlowDown": 503, "InternalServerError": 500, "ServiceUnavailable": 503}


def _for_service(code: str, service: str) -> str:
    """Return the name of the same fault at services with XML answers."""
    if service in ("s3", "sts", "iam"):
        throttled = "SlowDown" if service == "s3" else "Throttling"
        names = {"AccessDeniedException": "AccessDenied", "ThrottlingException": throttled}
        return names.get(code, code)
    if service == "ec2":
        names = {
            "AccessDeniedException": "UnauthorizedOperation",
            "ThrottlingException": "RequestLimitExceeded",
        }
        return names.get(code, code)
    return code
