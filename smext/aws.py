"""Accounts that may be called: sessions, clients, the threads they run in, and the budget of calls."""

from __future__ import annotations

import asyncio
import os
import random
import re
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar
from urllib.parse import urlsplit

from . import errors
from .api import Target

P = ParamSpec("P")
T = TypeVar("T")

# ListTrainingJobs is reported as 2 requests/s for the whole account, not adjustable: half is left to others.
OPERATION_RATES = {"ListTrainingJobs": 1.0}
ATTEMPTS = 5
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


class Bucket:
    """Token bucket: at most `rate` calls a second over time, `burst` at once. Thread-safe."""

    def __init__(self, rate: float, burst: float) -> None:
        self.rate, self.burst = rate, burst
        self._tokens, self._at = burst, time.monotonic()
        self._lock = threading.Lock()

    def reserve(self) -> float:
        """Take one token; seconds to wait before it may be used."""
        with self._lock:
            now = time.monotonic()
            self._tokens = min(self.burst, self._tokens + (now - self._at) * self.rate)
            self._at = now
            self._tokens -= 1
            return max(0.0, -self._tokens / self.rate)


@dataclass
class Budget:
    """What one account may be asked: `rate` calls a second, `burst` at once, and slower for some operations."""

    rate: float = 10.0
    burst: float = 250.0
    _all: Bucket = field(init=False)
    _each: dict[str, Bucket] = field(init=False)

    def __post_init__(self) -> None:
        self._all = Bucket(self.rate, self.burst)
        self._each = {name: Bucket(rate, 1) for name, rate in OPERATION_RATES.items()}

    def wait(self, operation: str) -> None:
        """Block this thread until the operation may be called."""
        delay = self._all.reserve()
        if operation in self._each:
            delay = max(delay, self._each[operation].reserve())
        if delay > 0:
            time.sleep(delay)


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
    ) -> None:
        self.target = target
        self.endpoint = endpoint or os.environ.get("AWS_ENDPOINT_URL") or None
        self.budget = budget or Budget()
        self._timeouts = (connect_timeout, read_timeout)
        self._lock = threading.RLock()
        self._session: Any = None
        self._clients: dict[tuple[str, str | None], Any] = {}
        self.threads = ThreadPoolExecutor(max_workers=32, thread_name_prefix=f"smext-{target.id}")

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a blocking function in this account's threads, off the event loop."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.threads, lambda: function(*args, **kwargs))

    @property
    def local(self) -> bool:
        """Calls go to an endpoint on this machine."""
        host = urlsplit(self.endpoint or "").hostname or ""
        return host in {"127.0.0.1", "localhost", "::1"}

    @property
    def region(self) -> str:
        """Raises errors.NoRegion."""
        try:
            region = self.target.region or self._found_region()
        except Exception as error:
            raise errors.translate(error, "Could not find the AWS region") from error
        if not region:
            raise errors.NoRegion(
                "No AWS region is set.",
                advice="Set AWS_REGION, or a region in ~/.aws/config, and restart the server.",
            )
        return str(region)

    def client(self, service: str, region: str | None = None) -> Any:
        """The shared botocore client of a service; made on first use."""
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
        doing = f"Could not {words(operation)}"
        action = f"{IAM_PREFIX.get(service, service)}:{operation}"
        for attempt in range(ATTEMPTS):
            try:
                method = getattr(self.client(service, region), snake(operation), None)
                if method is None:
                    raise errors.Outdated(
                        f"{doing}: needs a newer boto3.", advice="Update boto3 where allowed."
                    )
                self.budget.wait(operation)
                return dict(method(**params))
            except errors.SmextError:
                raise
            except Exception as error:
                last = attempt == ATTEMPTS - 1
                if last or not errors.is_throttle(error):
                    raise errors.translate(error, doing, action) from error
                time.sleep(random.uniform(0.5, 1.0) * 0.2 * 2**attempt)
        raise AssertionError("unreachable")

    def pages(
        self, service: str, operation: str, result: str, /, *, most: int = 50, **params: Any
    ) -> Iterator[list[dict[str, Any]]]:
        """Items of each page, at most `most` pages; a token that comes twice ends it."""
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
        self.threads.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            for client in self._clients.values():
                client.close()
            self._clients.clear()

    def _boto(self) -> Any:
        with self._lock:
            if self._session is None:
                import boto3  # 0.4 s and 50 MB: on first use, never at the server's start

                self._session = boto3.Session(
                    profile_name=self.target.profile, region_name=self.target.region
                )
            return self._session

    def _found_region(self) -> str | None:
        """Of a profile that was chosen, its own; else the environment's, AWS_REGION too, which boto3 passes over."""
        session = self._boto()
        own = session._session.get_scoped_config().get("region") if self.target.profile else None
        found: str | None = own or os.environ.get("AWS_REGION") or session.region_name
        return found

    def _make(self, service: str, region: str | None) -> Any:
        from botocore.config import Config

        connect, read = self._timeouts
        config = Config(
            connect_timeout=connect,
            read_timeout=read,
            max_pool_connections=32,
            retries={"total_max_attempts": 1 if service == "sagemaker" else 3, "mode": "standard"},
            user_agent_extra="smext",
        )
        try:
            return self._boto().client(
                service, region_name=region or self.region, endpoint_url=self.endpoint, config=config
            )
        except errors.SmextError:
            raise
        except Exception as error:
            raise errors.translate(error, f"Could not connect to AWS {service}") from error


# Where the IAM prefix is not the client's name.
IAM_PREFIX = {
    "efs": "elasticfilesystem",
    "emr": "elasticmapreduce",
    "resourcegroupstaggingapi": "tag",
    "service-quotas": "servicequotas",
}


def snake(operation: str) -> str:
    """`ListTrainingJobs` -> `list_training_jobs`, as botocore names methods."""
    from botocore import xform_name

    return str(xform_name(operation))


def words(operation: str) -> str:
    """`ListTrainingJobs` -> `list training jobs`."""
    return _CAMEL.sub(" ", operation).lower()
