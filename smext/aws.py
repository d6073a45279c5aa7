"""Accounts that may be called: sessions, clients, the threads they run in, and the budget of calls."""

from __future__ import annotations

import asyncio
import os
import random
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar
from urllib.parse import urlsplit

from . import answers, errors
from .api import Target

P = ParamSpec("P")
T = TypeVar("T")

# ListTrainingJobs is reported as 2 requests/s for the whole account, not adjustable: half is left to others over time.
OPERATION_RATES = {"ListTrainingJobs": 1.0}
OPERATION_BURST = 2
"""So many at once of these: jobs and warm pools are there in the first picture."""
ATTEMPTS = 5
TOGETHER = 3
"""So many operations of a service throttled within a second: it is the service, not the operation."""


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


class Pace:
    """How fast a service lets itself be called, learned from its throttling. Thread-safe.

    Unknown at first. Then what was answered in the last second, a little less after each further refusal, a little
    more after each quiet second, until nothing is felt of it any more.
    """

    def __init__(self, most: float) -> None:
        self._most = most
        self._rate: float | None = None
        self._next = self._changed = 0.0
        self._answered: deque[float] = deque(maxlen=256)
        self._lock = threading.Lock()

    def reserve(self) -> float:
        """Seconds to wait before the next call."""
        with self._lock:
            now = time.monotonic()
            if self._rate is None:
                return 0.0
            if now - self._changed > 1.0:
                self._rate, self._changed = self._rate + 0.5, now
                if self._rate > self._most:
                    self._rate = None
                    return 0.0
            self._next = max(self._next, now) + 1 / self._rate
            return self._next - now

    def answered(self) -> None:
        with self._lock:
            self._answered.append(time.monotonic())

    def refused(self) -> None:
        """The service throttled a call."""
        with self._lock:
            now = time.monotonic()
            if self._rate is None:
                lately = sum(now - at < 1.0 for at in self._answered)
                self._rate, self._next = min(max(4.0, 0.95 * lately), self._most), now
            elif now - self._changed > 0.5:
                # Once for all calls that were under way together.
                self._rate = max(0.5, 0.7 * self._rate)
            self._changed = now


@dataclass
class Budget:
    """What one account may be asked: `rate` calls a second, `burst` at once, and slower for some operations."""

    rate: float = 10.0
    burst: float = 250.0
    _all: Bucket = field(init=False)
    _each: dict[str, Bucket] = field(init=False)
    _paces: dict[tuple[str, str], Pace] = field(init=False)
    _refusals: deque[tuple[float, str, str]] = field(default_factory=lambda: deque(maxlen=64))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._all = Bucket(self.rate, self.burst)
        self._each = {name: Bucket(rate, OPERATION_BURST) for name, rate in OPERATION_RATES.items()}
        self._paces = defaultdict(lambda: Pace(max(self.rate, self.burst)))

    def wait(self, service: str, operation: str) -> None:
        """Block this thread until the operation may be called."""
        delay = max(self._all.reserve(), *(pace.reserve() for pace in self._paces_of(service, operation)))
        if operation in self._each:
            delay = max(delay, self._each[operation].reserve())
        if delay > 0:
            time.sleep(delay)

    def answered(self, service: str, operation: str) -> None:
        for pace in self._paces_of(service, operation):
            pace.answered()

    def refused(self, service: str, operation: str) -> None:
        """A call was throttled: AWS has a limit for each operation, and one for a service's calls together."""
        now = time.monotonic()
        self._refusals.append((now, service, operation))
        lately = {each for at, of, each in list(self._refusals) if of == service and now - at < 1.0}
        alone, together = self._paces_of(service, operation)
        (together if len(lately) >= TOGETHER else alone).refused()

    def _paces_of(self, service: str, operation: str) -> tuple[Pace, Pace]:
        with self._lock:
            return self._paces[service, operation], self._paces[service, ""]


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
        doing = f"Could not {answers.words(operation)}"
        action = f"{IAM_PREFIX.get(service, service)}:{operation}"
        for attempt in range(ATTEMPTS):
            try:
                method = getattr(self.client(service, region), snake(operation), None)
                if method is None:
                    raise errors.Outdated(
                        f"{doing}: needs a newer boto3.", advice="Update boto3 where allowed."
                    )
                self.budget.wait(service, operation)
                answer = dict(method(**params))
                self.budget.answered(service, operation)
                return answer
            except errors.SmextError:
                raise
            except Exception as error:
                if not errors.is_throttle(error):
                    raise errors.translate(error, doing, action) from error
                self.budget.refused(service, operation)
                if attempt == ATTEMPTS - 1:
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
                parsers = self._session._session.get_component("response_parser_factory")
                parsers.set_parser_defaults(timestamp_parser=answers.parse_time)
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
            client = self._boto().client(
                service, region_name=region or self.region, endpoint_url=self.endpoint, config=config
            )
            # The one place where all answers pass, also those of whoever takes the client itself.
            client.meta.events.register_last("after-call", answers.check)
            return client
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
