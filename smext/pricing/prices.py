"""Rates of one target: the Price List where it may be asked, else the dated table, else unknown."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

from .. import errors
from ..aws.account import Account
from . import rate_cache
from .instances import well_formed
from .price_list import COMPONENTS, ask
from .price_table import Component, Rate, rate
from .rate_cache import Quote

SOURCE = "AWS Price List"
FRESH = timedelta(days=1)
"""So long a quote is not asked for again; after that it stands, with its date, until a new one came."""
REFUSED = timedelta(hours=6)
"""Pause after a no that waiting does not mend."""
FAILED = timedelta(minutes=15)
_LASTING = (errors.Denied, errors.Unsupported, errors.SetupError)


def _utc() -> datetime:
    return datetime.now(timezone.utc)


class Prices:
    """Cached rates of one account. Thread-safe; fetches in the background, so that no row waits.

    `folder` is where quotes are kept between starts (None: nowhere). With `wait` the caller waits for AWS:
    for commands, which have one look.
    """

    def __init__(
        self,
        account: Account,
        folder: Path | None = None,
        *,
        wait: bool = False,
        now: Callable[[], datetime] = _utc,
    ) -> None:
        self._account, self._folder, self._wait, self._now = account, folder, wait, now
        self._lock, self._saving = threading.Lock(), threading.Lock()
        self._turns: dict[tuple[str, str], threading.Lock] = {}
        self._quotes: dict[str, dict[str, Quote]] = {}
        self._wanted: dict[tuple[str, str], None] = {}
        self._at_work = False
        self._not_before: datetime | None = None
        self._trouble = ""

    def rate(self, component: Component, instance_type: str, region: str) -> Rate:
        """Return the Price List's rate where it is cached, else the dated one, and fetch it in the background."""
        return self._rate(component, instance_type, region, asking=True)

    def known(self, component: Component, instance_type: str, region: str) -> Rate:
        """Return the same as `rate` without a fetch: for long lists of types, of which one is chosen."""
        return self._rate(component, instance_type, region, asking=False)

    def _rate(self, component: Component, instance_type: str, region: str, *, asking: bool) -> Rate:
        if component not in COMPONENTS.values() or not well_formed(instance_type) or not region:
            return rate(component, instance_type, region)
        quote = self._quote(instance_type, region) if asking else self._kept(instance_type, region)
        usd = quote.rates.get(component) if quote else None
        if quote and usd is not None:
            return Rate(usd, SOURCE, f"{quote.at:%Y-%m-%d}")
        dated = rate(component, instance_type, region)
        if self._trouble and dated.usd_per_hour is not None:
            return replace(dated, source=f"{dated.source}; {self._trouble}")
        return dated

    @property
    def resting(self) -> bool:
        """True while no fetch is running."""
        with self._lock:
            return not self._at_work

    def close(self) -> None:
        """Stop fetching: drop what is queued and start nothing more."""
        with self._lock:
            self._not_before = datetime.max.replace(tzinfo=timezone.utc)
            self._wanted.clear()

    def _quote(self, instance_type: str, region: str) -> Quote | None:
        with self._lock:
            needed = self._needed(region, instance_type)
            if needed and not self._wait:
                self._wanted[region, instance_type] = None
            start = needed and not self._wait and not self._at_work
            self._at_work = self._at_work or start
        if needed and self._wait:
            self._ask_now(region, instance_type)
        elif start:
            threading.Thread(target=self._work, name="smext-prices", daemon=True).start()
        return self._kept(instance_type, region)

    def _kept(self, instance_type: str, region: str) -> Quote | None:
        with self._lock:
            return self._region(region).get(instance_type)

    def _needed(self, region: str, instance_type: str) -> bool:
        quote = self._region(region).get(instance_type)
        return self._may_ask() and (quote is None or self._now() - quote.at >= FRESH)

    def _region(self, region: str) -> dict[str, Quote]:
        if region not in self._quotes:
            self._quotes[region] = rate_cache.load(self._folder, region) if self._folder else {}
        return self._quotes[region]

    def _may_ask(self) -> bool:
        return self._not_before is None or self._now() >= self._not_before

    def _work(self) -> None:
        more = True
        while more:
            try:
                self._drain()
            except BaseException:
                with self._lock:
                    # Else nobody would ever ask again.
                    self._at_work = False
                    self._wanted.clear()
                raise
            with self._lock:
                more = self._at_work = bool(self._wanted)

    def _drain(self) -> None:
        """Fetch all that is queued, one call after another; the first refusal ends it."""
        while True:
            with self._lock:
                if not self._wanted:
                    return
                wanted = next(iter(self._wanted))
            self._ask(*wanted)
            with self._lock:
                self._wanted.pop(wanted, None)

    def _ask_now(self, region: str, instance_type: str) -> None:
        """Fetch at once: many types at the same time, each once."""
        with self._lock:
            turn = self._turns.setdefault((region, instance_type), threading.Lock())
        with turn:
            with self._lock:
                needed = self._needed(region, instance_type)
            if needed:
                self._ask(region, instance_type)

    def _ask(self, region: str, instance_type: str) -> None:
        try:
            self._learnt(region, instance_type, ask(self._account, instance_type, region))
        except errors.SmextError as error:
            self._refused(error)

    def _learnt(self, region: str, instance_type: str, rates: dict[Component, float]) -> None:
        quote = Quote(self._now(), rates)
        with self._lock:
            self._region(region)[instance_type] = quote
            self._trouble = ""
        if self._folder:
            with self._saving:
                rate_cache.save(self._folder, region, {instance_type: quote})

    def _refused(self, error: errors.SmextError) -> None:
        pause = REFUSED if isinstance(error, _LASTING) else FAILED
        missing = f"needs {error.permission}" if error.permission else error.message
        with self._lock:
            self._wanted.clear()
            if self._may_ask():
                self._not_before = self._now() + pause
            self._trouble = f"the Price List could not be asked ({missing})"
