"""Wire protocols: an HTTP request to (service, region, operation), and a result or an error back to HTTP."""

from __future__ import annotations

import io
import json
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from moto.core.model import OperationModel, ServiceModel
from moto.core.request import Request
from moto.core.routing import get_service_router
from moto.core.serialize import get_serializer_class
from moto.core.utils import get_service_model
from werkzeug.exceptions import HTTPException

from .errors import AwsError

Environ = dict[str, Any]
StartResponse = Callable[..., Any]

#: Names in signatures that differ from botocore's service names.
_SERVICES = {
    "monitoring": "cloudwatch",
    "elasticmapreduce": "emr",
    "servicequotas": "service-quotas",
    "tagging": "resourcegroupstaggingapi",
    "elasticfilesystem": "efs",
}
_FORBIDDEN = frozenset(
    {
        "SignatureDoesNotMatch",
        "InvalidSignatureException",
        "MissingAuthenticationTokenException",
        "MissingAuthenticationToken",
        "InvalidClientTokenId",
        "InvalidAccessKeyId",
        "AccessDenied",
        "RequestTimeTooSkewed",
    }
)


@dataclass
class Call:
    """Request of a client."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    environ: Environ
    #: Of the credential scope; empty when the request is not signed.
    signing_name: str = ""
    region: str = ""

    @property
    def service(self) -> str:
        """Service by botocore's name, from the credential scope."""
        if self.signing_name == "sagemaker" and self.path.endswith("/invocations"):
            return "sagemaker-runtime"
        return _SERVICES.get(self.signing_name, self.signing_name)

    @property
    def is_form(self) -> bool:
        """True for the Query protocol's form body."""
        return self.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")

    @property
    def operation(self) -> str:
        """Operation name, or an empty string where it cannot be told."""
        if target := self.headers.get("x-amz-target"):
            return target.rpartition(".")[2]
        if self.path.startswith("/service/") and "/operation/" in self.path:
            return self.path.rpartition("/")[2]
        if self.is_form:
            return parse_qs(self.body.decode("utf-8", "replace")).get("Action", [""])[0]
        return self._routed()

    def _routed(self) -> str:
        try:
            operation, _ = get_service_router(self.service).match(Request(self._fresh_environ()))
        except (HTTPException, NotImplementedError, KeyError, ValueError, OSError):
            return ""
        return str(operation.name)

    def _fresh_environ(self) -> Environ:
        return {**self.environ, "wsgi.input": io.BytesIO(self.body)}

    def for_moto(self, account: str) -> Environ:
        """Return the WSGI environment with which moto answers for `account`."""
        return {**self._fresh_environ(), "HTTP_X_MOTO_ACCOUNT_ID": account}

    def json(self) -> dict[str, Any]:
        """Parse the body. Raises AwsError where it is no JSON object."""
        try:
            parsed = json.loads(self.body or b"{}")
        except ValueError as error:
            raise AwsError("SerializationException", "The request is not JSON") from error
        if not isinstance(parsed, dict):
            raise AwsError("SerializationException", "The request is not a JSON object")
        return parsed


@dataclass
class Reply:
    """Response: status, headers, body."""

    status: int
    headers: list[tuple[str, str]]
    body: Iterable[bytes]

    def send(self, start_response: StartResponse) -> Iterable[bytes]:
        """Start the WSGI response and return its body."""
        headers = [*self.headers, ("x-amzn-RequestId", str(uuid.uuid4()))]
        start_response(f"{self.status} {'OK' if self.status < 400 else 'Error'}", headers)
        return self.body


def read(environ: Environ) -> Call:
    """Read a request with its whole body, since both the signature and the service need it."""
    length = environ.get("CONTENT_LENGTH")
    body = environ["wsgi.input"].read(int(length)) if length else _all(environ)
    headers = {
        name[len("HTTP_") :].replace("_", "-").lower(): value
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    headers["content-type"] = environ.get("CONTENT_TYPE", "")
    headers["content-length"] = environ.get("CONTENT_LENGTH", "")
    raw = environ.get("RAW_URI") or environ.get("REQUEST_URI") or environ["PATH_INFO"]
    path, _, query = raw.partition("?")
    return Call(environ["REQUEST_METHOD"], path, query, headers, body, environ)


def _all(environ: Environ) -> bytes:
    """Read the body of a chunked request; werkzeug marks one whose end it knows."""
    if not environ.get("wsgi.input_terminated"):
        return b""
    body: bytes = environ["wsgi.input"].read()
    environ["CONTENT_LENGTH"] = str(len(body))
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    return body


def json_reply(body: dict[str, Any], status: int = 200) -> Reply:
    """Make an answer of the JSON protocol; times are seconds since 1970."""
    data = json.dumps(body, default=_plain).encode()
    headers = [("Content-Type", "application/x-amz-json-1.1"), ("Content-Length", str(len(data)))]
    return Reply(status, headers, [data])


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return round(value.timestamp(), 3)
    raise TypeError(f"not JSON: {type(value).__name__}")


def result_reply(call: Call, result: dict[str, Any]) -> Reply:
    """Make the answer to a call in the protocol of its request."""
    model = get_service_model(call.service)
    return _serialized(call, model, model.operation_model(call.operation), result)


def error_reply(call: Call, error: AwsError) -> Reply:
    """Make the error answer to a call in the protocol of its request."""
    if call.headers.get("smithy-protocol") == "rpc-v2-cbor":
        return _cbor_error(call, error)
    status = error.status or (403 if error.code in _FORBIDDEN else 400)
    if call.service == "sagemaker" or call.headers.get("x-amz-target"):
        return json_reply({"__type": error.code, "message": error.message}, status)
    if _speaks_json(call):
        reply = json_reply({"message": error.message}, status)
        reply.headers.append(("x-amzn-ErrorType", error.code))
        return reply
    data = f'<?xml version="1.0" encoding="UTF-8"?>{_error_body(call, error)}'.encode()
    return Reply(status, [("Content-Type", "text/xml"), ("Content-Length", str(len(data)))], [data])


def _error_body(call: Call, error: AwsError) -> str:
    """Return the XML of an error."""
    code, text = escape(error.code), escape(error.message)
    if call.service == "ec2":
        inner = f"<Errors><Error><Code>{code}</Code><Message>{text}</Message></Error></Errors>"
        return f"<Response>{inner}<RequestID>0</RequestID></Response>"
    if call.is_form:
        inner = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{text}</Message></Error>"
        return f"<ErrorResponse>{inner}<RequestId>0</RequestId></ErrorResponse>"
    return f"<Error><Code>{code}</Code><Message>{text}</Message><RequestId>0</RequestId></Error>"


def _speaks_json(call: Call) -> bool:
    """Return True if a service with paths as operations answers in JSON; an unknown one has S3's XML."""
    if call.is_form or not call.service:
        return False
    try:
        return str(get_service_model(call.service).protocol) != "rest-xml"
    except Exception:
        # botocore has a class of its own for each way in which a service can be unknown.
        return True


def _cbor_error(call: Call, error: AwsError) -> Reply:
    carrier = _Carrier(error)
    model = get_service_model(call.service)
    return _serialized(call, model, OperationModel({}, model), carrier)


class _Carrier(Exception):
    """Exception for moto's serializers, which read its `code` and `message`."""

    def __init__(self, error: AwsError) -> None:
        super().__init__(error.message)
        self.code = error.code
        self.message = error.message


def _serialized(call: Call, model: ServiceModel, operation: OperationModel, result: Any) -> Reply:
    serializer = get_serializer_class(str(model.service_name), _protocol(call, model))(operation)
    answer = serializer.serialize(result)
    body = answer["body"].encode() if isinstance(answer["body"], str) else answer["body"]
    headers = [(name, str(value)) for name, value in answer["headers"].items()]
    headers.append(("Content-Length", str(len(body))))
    return Reply(int(answer["status_code"]), headers, [body])


def _protocol(call: Call, model: ServiceModel) -> str:
    if call.headers.get("smithy-protocol") == "rpc-v2-cbor":
        return "smithy-rpc-v2-cbor"
    if call.is_form:
        return "ec2" if model.service_name == "ec2" else "query"
    return "json" if call.headers.get("x-amz-target") else str(model.protocol)
