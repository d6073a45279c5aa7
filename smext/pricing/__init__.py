"""What an hour costs: AWS's Price List, else a table with dates. What neither knows is None, never a guess."""

from .hardware import Hardware, hardware
from .instances import has_gpu, instances, known, well_formed
from .machines import fits_like
from .rates import Component, Rate, RateOf, rate

__all__ = [
    "Component",
    "Hardware",
    "Rate",
    "RateOf",
    "fits_like",
    "hardware",
    "has_gpu",
    "instances",
    "known",
    "rate",
    "well_formed",
]
