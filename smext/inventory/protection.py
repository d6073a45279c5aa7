"""Protected accounts, in which nothing is stopped in bulk (SmextApp.protected_accounts)."""

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
    """Protection of one target; asks for the account number once, and only where a pattern is set."""

    def __init__(self, account: Account, patterns: Sequence[str]) -> None:
        """Keep the patterns: account numbers, profiles or labels of targets, with * and ?."""
        self._account, self._patterns = account, patterns
        self._lock = threading.Lock()
        self._known: bool | None = None
        self._due = 0.0

    def on(self) -> bool:
        """Return True if the target is protected, or may be: its account number is unknown.

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
