"""A wrong clock of this machine, told from AWS's refusals."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from smext import errors
from smext.aws import service_errors


def refused(
    code: str, message: str = "no", more: dict[str, Any] | None = None, date: str = ""
) -> errors.SmextError:
    meta = {"HTTPHeaders": {"date": date}} if date else {}
    response: Any = {"Error": {"Code": code, "Message": message, **(more or {})}, "ResponseMetadata": meta}
    return service_errors.translate(ClientError(response, "ListApps"), "Could not list apps")


@pytest.mark.parametrize("code", ["InvalidSignatureException", "SignatureDoesNotMatch"])
@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "Signature expired: 20260301T101100Z is now earlier than 20260301T101300Z (20260301T101800Z - 5 min.)",
            "7 minutes behind: it says 2026-03-01 10:11:00 UTC, AWS says 2026-03-01 10:18:00 UTC",
        ),
        (
            "Signature not yet current: 20260301T130000Z is still later than 20260301T102300Z (20260301T101800Z + 5 min.)",
            "3 hours ahead: it says 2026-03-01 13:00:00 UTC, AWS says 2026-03-01 10:18:00 UTC",
        ),
        ("Signature expired: 20260301T101100Z is now earlier than 20260301T101300Z", "7 minutes behind"),
    ],
    ids=["behind", "ahead", "without AWS's time"],
)
def test_a_signature_of_another_time_is_a_wrong_clock_with_both_times(
    code: str, text: str, said: str
) -> None:
    found = refused(code, text)
    assert isinstance(found, errors.ClockWrong)
    assert f"This machine's clock is {said}" in found.message
    assert "credentials" not in found.message


def test_s3_tells_both_times_beside_its_words() -> None:
    times = {"RequestTime": "20260301T101100Z", "ServerTime": "2026-03-01T10:30:00Z"}
    found = refused("RequestTimeTooSkewed", "The difference is too large.", times)
    assert "19 minutes behind" in found.message
    assert isinstance(refused("RequestTimeTooSkewed"), errors.ClockWrong)


@pytest.mark.parametrize("minutes", [-20, 20])
def test_the_date_of_the_answer_tells_a_wrong_clock_too(minutes: int) -> None:
    date = format_datetime(datetime.now(timezone.utc) + timedelta(minutes=minutes), usegmt=True)
    found = refused("SignatureDoesNotMatch", "does not match", date=date)
    assert isinstance(found, errors.ClockWrong)
    assert f"20 minutes {'behind' if minutes > 0 else 'ahead'}" in found.message


def test_a_wrong_key_with_a_right_clock_is_a_wrong_key() -> None:
    found = refused(
        "SignatureDoesNotMatch", "does not match", date=format_datetime(datetime.now(timezone.utc))
    )
    assert isinstance(found, errors.NoCredentials)
    assert "secret key" in found.message


def test_dates_that_are_none_say_nothing() -> None:
    found = refused(
        "InvalidSignatureException", "Signature expired: 20269901T101100Z is now earlier than 20260301T1013Z"
    )
    assert isinstance(found, errors.NoCredentials)
