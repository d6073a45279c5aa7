"""Accounts in which nothing is stopped in passing, as an administrator sets them (SmextApp.protected_accounts)."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from fnmatch import fnmatchcase

from ..aws.account import Account
from ..errors import SmextError

AGAIN = 60.0
"""Seconds until the account's number is asked for again, where AWS did not tell."""


class Protection:
    """Whether one target is protected: asked for once, and only where something is set."""

    def __init__(self, account: Account, patterns: Sequence[str]) -> None:
        """`patterns` are account numbers, profiles or labels of targets, with * and ?."""
        self._account, self._patterns = account, patterns
        self._lock = threading.Lock()
        self._known: bool | None = None
        self._due = 0.0

    def on(self) -> bool:
        """An account whose number AWS does not tell may be the one that is meant: it is protected.

        Blocking; never raises.
        """
        if not self._patterns:
            return False
        with self._lock:
            if self._known is None and time.monotonic() >= self._due:
                self._due = time.monotonic() + AGAIN
                self._known = self._find()
        return self._known is not False

    def _find(self) -> bool | None:
        target = self._account.target
        if any(self._meant(name) for name in (target.id, target.label, target.profile) if name):
            return True
        try:
            number = str(self._account.call("sts", "GetCallerIdentity").get("Account") or "")
        except SmextError:
            return None
        return self._meant(number) if number else None

    def _meant(self, name: str) -> bool:
        return any(fnmatchcase(name, pattern) for pattern in self._patterns)
