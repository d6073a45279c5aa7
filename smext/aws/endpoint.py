"""Endpoint that boto3 is configured with for SageMaker, by the same rules."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any


def configured(session: Callable[[], Any]) -> str | None:
    """Return the endpoint of the environment, else of the profile; None for AWS's own.

    The session is made only where a file may name an endpoint: that takes a while.
    """
    if os.environ.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "").lower() == "true":
        return None
    found = os.environ.get("AWS_ENDPOINT_URL_SAGEMAKER") or os.environ.get("AWS_ENDPOINT_URL")
    if found or not _named():
        return found or None
    try:
        from botocore.configprovider import ConfiguredEndpointProvider

        core = session()._session
        if core.get_config_variable("ignore_configured_endpoint_urls"):
            return None
        provider = ConfiguredEndpointProvider(
            full_config=core.full_config, scoped_config=core.get_scoped_config(), client_name="sagemaker"
        )
        given: str | None = provider.provide()
    except Exception:  # what is wrong with the configuration is said where a call is made
        return None
    return given or None


def _named() -> bool:
    path = os.path.expanduser(os.environ.get("AWS_CONFIG_FILE") or "~/.aws/config")
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return "endpoint_url" in file.read(1 << 20)
    except OSError:
        return False
