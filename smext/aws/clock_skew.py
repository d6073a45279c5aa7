"""Clock skew of this machine, detected from AWS's answer to a signature."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from ..errors import ClockWrong

_TOO_SKEWED = "RequestTimeTooSkewed"
_SIGNATURE = {
    "InvalidSignatureException",
    "SignatureDoesNotMatch",
    "RequestExpired",
    "AuthFailure",
    _TOO_SKEWED,
}
"""Codes that a wrong clock gives, beside other reasons."""
_SKEW = timedelta(minutes=4)
"""AWS accepts five minutes; its answer took some time to come."""
_OFF = re.compile(
    r"Signature (?P<way>expired|not yet current): (?P<mine>\d{8}T\d{6}Z) is (?:now earlier|still later) than "
    r"(?P<bound>\d{8}T\d{6}Z)"
    r"(?: \((?P<now>\d{8}T\d{6}Z))?"
)
_SET_CLOCK = "Set the clock of the machine that the server runs on (on Linux: `sudo timedatectl set-ntp true`), then Refresh."


def skewed(code: str, error: BaseException) -> ClockWrong | None:
    """Return the error with the skew, where a wrong clock is why AWS refuses a signature; else None."""
    response = getattr(error, "response", {})
    said, meta = response.get("Error", {}), response.get("ResponseMetadata", {})
    found = _OFF.search(str(said.get("Message", "")))
    mine = _moment(found["mine"]) if found else None
    if found and mine:
        behind = found["way"] == "expired"
        # Where AWS does not tell its own time: the bound is five minutes from it.
        five = timedelta(minutes=5 if behind else -5)
        theirs = _moment(found["now"]) or (_moment(found["bound"]) or mine) + five
    elif code in _SIGNATURE:
        mine = _moment(said.get("RequestTime")) or datetime.now(timezone.utc)
        known = _moment(said.get("ServerTime")) or _moment(meta.get("HTTPHeaders", {}).get("date"))
        if known is None or abs(known - mine) < _SKEW:
            # By now the clock may have been set.
            refused = "This machine's clock is wrong: AWS refuses its time."
            return ClockWrong(refused, advice=_SET_CLOCK) if code == _TOO_SKEWED else None
        theirs, behind = known, known > mine
    else:
        return None
    minutes = max(1, round(abs(theirs - mine).total_seconds() / 60))
    return ClockWrong(
        f"This machine's clock is {_span(minutes)} {'behind' if behind else 'ahead'}: it says "
        f"{mine:%Y-%m-%d %H:%M:%S} UTC, AWS says {theirs:%Y-%m-%d %H:%M:%S} UTC.",
        advice=_SET_CLOCK,
    )


def _span(minutes: int) -> str:
    for size, word in ((1440, "day"), (60, "hour"), (1, "minute")):
        if minutes >= 2 * size or size == 1:
            count = round(minutes / size)
            return f"{count} {word}{'' if count == 1 else 's'}"
    raise AssertionError("unreachable")


def _stamp(text: str) -> datetime:
    return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc)


def _moment(value: object) -> datetime | None:
    """Parse a time as a header, a signature or S3 writes it."""
    text = str(value or "")
    for read in (_stamp, datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read(text.replace("Z", "+00:00") if read is datetime.fromisoformat else text)
        except (ValueError, TypeError, IndexError):
            continue
        return found if found.tzinfo else found.replace(tzinfo=timezone.utc)
    return None
