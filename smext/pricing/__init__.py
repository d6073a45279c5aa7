"""What an hour costs: AWS's Price List, else a table with dates. What neither knows is None, never a guess."""

from .instances import has_gpu, instances, known, well_formed
from .rates import Component, Rate, RateOf, rate

__all__ = ["Component", "Rate", "RateOf", "has_gpu", "instances", "known", "rate", "well_formed"]
