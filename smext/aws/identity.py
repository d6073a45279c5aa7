"""Caller identity and user of this server."""

from __future__ import annotations

from dataclasses import dataclass

from .. import errors
from .account import Account
from .cache import learn, remembered
from .studio import Metadata, server_identity


@dataclass(frozen=True)
class Caller:
    """Identity of the credentials; `account` is 12 digits, `arn` that of the identity."""

    account: str
    arn: str


def whoami(account: Account) -> Caller:
    """Call GetCallerIdentity and cache the answer. Raises errors.SmextError."""
    answer = account.call("sts", "GetCallerIdentity")
    caller = Caller(str(answer.get("Account") or ""), str(answer.get("Arn") or ""))
    learn(account, "identity", caller)
    return caller


def identity(account: Account) -> Caller:
    """Return the cached caller identity; TTL 60 s. Raises errors.SmextError."""
    found: Caller = remembered(account, "identity", lambda: whoami(account))
    return found


def user(account: Account, metadata: Metadata) -> str:
    """Return the name of the signed-in user. Raises errors.SmextError where none is known yet."""

    def ask() -> str:
        name = server_identity(account, metadata).user
        if name is None:
            raise errors.SmextError("Nobody is known to sit here.")
        return name

    found: str = remembered(account, ("user", metadata), ask)
    return found


def identity_label(arn: str | None) -> str:
    """Return the short name: `data-science` for `arn:aws:sts::1:assumed-role/data-science/me`, `eve` for a user."""
    parts = (arn or "").split(":", 5)[-1].split("/")
    if parts[0] == "assumed-role" and len(parts) > 1:
        return parts[1]
    return parts[-1]
