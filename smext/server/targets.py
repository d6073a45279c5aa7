"""The accounts and regions that may be looked at from this server, and the service of each that is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from .. import errors
from ..api import CostWarning, Idle, KindInfo, Target
from ..aws.account import Account
from ..aws.rate_limit import Budget
from ..inventory.reader import info
from ..kinds import registry
from .service import Service
from .settings import Settings


class Targets:
    """Services by target, made when they are first asked for."""

    def __init__(
        self,
        settings: Settings,
        root: Path | None,
        changed: Callable[[str, list[str], int], None],
        version: str,
        own: Callable[[], Awaitable[Idle | None]] | None = None,
        warned: Callable[[str, list[CostWarning], int], None] = lambda target, warnings, revision: None,
    ) -> None:
        """`own` tells whether this very server idles; `warned` is told what is new while nobody watches."""
        self.settings, self.root = settings, root
        self._changed, self._version, self._own, self._warned = changed, version, own, warned
        self.all = allowed(settings)
        self._services: dict[str, Service] = {}

    def kinds(self) -> list[KindInfo]:
        """List all kinds of resources, as the page gets them."""
        return [info(kind) for kind in registry().values()]

    def service(self, target_id: str) -> Service:
        """Return a target's service. Raises errors.Invalid for a target that is not allowed."""
        target = next((t for t in self.all if t.id == target_id), None) if target_id else self.all[0]
        if target is None:
            raise errors.Invalid(
                f"This account and region may not be looked at from here: {target_id}",
                advice="An administrator sets SmextApp.profiles and SmextApp.regions.",
            )
        if target.id not in self._services:
            self._services[target.id] = self._make(target)
            self._services[target.id].monitor.start()
        return self._services[target.id]

    async def close(self) -> None:
        """End all services."""
        for service in self._services.values():
            await service.close()

    def _make(self, target: Target) -> Service:
        settings = self.settings
        account = Account(
            target,
            endpoint=settings.endpoint_url or None,
            budget=Budget(settings.calls_per_second, settings.burst),
            connect_timeout=settings.connect_seconds,
            read_timeout=settings.read_seconds,
            call_seconds=settings.call_seconds,
        )
        return Service(
            account,
            self.all,
            lambda kinds, revision: self._changed(target.id, kinds, revision),
            settings,
            version=self._version,
            root=self.root,
            own=self._own,
            warned=lambda warnings, revision: self._warned(target.id, warnings, revision),
        )


def allowed(settings: Settings) -> list[Target]:
    """List the targets that may be looked at: the server's own credentials and region first where nothing is set; else what is allowed, in order."""
    profiles: Sequence[str | None] = settings.profiles or [None]
    regions: Sequence[str | None] = settings.regions or [None]
    return [
        Target(id=_id(p, r), profile=p, region=r, label=" · ".join(filter(None, [p, r])) or "default")
        for p in profiles
        for r in regions
    ]


def _id(profile: str | None, region: str | None) -> str:
    return f"{profile or 'default'}.{region or 'default'}"
