"""What an hour costs: a table with dates, shipped with the package. What it does not know is None, never a guess."""

from .instances import has_gpu, instances, known, well_formed
from .rates import Component, Rate, rate

__all__ = ["Component", "Rate", "has_gpu", "instances", "known", "rate", "well_formed"]
