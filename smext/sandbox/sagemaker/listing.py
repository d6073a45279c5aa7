"""List operations: filter, sort, paginate."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

from botocore.model import ListShape, OperationModel, StructureShape

from ..errors import validation
from .resource_type import ResourceType
from .resources import Fields, Resource
from .validation import cut, moment

DEFAULT_PAGE = 10
_EPOCH = datetime.fromtimestamp(0, tz=timezone.utc)
_TIMES = {
    "CreationTime": "CreationTime",
    "Created": "CreationTime",
    "LastModifiedTime": "LastModifiedTime",
    "ModifiedTime": "LastModifiedTime",
}
_NOT_FILTERS = frozenset({"NextToken", "MaxResults", "SortBy", "SortOrder"})


def answer(
    kind: ResourceType, operation: OperationModel, resources: list[Resource], params: Fields
) -> Fields:
    """Answer one List operation, with NextToken while there is more."""
    late = {"StatusEquals"} if kind.filters_after_page else set()
    tests = [_test(kind, name, value) for name, value in params.items() if name not in _NOT_FILTERS | late]
    chosen = [resource for resource in resources if all(test(resource.fields) for test in tests)]
    chosen.sort(key=_sort_key(kind, params), reverse=_descending(kind, params))
    page, token = paged(chosen, params)
    if late and "StatusEquals" in params:
        page = [resource for resource in page if resource.status == params["StatusEquals"]]
    return _body(kind, operation, page, token)


def paged(items: list[Any], params: Fields, default: int = DEFAULT_PAGE) -> tuple[list[Any], str | None]:
    """Return one page of `items` and the token of the next, or None."""
    start = _offset(params.get("NextToken"))
    size = int(params.get("MaxResults") or default)
    token = _token(start + size) if start + size < len(items) else None
    return items[start : start + size], token


def _body(kind: ResourceType, operation: OperationModel, page: list[Resource], token: str | None) -> Fields:
    output = operation.output_shape
    assert isinstance(output, StructureShape)
    name, shape = next((n, s) for n, s in output.members.items() if isinstance(s, ListShape))
    body: Fields = {name: [cut({**r.fields, **kind.summary(r.fields)}, shape.member) for r in page]}
    if token:
        body["NextToken"] = token
    return body


def _test(kind: ResourceType, name: str, value: Any) -> Callable[[Fields], bool]:
    for prefix, member in _TIMES.items():
        if name == f"{prefix}After":
            after = moment(value)
            return lambda fields: fields.get(member, _EPOCH) > after
        if name == f"{prefix}Before":
            before = moment(value)
            return lambda fields: fields.get(member, _EPOCH) < before
    if name.endswith("Contains"):
        member = (
            kind.display if name in ("NameContains", f"{kind.display}Contains") else name[: -len("Contains")]
        )
        wanted = str(value).lower()
        return lambda fields: wanted in str(fields.get(member, "")).lower()
    if name == "WarmPoolStatusEquals":
        return lambda fields: (fields.get("WarmPoolStatus") or {}).get("Status") == value
    member = name[: -len("Equals")] if name.endswith("Equals") else name
    member = (kind.status or member) if member == "Status" else member
    return lambda fields: fields.get(member) == value


def _sort_key(kind: ResourceType, params: Fields) -> Callable[[Resource], Any]:
    by = str(params.get("SortBy") or "CreationTime").replace("_", "").lower()
    if by.startswith("creation"):
        return lambda resource: (resource.created, resource.key)
    if by.startswith("lastmodified"):
        return lambda resource: (resource.fields.get("LastModifiedTime", resource.created), resource.key)
    if by == "status":
        return lambda resource: (resource.status, resource.created)
    return lambda resource: (str(resource.fields.get(kind.display, "")), resource.created)


def _descending(kind: ResourceType, params: Fields) -> bool:
    order = str(params.get("SortOrder") or ("Ascending" if kind.ascending else "Descending"))
    return order.lower().startswith("desc")


def _token(offset: int) -> str:
    return base64.urlsafe_b64encode(json.dumps({"offset": offset}).encode()).decode()


def _offset(token: Any) -> int:
    if not token:
        return 0
    try:
        return int(json.loads(base64.urlsafe_b64decode(str(token)))["offset"])
    except (ValueError, KeyError, TypeError, binascii.Error) as error:
        raise validation("Invalid NextToken provided.") from error
