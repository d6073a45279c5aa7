"""Resource type as a row: how it is named, how its status changes, which errors it gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import AwsError
from .resources import Fields, Key, Resource

if TYPE_CHECKING:
    from .engine import Engine


class Phase(NamedTuple):
    """Status that begins `after` virtual seconds behind the phase before it."""

    after: float
    status: str
    secondary: str = ""
    message: str = ""


Timeline = tuple[Phase, ...]
#: From the name and the ARN of a resource to the error of a call that names it.
Complaint = Callable[[str, str], AwsError]
#: From a resource and the verb that it refuses in its status to the error.
Refusal = Callable[[Resource, str], AwsError]
#: The phase that ends by the resource's disappearance.
GONE = "Gone"


def key_of_members(kind: ResourceType, params: Fields) -> Key:
    """Return the key made of the members that identify a resource."""
    return tuple(str(params.get(member, "")) for member in kind.id)


def nothing(*_: Any) -> None:
    """Do nothing: the default of the hooks."""
    return


def no_extra(fields: Fields) -> Fields:
    """Return no members: the default of `summary` and `view`."""
    return {}


@dataclass(frozen=True)
class ResourceType:
    """One resource type of the engine; member names are botocore's."""

    name: str
    id: tuple[str, ...]
    arn: str
    status: str | None = None
    born: Timeline = ()
    stop: Timeline = ()
    start: Timeline = ()
    update: Timeline = ()
    delete: Timeline = ()
    #: Operation words where they are not Create/List + name.
    list_operation: str = ""
    arn_member: str = ""
    created: str = "CreationTime"
    ascending: bool = False
    #: AWS cuts the page first and then applies StatusEquals (ListTrainingJobs says so).
    filters_after_page: bool = False
    #: Statuses in which Stop, Start, Delete and Update are allowed; empty means any.
    stoppable: frozenset[str] = frozenset()
    startable: frozenset[str] = frozenset()
    deletable: frozenset[str] = frozenset()
    updatable: frozenset[str] = frozenset()
    missing: Complaint = field(
        default=lambda name, arn: AwsError(
            "ResourceNotFound", f"Could not find the requested resource: {name}"
        )
    )
    taken: Complaint = field(
        default=lambda name, arn: AwsError(
            "ResourceInUse", f"A resource with this name already exists ({arn})"
        )
    )
    refused: Refusal = field(
        default=lambda resource, verb: AwsError(
            "ResourceInUse", f"{resource.arn} cannot be changed in status {resource.status}"
        )
    )
    key: Callable[[ResourceType, Fields], Key] = key_of_members
    #: Completes and checks the fields of a new resource, before its key is taken.
    prepare: Callable[[Engine, Fields, str], None] = nothing
    #: Called when a phase begins, with the moment it began.
    entered: Callable[[Engine, Resource, Phase, datetime], None] = nothing
    #: Called before Delete; raises where AWS refuses.
    before_delete: Callable[[Engine, Resource], None] = nothing
    apply_update: Callable[[Engine, Resource, Fields], None] | None = None
    #: Extra members of a summary and of Describe, computed from the fields.
    summary: Callable[[Fields], Fields] = no_extra
    view: Callable[[Fields], Fields] = no_extra

    @property
    def lists(self) -> str:
        """Name of the List operation."""
        return self.list_operation or f"List{self.name}s"

    @property
    def arn_name(self) -> str:
        """Member with the ARN."""
        return self.arn_member or f"{self.name}Arn"

    @property
    def display(self) -> str:
        """Member with the name of a resource within its parents."""
        return self.id[-1]
