"""What a check is a function of: a launch as far as it is known before AWS is asked about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...api import Check, LaunchForm, NotebookDocument
from ...aws.account import Account
from ...aws.identity import Caller
from ...pricing import Rate
from ..files.selection import FileSet
from ..limits import Limits
from ..packages.install_list import InstallList
from ..prerequisites import Prerequisites
from ..request import Asked
from ..role import ROLE_ARN


@dataclass(frozen=True)
class Context:
    """A launch that is being planned. Nothing in it is asked for again; checks only read it."""

    account: Account
    limits: Limits
    notebook: NotebookDocument
    sent: LaunchForm
    """The form as it came, before anybody else had a say."""
    asked: Asked
    """The form with all that was filled in, and where it runs."""
    request: Mapping[str, Any]
    """What AWS would be sent."""
    around: Prerequisites
    price: Rate
    packages: InstallList
    downloads: bool
    """Packages are downloaded here, so that the job asks no package index."""
    said_of_parameters: Sequence[Check]
    said_of_code: Sequence[Check]

    @property
    def form(self) -> LaunchForm:
        """The form that the request is made of."""
        return self.asked.form

    @property
    def region(self) -> str:
        """The region of the account."""
        return self.around.region

    @property
    def caller(self) -> Caller | None:
        """As whom AWS is asked; None where that is not known."""
        return self.around.caller

    @property
    def files(self) -> FileSet | None:
        """The files that go along; None without any."""
        return self.around.files

    @property
    def role(self) -> str:
        """ARN of the role; empty where what stands there is none."""
        return self.form.role if ROLE_ARN.fullmatch(self.form.role) else ""

    @property
    def installs(self) -> bool:
        """Whether the job takes packages from an index."""
        packages = self.packages
        return not self.downloads and bool(packages.always or packages.if_missing or packages.listed)
