"""Credentials that are broken, each with one sentence that says what is really wrong."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from smext import errors
from tests.aws.conftest import HOME, KEYS, Said


def test_a_profile_that_is_missing_is_named(said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    found = said(f"[profile other]\n{HOME}", "analytics")
    assert isinstance(found, errors.NoCredentials)
    assert "'analytics'" in found.message
    assert os.environ["AWS_CONFIG_FILE"] in found.message
    monkeypatch.setenv("AWS_PROFILE", "of-the-shell")
    found = said("")
    assert "'of-the-shell'" in found.message
    assert "AWS_PROFILE" in found.advice


def test_a_tool_that_refuses_is_quoted(said: Said) -> None:
    tool = f"{sys.executable} -c \"import sys; sys.exit('sign in with okta-login first')\""
    found = said(f"[profile tool]\n{HOME}credential_process = {tool}\n", "tool")
    assert isinstance(found, errors.NoCredentials)
    assert "credential_process" in found.message
    assert "sign in with okta-login first" in found.message
    assert "tool" in found.message


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("/no/such/tool --json", "/no/such/tool"),
        ("echo hello", "JSON"),
        ("echo '{\"Version\": 7}'", "Unsupported version"),
        ("echo '{\"Version\": 1}'", "AccessKeyId"),
        ("echo '[]'", "JSON"),
    ],
)
def test_a_tool_that_gives_nothing_usable_is_named(said: Said, command: str, words: str) -> None:
    found = said(f"[default]\n{HOME}credential_process = {command}\n")
    assert isinstance(found, errors.NoCredentials)
    assert "credential_process" in found.message
    assert words in found.message


@pytest.mark.parametrize("lacks", ["aws_access_key_id", "aws_secret_access_key"])
def test_the_key_that_a_profile_lacks_is_named(said: Said, lacks: str) -> None:
    half = "".join(line for line in KEYS.splitlines(True) if not line.startswith(lacks))
    found = said(f"[profile half]\n{HOME}{half}", "half")
    assert isinstance(found, errors.NoCredentials)
    assert "incomplete" in found.message
    assert lacks in found.message
    assert "half" in found.message


@pytest.mark.parametrize("lacks", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
def test_the_variable_that_is_not_set_is_named(
    said: Said, monkeypatch: pytest.MonkeyPatch, lacks: str
) -> None:
    for name in {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"} - {lacks}:
        monkeypatch.setenv(name, "x")
    assert lacks in said(region="eu-west-1").message


@pytest.mark.parametrize("value", ["secret ", "secret\n", "\tsecret", "se cret", "geheim\N{BULLET}"])
def test_a_key_that_no_key_looks_like_is_named(
    said: Said, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKEY")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", value)
    found = said(region="eu-west-1")
    assert isinstance(found, errors.NoCredentials)
    assert "AWS_SECRET_ACCESS_KEY" in found.message
    assert "secret" not in found.message.lower().replace("aws_secret_access_key", "")


def test_an_empty_key_is_named(said: Said) -> None:
    found = said(f"[default]\n{HOME}aws_access_key_id =\naws_secret_access_key = x\n")
    assert "aws_access_key_id of profile default is empty" in found.message


def test_an_mfa_code_is_not_asked_for_on_the_servers_terminal(
    said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("getpass.getpass", lambda prompt: pytest.fail(f"asked: {prompt}"))
    device = "arn:aws:iam::111122223333:mfa/phone"
    role = f"role_arn = arn:aws:iam::111122223333:role/x\nsource_profile = default\nmfa_serial = {device}\n"
    found = said(f"[default]\n{HOME}{KEYS}[profile mfa]\n{HOME}{role}", "mfa")
    assert isinstance(found, errors.NoCredentials)
    assert f"MFA code of the device {device}" in found.message
    assert f"aws sts get-session-token --serial-number {device}" in found.advice


def test_single_sign_on_that_has_ended_says_the_command(said: Said) -> None:
    sso = "sso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Dev\n"
    session = "[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://x.awsapps.com/start\n"
    found = said(f"[profile dev]\n{HOME}{sso}{session}", "dev")
    assert isinstance(found, errors.Expired)
    assert "`aws sso login --profile dev`" in found.advice


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ("source_profile = nowhere", "nowhere"),
        ("source_profile = b", "a -> b -> a"),
        ("", "source_profile or credential_source"),
        ("credential_source = Moon", "Moon"),
    ],
)
def test_a_chain_of_roles_that_leads_nowhere_is_shown(said: Said, config: str, words: str) -> None:
    role = "role_arn = arn:aws:iam::111122223333:role/x\n"
    found = said(f"[profile a]\n{HOME}{role}{config}\n[profile b]\n{role}source_profile = a\n", "a")
    assert isinstance(found, errors.SetupError)
    assert words in found.message


def test_a_web_identity_without_its_token_names_the_file(said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ROLE_ARN", "arn:aws:iam::111122223333:role/x")
    monkeypatch.setenv("AWS_WEB_IDENTITY_TOKEN_FILE", "/no/such/token")
    found = said(region="eu-west-1")
    assert isinstance(found, errors.NoCredentials)
    assert "/no/such/token" in found.message


def test_a_web_identity_token_that_is_no_file_is_named(
    said: Said, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AWS_ROLE_ARN", "arn:aws:iam::111122223333:role/x")
    monkeypatch.setenv("AWS_WEB_IDENTITY_TOKEN_FILE", str(tmp_path))
    found = said(region="eu-west-1")
    assert isinstance(found, errors.NoCredentials)
    assert str(tmp_path) in found.message
    assert "Error" not in found.message


def test_keys_of_a_tool_that_have_expired_already_are_no_defect(said: Said) -> None:
    old = '{"Version": 1, "AccessKeyId": "A", "SecretAccessKey": "b", "SessionToken": "c", "Expiration": "2020-01-01T00:00:00Z"}'
    found = said(f"[profile p]\n{HOME}credential_process = echo '{old}'\n", "p")
    assert isinstance(found, errors.Expired)
    assert "credential_process of profile p" in found.message
    assert "Error" not in found.message


def test_a_tool_whose_quotation_is_not_closed_is_not_said_to_have_run(said: Said) -> None:
    found = said(f'[profile p]\n{HOME}credential_process = sh -c "echo\n', "p")
    assert "quotation mark" in found.message
    assert "JSON" not in found.message


def test_an_endpoint_of_credentials_that_is_not_allowed_names_its_variable(
    said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://example.com/role")
    found = said(region="eu-west-1")
    assert isinstance(found, errors.NoCredentials)
    assert "http://example.com/role cannot be used" in found.message
    assert "AWS_CONTAINER_CREDENTIALS_FULL_URI" in found.advice


def test_files_that_variables_name_and_that_are_not_there_are_told(said: Said) -> None:
    found = said(region="eu-west-1")
    assert "No AWS credentials were found" in found.message
    assert os.environ["AWS_CONFIG_FILE"] in found.message
