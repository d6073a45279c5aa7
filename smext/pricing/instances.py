"""Instance types: names, order and choices for each component."""

from __future__ import annotations

import re
from functools import lru_cache

from ..api import InstanceChoice
from .hardware import hardware
from .price_table import Component, priced_types, rate

# botocore's enum of each component's types.
SHAPES: dict[str, str] = {
    "Training": "TrainingInstanceType",
    "Processing": "ProcessingInstanceType",
    "Transform": "TransformInstanceType",
    "Hosting": "ProductionVariantInstanceType",
    "Notebook": "InstanceType",
    "Studio": "AppInstanceType",
}
_TYPE = re.compile(
    r"ml\.(?P<class>[a-z]+)(?P<generation>\d*)(?P<variant>[a-z0-9-]*)\.(?P<size>\d*)(?P<unit>[a-z]+)"
)
_CLASSES = ("t", "m", "c", "r", "g", "p", "inf", "trn")
_UNITS = {"nano": 0.0, "micro": 0.01, "small": 0.02, "medium": 0.04, "large": 0.5, "metal": 999.0}


def well_formed(instance_type: str) -> bool:
    """Return True if a text has the form of an instance type: `ml.m5.xlarge`."""
    return bool(_TYPE.fullmatch(instance_type))


def has_gpu(instance_type: str) -> bool:
    """Return True if the type's family (g, p) has NVIDIA GPUs."""
    match = _TYPE.fullmatch(instance_type)
    return match is not None and match["class"] in {"g", "p"}


def known(component: Component, instance_type: str, region: str) -> bool:
    """Return True if botocore's enum of the component has the type; a newer type may exist all the same."""
    return instance_type in _names(component, region)


def instances(component: Component, region: str) -> list[InstanceChoice]:
    """Return every type of a component by family and size, with hardware and USD per hour in the region."""
    names = _names(component, region)
    ordered = sorted((name for name in names if well_formed(name)), key=_order)
    return [
        InstanceChoice(
            name=name,
            usd_per_hour=rate(component, name, region).usd_per_hour,
            about=has.about if (has := hardware(name)) else "",
        )
        for name in ordered
    ]


def _names(component: Component, region: str) -> frozenset[str]:
    return _enum(component) or frozenset(priced_types(region))


def _order(instance_type: str) -> tuple[int, str, int, str, float]:
    match = _TYPE.fullmatch(instance_type)
    assert match is not None
    kind = match["class"]
    rank = _CLASSES.index(kind) if kind in _CLASSES else len(_CLASSES)
    size = _UNITS.get(match["unit"], float(match["size"] or 1))
    return rank, kind, int(match["generation"] or 0), match["variant"], size


@lru_cache(maxsize=8)
def _enum(component: Component) -> frozenset[str]:
    import botocore.session  # slow: only where instances are asked for

    model = botocore.session.get_session().get_service_model("sagemaker")
    shape = SHAPES.get(component)
    if shape is None or shape not in model.shape_names:
        return frozenset()
    return frozenset(getattr(model.shape_for(shape), "enum", ()))
