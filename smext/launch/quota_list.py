"""All quotas of SageMaker in an account: some twenty pages, asked for in the background and kept for an hour."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from .. import errors
from ..aws import Account

FRESH_SECONDS = 3600.0
REFUSED_SECONDS = 60.0
"""So long a no holds: a permission may be given meanwhile."""
PAGES = 60
"""SageMaker has some 2,300 quotas, a hundred on a page."""


@dataclass(frozen=True)
class QuotaList:
    """Values by the quota's name, as `ml.m5.xlarge for training job usage`; those that have come so far."""

    values: Mapping[str, float]
    ready: bool
    """Nothing more is under way."""
    error: errors.SmextError | None = None
    """Why it stops short."""


@dataclass
class _Asking:
    values: dict[str, float]
    over: threading.Event = field(default_factory=threading.Event)
    error: errors.SmextError | None = None
    at: float = 0.0

    def ask(self, account: Account) -> None:
        found: dict[str, float] = {}
        try:
            for page in account.pages(
                "service-quotas",
                "ListServiceQuotas",
                "Quotas",
                most=PAGES,
                ServiceCode="sagemaker",
                MaxResults=100,
            ):
                found |= {
                    str(each.get("QuotaName")): float(each["Value"]) for each in page if "Value" in each
                }
                self.values = self.values | found
        except errors.SmextError as error:
            self.error = error
        finally:
            self.at = time.monotonic()
            self.over.set()

    @property
    def stale(self) -> bool:
        age = time.monotonic() - self.at
        return self.over.is_set() and age > (REFUSED_SECONDS if self.error else FRESH_SECONDS)


_asked: WeakKeyDictionary[Account, _Asking] = WeakKeyDictionary()
_lock = threading.Lock()


def quota_list(account: Account, patience: float) -> QuotaList:
    """What is known after at most `patience` seconds; asked for once, whoever looks meanwhile."""
    with _lock:
        asking = _asked.get(account)
        if asking is None or asking.stale:
            asking = _asked[account] = _Asking(asking.values if asking else {})
            threading.Thread(target=asking.ask, args=(account,), name="smext-quotas", daemon=True).start()
    asking.over.wait(patience)
    ready = asking.over.is_set()
    return QuotaList(asking.values, ready, asking.error if ready else None)


def forget(account: Account) -> None:
    """Ask anew, whatever is known."""
    with _lock:
        _asked.pop(account, None)
