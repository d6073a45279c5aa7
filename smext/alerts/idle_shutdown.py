"""Idle shutdown of the current Studio space (AWS docs: studio-updated-idle-shutdown.html).

The user profile's setting goes before the domain's; a space may have a time of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..api import Fact
from ..aws import studio
from ..aws.account import Account
from ..aws.cache import Cache
from ..aws.studio import ServerIdentity
from ..errors import SmextError

SECONDS = 3600.0
"""Between two questions: an administrator changes it rarely."""


@dataclass(frozen=True)
class IdleShutdown:
    on: bool
    minutes: int | None
    """Of idling until it stops; None where it is not told."""
    domain: str

    @property
    def fact(self) -> Fact:
        """Label and value to show among the space's facts."""
        if not self.on:
            return Fact(label="Idle shutdown", value=f"off in domain {self.domain}")
        after = f"after {self.minutes} minutes without use" if self.minutes else "on"
        return Fact(label="Idle shutdown", value=after)


class IdleShutdownCache:
    """Cached idle shutdown setting of this space; asked for once an hour at most."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._cache = Cache[IdleShutdown | None](ttl=SECONDS, failure_ttl=SECONDS)

    def ask(self, here: ServerIdentity) -> IdleShutdown | None:
        """Return the cached setting; None on any other computer, and where AWS gives none.

        Blocking; never raises.
        """
        try:
            return self._cache.get(here, lambda: read(self._account, here))
        except SmextError:
            return None  # unknown: nothing is said of it


def read(account: Account, here: ServerIdentity) -> IdleShutdown | None:
    """Read the setting; None outside of JupyterLab and Code Editor spaces. Raises errors.SmextError."""
    if not (here.domain and here.space and here.app_type in {"JupyterLab", "CodeEditor"}):
        return None
    domain = studio.domain(account, here.domain)
    space = studio.described_space(account, here.domain, here.space)
    shared = (space.get("SpaceSharingSettings") or {}).get("SharingType") == "Shared"
    levels = [_settings(domain.get("DefaultSpaceSettings" if shared else "DefaultUserSettings"), here)]
    if here.user and not shared:
        profile = account.call(
            "sagemaker", "DescribeUserProfile", DomainId=here.domain, UserProfileName=here.user
        )
        levels.insert(0, _settings(profile.get("UserSettings"), here))
    switch = next(
        (one["LifecycleManagement"] for one in levels if one.get("LifecycleManagement")), "DISABLED"
    )
    levels.insert(0, _settings(space.get("SpaceSettings"), here))
    minutes = next((one["IdleTimeoutInMinutes"] for one in levels if one.get("IdleTimeoutInMinutes")), None)
    return IdleShutdown(on=switch == "ENABLED", minutes=minutes, domain=here.domain)


def _settings(settings: Mapping[str, Any] | None, here: ServerIdentity) -> Mapping[str, Any]:
    app = (settings or {}).get(f"{here.app_type}AppSettings") or {}
    idle: Mapping[str, Any] = (app.get("AppLifecycleManagement") or {}).get("IdleSettings") or {}
    return idle
