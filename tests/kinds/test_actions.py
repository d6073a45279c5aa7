"""Every action of every kind, taken on an account that has everything."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone

import pytest

from smext import context
from smext.api import Target
from smext.aws import Account, Budget
from smext.kinds import registry
from smext.kinds.base import Kind
from smext.sandbox import Sandbox
from smext.table import Memory, Reader, parse_key

ACTIONS = [(kind, action.name) for kind in registry().values() for action in kind.actions]


@pytest.fixture(scope="module")
def own() -> Iterator[Reader]:
    """An account of these tests alone: they change it."""
    with Sandbox(scene="everything") as box, ThreadPoolExecutor(8) as threads:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in box.env.items():
                patch.setenv(name, value)
            account = Account(Target(id="own", label="own", region=box.region), budget=Budget(1000, 1000))
            for service in {kind.service for kind in registry().values()}:
                account.client(service)
            here = context.here(account, context.read_metadata())
        yield Reader(account, here, threads)
        account.close()


@pytest.mark.parametrize(("kind", "name"), ACTIONS, ids=[f"{kind.name}-{action}" for kind, action in ACTIONS])
def test_an_action_is_taken_and_then_no_longer_offered(kind: Kind, name: str, own: Reader) -> None:
    reading = own.read(kind, Memory(), datetime.now(timezone.utc), lambda rows: None)
    offering = [row for row in reading.rows if name in [action.name for action in row.actions]]
    row = min(offering, key=lambda row: row.status == "Creating")  # AWS refuses what is in progress
    action = next(action for action in kind.actions if action.name == name)
    action.run(own.call(kind, action.operations), own.item(kind, parse_key(row.key)))
    again = own.read(kind, Memory(), datetime.now(timezone.utc), lambda rows: None)
    after = next((other for other in again.rows if other.key == row.key), None)
    assert after is None or after.status != row.status or name == "scale-to-zero"
    assert action.done.format(name=row.name)
