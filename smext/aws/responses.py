"""Validation that a response is an answer of AWS.

botocore reads a body that it cannot parse as an answer without members, so that a login page of the network, half
a body or an empty one would pass for "there is nothing". Held against botocore's model of the output:

- a list call has its list, also where it is empty;
- what was created, started or changed has the members that the model requires, and its ARN;
- any other answer has at least one member that the model knows, where it has members at all;
- a body that nobody asked for is empty or an object.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from typing import Any

from .. import errors

_READS = ("Describe", "Get", "Head", "List", "Search", "Simulate")
_TOKENS = re.compile(r"token|marker", re.IGNORECASE)
_FEW = 4
"""The output of a list call has its list, a token, and hardly more."""
_ASKED_ID = ("x-amzn-requestid", "x-amz-request-id", "x-amz-id-2")
"""AWS's own name for an answer; others have none."""
_PAGE = re.compile(
    rb"^(\xef\xbb\xbf)?\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body)\b", re.I | re.S
)
_TITLE = re.compile(rb"<title[^>]*>(.*?)</title>", re.I | re.S)
_JSON = {"json", "rest-json"}
_EMPTY = "an empty answer"
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


class InvalidTime(datetime):
    """Placeholder for an invalid time, so that one of them does not spoil a whole answer."""


INVALID_TIME = InvalidTime(1970, 1, 1, tzinfo=timezone.utc)


def parse_time(value: Any) -> datetime:
    """Parse a time as botocore does; an invalid one becomes INVALID_TIME."""
    from botocore.utils import parse_timestamp

    try:
        parsed = parse_timestamp(value)
        aware: datetime = parsed if parsed.tzinfo else parsed.replace(tzinfo=timezone.utc)
        aware.timestamp()
    except (
        Exception
    ):  # botocore raises whatever the calendar does: ValueError, OverflowError, OSError, RuntimeError
        return INVALID_TIME
    return aware


def check(parsed: Mapping[str, Any], model: Any, http_response: Any, **_: Any) -> None:
    """Raise errors.NotUnderstood where this is no answer of AWS; called by botocore after each call."""
    body, headers, status = _body(model, http_response), _headers(http_response), http_response.status_code
    refused = status >= 300
    # What fails within AWS's own gateways may say so with a page; 511 is a network that wants a login.
    odd = _is_page(body, headers) and (status < 500 or status == 511)
    if odd or not (refused or _understood(parsed, model, body)):
        raise errors.not_understood(f"Could not {words(model.name)}", _described(body, status))


def words(operation: str) -> str:
    """Split an operation's name into words: `ListTrainingJobs` -> `list training jobs`."""
    return _CAMEL.sub(" ", operation).lower()


# --- what an answer has to have ----------------------------------------------------------------------


def _understood(parsed: Mapping[str, Any], model: Any, body: bytes | None) -> bool:
    shape, protocol = model.output_shape, model.service_model.protocol
    inside = _members(shape)
    if not inside:
        return _is_nothing(body, protocol)
    if body is None:
        return True
    if lists := _lists(model, inside):
        return any(isinstance(parsed.get(name), list) for name in lists)
    if model.name.startswith(_READS):
        return _any_of(parsed, inside) or _is_of_aws(body)
    needed = [name for name in inside if name in shape.required_members or _is_arn(name, protocol)]
    return all(parsed.get(name) for name in needed) if needed else _any_of(parsed, inside) or _is_of_aws(body)


def _members(shape: Any) -> dict[str, Any]:
    """Return the output members that are in the body."""
    if shape is None:
        return {}
    return {name: each for name, each in shape.members.items() if "location" not in each.serialization}


def _lists(model: Any, inside: Mapping[str, Any]) -> list[str]:
    """Return the lists of a list call, of which one has to be there.

    XML leaves out what is empty.
    """
    lists = [name for name, shape in inside.items() if shape.type_name == "list"]
    if "xml" in model.service_model.protocol or not lists:
        return []
    listing = model.name.startswith(("List", "Search"))
    paged = len(inside) <= _FEW and any(_TOKENS.search(name) for name in inside)
    return lists if listing or paged else []


def _is_arn(name: str, protocol: str) -> bool:
    return name.endswith("Arn") and protocol in _JSON


def _any_of(parsed: Mapping[str, Any], inside: Iterable[str]) -> bool:
    return any(parsed.get(name) not in (None, {}, "") for name in inside)


def _is_of_aws(body: bytes) -> bool:
    """Return True for AWS's XML, by its namespace, also where it is empty."""
    return body.lstrip()[:1] == b"<" and b"amazonaws.com/doc/" in body[:1000]


def _is_nothing(body: bytes | None, protocol: str) -> bool:
    """Return True for an empty body, or an object without known members."""
    if body is None or not body.strip():
        return True
    if protocol not in _JSON:
        return True
    try:
        return isinstance(json.loads(body), dict)
    except (ValueError, RecursionError):
        return False


# --- what came --------------------------------------------------------------------------------------------


def _body(model: Any, response: Any) -> bytes | None:
    """Return the body; None for a stream that is somebody else's to read, or without HTTP behind it."""
    if model.has_streaming_output or model.has_event_stream_output or getattr(response, "raw", None) is None:
        return None
    return bytes(response.content)


def _headers(response: Any) -> dict[str, str]:
    return {str(name).lower(): str(value) for name, value in dict(response.headers or {}).items()}


def _is_page(body: bytes | None, headers: Mapping[str, str]) -> bool:
    if body is not None and _PAGE.match(body[:2000]):
        return True
    typed = headers.get("content-type", "").lower().startswith("text/html")
    return typed and not any(name in headers for name in _ASKED_ID)


def _described(body: bytes | None, status: int) -> str:
    if body is not None and not body.strip():
        return _EMPTY
    if body is None or _PAGE.match(body[:2000]):
        found = _TITLE.search(body[:20_000]) if body else None
        title = " ".join(html.unescape(found[1].decode("utf-8", "replace")).split())[:60] if found else ""
        moved = f" with status {status}" if status >= 300 else ""
        return f"a web page{moved} (“{title}”)" if title else f"a web page{moved}"
    return "something else"
