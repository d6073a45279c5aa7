"""Answers of AWS that are told beforehand, read by the real boto3 as if they came over HTTP."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from smext.api import Summary, Target
from smext.aws.account import Account
from smext.aws.rate_limit import Budget
from smext.aws.studio import ServerIdentity
from smext.errors import SmextError
from smext.inventory.reader import Memory, Reader, Reading, as_table
from smext.inventory.total import summarize
from smext.kinds import registry
from smext.kinds.base import Kind

REGION = "us-east-1"
DENIED = "__denied__"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "AKIAREPLAYED", "AWS_SECRET_ACCESS_KEY": "nobody's"}


@dataclass(frozen=True)
class Asked:
    """A request: what its operation is, and what it names."""

    model: Any
    """botocore's OperationModel."""
    params: Mapping[str, Any]
    path: str

    @property
    def operation(self) -> str:
        return str(self.model.name)


@dataclass(frozen=True)
class Reply:
    """What comes over HTTP."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "application/x-amz-json-1.1"})


Replies = Callable[[Asked], Reply]


class _Raw(io.BytesIO):
    def stream(self, amount: int = 1024, decode_content: bool | None = None) -> Iterator[bytes]:
        while chunk := self.read(amount):
            yield chunk


class Replayed(Account):
    """An account that sends nothing: each request is answered by `replies`. Its credentials are CREDENTIALS."""

    def __init__(self, replies: Replies, **timing: Any) -> None:
        super().__init__(
            Target(id="replay", label="replay", region=REGION), budget=Budget(1e6, 1e6), **timing
        )
        self.replies = replies
        self.asked = list[str]()

    def _make(self, service: str, region: str | None) -> Any:
        client = super()._make(service, region)
        # Given by name, since events tell it beside the request.
        client.meta.events.register("before-send", self._answered(client))
        return client

    def _answered(self, client: Any) -> Callable[..., AWSResponse]:
        def answer(request: Any, event_name: str, **_: Any) -> AWSResponse:
            operation = event_name.rpartition(".")[2]
            self.asked.append(operation)
            model = client.meta.service_model.operation_model(operation)
            reply = self.replies(Asked(model, _params(request), urlsplit(request.url).path))
            return response(request.url, reply)

        return answer


def response(url: str, reply: Reply) -> AWSResponse:
    """Make what a `before-send` hook of botocore may answer with."""
    headers = HTTPHeaders()
    for name, value in reply.headers.items():
        headers[name] = value
    return AWSResponse(url, reply.status, headers, _Raw(reply.body))


def _params(request: Any) -> dict[str, Any]:
    body = request.body or b""
    if isinstance(body, bytes) and body[:1] == b"{":
        return dict(json.loads(body))
    return dict(parse_qsl(urlsplit(request.url).query))


def told(answers: Mapping[str, Any], kind: Kind | None = None) -> Replies:
    """Answer each operation as told: `{"__by__": MEMBER, VALUE: answer}` by a member of the request.

    What is not told is denied, but a list of the kind, which is empty.
    """
    list_calls = kind.list_calls if kind else ()
    empty: dict[str, Any] = {listing.operation: {listing.result: []} for listing in list_calls}

    def reply(asked: Asked) -> Reply:
        answer = answers.get(asked.operation, empty.get(asked.operation, DENIED))
        if isinstance(answer, dict) and "__by__" in answer:
            wanted = str(asked.params.get(answer["__by__"], ""))
            named = [name for name in answer if name == wanted or f"/{name}" in asked.path]
            answer = answer[named[0]] if named else DENIED
        return refused(asked) if answer == DENIED else written(asked, answer)

    return reply


def refused(asked: Asked, code: str = "AccessDeniedException") -> Reply:
    """AWS's no."""
    text = f"User: arn:aws:iam::1:user/u is not authorized to perform: sagemaker:{asked.operation}"
    return Reply(json.dumps({"__type": code, "message": text}).encode(), 400)


def written(asked: Asked, answer: object) -> Reply:
    """An answer as a JSON service writes it, also one that its model does not know."""
    assert asked.model.service_model.protocol in {"json", "rest-json"}
    return Reply(json.dumps(_members(asked.model.output_shape, answer)).encode())


def _members(shape: Any, value: Any) -> Any:
    """With the names that members have on the wire."""
    if shape is None:
        return value
    if shape.type_name == "structure" and isinstance(value, dict):
        known = shape.members
        return {
            known[name].serialization.get("name", name) if name in known else name: _members(
                known.get(name), inner
            )
            for name, inner in value.items()
        }
    if shape.type_name == "list" and isinstance(value, list):
        return [_members(shape.member, inner) for inner in value]
    if shape.type_name == "map" and isinstance(value, dict):
        return {name: _members(shape.value, inner) for name, inner in value.items()}
    return value


@dataclass(frozen=True)
class Told:
    """What a reading came to: the rows, and the total of this kind alone."""

    reading: Reading | None
    problem: str
    """Its code; empty where there is none."""
    summary: Summary
    message: str = ""
    """What the problem says."""

    @property
    def table(self) -> dict[str, dict[str, Any]]:
        """What bills, by name."""
        return {
            row.name: {"status": row.status, **row.billing.model_dump(exclude={"price", "since"})}
            for row in (self.reading.rows if self.reading else [])
        }


@contextmanager
def reader_of(account: Account, here: ServerIdentity | None = None) -> Iterator[Reader]:
    """A reader of an account, with its threads."""
    with ThreadPoolExecutor(4) as threads:
        yield Reader(account, here or ServerIdentity(), threads)
    account.close()


def read(reader: Reader, kind: Kind, now: datetime, memory: Memory | None = None) -> Told:
    """Read once, as the poller and `smext ls` do: a failure is a problem of the table."""
    reading: Reading | None = None
    try:
        reading = reader.read(kind, memory or Memory(), now, lambda rows: None)
        table = as_table(kind, reading, now)
    except SmextError as error:
        table = as_table(kind, error, now)
    problem = table.problem.code if table.problem else ""
    message = table.problem.message if table.problem else ""
    return Told(reading, problem, summarize([(kind, table)]), message)


def replay(case: Mapping[str, Any]) -> Iterator[Told]:
    """The readings of a case: the first, and the one after it unless the case is of the first alone."""
    kind, memory = registry()[case["kind"]], Memory()
    with reader_of(Replayed(told(case["answers"], kind))) as reader:
        for _ in range(1 if case.get("once") else 2):
            yield read(reader, kind, datetime.fromisoformat(case["now"]), memory)
