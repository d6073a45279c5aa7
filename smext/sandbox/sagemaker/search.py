"""Search over the resource types that AWS's Search knows (processing jobs are not among them)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from botocore.model import ListShape, OperationModel, StructureShape

from ..errors import validation
from .engine import Engine
from .listing import paged
from .resources import Fields, Resource, Store
from .tags import as_list
from .validation import cut, moment

_TYPES = frozenset({"TrainingJob", "Endpoint", "Model", "HyperParameterTuningJob"})
_DEFAULT_PAGE = 100


def install(engine: Engine) -> None:
    """Add Search to the engine."""
    engine.handle("Search", _search)


def _search(store: Store, model: OperationModel, params: Fields) -> Fields:
    wanted = params["Resource"]
    found = [_record(resource) for resource in store.all(wanted)] if wanted in _TYPES else []
    matching = [record for record in found if _matches(record, params.get("SearchExpression") or {})]
    by = str(params.get("SortBy") or "LastModifiedTime")
    matching.sort(
        key=lambda record: _sortable(_at(record, by)), reverse=params.get("SortOrder") != "Ascending"
    )
    page, token = paged(matching, params, _DEFAULT_PAGE)
    shape = _shape(model, wanted)
    body: Fields = {
        "Results": [{wanted: cut(record, shape)} for record in page],
        "TotalHits": {"Value": len(matching), "Relation": "EqualTo"},
    }
    return {**body, "NextToken": token} if token else body


def _record(resource: Resource) -> Fields:
    return {**resource.fields, "Tags": as_list(resource.tags)}


def _shape(model: OperationModel, wanted: str) -> Any:
    output = model.output_shape
    assert isinstance(output, StructureShape)
    results = output.members["Results"]
    assert isinstance(results, ListShape)
    assert isinstance(results.member, StructureShape)
    return results.member.members.get(wanted)


def _matches(record: Fields, expression: Fields) -> bool:
    parts = [_filter(record, item) for item in expression.get("Filters") or []]
    parts += [_nested(record, item) for item in expression.get("NestedFilters") or []]
    parts += [_matches(record, item) for item in expression.get("SubExpressions") or []]
    if not parts:
        return True
    return any(parts) if expression.get("Operator") == "Or" else all(parts)


def _nested(record: Fields, nested: Fields) -> bool:
    items = _at(record, nested["NestedPropertyName"])
    prefix = len(nested["NestedPropertyName"]) + 1
    filters = [{**item, "Name": item["Name"][prefix:]} for item in nested["Filters"]]
    return any(all(_filter(item, one) for one in filters) for item in items or [])


def _filter(record: Fields, item: Fields) -> bool:
    name, wanted = item["Name"], item.get("Value")
    value = _tag(record, name) if name.startswith("Tags.") else _at(record, name)
    operator = item.get("Operator") or "Equals"
    test = _OPERATORS.get(operator)
    if test is None:
        raise validation(f"Unknown operator: {operator}")
    return test(value, wanted)


def _tag(record: Fields, name: str) -> Any:
    key = name[len("Tags.") :]
    return next((tag["Value"] for tag in record["Tags"] if tag["Key"] == key), None)


def _at(record: Any, path: str) -> Any:
    """Return the value at a dotted path; map keys may themselves hold dots."""
    if not isinstance(record, dict):
        return None
    if path in record:
        return record[path]
    head, _, rest = path.partition(".")
    return _at(record.get(head), rest) if rest else None


def _compare(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def compare(value: Any, wanted: Any) -> bool:
        if value is None:
            return False
        if isinstance(value, datetime):
            return test(value, moment(wanted))
        try:
            return test(float(value), float(wanted))
        except ValueError:
            return test(str(value), str(wanted))

    return compare


def _sortable(value: Any) -> tuple[bool, str]:
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    return (value is not None, text)


_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "Equals": lambda value, wanted: value is not None and str(value) == wanted,
    "NotEquals": lambda value, wanted: str(value) != wanted,
    "Contains": lambda value, wanted: value is not None and str(wanted).lower() in str(value).lower(),
    "Exists": lambda value, wanted: value is not None,
    "NotExists": lambda value, wanted: value is None,
    "In": lambda value, wanted: value is not None and str(value) in str(wanted).split(","),
    "GreaterThan": _compare(lambda value, wanted: value > wanted),
    "GreaterThanOrEqualTo": _compare(lambda value, wanted: value >= wanted),
    "LessThan": _compare(lambda value, wanted: value < wanted),
    "LessThanOrEqualTo": _compare(lambda value, wanted: value <= wanted),
}
