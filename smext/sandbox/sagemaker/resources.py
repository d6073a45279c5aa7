"""Resources by type and key, one store for each region."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .resource_type import ResourceType

Fields = dict[str, Any]
Key = tuple[str, ...]


@dataclass(eq=False)
class Resource:
    """One resource: `fields` holds what Describe can give, `version` voids what was scheduled before."""

    kind: ResourceType
    key: Key
    arn: str
    region: str
    fields: Fields
    tags: dict[str, str] = field(default_factory=dict)
    version: int = 0

    @property
    def status(self) -> str:
        """Status, or an empty text where its type has none."""
        return str(self.fields.get(self.kind.status or "", ""))

    @property
    def created(self) -> datetime:
        """Creation time, UTC."""
        moment = self.fields["CreationTime"]
        assert isinstance(moment, datetime)
        return moment


class Store:
    """Resources of one region."""

    def __init__(self, region: str) -> None:
        self.region = region
        self._by_kind: dict[str, dict[Key, Resource]] = {}
        self._by_arn: dict[str, Resource] = {}

    def add(self, resource: Resource) -> None:
        """Add a resource, or replace one with the same key."""
        self._by_kind.setdefault(resource.kind.name, {})[resource.key] = resource
        self._by_arn[resource.arn] = resource

    def remove(self, resource: Resource) -> None:
        """Remove a resource, if it is there."""
        self._by_kind.get(resource.kind.name, {}).pop(resource.key, None)
        self._by_arn.pop(resource.arn, None)

    def get(self, kind: str, key: Key) -> Resource | None:
        """Return a resource by type name and key, or None."""
        return self._by_kind.get(kind, {}).get(key)

    def by_arn(self, arn: str) -> Resource | None:
        """Return a resource by its ARN, or None."""
        return self._by_arn.get(arn)

    def all(self, kind: str) -> list[Resource]:
        """Return all resources of a type."""
        return list(self._by_kind.get(kind, {}).values())

    def everything(self) -> Iterator[Resource]:
        """Iterate over a copy of all resources."""
        return iter(list(self._by_arn.values()))

    def find(self, kind: str, test: Callable[[Fields], bool]) -> list[Resource]:
        """Return the resources of a type whose fields pass `test`."""
        return [resource for resource in self.all(kind) if test(resource.fields)]
