"""Parameters: read out of the cell tagged `parameters`, and the values that somebody gives them."""

from .cell import parse, read
from .given import accept, cell, code
from .values import exact, wrong

__all__ = ["accept", "cell", "code", "exact", "parse", "read", "wrong"]
