"""Codes of SageMaker's quotas, out of a dated table; a quota that it does not have is not known."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib import resources
from typing import Any

ALL_TYPES = "*"


def code(use: str, instance_type: str) -> str | None:
    """Code of the quota `ml.m5.xlarge for training job usage`; of all types together with ALL_TYPES."""
    found = _table()["codes"].get(use, {}).get(instance_type)
    return f"L-{found}" if found else None


def link(region: str, quota_code: str) -> str:
    """Return the console's page on which more is asked for."""
    host = "console.amazonaws.cn" if region.startswith("cn-") else "console.aws.amazon.com"
    return f"https://{region}.{host}/servicequotas/home/services/sagemaker/quotas/{quota_code}"


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    text = resources.files(__package__).joinpath("quotas.json").read_text(encoding="utf-8")
    return dict(json.loads(text))
