"""Accounts that may be called: clients, threads and a timeout for every call."""

from __future__ import annotations

import asyncio
import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, ParamSpec, TypeVar
from urllib.parse import urlsplit

from .. import errors
from .._version import __version__
from ..api import Target
from . import boto3_errors, responses, service_errors
from .credentials import Credentials
from .deadline import DeadlineExceeded, Workers
from .endpoint import configured
from .rate_limit import Budget

P = ParamSpec("P")
T = TypeVar("T")

ATTEMPTS = 5
CALL_SECONDS = 6.0
"""A call that only reads is given up after so long as a whole, whatever comes of it by then."""
RENEW = 30.0
"""Credentials that AWS refuses are read anew, but not more often than this."""
SILENCE = 3.0
"""Where a service answered nothing while a call waited, those that follow so soon are not begun."""
_READS = (
    "List",
    "Describe",
    "Get",
    "Search",
    "Head",
    "BatchDescribe",
    "BatchGet",
    "Simulate",
    "Lookup",
    "Query",
)


class Account:
    """One target, called with blocking methods from worker threads; credentials stay in here.

    Raises errors.SmextError, never botocore's.
    """

    def __init__(
        self,
        target: Target,
        *,
        endpoint: str | None = None,
        budget: Budget | None = None,
        connect_timeout: float = 4.0,
        read_timeout: float = 20.0,
        call_seconds: float = 0.0,
        via: str = "panel",
    ) -> None:
        """Make an account; `endpoint` goes before boto3's configuration, `via` is in the user agent."""
        self.target = target
        self._endpoint, self._via = endpoint, via
        self.budget = budget or Budget()
        self._timeouts, self._seconds = (connect_timeout, read_timeout), call_seconds or CALL_SECONDS
        self._lock = threading.RLock()
        self._clients: dict[tuple[str, str | None], Any] = {}
        self._workers = Workers(f"smext-{target.id}-call")
        self.credentials = Credentials(target.profile, target.region, self._workers)
        self._heard: dict[tuple[str, str | None], float] = {}
        self._silent: dict[tuple[str, str | None], float] = {}
        self._renewed = 0.0
        self._refused = False
        self.threads = ThreadPoolExecutor(max_workers=32, thread_name_prefix=f"smext-{target.id}")

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a blocking function in this account's threads, off the event loop."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.threads, lambda: function(*args, **kwargs))

    @property
    def endpoint(self) -> str | None:
        """Endpoint of SageMaker's calls; None for AWS's own in the region."""
        return self._endpoint or configured(self.credentials.session)

    @property
    def local(self) -> bool:
        """True if calls go to an endpoint on this machine."""
        host = urlsplit(self.endpoint or "").hostname or ""
        return host in {"127.0.0.1", "localhost", "::1"}

    @property
    def region(self) -> str:
        """Region of the target, else of the configuration. Raises errors.SetupError."""
        try:
            region = self.target.region or self._found_region()
        except Exception as error:
            raise service_errors.translate(error, "Could not find the AWS region") from error
        if not region:
            raise boto3_errors.no_region()
        return str(region)

    def client(self, service: str, region: str | None = None) -> Any:
        """Return the shared botocore client of a service, once there are credentials. Raises errors.SmextError.

        What is called on it has no end of its own: see `within`.
        """
        if (service, region) not in self._clients:
            _ = region or self.region  # what is missing first is said first
        self.credentials.ready()
        ready = self._clients.get((service, region))
        if ready is not None:
            return ready  # making another one takes a while, and holds up nobody who has his
        with self._lock:
            made = self._clients.get((service, region))
            if made is None:
                made = self._clients[service, region] = self._make(service, region)
            return made

    def call(
        self, service: str, operation: str, /, *, region: str | None = None, **params: Any
    ) -> dict[str, Any]:
        """Call one operation, such as `call("sagemaker", "ListEndpoints", MaxResults=100)`, within the budget.

        Throttling is waited out a few times; raises errors.SmextError.
        """
        doing = f"Could not {responses.words(operation)}"
        action = f"{IAM_PREFIX.get(service, service)}:{operation}"
        for attempt in range(ATTEMPTS):
            client = self.client(service, region)
            method = getattr(client, snake(operation), None)
            if method is None:
                raise errors.Outdated(f"{doing}: needs a newer boto3.", advice="Update boto3 where allowed.")
            self.budget.wait(service, operation)
            try:
                answer = self._ask(client, service, operation, partial(method, **params), region)
                self.budget.answered(service, operation)
                return dict(answer)
            except DeadlineExceeded as late:
                host = urlsplit(client.meta.endpoint_url).hostname
                seconds = self._limit(operation)
                raise self._placed(boto3_errors.late(doing, host, seconds), region) from late
            except Exception as error:
                if not service_errors.is_throttle(error):
                    raise self._said(error, doing, action, region) from error
                self.budget.refused(service, operation)
                if attempt == ATTEMPTS - 1:
                    raise service_errors.translate(error, doing, action) from error
                time.sleep(random.uniform(0.5, 1.0) * 0.2 * 2**attempt)
        raise AssertionError("unreachable")

    def within(self, doing: str, action: str, function: Callable[[], T], seconds: float | None = None) -> T:
        """Run a function that calls AWS by itself, with a timeout in seconds. Raises errors.SmextError."""
        try:
            return self._workers.run(function, seconds or self._seconds)
        except DeadlineExceeded as error:
            late = boto3_errors.late(doing, None, seconds or self._seconds)
            raise self._placed(late, None) from error
        except Exception as error:
            raise self._said(error, doing, action, None) from error

    @property
    def refused(self) -> bool:
        """True if no call could be made at the last try, as this machine is set up."""
        return self._refused or self.credentials.refused

    def renew(self) -> None:
        """Drop credentials, configuration and clients, so that the next call reads them again."""
        self.credentials.again()
        self._refused = False
        with self._lock:
            self._clients.clear()
            self._silent.clear()

    def _ask(
        self, client: Any, service: str, operation: str, function: Callable[[], T], region: str | None
    ) -> T:
        """Call with a timeout.

        Raises DeadlineExceeded where no answer comes, or where none came to a call just before.
        """
        place, begun, reads = (service, region), time.monotonic(), operation.startswith(_READS)
        if reads and begun < self._silent.get(place, 0.0):
            raise DeadlineExceeded
        try:
            answer = self._workers.run(function, self._limit(operation))
        except Exception as error:
            if isinstance(error, DeadlineExceeded) or type(error).__name__.endswith("TimeoutError"):
                # A change that took too long says nothing of reading: whether it was done is looked up at once.
                if reads and self._heard.get(place, 0.0) < begun:
                    self._silent[place] = time.monotonic() + SILENCE
            elif service_errors.aws_code(error):
                self._heard[place] = time.monotonic()
            raise
        self._heard[place] = time.monotonic()
        return answer

    def _limit(self, operation: str) -> float:
        """Return the timeout in seconds; a change waits as long as botocore does: its outcome matters."""
        return self._seconds if operation.startswith(_READS) else max(self._seconds, sum(self._timeouts))

    def _said(self, error: Exception, doing: str, action: str, region: str | None) -> errors.SmextError:
        ours = self._placed(service_errors.translate(error, doing, action), region)
        self._refused = self._refused or isinstance(ours, errors.SetupError)
        if isinstance(ours, (errors.Expired, errors.NoCredentials)) and service_errors.aws_code(error):
            with self._lock:
                old = time.monotonic() - self._renewed > RENEW
                self._renewed = time.monotonic() if old else self._renewed
            if old:
                self.renew()
        return ours

    def _placed(self, ours: errors.SmextError, region: str | None) -> errors.SmextError:
        """Return the error for an unknown region instead, where that explains why AWS is not reached."""
        if not isinstance(ours, (errors.Unreachable, errors.TimedOut)) or "proxy" in (ours.cause or ""):
            return ours
        if self._endpoint or self.endpoint:
            return ours
        return boto3_errors.unknown_region(self.credentials.session(), region or self.region) or ours

    def pages(
        self, service: str, operation: str, result: str, /, *, most: int = 50, **params: Any
    ) -> Iterator[list[dict[str, Any]]]:
        """Yield the items of each page, at most `most` pages; a token that comes twice ends it."""
        seen: set[str] = set()
        token: str | None = None
        for _ in range(most):
            answer = self.call(service, operation, **params, **({"NextToken": token} if token else {}))
            yield list(answer.get(result) or [])
            token = answer.get("NextToken")
            if not token or token in seen:
                return
            seen.add(token)

    def close(self) -> None:
        """Stop the threads and close the clients."""
        self.threads.shutdown(wait=False, cancel_futures=True)
        self._workers.close()
        with self._lock:
            for client in self._clients.values():
                client.close()
            self._clients.clear()

    def _found_region(self) -> str | None:
        """Return the region of the chosen profile, else of the environment, with AWS_REGION, which boto3 ignores."""
        session = self.credentials.session()
        own = session._session.get_scoped_config().get("region") if self.target.profile else None
        found: str | None = own or os.environ.get("AWS_REGION") or session.region_name
        return found

    def _make(self, service: str, region: str | None) -> Any:
        from botocore.config import Config

        if not (self.endpoint or "").startswith("http:"):
            self.credentials.check_bundle()
        connect, read = self._timeouts
        config = Config(
            connect_timeout=connect,
            read_timeout=read,
            max_pool_connections=32,
            retries={"total_max_attempts": 1 if service == "sagemaker" else 3, "mode": "standard"},
            user_agent_extra=f"smext/{__version__} ({self._via})",
        )
        try:
            client = self.credentials.session().client(
                service, region_name=region or self.region, endpoint_url=self._endpoint, config=config
            )
            # The one place where all answers pass, also those of whoever takes the client itself.
            client.meta.events.register_last("after-call", responses.check)
            return client
        except Exception as error:
            raise service_errors.translate(error, f"Could not connect to AWS {service}") from error


# Where the IAM prefix is not the client's name.
IAM_PREFIX = {
    "efs": "elasticfilesystem",
    "emr": "elasticmapreduce",
    "resourcegroupstaggingapi": "tag",
    "service-quotas": "servicequotas",
}


def snake(operation: str) -> str:
    """Convert an operation to botocore's method name: `ListTrainingJobs` -> `list_training_jobs`."""
    from botocore import xform_name

    return str(xform_name(operation))
