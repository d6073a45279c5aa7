"""moto's services of one account, called in process: for what a scene creates and what jobs write without HTTP."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator
from datetime import datetime
from typing import Any, cast

from moto.backends import get_backend, list_of_moto_modules
from moto.core.base_backend import BackendDict
from moto.moto_server import werkzeug_app

# Loopback and signed requests only: no page of another origin has business here.
vars(werkzeug_app)["DISABLE_GLOBAL_CORS"] = True

_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}


class _Dispatcher(werkzeug_app.DomainDispatcherApplication):
    """moto's dispatcher, which raises NotImplementedError where there is no such service."""

    def get_backend_for_host(self, host: str | None) -> Any:
        if host is None or host == "moto_api" or host in list_of_moto_modules():
            return super().get_backend_for_host(host)
        for backend, pattern in self.backend_url_patterns:
            if pattern.match(f"http://{host}"):
                return backend
        raise NotImplementedError(host)


class Backends:
    """Services of an account that moto keeps."""

    def __init__(self, account: str) -> None:
        self.account = account
        self._log_lock = threading.Lock()
        self._first_lock = threading.Lock()
        self._begun: set[tuple[str, str]] = set()
        self.dispatcher = _Dispatcher(werkzeug_app.create_backend_app)

    def service(self, name: str, region: str) -> Any:
        """Return moto's backend of a service; global services have the region `aws`."""
        backends: Any = get_backend(cast(Any, name))
        return backends[self.account][region]

    @contextlib.contextmanager
    def first(self, name: str, region: str) -> Iterator[None]:
        """Guard a request: the first one to a service runs alone, as moto makes the service's state with it."""
        if (name, region) in self._begun:
            yield
            return
        with self._first_lock:
            yield
            self._begun.add((name, region))

    def write_logs(self, region: str, group: str, stream: str, lines: list[tuple[datetime, str]]) -> None:
        """Append lines in order; group and stream are created with the first one."""
        logs = self.service("logs", region)
        events = [{"timestamp": int(at.timestamp() * 1000), "message": text} for at, text in lines]
        with self._log_lock:
            logs.ensure_log_group(group)
            logs.ensure_log_stream(group, stream)
            logs.put_log_events(group, stream, events)

    def make_bucket(self, region: str, name: str) -> None:
        """Create an S3 bucket."""
        self.service("s3", "aws").create_bucket(name, region)

    def put_object(self, bucket: str, key: str, body: bytes) -> None:
        """Write an S3 object into an existing bucket."""
        self.service("s3", "aws").put_object(bucket, key, body)

    def make_role(self, name: str, path: str = "/service-role/") -> str:
        """Create an execution role that SageMaker may assume; return its ARN."""
        iam = self.service("iam", "aws")
        role = iam.create_role(
            role_name=name,
            assume_role_policy_document=json.dumps(_TRUST),
            path=path,
            permissions_boundary=None,
            description="Execution role of the sandbox",
            tags=[],
            max_session_duration="3600",
        )
        return str(role.arn)

    def tagged(self, region: str) -> dict[str, dict[str, str]]:
        """Return the tagged resources of moto's services: ARN -> tags."""
        tagging = self.service("resourcegroupstaggingapi", region)
        found, token = {}, None
        while True:
            token, page = tagging.get_resources(pagination_token=token, resources_per_page=100)
            found.update({item.arn: dict(item.tags) for item in page})
            if not token:
                return found

    def forget(self) -> None:
        """Drop everything of this account, so that a later sandbox of the process starts empty."""
        instances: list[Any] = cast(Any, BackendDict)._instances
        for backends in list(instances):
            if self.account in backends:
                backends[self.account].reset()
                backends.pop(self.account, None)
