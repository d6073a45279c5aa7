"""AddTags, ListTags, DeleteTags over the resources of a region."""

from __future__ import annotations

from botocore.model import OperationModel

from ..errors import validation
from .engine import Engine
from .resources import Fields, Resource, Store


def install(engine: Engine) -> None:
    """Add the three tag operations to the engine."""
    engine.handle("AddTags", _add)
    engine.handle("ListTags", _list)
    engine.handle("DeleteTags", _delete)


def as_list(tags: dict[str, str]) -> list[dict[str, str]]:
    """Return tags in AWS's form: a list of Key and Value."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _resource(store: Store, params: Fields) -> Resource:
    resource = store.by_arn(params["ResourceArn"])
    if resource is None:
        raise validation(f"Could not find resource: {params['ResourceArn']}")
    return resource


def _add(store: Store, model: OperationModel, params: Fields) -> Fields:
    resource = _resource(store, params)
    resource.tags.update({tag["Key"]: tag["Value"] for tag in params["Tags"]})
    return {"Tags": as_list(resource.tags)}


def _list(store: Store, model: OperationModel, params: Fields) -> Fields:
    return {"Tags": as_list(_resource(store, params).tags)}


def _delete(store: Store, model: OperationModel, params: Fields) -> Fields:
    resource = _resource(store, params)
    for key in params["TagKeys"]:
        resource.tags.pop(key, None)
    return {}
