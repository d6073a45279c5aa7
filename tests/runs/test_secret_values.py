"""Which variables are secrets, and that no value of theirs is left in what is written down."""

from __future__ import annotations

import json

import pytest

from smext.runs.secret_values import KEPT_OUT, is_secret_variable, looks_secret, masked, without_secrets


@pytest.mark.parametrize(
    ("name", "value"),
    [("HF_TOKEN", "abc123"), ("DB_PASSWORD", "x"), ("API_KEY", "k"), ("AWS_SECRET_ACCESS_KEY", "zz"), ("apiKey", "x"),
     ("AWS_SESSION_TOKEN", "x"), ("GITHUBTOKEN", "x"), ("PGPASSWORD", "q"), ("TOKEN_2", "a"), ("KEY", "abc"),
     ("SLACK_WEBHOOK_URL", "https://hooks.test/x"), ("PLAIN", "AKIA" + "ABCDEFGHIJKLMNOP"), ("X", "ghp_" + "a" * 36),
     ("X", "sk-" + "a" * 30), ("X", "eyJhbGciOi.eyJzdWIiOi.x"), ("X", "-----BEGIN RSA PRIVATE " + "KEY-----"),
     ("DATABASE_URL", "postgres://me:pw@host/db")],
)  # fmt: skip
def test_secrets_are_known_by_name_or_value(name: str, value: str) -> None:
    assert is_secret_variable(name, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [("COLOUR", "red"), ("MAX_TOKENS", "512"), ("TOKENIZERS_PARALLELISM", "false"), ("SORT_KEY", "id"), ("S3_KEY", "data/x"),
     ("SECRET_ARN", "arn:aws:secretsmanager:eu-west-1:1:secret:x"), ("PAD_TOKEN", "[PAD]"), ("KEYBOARD", "de"), ("PATH", "/bin"),
     ("USE_AUTH", "true"), ("URL", "https://x.test/a"), ("PIP_INDEX_URL", "https://${USER}:${PASS}@h.test"), ("TOKEN", "")],
)  # fmt: skip
def test_ordinary_variables_are_none(name: str, value: str) -> None:
    assert not is_secret_variable(name, value)


def test_a_mask_keeps_the_names() -> None:
    assert masked({"TOKEN": "abc", "A": "b"}) == {"TOKEN": KEPT_OUT, "A": "b"}


def test_a_secret_is_taken_out_wherever_it_stands() -> None:
    value = 'a"b\nsecret ü'
    text = json.dumps({"x": [f"see {value}!"], "short": "ab"})
    assert json.loads(without_secrets(text, {"TOKEN": value, "KEY": "ab"})) == {
        "x": [f"see {KEPT_OUT}!"],
        "short": "ab",
    }


def test_an_address_without_a_password_is_no_secret() -> None:
    assert not looks_secret("see https://me@host.test/x and s3://bucket/key")
    assert looks_secret("pip install --index-url https://me:pw@host.test/simple x")
