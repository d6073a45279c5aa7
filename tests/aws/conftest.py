"""AWS set-ups of a test's own: only its files and variables count."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from smext import errors
from smext.api import Target
from smext.aws.account import Account

AccountOf = Callable[..., Account]
Said = Callable[..., errors.SmextError]
KEYS = "aws_access_key_id = AKEY\naws_secret_access_key = secret\n"
HOME = "region = eu-west-1\n"


@pytest.fixture
def own_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Only the files of the test count."""
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture
def account_of(own_files: None) -> Iterator[AccountOf]:
    """Make an account of a profile and region."""
    made: list[Account] = []

    def make(profile: str | None = None, region: str | None = None, **options: Any) -> Account:
        made.append(Account(Target(id="t", profile=profile, region=region, label="t"), **options))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def said(account_of: AccountOf, tmp_path: Path) -> Said:
    """What a call says in the end, with this configuration file."""

    def say(config: str = "", profile: str | None = None, region: str | None = None) -> errors.SmextError:
        if config:
            (tmp_path / "config").write_text(config)
        with pytest.raises(errors.SmextError) as caught:
            account_of(profile, region).call("sagemaker", "ListEndpoints")
        return caught.value

    return say
