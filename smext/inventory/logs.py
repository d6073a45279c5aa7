"""Log pages: CloudWatch streams read forward, with a cursor that the client keeps.

GetLogEvents ends where the same token comes again, and empty pages are normal (botocore: GetLogEvents);
it is limited to 10 requests/s an account in some regions, so a page asks each stream once.
"""

from __future__ import annotations

import base64
from datetime import datetime, timedelta, timezone
from typing import Any

from pydantic import BaseModel, ValidationError

from .. import errors
from ..api import LogLine, LogPage
from ..aws.account import Account
from ..kinds.base import LogSource

STREAMS = 50
"""One page of DescribeLogStreams; a job on more machines than that shows the first ones."""
QUIET = 2
"""Last lines arrive late: so many empty pages after the end make the end."""


class Cursor(BaseModel):
    """Position of a reader: the forward token of each stream."""

    tokens: dict[str, str] = {}
    quiet: int = 0

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """Parse a cursor; an empty text is the beginning. Raises errors.Invalid."""
        if not text:
            return cls()
        try:
            return cls.model_validate_json(base64.urlsafe_b64decode(text.encode()))
        except (ValueError, ValidationError) as error:
            raise errors.Invalid(
                "Could not read the log: the cursor is broken.", advice="Open it anew."
            ) from error

    def text(self) -> str:
        """Encode the cursor as URL-safe Base64, for `parse`."""
        return base64.urlsafe_b64encode(self.model_dump_json().encode()).decode()


def page(account: Account, source: LogSource, cursor_text: str, *, over: bool) -> LogPage:
    """Read the lines behind the cursor; `over` says that the item has ended, so that its log ends soon.

    Raises errors.SmextError; a group or stream that is not there yet is an empty page.
    """
    cursor = Cursor.parse(cursor_text)
    try:
        streams = _streams(account, source)
    except errors.NotFound:
        streams = []
    lines, tokens, full = list[LogLine](), dict(cursor.tokens), False
    for stream in streams:
        found, token, more = _read(account, source, stream, tokens.get(stream))
        lines += found
        full = full or more
        if token:
            tokens[stream] = token
    lines.sort(key=lambda line: line.time or datetime.min.replace(tzinfo=timezone.utc))
    quiet = 0 if lines or not over else cursor.quiet + 1
    wait = 0.0 if full else min(1.5 + 0.1 * len(streams), 5.0)
    return LogPage(
        lines=lines,
        cursor=Cursor(tokens=tokens, quiet=quiet).text(),
        ended=quiet >= QUIET,
        wait_seconds=wait,
    )


def _streams(account: Account, source: LogSource) -> list[str]:
    params: dict[str, Any] = {"logGroupName": source.group, "limit": STREAMS}
    if source.prefix:
        params["logStreamNamePrefix"] = source.prefix
    else:
        params |= {"orderBy": "LastEventTime", "descending": True}
    answer = account.call("logs", "DescribeLogStreams", **params)
    return sorted(stream["logStreamName"] for stream in answer.get("logStreams") or [])


def _read(
    account: Account, source: LogSource, stream: str, token: str | None
) -> tuple[list[LogLine], str | None, bool]:
    """Read lines of one stream; return them, the next token, and True where more can be read at once."""
    params: dict[str, Any] = {"logGroupName": source.group, "logStreamName": stream, "startFromHead": True}
    if token:
        params["nextToken"] = token
    if source.recent_seconds is not None and not token:
        since = datetime.now(timezone.utc) - timedelta(seconds=source.recent_seconds)
        params["startTime"] = int(since.timestamp() * 1000)
    answer = account.call("logs", "GetLogEvents", **params)
    events = answer.get("events") or []
    short = stream.removeprefix(source.prefix)
    lines = [
        LogLine(time=_time(e.get("timestamp")), stream=short, text=str(e.get("message", ""))) for e in events
    ]
    following = answer.get("nextForwardToken")
    return lines, following, bool(events) and following != token


def _time(milliseconds: Any) -> datetime | None:
    if not isinstance(milliseconds, int):
        return None
    return datetime.fromtimestamp(milliseconds / 1000, tz=timezone.utc)
