"""As whom this server calls AWS."""

from __future__ import annotations

from dataclasses import dataclass

from .. import errors
from .account import Account
from .cache import learn, remembered
from .studio import Metadata, here


@dataclass(frozen=True)
class Caller:
    """The account is 12 digits; `arn` that of the identity."""

    account: str
    arn: str


def whoami(account: Account) -> Caller:
    """Ask AWS who this server is (GetCallerIdentity). Raises errors.SmextError."""
    answer = account.call("sts", "GetCallerIdentity")
    caller = Caller(str(answer.get("Account") or ""), str(answer.get("Arn") or ""))
    learn(account, "identity", caller)
    return caller


def identity(account: Account) -> Caller:
    """As `whoami`, asked for at most once a minute."""
    found: Caller = remembered(account, "identity", lambda: whoami(account))
    return found


def user(account: Account, metadata: Metadata) -> str:
    """Who sits here. Raises errors.SmextError where nobody is known, which may be otherwise the next time."""

    def ask() -> str:
        name = here(account, metadata).user
        if name is None:
            raise errors.SmextError("Nobody is known to sit here.")
        return name

    found: str = remembered(account, ("user", metadata), ask)
    return found


def identity_label(arn: str | None) -> str:
    """`arn:aws:sts::1:assumed-role/data-science/me` -> `data-science`; `arn:aws:iam::1:user/eve` -> `eve`."""
    parts = (arn or "").split(":", 5)[-1].split("/")
    if parts[0] == "assumed-role" and len(parts) > 1:
        return parts[1]
    return parts[-1]
