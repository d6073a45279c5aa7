"""As whom this server calls AWS."""

from __future__ import annotations

from dataclasses import dataclass

from ..aws import Account


@dataclass(frozen=True)
class Caller:
    """The account is 12 digits; `arn` that of the identity."""

    account: str
    arn: str


def whoami(account: Account) -> Caller:
    """Raises errors.SmextError."""
    answer = account.call("sts", "GetCallerIdentity")
    return Caller(str(answer.get("Account") or ""), str(answer.get("Arn") or ""))
