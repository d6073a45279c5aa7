"""Owners of resources by tag: Studio tags resources started from it with the user profile.

AWS docs: domain-groups-and-environment-variables.html; the tag sagemaker:user-profile-arn.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass

from ..aws.account import Account
from ..errors import SmextError

TAG = "sagemaker:user-profile-arn"
AT_ONCE = 100
"""ARNs in one call (botocore: GetResources.ResourceARNList)."""
AGAIN = 900.0
"""Seconds until it is tried again, where AWS did not tell."""
MOST = 20_000
"""ARNs that are remembered."""


@dataclass(frozen=True)
class Profile:
    domain: str
    name: str


class Owners:
    """Cached owners of one account's resources by ARN; an answer does not expire. Thread-safe."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._lock, self._asking = threading.Lock(), threading.Lock()
        self._known: dict[str, Profile | None] = {}
        self._wanted: dict[str, None] = {}
        self._due = 0.0

    def of(self, arn: str) -> Profile | None:
        """Return the cached owner of an ARN; None is unknown."""
        return self._known.get(arn)

    def learn(self, arns: Iterable[str]) -> None:
        """Fetch the owners of new ARNs. Blocking; never raises: without an answer they stay unknown."""
        new = [arn for arn in arns if arn and arn not in self._known]
        if not new or time.monotonic() < self._due:
            return
        with self._lock:
            self._wanted.update(dict.fromkeys(new))
        # Whoever comes first asks for what the others want meanwhile, too: few calls for many kinds.
        with self._asking:
            try:
                while wanted := self._take():
                    self._ask(wanted)
            except SmextError:
                self._due = time.monotonic() + AGAIN

    def _take(self) -> list[str]:
        with self._lock:
            if len(self._known) > MOST:
                self._known.clear()
            wanted = [arn for arn in self._wanted if arn not in self._known][:AT_ONCE]
            asked = set(wanted)
            self._wanted = {arn: None for arn in self._wanted if arn not in self._known and arn not in asked}
            return wanted

    def _ask(self, arns: list[str]) -> None:
        answer = self._account.call("resourcegroupstaggingapi", "GetResources", ResourceARNList=arns)
        said = {str(one.get("ResourceARN")): one.get("Tags") or [] for one in _found(answer)}
        for arn in arns:
            tags = {str(tag.get("Key")): str(tag.get("Value")) for tag in said.get(arn, [])}
            self._known[arn] = _profile(tags.get(TAG, ""))


def _found(answer: dict[str, list[dict[str, list[dict[str, str]]]]]) -> list[dict[str, list[dict[str, str]]]]:
    return answer.get("ResourceTagMappingList") or []


def _profile(arn: str) -> Profile | None:
    """Parse `arn:aws:sagemaker:eu-west-1:1:user-profile/d-1/maria`; None for another ARN."""
    parts = arn.split(":", 5)[-1].split("/")
    if len(parts) != 3 or parts[0] != "user-profile" or not all(parts):
        return None
    return Profile(parts[1], parts[2])
