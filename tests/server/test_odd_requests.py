"""Whatever is sent to a route: an answer, or a refusal in words; never a defect of smext."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from smext.sandbox import Sandbox
from smext.server.handlers import base, inventory, launch
from smext.server.handlers.inventory import ROUTES

Fetch = Callable[..., Awaitable[Any]]

DEEP = 100_000
ITEM = "kinds/processing-job/items/nothing"
PATHS = [
    pattern.replace(r"/smext/kinds/(?P<kind>[^/]+)/items/(?P<key>.+?)", f"/smext/{ITEM}")
    .replace("(?P<action>[^/]+)", "stop")
    .replace("(.*)", "x")
    for pattern, _ in ROUTES
]
METHODS = {
    path: [m for m in ("get", "post") if m in vars(handler)]
    for path, (_, handler) in zip(PATHS, ROUTES, strict=True)
}
CODE: dict[str, Any] = {
    "cell_type": "code",
    "metadata": {},
    "source": "1",
    "outputs": [],
    "execution_count": None,
}
CONTENT = {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [CODE]}
NOTEBOOK = {"path": "a.ipynb", "content": CONTENT}
TEXTS = [
    b"1e999",
    b"-1e999",
    b"NaN",
    b"Infinity",
    b'"\\ud800"',
    b"[" * 150 + b"]" * 150,
    b"[" * DEEP + b"]" * DEEP,
]
"""Values that Python does not write."""
BODIES = [
    b"",
    b"{",
    b"null",
    b"[]",
    b"3",
    b'"x"',
    b"\xff",
    b"\xef\xbb\xbf{}",
    b"\0",
    b"{}" * 2,
    b'{"a":' * DEEP,
    b"[" * DEEP,
    *TEXTS,
]

ODD: list[Any] = [-1, 10**400, "\0", [None], {"a": []}]
MEMBERS = [
    *(json.dumps(each).encode() for each in ODD),
    *(b"1e999", b"NaN", b'"\\ud800"', b"[" * 150 + b"]" * 150),
]
QUERIES = {
    "context": ("target",),
    "tables": ("since", "watch"),
    "warnings": ("since", "tz_offset", "usd_per_hour", "idle_hours", "long_hours", "peek"),
    f"{ITEM}/logs": ("cursor",),
    f"{ITEM}/outputs/file": ("key",),
    "launch/progress": ("name",),
    "launch/machines": ("job_kind",),
    "launch/s3": ("uri",),
}
VALUES = ["", "\0", "nan", "1e999", "9" * 5000, "\u202e", "[" * 1000, "s3://a/\0", "../.."]


def members() -> Iterator[tuple[str, ...]]:
    """Each member of what a launch is asked with."""
    from smext.api import LaunchForm

    yield from (("name",), ("sdk",), ("notebook",), ("form",), ("preferred",), ("job_kind",))
    yield from (("notebook", name) for name in ("path", "content", "unsaved"))
    yield from (("notebook", "content", name) for name in ("cells", "metadata", "nbformat", "nbformat_minor"))
    yield from (
        ("notebook", "content", "metadata", name) for name in ("kernelspec", "language_info", "smext")
    )
    yield from (("notebook", "content", "cells", "0", name) for name in CODE)
    yield from (("form", name) for name in LaunchForm.model_fields)


MARK = "\ue000"
"""Stands for a value in a text of JSON."""


def body(route: str, member: tuple[str, ...], value: bytes) -> bytes:
    """What is sent to a route, with one member of it replaced."""
    asked: dict[str, Any] = json.loads(
        json.dumps({"notebook": NOTEBOOK, "form": {"instance_type": "ml.m5.large"}})
    )
    if route == "launch/defaults":
        del asked["form"]
    held: Any = asked
    for name in member[:-1]:
        held = held[int(name)] if name.isdigit() else held.setdefault(name, {})
    held[member[-1]] = MARK
    return json.dumps(asked, ensure_ascii=False).encode().replace(f'"{MARK}"'.encode(), value)


async def status(jp_fetch: Fetch, path: str, **more: Any) -> int:
    """The answer's, which is in words where it is no answer."""
    try:
        answer = await jp_fetch(path.lstrip("/"), **more)
    except HTTPClientError as error:
        said = json.loads(error.response.body if error.response else b"{}")
        assert said["problem"]["message"]
        assert "defect" not in said["message"], (path, more, said)
        return error.code
    json.loads(answer.body or b"{}")
    return int(answer.code)


async def test_a_body_of_any_kind_is_refused_in_words(jp_fetch: Fetch, box: Sandbox) -> None:
    for path in PATHS:
        for sent in BODIES if "post" in METHODS[path] else []:
            code = await status(jp_fetch, path, method="POST", body=sent)
            assert code < 500, (path, sent[:30], code)


async def test_a_query_of_any_kind_is_refused_in_words(jp_fetch: Fetch, box: Sandbox) -> None:
    for path in PATHS:
        for name in QUERIES.get(path.removeprefix("/smext/"), ()) if "get" in METHODS[path] else []:
            for value in VALUES:
                code = await status(jp_fetch, path, params={name: value})
                assert code < 500, (path, name, value[:20], code)


def test_each_member_of_a_query_is_tried() -> None:
    """A route that reads another one is to be added above."""
    tried = {name for names in QUERIES.values() for name in names}
    for module in (inventory, launch, base):
        text = Path(str(module.__file__)).read_text()
        found = re.findall(r'(?:get_query_argument|self\.number|self\.when)\("(\w+)"', text)
        assert set(found) <= tried


@pytest.mark.parametrize("route", ["launch/defaults", "launch/plan"])
async def test_no_member_of_a_launch_is_taken_for_granted(jp_fetch: Fetch, box: Sandbox, route: str) -> None:
    for member in members():
        if (route == "launch/defaults") == (member[0] == "form"):
            continue
        for value in MEMBERS:
            sent = body(route, member, value)
            code = await status(jp_fetch, f"/smext/{route}", method="POST", body=sent, request_timeout=300)
            assert code < 500, (member, value[:40], code)
