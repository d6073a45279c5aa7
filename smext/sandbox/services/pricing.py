"""Price List Query API for SageMaker, from a table of one rate for each instance type."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from importlib.resources import files

from ..protocol import Call
from ..sagemaker.listing import paged
from ..sagemaker.resources import Fields

#: component -> (usage type's word, what the description says)
_COMPONENTS = {
    "Training": ("Train", "Training"),
    "Processing": ("Processing", "Processing"),
    "Hosting": ("Host", "Hosting"),
    "BatchTransform": ("Tsform", "Batch Transform"),
    "Notebook": ("Notebk", "Notebook"),
    "Studio-JupyterLab": ("Studio:JupyterLab", "JupyterLab"),
    "Studio-CodeEditor": ("Studio:CodeEditor", "CodeEditor"),
    "Studio-Notebook": ("Studio:KernelGateway", "KernelGateway"),
}
_REGIONS = {"us-east-1": ("USE1", "US East (N. Virginia)"), "us-west-2": ("USW2", "US West (Oregon)")}


@lru_cache(maxsize=1)
def rates() -> dict[str, float]:
    """Return USD per hour in us-east-1 by instance type; the file has source and date."""
    text = (files(__package__) / "prices.json").read_text(encoding="utf-8")
    table: dict[str, float] = json.loads(text)["usd_per_hour"]
    return table


def pricing(call: Call, operation: str) -> Fields | None:
    """Answer GetProducts; None for other operations."""
    if operation != "GetProducts":
        return None
    params = call.json()
    if params.get("ServiceCode") != "AmazonSageMaker":
        return {"PriceList": [], "FormatVersion": "aws_v1"}
    wanted = {item["Field"]: item["Value"] for item in params.get("Filters") or []}
    page, token = paged([p for p in _products() if _matches(p, wanted)], params, default=100)
    body: Fields = {"FormatVersion": "aws_v1", "PriceList": [json.dumps(product) for product in page]}
    return {**body, "NextToken": token} if token else body


def _matches(product: Fields, wanted: dict[str, str]) -> bool:
    attributes = {**product["product"]["attributes"], "productFamily": product["product"]["productFamily"]}
    return all(str(attributes.get(field, "")).lower() == value.lower() for field, value in wanted.items())


@lru_cache(maxsize=1)
def _products() -> list[Fields]:
    return [
        _product(region, instance, component, rate)
        for region in _REGIONS
        for instance, rate in sorted(rates().items())
        if instance.startswith("ml.")
        for component in _COMPONENTS
    ]


def _product(region: str, instance: str, component: str, rate: float) -> Fields:
    word, spoken = _COMPONENTS[component]
    prefix, location = _REGIONS[region]
    joined = "-" if word.startswith("Studio") else ":"
    usage = f"{prefix}-{word}{joined}{instance}"
    sku = hashlib.sha256(usage.encode()).hexdigest()[:16].upper()
    dimension = {
        "unit": "Hrs",
        "endRange": "Inf",
        "beginRange": "0",
        "rateCode": f"{sku}.JRTCKXETXF.6YS6EN2CT7",
        "description": f"${rate} per {spoken} {instance} hour in {location}",
        "appliesTo": [],
        "pricePerUnit": {"USD": f"{rate:.10f}"},
    }
    term = {"sku": sku, "priceDimensions": {f"{sku}.JRTCKXETXF.6YS6EN2CT7": dimension}, "termAttributes": {}}
    attributes = {
        "instanceName": instance,
        "instanceType": f"{instance}-{component}",
        "component": component,
        "platoinstancetype": component,
        "platoinstancename": instance,
        "usagetype": usage,
        "operation": "RunInstance",
        "regionCode": region,
        "location": location,
        "locationType": "AWS Region",
        "servicecode": "AmazonSageMaker",
    }
    return {
        "product": {"sku": sku, "productFamily": "ML Instance", "attributes": attributes},
        "serviceCode": "AmazonSageMaker",
        "terms": {"OnDemand": {f"{sku}.JRTCKXETXF": term}},
    }
