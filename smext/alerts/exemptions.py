"""Resources exempt from warnings and bulk stops: by the tag smext:keep, or by a name that the administrator set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Any

from ..api import Problem
from ..aws.account import Account
from ..aws.cache import Cache
from ..errors import SmextError
from ..inventory import unreadable
from ..inventory.idle import Candidate

TAG = "smext:keep"
_NO = {"false", "no", "0", "off"}
_PAGES = 10
SECONDS = 300.0
"""Between two questions for the tag."""


class Exemptions:
    """Exempt resources of one account; tags are cached for SECONDS."""

    def __init__(self, account: Account, patterns: Sequence[str] = ()) -> None:
        self._account, self._patterns = account, patterns
        self.arns: frozenset[str] = frozenset()
        """Of what carries the tag, as it was known last."""
        self._cache = Cache[frozenset[str]](ttl=SECONDS, failure_ttl=SECONDS)
        self.problem: Problem | None = None
        """Why the tags are not known; names protect all the same."""

    async def kept(self, candidates: Iterable[Candidate]) -> frozenset[tuple[str, str]]:
        """Return kind and key of those that are exempt; while AWS does not answer, by the tags known last."""
        try:
            self.arns, self.problem = await self._account.run(self._cache.get, TAG, self._tagged), None
        except SmextError as error:
            self.problem = error.problem()
        return kept(candidates, self.arns, self._patterns)

    def _tagged(self) -> frozenset[str]:
        return tagged(self._account)


def tagged(account: Account) -> frozenset[str]:
    """Fetch the ARNs that carry the tag, of all kinds at once. Blocking.

    Raises errors.SmextError, also where there are too many: a part of them would pass for all.
    """
    arns, token = set[str](), ""
    for _ in range(_PAGES):
        answer = account.call(
            "resourcegroupstaggingapi",
            "GetResources",
            TagFilters=[{"Key": TAG}],
            ResourcesPerPage=100,
            **({"PaginationToken": token} if token else {}),
        )
        for one in answer.get("ResourceTagMappingList") or []:
            arns |= _marked(one)
        token = str(answer.get("PaginationToken") or "")
        if not token:
            return frozenset(arns)
    raise SmextError(
        f"More than {100 * _PAGES} things carry the tag {TAG}: not all of them could be read.",
        advice="Keep by names (SmextApp.keep) what must not be stopped.",
    )


def kept(
    candidates: Iterable[Candidate], arns: frozenset[str], patterns: Sequence[str]
) -> frozenset[tuple[str, str]]:
    """Return kind and key of those that are exempt, themselves or by what they are part of."""
    resources = {arn.split(":", 5)[-1] for arn in arns}

    def marked(one: Candidate) -> bool:
        named = any(fnmatchcase(one.row.name, pattern) for pattern in patterns)
        told = unreadable.known(lambda: set(_arns(one.item)), set[str]())
        ends = unreadable.known(lambda: set(one.kind.resources(one.item)), set[str]())
        return named or bool(arns & told or resources & ends)

    return frozenset((one.row.kind, one.row.key) for one in candidates if marked(one))


def _marked(one: dict[str, Any]) -> set[str]:
    """Return its ARN where the tag is set and its value does not say no."""
    arn = unreadable.known(lambda: one["ResourceARN"], None)
    refused = unreadable.known(lambda: _says_no(one.get("Tags") or []), False)
    return {arn} if isinstance(arn, str) and not refused else set()


def _says_no(tags: Iterable[dict[str, Any]]) -> bool:
    return any(tag["Key"] == TAG and str(tag.get("Value") or "").lower() in _NO for tag in tags)


def _arns(value: Any) -> Iterator[str]:
    """Yield every ARN in an item: its own, and those of its parts."""
    if isinstance(value, str):
        if value.startswith("arn:") and ":iam:" not in value:
            yield value
    elif isinstance(value, dict):
        for member in value.values():
            yield from _arns(member)
    elif isinstance(value, list):
        for member in value:
            yield from _arns(member)
