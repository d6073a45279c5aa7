"""Jobs that really run: processes of this machine under SageMaker's container contract."""

from __future__ import annotations
