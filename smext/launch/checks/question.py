"""One question to AWS about a launch, and what is said where it stays without an answer."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from ... import errors
from ...api import Check
from ...aws.account import Account

T = TypeVar("T")


@dataclass(frozen=True)
class Question:
    """`check` and `field` name the check that is made of no answer.

    `ask` raises errors.SmextError where it cannot be told.
    """

    check: str
    field: str | None
    ask: Callable[[], list[Check]]

    def cannot_tell(self, error: errors.SmextError) -> Check:
        return Check(
            name=self.check,
            status="cannot tell",
            message=error.message,
            advice=error.advice,
            field=self.field,
        )

    def part(self, ask: Callable[[], list[Check]]) -> list[Check]:
        """A part of the answer that may fail by itself. Never raises errors.SmextError."""
        try:
            return ask()
        except errors.SmextError as error:
            return [self.cannot_tell(error)]


class Once(Generic[T]):
    """A value that several questions need and one of them finds out. Raises for all what it raises for one."""

    def __init__(self, find: Callable[[], T]) -> None:
        self._find = find
        self._lock = threading.Lock()
        self._found: tuple[T | None, errors.SmextError | None] | None = None

    def __call__(self) -> T:
        with self._lock:
            if self._found is None:
                try:
                    self._found = (self._find(), None)
                except errors.SmextError as error:
                    self._found = (None, error)
        value, failed = self._found
        if failed is not None:
            raise failed
        return value  # type: ignore[return-value]


def ask_s3(account: Account, method: str, doing: str, action: str, **params: Any) -> dict[str, Any]:
    """S3's permissions are not called as its operations are. Raises errors.SmextError."""
    ask = getattr(account.client("s3"), method)
    return account.within(f"Could not {doing}", action, lambda: dict(ask(**params)))


def said(name: str, status: str, message: str, advice: str = "", field: str | None = None) -> Check:
    """A check; `status` is one of CheckStatus."""
    return Check.model_validate(
        {"name": name, "status": status, "message": message, "advice": advice, "field": field}
    )
