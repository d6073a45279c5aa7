"""Launches in one account, as the routes ask of them."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol, TypeVar

from .. import errors, launch
from ..api import JobKind, Launched, LaunchRequest, Machines
from ..aws.account import Account
from ..inventory.poller import HURRY
from ..launch import Limits
from ..launch.machines.choices import machines
from ..launch.request import APIS
from ..pricing import RateOf
from ..pricing.prices import Prices

Request = TypeVar("Request", contravariant=True)
Answer = TypeVar("Answer", covariant=True)


class Refresh(Protocol):
    """How the tables hear of a new job."""

    def __call__(self, kind: str | None = None, *, hurry: float = 0.0) -> None:
        """Read the tables of a kind, or all, anew; often for `hurry` seconds."""


class Planning(Protocol[Request, Answer]):
    """What is made of a launch: its plan, its code, the job."""

    def __call__(
        self, account: Account, request: Request, root: Path | None, limits: Limits, /, *, rate: RateOf
    ) -> Answer:
        """Make it. Raises errors.SmextError."""


class Launches:
    """Launches of one target. Raises errors.SmextError."""

    def __init__(
        self, account: Account, limits: Limits, root: Path | None, prices: Prices, refresh: Refresh
    ) -> None:
        """`root` is the folder that this server shows; None where it is not on this machine's disk."""
        self.account, self.limits, self.root, self.prices = account, limits, root, prices
        self._refresh = refresh

    async def ask(
        self, function: Planning[Request, Answer], request: Request, *, fetch: bool = True
    ) -> Answer:
        """Run a function of the launch package for this target; with `fetch` the Price List is asked for its type."""
        rate = self.prices.rate if fetch else self.prices.known
        return await self.account.run(function, self.account, request, self.root, self.limits, rate=rate)

    async def apply(self, request: LaunchRequest) -> Launched:
        """Launch it, and read the table that it shows up in."""
        launched = await self.ask(launch.apply, request)
        self._refresh(launched.kind, hurry=HURRY)
        return launched

    async def machines(self, job_kind: str) -> Machines:
        """List the machines of a kind of job. Raises errors.Invalid for what is none."""
        kind: JobKind | None = next((each for each in APIS if each == job_kind), None)
        if kind is None:
            raise errors.Invalid(
                f"There is no such kind of job: {job_kind}", advice="Take one of: " + ", ".join(APIS)
            )
        return await self.account.run(machines, self.account, kind, self.limits, rate=self.prices.known)
