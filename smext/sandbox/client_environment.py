"""Place where the sandbox's user seems to be: files and variables of a space or a notebook instance."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import yaml

from .signing import KeyPair


class ClientEnvironment:
    """Files of one sandbox in a directory of its own, and the environment that points at them."""

    def __init__(self, root: Path, bucket: str, region: str) -> None:
        self.root = root
        self._region = region
        #: Further variables of the environment, as a scene wants them.
        self.extra_env: dict[str, str] = {}
        self._metadata = root / "resource-metadata.json"
        self._config = root / "sagemaker-config.yaml"
        self.empty = root / "aws"
        self.empty.write_text("", encoding="utf-8")
        modules = {"Session": {"DefaultS3Bucket": bucket}, "TelemetryOptOut": True}
        document = {"SchemaVersion": "1.0", "SageMaker": {"PythonSDK": {"Modules": modules}}}
        self._config.write_text(yaml.safe_dump(document), encoding="utf-8")

    def write_metadata(self, metadata: dict[str, Any]) -> None:
        """Write what AWS puts at /opt/ml/metadata/resource-metadata.json."""
        self._metadata.write_text(json.dumps(metadata, indent=1), encoding="utf-8")

    def write_as_in_studio(self, ml: Path) -> None:
        """Copy the metadata file to where a space has it, below a directory that stands for /opt/ml."""
        (ml / "metadata").mkdir(parents=True)
        (ml / "metadata" / self._metadata.name).write_bytes(self._metadata.read_bytes())

    def env(self, url: str, pair: KeyPair, control_token: str) -> dict[str, str]:
        """Return the environment for boto3, the SageMaker SDK and smext."""
        env = {
            "AWS_ENDPOINT_URL": url,
            "AWS_ACCESS_KEY_ID": pair.access_key,
            "AWS_SECRET_ACCESS_KEY": pair.secret_key,
            "AWS_REGION": self._region,
            "AWS_DEFAULT_REGION": self._region,
            "AWS_CONFIG_FILE": str(self.empty),
            "AWS_SHARED_CREDENTIALS_FILE": str(self.empty),
            "AWS_EC2_METADATA_DISABLED": "true",
            "RESOURCE_METADATA_FILE": str(self._metadata),
            "SAGEMAKER_USER_CONFIG_OVERRIDE": str(self._config),
            "SAGEMAKER_ADMIN_CONFIG_OVERRIDE": str(self._config),
            "SMEXT_SANDBOX_TOKEN": control_token,
            **self.extra_env,
            **_beside_proxies(),
        }
        if pair.token is not None:
            env["AWS_SESSION_TOKEN"] = pair.token
        return env


def _beside_proxies() -> dict[str, str]:
    """Return NO_PROXY with loopback added, where the machine sends HTTP through a proxy."""
    if not any(os.environ.get(name) for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")):
        return {}
    present = os.environ.get("NO_PROXY") or os.environ.get("no_proxy") or ""
    hosts = ",".join(filter(None, (present, "127.0.0.1")))
    return {"NO_PROXY": hosts, "no_proxy": hosts}


def forget_account() -> None:
    """Take the variables of another AWS account from this process: a profile or file of it may be missing or broken."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(dict.fromkeys(("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"), os.devnull))
