"""Protected accounts, in which nothing is stopped in bulk (SmextApp.protected_accounts)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fnmatch import fnmatchcase

from ..aws.account import Account
from ..aws.cache import Cache
from ..aws.identity import whoami
from ..errors import NotFound, SmextError

AGAIN = 60.0
"""Seconds until the account's number is asked for again, where AWS did not tell."""


class Protection:
    """Protection of one target; asks for the account number once, and only where a pattern is set."""

    def __init__(self, account: Account, patterns: Sequence[str]) -> None:
        """Keep the patterns: account numbers, profiles or labels of targets, with * and ?."""
        self._account, self._patterns = account, patterns
        self._cache = Cache[bool](ttl=math.inf, failure_ttl=AGAIN)

    def on(self) -> bool:
        """Return True if the target is protected, or may be: its account number is unknown.

        Blocking; never raises.
        """
        if not self._patterns:
            return False
        try:
            return self._cache.get("protected", self._find)
        except SmextError:
            return True

    def _find(self) -> bool:
        """Compare the target's names and its account with the patterns. Raises errors.SmextError."""
        target = self._account.target
        if any(self._meant(name) for name in (target.id, target.label, target.profile) if name):
            return True
        number = whoami(self._account).account
        if not number:
            raise NotFound("AWS did not tell the account's number.")
        return self._meant(number)

    def _meant(self, name: str) -> bool:
        return any(fnmatchcase(name, pattern) for pattern in self._patterns)
