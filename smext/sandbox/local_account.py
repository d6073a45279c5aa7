"""`Sandbox`: a local AWS account that answers on loopback."""

from __future__ import annotations

import itertools
import secrets
import shutil
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

import boto3
import botocore.loaders
import botocore.session

from . import sagemaker
from .application import Application
from .backends import Backends
from .client_environment import ClientEnvironment
from .clock import Clock
from .control import Control
from .exec.executor import Executor
from .faults import Faults
from .scene import Scene
from .scenes import load
from .server import Server
from .services.emr_sessions import emr_sessions
from .services.identity import iam, sts
from .services.pricing import pricing
from .services.quotas import quotas
from .services.tagging import tagging
from .signing import KeyPair, Verifier

Mode = Literal["timeline", "exec"]
ROLE_NAME = "AmazonSageMaker-ExecutionRole-Sandbox"
#: Service models are large; all clients of a process read each one once.
_MODELS = botocore.loaders.create_loader()
#: Sandboxes of one process share moto's memory, so each gets an account of its own.
_accounts = itertools.count(123456789012)


class Sandbox:
    """AWS account with SageMaker, S3, STS, IAM, logs and more, in the state that a scene gives it.

    `mode` is "timeline" (statuses move on a clock) or "exec" (new jobs really run on this machine);
    `speed` is how many virtual seconds pass in one real second; `grace` is how many real seconds a running
    job has to end by itself when it is stopped. Use it as a context manager.
    """

    def __init__(
        self,
        scene: str = "empty",
        mode: Mode = "timeline",
        speed: float = 1.0,
        *,
        region: str = "us-east-1",
        port: int = 0,
        grace: float = 120.0,
    ) -> None:
        module = load(scene)
        self.mode = mode
        self.region = region
        self.account_id = str(next(_accounts))
        self.bucket = f"sagemaker-{region}-{self.account_id}"
        self.role_arn = f"arn:aws:iam::{self.account_id}:role/service-role/{ROLE_NAME}"
        self.principal = getattr(module, "PRINCIPAL", "").format(account=self.account_id) or (
            f"arn:aws:sts::{self.account_id}:assumed-role/{ROLE_NAME}/SageMaker"
        )
        self.backends = Backends(self.account_id)
        self.engine = sagemaker.build(self.account_id, Clock(speed), self.backends.write_logs)
        self.faults = Faults(self.principal)
        self.key_pair = KeyPair.generate(
            secrets.token_urlsafe(48) if getattr(module, "TOKEN", False) else None
        )
        self.internal_pair = KeyPair.generate()
        self._control_token = secrets.token_urlsafe(24)
        verifier = Verifier(self.key_pair, self.internal_pair)
        self.control = Control(self.engine, self.faults, verifier, region)
        application = Application(
            self.backends,
            self.engine,
            verifier,
            self.faults,
            internal=self.internal_pair,
            control=self.control.apply,
            control_token=self._control_token,
        )
        self.emr_sessions: dict[str, list[dict[str, Any]]] = {}
        """Sessions of EMR Serverless by application."""
        application.services = {
            "emr-serverless": emr_sessions(self.emr_sessions),
            "sts": sts(self.account_id, self.principal),
            "iam": iam(self.backends),
            "pricing": pricing,
            "service-quotas": quotas(self.account_id),
            "resourcegroupstaggingapi": tagging(self.engine, self.backends),
        }
        self._server = Server(application, port)
        self.root = Path(tempfile.mkdtemp(prefix="smext-sandbox-"))
        self.client_env = ClientEnvironment(self.root, self.bucket, region)
        self.images: dict[str, Path] = {}
        """Interpreters that jobs with these images run on, in exec mode; any other image is this machine's Python."""
        self._executor: Executor | None = None
        try:
            self._build(module)
        except BaseException:  # also Ctrl-C, which leaves nothing behind
            self.close()
            raise
        if mode == "exec":
            self._executor = self.engine.executor = Executor(
                self.engine, self._internal_s3(), self._job_env(), grace, self.root / "jobs", self.images
            )

    def _build(self, module: Any) -> None:
        self.backends.make_bucket(self.region, self.bucket)
        self.backends.make_role(ROLE_NAME)
        self.client_env.write_metadata({"ExecutionRoleArn": self.role_arn})
        module.build(Scene(self))

    @property
    def url(self) -> str:
        """Endpoint URL: `http://127.0.0.1:PORT`."""
        return self._server.url

    @property
    def env(self) -> dict[str, str]:
        """Environment that makes boto3, the SageMaker SDK and smext use this sandbox."""
        return self.client_env.env(self.url, self.key_pair, self._control_token)

    def client(self, service: str, **options: Any) -> Any:
        """Return a real boto3 client of this sandbox; `options` as for boto3."""
        return self._client(service, self.key_pair, options)

    def _client(self, service: str, pair: KeyPair, options: dict[str, Any]) -> Any:
        """Make a client that reads none of the caller's AWS profiles and files."""
        empty = str(self.client_env.empty)
        own: Any = {
            name: (None, None, value, None)
            for name, value in {"profile": None, "config_file": empty, "credentials_file": empty}.items()
        }
        base = botocore.session.Session(session_vars=own)
        base.register_component("data_loader", _MODELS)
        session: Any = boto3.Session(
            pair.access_key, pair.secret_key, pair.token, self.region, botocore_session=base
        )
        return session.client(service, endpoint_url=self.url, **options)

    def _internal_s3(self) -> Any:
        return self._client("s3", self.internal_pair, {})

    def _job_env(self) -> dict[str, str]:
        """Return a job's environment: as the client's, without its metadata file and the control token."""
        kept = ("AWS_", "SAGEMAKER_USER_CONFIG", "SAGEMAKER_ADMIN_CONFIG", "NO_PROXY", "no_proxy")
        return {name: value for name, value in self.env.items() if name.startswith(kept)}

    def start(self) -> Sandbox:
        """Start the server and return the sandbox itself."""
        self._server.start()
        return self

    def stop_jobs(self) -> None:
        """Send SIGTERM to the jobs that run; `close` kills what is left of them."""
        if self._executor is not None:
            self._executor.terminate()

    @property
    def busy(self) -> bool:
        """Whether a job runs on this machine."""
        return self._executor is not None and self._executor.busy

    def close(self) -> None:
        """Stop the server and the running jobs, and remove the sandbox's files."""
        self.faults.heal()
        if self._executor is not None:
            self._executor.close()
        self._server.close()
        self.backends.forget()
        shutil.rmtree(self.root, ignore_errors=True)

    def __enter__(self) -> Sandbox:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
