"""Resource Groups Tagging API over the sandbox's SageMaker resources and whatever else moto holds."""

from __future__ import annotations

from ..backends import Backends
from ..protocol import Call
from ..sagemaker.engine import Engine
from ..sagemaker.listing import paged
from ..sagemaker.resources import Fields
from ..sagemaker.tags import as_list
from . import Service


def tagging(engine: Engine, backends: Backends) -> Service:
    """Make GetResources over the engine's and moto's resources."""

    def answer(call: Call, operation: str) -> Fields | None:
        if operation != "GetResources":
            return None
        params = call.json()
        found: list[Fields] = [
            {"ResourceARN": resource.arn, "Tags": as_list(resource.tags)}
            for resource in engine.store(call.region).everything()
            if resource.tags and resource.status != "Deleted"
        ]
        if not _only_sagemaker(params):
            others = backends.tagged(call.region)
            found += [{"ResourceARN": arn, "Tags": as_list(tags)} for arn, tags in others.items()]
        chosen = [
            item
            for item in found
            if _named(item["ResourceARN"], params)
            and _typed(item["ResourceARN"], params)
            and _tagged(item["Tags"], params)
        ]
        page, token = paged(chosen, _paging(params), default=100)
        return {"ResourceTagMappingList": page, "PaginationToken": token or ""}

    return answer


def _paging(params: Fields) -> Fields:
    return {"NextToken": params.get("PaginationToken"), "MaxResults": params.get("ResourcesPerPage")}


def _only_sagemaker(params: Fields) -> bool:
    types = params.get("ResourceTypeFilters") or []
    return bool(types) and all(str(wanted).startswith("sagemaker") for wanted in types)


def _named(arn: str, params: Fields) -> bool:
    return arn in (params.get("ResourceARNList") or [arn])


def _typed(arn: str, params: Fields) -> bool:
    types = params.get("ResourceTypeFilters")
    if not types:
        return True
    _, _, service, _, _, rest = arn.split(":", 5)
    return any(wanted in (service, f"{service}:{rest.split('/')[0]}") for wanted in types)


def _tagged(tags: list[Fields], params: Fields) -> bool:
    have = {tag["Key"]: tag["Value"] for tag in tags}
    return all(
        item["Key"] in have and (not item.get("Values") or have[item["Key"]] in item["Values"])
        for item in params.get("TagFilters") or []
    )
