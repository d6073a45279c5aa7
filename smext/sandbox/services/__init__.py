"""Small services beside SageMaker that moto lacks or that must know the sandbox's resources."""

from __future__ import annotations

from collections.abc import Callable

from ..protocol import Call
from ..sagemaker.resources import Fields

#: Answers an operation, or None where moto is to answer it.
Service = Callable[[Call, str], Fields | None]
