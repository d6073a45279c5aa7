"""WSGI application: checks the signature, applies planned faults, answers here or hands on to moto."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable, Iterable
from typing import Any

from .backends import Backends
from .errors import AwsError
from .faults import Faults
from .protocol import Call, Environ, Reply, StartResponse, error_reply, json_reply, read, result_reply
from .sagemaker.engine import Engine
from .services import Service
from .signing import KeyPair, Verifier

_log = logging.getLogger(__name__)
CONTROL_PATH = "/_sandbox/control"
HEALTH_PATH = "/_sandbox/health"


class Application:
    """WSGI application of one account."""

    def __init__(
        self,
        backends: Backends,
        engine: Engine,
        verifier: Verifier,
        faults: Faults,
        *,
        internal: KeyPair,
        control: Callable[[dict[str, Any]], dict[str, Any]],
        control_token: str,
    ) -> None:
        self.services: dict[str, Service] = {}
        self._backends = backends
        self._engine = engine
        self._verifier = verifier
        self._faults = faults
        self._internal = internal
        self._control = control
        self._control_token = control_token

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request; an unexpected failure becomes InternalFailure."""
        call = read(environ)
        try:
            reply = self._own_route(call) or self._answer(call)
        except AwsError as error:
            reply = error_reply(call, error)
        except Exception:
            _log.exception("sandbox: %s %s failed", call.method, call.path)
            reply = error_reply(call, AwsError("InternalFailure", "The sandbox failed; see its log.", 500))
        return reply.send(start_response)

    def _own_route(self, call: Call) -> Reply | None:
        if call.path == HEALTH_PATH:
            return json_reply({"status": "ok"})
        if call.path != CONTROL_PATH:
            return None
        sent = call.headers.get("authorization", "").removeprefix("Bearer ")
        if call.method != "POST" or not hmac.compare_digest(sent.encode(), self._control_token.encode()):
            raise AwsError(
                "AccessDeniedException", "POST with the sandbox's bearer token is needed here", 403
            )
        return json_reply(self._control(call.json()))

    def _answer(self, call: Call) -> Reply:
        pair = self._verifier.verify(call)
        operation = call.operation
        if pair.access_key != self._internal.access_key:
            self._faults.strike(call.service, operation)
        if call.service == "sagemaker":
            return json_reply(self._engine.call(call.region, operation, call.json()))
        self._engine.timetable.settle()
        own = self.services.get(call.service)
        result = own(call, operation) if own else None
        return self._from_moto(call) if result is None else result_reply(call, result)

    def _from_moto(self, call: Call) -> Reply:
        if call.path.startswith("/moto-api"):
            raise AwsError("UnknownOperationException", "There is no such operation.")
        answer: dict[str, Any] = {}

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
            answer.update(status=int(status.split()[0]), headers=list(headers))

        try:
            with self._backends.first(call.service, call.region):
                body = self._backends.dispatcher(call.for_moto(self._backends.account), start)
                data = b"".join(body)
        except NotImplementedError as error:
            raise _unknown(call) from error
        html = any(n.lower() == "content-type" and "html" in v for n, v in answer["headers"])
        # An empty page is the answer to HEAD: moto's "unknown" has a text.
        if html and data and answer["status"] in (404, 405, 500, 501):
            raise _unknown(call)
        return Reply(answer["status"], answer["headers"], [data])


def _unknown(call: Call) -> AwsError:
    name = call.operation or f"{call.method} {call.path}"
    return AwsError(
        "UnknownOperationException", f"The sandbox does not know the operation {call.service}:{name}.", 400
    )
