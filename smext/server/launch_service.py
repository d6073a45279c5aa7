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

    def __call__(self, kind: str | None = None, *, hurry: float = 0.0) -> None:
        """Read a kind's table anew, all without a name; `hurry`: for so many seconds often."""
        ...


class Launches:
    """What the handlers ask of one target. Raises errors.SmextError."""

    def __init__(
        self, account: Account, limits: Limits, root: Path | None, prices: Prices, refresh: Refresh
    ) -> None:
        """`root` is the folder that this server shows; None where it is not on this machine's disk."""
        self.account, self.limits, self.root, self.prices = account, limits, root, prices
        self._refresh = refresh

    async def defaults(self, request: DefaultsRequest) -> LaunchDefaults:
        """Return the form as it opens for a notebook."""
        return await self.account.run(
            launch.defaults, self.account, request, self.root, self.limits, rate=self.prices.known
        )

    async def plan(self, request: LaunchRequest) -> Plan:
        """Plan a launch; creates nothing."""
        return await self.account.run(
            launch.plan, self.account, request, self.root, self.limits, rate=self.prices.rate
        )

    async def code(self, request: CodeRequest) -> Code:
        """Write a launch as SageMaker SDK code."""
        return await self.account.run(
            launch.code, self.account, request, self.root, self.limits, rate=self.prices.rate
        )

    async def apply(self, request: LaunchRequest) -> Launched:
        """Start a job, and read its table often for the next minute."""
        launched = await self.account.run(
            launch.apply, self.account, request, self.root, self.limits, rate=self.prices.rate
        )
        self._refresh(launched.kind, hurry=HURRY)
        return launched

    def progress(self, name: str) -> LaunchProgress:
        """Return how far a launch is."""
        return progress.progress(name)

    def cancel(self, name: str) -> LaunchProgress:
        """Cancel a launch whose job was not created yet."""
        return progress.cancel(name)

    async def machines(self, job_kind: str) -> Machines:
        """List the instance types of a kind of job. Raises errors.Invalid for no such kind."""
        kind: JobKind | None = next((each for each in APIS if each == job_kind), None)
        if kind is None:
            raise errors.Invalid(
                f"There is no such kind of job: {job_kind}", advice="Take one of: " + ", ".join(APIS)
            )
        return await self.account.run(machines, self.account, kind, self.limits, rate=self.prices.known)

    async def browse(self, uri: str) -> S3Listing:
        """List what is below a prefix in S3."""
        return await self.account.run(browse.browse, self.account, uri)
