"""Logs read forward, page after page."""

from __future__ import annotations

import contextlib
import time

import pytest

from smext import errors
from smext.api import LogPage
from smext.aws.account import Account
from smext.inventory import logs
from smext.kinds.base import LogSource
from smext.sandbox import Sandbox

GROUP = "/aws/sagemaker/TrainingJobs"
SOURCE = LogSource(GROUP, "job/")


def write(box: Sandbox, stream: str, *lines: str) -> None:
    client = box.client("logs")
    with contextlib.suppress(client.exceptions.ResourceAlreadyExistsException):
        client.create_log_group(logGroupName=GROUP)
    with contextlib.suppress(client.exceptions.ResourceAlreadyExistsException):
        client.create_log_stream(logGroupName=GROUP, logStreamName=stream)
    now = int(time.time() * 1000)
    events = [{"timestamp": now + index, "message": line} for index, line in enumerate(lines)]
    client.put_log_events(logGroupName=GROUP, logStreamName=stream, logEvents=events)


def texts(page: LogPage) -> list[str]:
    return [line.text for line in page.lines]


def test_a_log_that_is_not_there_yet_is_empty_and_goes_on(account: Account) -> None:
    page = logs.page(account, SOURCE, "", over=False)
    assert (page.lines, page.ended) == ([], False)
    assert page.wait_seconds > 0


def test_only_new_lines_come_behind_the_cursor(account: Account, box: Sandbox) -> None:
    write(box, "job/algo-1-1", "one", "two")
    first = logs.page(account, SOURCE, "", over=False)
    assert texts(first) == ["one", "two"]
    write(box, "job/algo-1-1", "three")
    second = logs.page(account, SOURCE, first.cursor, over=False)
    assert texts(second) == ["three"]


def test_streams_of_several_machines_are_one_log_in_time(account: Account, box: Sandbox) -> None:
    write(box, "job/algo-2-1", "b")
    time.sleep(0.01)
    write(box, "job/algo-1-1", "a")
    page = logs.page(account, SOURCE, "", over=False)
    assert texts(page) == ["b", "a"]
    assert {line.stream for line in page.lines} == {"algo-1-1", "algo-2-1"}


def test_a_job_with_a_longer_name_is_another(account: Account, box: Sandbox) -> None:
    write(box, "job-2/algo-1-1", "not mine")
    assert texts(logs.page(account, SOURCE, "", over=False)) == []


def test_the_end_is_said_once_nothing_came_for_a_while(account: Account, box: Sandbox) -> None:
    write(box, "job/algo-1-1", "last")
    page = logs.page(account, SOURCE, "", over=True)
    assert not page.ended
    while not page.ended:
        page = logs.page(account, SOURCE, page.cursor, over=True)
        assert page.lines == []


def test_a_broken_cursor_is_said(account: Account) -> None:
    with pytest.raises(errors.Invalid, match="cursor"):
        logs.page(account, SOURCE, "???", over=False)


def test_a_denied_log_names_the_permission(account: Account, box: Sandbox) -> None:
    write(box, "job/algo-1-1", "x")
    box.control.fail("DescribeLogStreams", "AccessDeniedException")
    with pytest.raises(errors.Denied) as caught:
        logs.page(account, SOURCE, "", over=False)
    assert caught.value.permission == "logs:DescribeLogStreams"
