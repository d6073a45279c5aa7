"""An endpoint on which jobs really run, as processes of this machine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from smext.api import Target
from smext.aws.account import Account
from smext.sandbox import Sandbox


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    """Start the endpoint of a module's tests."""
    with Sandbox(scene="empty", mode="exec") as sandbox:
        yield sandbox


@pytest.fixture
def account(running: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    """Return an account on it, with a user's usual patience."""
    for name, value in running.env.items():
        monkeypatch.setenv(name, value)
    made = Account(Target(id="here", label="here"))
    yield made
    made.close()
