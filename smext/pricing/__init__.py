"""Hourly prices: AWS's Price List, else a dated table; None where neither has the price."""

from .hardware import Hardware, hardware
from .instances import has_gpu, instances, known, well_formed
from .price_table import Component, Rate, RateOf, rate
from .similar_types import fits_like

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
