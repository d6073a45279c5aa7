"""One account with everything in it, shared by all tests of kinds; what a test breaks is mended after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

import pytest

from smext.api import Row, Target
from smext.aws import account as aws
from smext.aws import rate_limit, studio
from smext.aws.account import Account
from smext.aws.rate_limit import Budget
from smext.inventory.reader import Memory, Reader, Reading
from smext.kinds import registry
from smext.kinds.base import Kind, ListCall
from smext.sandbox import Sandbox

Alter = Callable[[str, dict[str, Any]], None]
"""Changes an answer in place, given the operation."""


@dataclass
class Wire:
    """The account's answers as they arrive from HTTP, altered by a test."""

    account: Account
    token: str = "a-token-of-the-test"
    hooks: list[tuple[Any, str, Any]] = field(default_factory=list)

    def on(self, kind: Kind, event: str, operation: str, hook: Any) -> None:
        events = self.account.client(kind.service).meta.events
        service = self.account.client(kind.service).meta.service_model.service_id.hyphenize()
        name = f"{event}.{service}.{operation}"
        events.register(name, hook)
        self.hooks.append((events, name, hook))

    def alter(self, kind: Kind, operation: str, change: Alter) -> None:
        def after(parsed: dict[str, Any], **_: Any) -> None:
            change(operation, parsed)

        self.on(kind, "after-call", operation, after)

    def alter_all(self, kind: Kind, change: Alter) -> None:
        for operation in kind.operations:
            self.alter(kind, operation, change)

    def raise_for(self, kind: Kind, operation: str, error: Exception) -> None:
        def before(**_: Any) -> None:
            raise error

        self.on(kind, "before-call", operation, before)

    def paged(self, kind: Kind, listing: ListCall, change: Callable[[dict[str, Any], bool], None]) -> None:
        """`change` is given each answer of the list call, and whether it is that of the first page."""
        made_up: set[bool] = set()

        def params(params: dict[str, Any], **_: Any) -> dict[str, Any]:
            later = params.get(listing.token) == self.token
            made_up.clear()
            made_up.add(later)
            return {name: value for name, value in params.items() if not (later and name == listing.token)}

        def after(parsed: dict[str, Any], **_: Any) -> None:
            change(parsed, True not in made_up)

        self.on(kind, "provide-client-params", listing.operation, params)
        self.on(kind, "after-call", listing.operation, after)

    def mend(self) -> None:
        for events, name, hook in self.hooks:
            events.unregister(name, hook)
        self.hooks.clear()


@pytest.fixture(scope="session")
def everything() -> Iterator[tuple[Sandbox, Reader]]:
    """The sandbox and a reader of it; no budget holds its calls back."""
    # Nothing moves by itself: what was true at the start stays so, however long the tests take.
    with Sandbox(scene="everything", speed=1e-6) as box, ThreadPoolExecutor(16) as threads:
        with pytest.MonkeyPatch.context() as patch:  # no longer than it takes to make the clients
            patch.setattr(rate_limit, "OPERATION_RATES", {})
            for name, value in box.env.items():
                patch.setenv(name, value)
            target = Target(id="test", label="test", region=box.region)
            account = Account(
                target, budget=Budget(1000, 1000), connect_timeout=30, read_timeout=60, call_seconds=120
            )
            for service in {kind.service for kind in registry().values()} | {"resourcegroupstaggingapi"}:
                account.client(service)
            here = studio.server_identity(account, studio.read_metadata())
        yield box, Reader(account, here, threads)
        account.close()


@pytest.fixture
def box(everything: tuple[Sandbox, Reader]) -> Iterator[Sandbox]:
    sandbox = everything[0]
    yield sandbox
    sandbox.control.heal()


@pytest.fixture
def reader(everything: tuple[Sandbox, Reader]) -> Reader:
    return everything[1]


@pytest.fixture
def wire(reader: Reader) -> Iterator[Wire]:
    made = Wire(reader.account)
    yield made
    made.mend()


ReadKind = Callable[..., Reading]


@pytest.fixture
def read(reader: Reader) -> ReadKind:
    def read(kind: Kind, memory: Memory | None = None, now: datetime | None = None) -> Reading:
        at = now or datetime.now(timezone.utc)
        return reader.read(kind, memory or Memory(), at, lambda rows: None)

    return read


@pytest.fixture(scope="session")
def truths(everything: tuple[Sandbox, Reader]) -> dict[str, dict[str, Row]]:
    """The rows of every kind by key, read before anything is wrong."""
    return {kind.name: _whole(everything[1], kind) for kind in registry().values()}


def _whole(reader: Reader, kind: Kind) -> dict[str, Row]:
    reading = reader.read(kind, Memory(), datetime.now(timezone.utc), lambda rows: None)
    assert reading.rows, kind.name
    assert reading.problem is None, kind.name
    return {row.key: row for row in reading.rows}


@pytest.fixture
def truth(truths: dict[str, dict[str, Row]]) -> Callable[[Kind], dict[str, Row]]:
    """The rows of a kind when nothing is wrong, by key."""
    return lambda kind: truths[kind.name]


@pytest.fixture
def patched() -> Callable[[str, Any], AbstractContextManager[None]]:
    """Set an attribute of smext.aws for a while."""

    @contextmanager
    def patched(name: str, value: Any) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(aws, name, value)
            yield

    return patched
