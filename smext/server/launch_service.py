"""All that the routes ask of launches in one account."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from .. import errors, launch
from ..api import (
    Code,
    CodeRequest,
    DefaultsRequest,
    JobKind,
    LaunchDefaults,
    Launched,
    LaunchProgress,
    LaunchRequest,
    Machines,
    Plan,
    S3Listing,
)
from ..aws.account import Account
from ..inventory.poller import HURRY
from ..launch import Limits, browse, progress
from ..launch.machines.choices import machines
from ..launch.request import APIS
from ..pricing.prices import Prices


class Refresh(Protocol):
    """How the tables hear of a new job."""

    def __call__(self, kind: str | None = None, *, hurry: float = 0.0) -> None: ...


class Launches:
    """What the handlers ask of one target. Raises errors.SmextError."""

    def __init__(
        self, account: Account, limits: Limits, root: Path | None, prices: Prices, refresh: Refresh
    ) -> None:
        """`root` is the folder that this server shows; None where it is not on this machine's disk."""
        self.account, self.limits, self.root, self.prices = account, limits, root, prices
        self._refresh = refresh

    async def defaults(self, request: DefaultsRequest) -> LaunchDefaults:
        return await self.account.run(
            launch.defaults, self.account, request, self.root, self.limits, rate=self.prices.known
        )

    async def plan(self, request: LaunchRequest) -> Plan:
        return await self.account.run(
            launch.plan, self.account, request, self.root, self.limits, rate=self.prices.rate
        )

    async def code(self, request: CodeRequest) -> Code:
        return await self.account.run(
            launch.code, self.account, request, self.root, self.limits, rate=self.prices.rate
        )

    async def apply(self, request: LaunchRequest) -> Launched:
        launched = await self.account.run(
            launch.apply, self.account, request, self.root, self.limits, rate=self.prices.rate
        )
        self._refresh(launched.kind, hurry=HURRY)
        return launched

    def progress(self, name: str) -> LaunchProgress:
        return progress.progress(name)

    def cancel(self, name: str) -> LaunchProgress:
        return progress.cancel(name)

    async def machines(self, job_kind: str) -> Machines:
        kind: JobKind | None = next((each for each in APIS if each == job_kind), None)
        if kind is None:
            raise errors.Invalid(
                f"There is no such kind of job: {job_kind}", advice="Take one of: " + ", ".join(APIS)
            )
        return await self.account.run(machines, self.account, kind, self.limits, rate=self.prices.known)

    async def browse(self, uri: str) -> S3Listing:
        return await self.account.run(browse.browse, self.account, uri)
