"""Local AWS account for demos and tests: `with Sandbox(scene="busy") as box: box.client("sagemaker")`."""

from __future__ import annotations

from .local_account import Sandbox

__all__ = ["Sandbox"]
