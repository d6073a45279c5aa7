"""Every action of every kind, taken on an account that has everything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone

import pytest

from smext import errors
from smext.api import Row, Target
from smext.aws import studio
from smext.aws.account import Account
from smext.aws.rate_limit import Budget
from smext.inventory.reader import Memory, Reader, parse_key
from smext.kinds import registry
from smext.kinds.base import Kind
from smext.sandbox import Sandbox

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
            here = studio.server_identity(account, studio.read_metadata())
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


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("AccessDeniedException", errors.Denied),
        ("ResourceNotFoundException", errors.NotFound),
        ("ConflictException", errors.Conflict),
        ("ValidationException", errors.Invalid),
        ("InternalServerError", errors.SmextError),
    ],
)
@pytest.mark.parametrize(("kind", "name"), ACTIONS, ids=[f"{kind.name}-{action}" for kind, action in ACTIONS])
def test_an_action_that_aws_refuses_is_said_and_changes_nothing(
    kind: Kind,
    name: str,
    fault: str,
    said: type[errors.SmextError],
    reader: Reader,
    box: Sandbox,
    truth: Callable[[Kind], dict[str, Row]],
) -> None:
    """Denied; or raced by somebody else, whose stop has taken it away, ended it, or is under way."""
    action = next(action for action in kind.actions if action.name == name)
    offering = [row for row in truth(kind).values() if name in [action.name for action in row.actions]]
    # Of some there is none that offers it: what AWS refuses does not depend on it.
    row = next(iter([*offering, *truth(kind).values()]))
    item = reader.item(kind, parse_key(row.key))
    doing = next(operation for operation in action.operations if operation not in kind.detail.operations)
    box.control.fail(f"{kind.service}:{doing}", fault)
    with pytest.raises(said) as caught:
        action.run(reader.call(kind, (*action.operations, *kind.detail.operations)), item)
    assert caught.value.message
    if said is errors.Denied:
        assert caught.value.permission == kind.permission(doing)
    box.control.heal()
    again = reader.item(kind, parse_key(row.key))
    assert kind.status_of(again) == row.status
