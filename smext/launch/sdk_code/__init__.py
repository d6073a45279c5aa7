"""A plan as SageMaker SDK code that does the same, for people to read, keep and change."""

from .cell import code

__all__ = ["code"]
