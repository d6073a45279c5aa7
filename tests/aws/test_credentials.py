"""Set-ups of credentials that are broken, each with one sentence that says what is really wrong."""

from __future__ import annotations

import os
import socket
import socketserver
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from smext import errors
from smext.api import Target
from smext.aws import account as aws
from smext.aws import credentials
from smext.aws.account import Account
from smext.sandbox import Sandbox

KEYS = "aws_access_key_id = AKEY\naws_secret_access_key = secret\n"


@pytest.fixture(autouse=True)
def nothing_else(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Only the files of the test count."""
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture
def account() -> Iterator[Callable[..., Account]]:
    made: list[Account] = []

    def make(profile: str | None = None, region: str | None = None, **options: Any) -> Account:
        made.append(Account(Target(id="t", profile=profile, region=region, label="t"), **options))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def said(account: Callable[..., Account], tmp_path: Path) -> Callable[..., errors.SmextError]:
    """What a call says in the end, with this configuration file."""

    def say(config: str = "", profile: str | None = None, region: str | None = None) -> errors.SmextError:
        if config:
            (tmp_path / "config").write_text(config)
        with pytest.raises(errors.SmextError) as caught:
            account(profile, region).call("sagemaker", "ListEndpoints")
        return caught.value

    return say


Said = Callable[..., errors.SmextError]
HOME = "region = eu-west-1\n"


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


@pytest.mark.parametrize("variable", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SAGEMAKER", "endpoint_url"])
def test_an_endpoint_without_its_scheme_is_named(
    said: Said, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    config = f"[default]\n{HOME}{KEYS}"
    if variable.isupper():
        monkeypatch.setenv(variable, "localhost:5000")
    else:
        config += "endpoint_url = localhost:5000\n"
    found = said(config)
    assert isinstance(found, errors.Misconfigured)
    assert "localhost:5000" in found.message
    assert variable in found.message
    assert "http://" in found.advice


def test_a_configuration_that_is_no_file_is_named(
    said: Said, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path))
    monkeypatch.delenv("AWS_REGION", raising=False)
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    for region in (None, "eu-west-1"):
        assert f"AWS_CONFIG_FILE names a directory: {tmp_path}" in said(region=region).message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"[default]\n{HOME}[default]\n", "line 3: [default] is there twice"),
        (f"[default]\n{HOME}{HOME}", "line 3: region is there twice"),
        (f"{HOME}[default]\n", "line 1: a section"),
        (f"[default]\n{HOME}what is this\n", "line 3"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_its_line(said: Said, text: str, words: str) -> None:
    found = said(text)
    assert isinstance(found, errors.Misconfigured)
    assert f"{os.environ['AWS_CONFIG_FILE']}, {words}" in found.message


def test_files_that_variables_name_and_that_are_not_there_are_told(said: Said) -> None:
    found = said(region="eu-west-1")
    assert "No AWS credentials were found" in found.message
    assert os.environ["AWS_CONFIG_FILE"] in found.message


@pytest.mark.parametrize("content", [None, "", "no certificate"])
@pytest.mark.parametrize("variable", ["AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "ca_bundle"])
def test_a_ca_bundle_that_is_none_is_named(
    said: Said, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: str | None, variable: str
) -> None:
    bundle = tmp_path / "corp.pem"
    if content is not None:
        bundle.write_text(content)
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    config = f"[default]\n{HOME}{KEYS}"
    if variable.isupper():
        monkeypatch.setenv(variable, str(bundle))
    else:
        config += f"ca_bundle = {bundle}\n"
    found = said(config)
    assert isinstance(found, errors.Misconfigured)
    assert str(bundle) in found.message
    assert variable in found.message


def test_a_proxy_that_is_dead_is_named_without_its_password(
    said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    monkeypatch.setenv("HTTPS_PROXY", f"http://me:hunter2@127.0.0.1:{port}")
    found = said(f"[default]\n{HOME}{KEYS}")
    assert isinstance(found, errors.Unreachable)
    assert f"http://127.0.0.1:{port}" in found.message
    assert "HTTPS_PROXY" in found.message
    assert "hunter2" not in f"{found.message}{found.advice}{found.cause}"


class _Odd(socketserver.BaseRequestHandler):
    """Answers as the server's `answer` says, whoever asks for whatever."""

    def handle(self) -> None:
        self.request.recv(65536)
        self.request.sendall(self.server.answer)  # type: ignore[attr-defined]


@pytest.fixture
def odd_proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], str]]:
    """A proxy that says the same to all; its address."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Odd) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()

        def speak(status: str) -> str:
            server.answer = f"HTTP/1.1 {status}\r\nContent-Length: 4\r\n\r\npage".encode()  # type: ignore[attr-defined]
            address = f"http://127.0.0.1:{server.server_address[1]}"
            monkeypatch.setenv("HTTPS_PROXY", address)
            return address

        yield speak
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("407 Proxy Authentication Required", "it wants a user and password (407)."),
        ("403 Forbidden", "it refuses (403 Forbidden)."),
    ],
)
def test_a_proxy_that_refuses_is_quoted(
    said: Said, odd_proxy: Callable[[str], str], status: str, words: str
) -> None:
    address = odd_proxy(status)
    found = said(f"[default]\n{HOME}{KEYS}")
    assert found.cause == f"The proxy {address} (HTTPS_PROXY) cannot be used: {words}"


def test_a_proxy_that_answers_itself_is_no_matter_of_certificates(
    account: Callable[..., Account], odd_proxy: Callable[[str], str], tmp_path: Path
) -> None:
    (tmp_path / "config").write_text(f"[default]\n{HOME}{KEYS}")
    address, asked, causes = odd_proxy("200 OK"), account(), set()
    for service, operation in (("sagemaker", "ListEndpoints"), ("efs", "DescribeFileSystems")):
        with pytest.raises(errors.Unreachable) as caught:
            asked.call(service, operation)
        causes.add(caught.value.cause)
    (cause,) = causes
    assert address in str(cause)
    assert "certificate" not in str(cause)


def test_a_proxy_that_is_silent_is_named(
    account: Callable[..., Account], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "config").write_text(f"[default]\n{HOME}{KEYS}")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        monkeypatch.setenv("HTTPS_PROXY", address)
        with pytest.raises(errors.TimedOut) as caught:
            account(call_seconds=0.5).call("sagemaker", "ListEndpoints")
    assert caught.value.cause == f"AWS gives no answer in time through the proxy {address} (HTTPS_PROXY)."


def test_a_region_that_is_no_name_of_one_is_named(said: Said) -> None:
    found = said(f"[default]\nregion = eu west 1\n{KEYS}")
    assert isinstance(found, errors.NoRegion)
    assert "eu west 1" in found.message


def test_a_region_that_boto3_does_not_know_and_nobody_answers_for_is_named(
    account: Callable[..., Account],
) -> None:
    made = account(None, "eu-wst-1")
    found = made._placed(errors.Unreachable("no", cause="AWS cannot be reached"), None)
    assert isinstance(found, errors.NoRegion)
    assert "eu-wst-1" in found.message
    assert "eu-west-1" in found.advice
    known = account(None, "eu-west-1")._placed(errors.Unreachable("no", cause="AWS cannot be reached"), None)
    assert isinstance(known, errors.Unreachable)


class TestDeadlines:
    @pytest.fixture(autouse=True)
    def sooner(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(credentials, "SECONDS", 1.0)
        monkeypatch.setattr(credentials, "SOON", 0.2)

    @pytest.mark.parametrize("trickles", [False, True])
    def test_an_endpoint_of_credentials_that_is_silent_has_a_verdict(
        self,
        account: Callable[..., Account],
        silent: Callable[[bool], str],
        monkeypatch: pytest.MonkeyPatch,
        trickles: bool,
    ) -> None:
        address = f"{silent(trickles)}/creds"
        monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", address)
        made, told = account(None, "eu-west-1"), list[str]()
        made.credentials.told = told.append
        for _ in range(3):
            with pytest.raises(errors.SetupError) as caught:
                made.call("sagemaker", "ListEndpoints")
            assert caught.value.code == "timeout"
            assert address in caught.value.message
        assert [text for text in told if address in text]
        assert len(told) == 1
        assert made.refused

    def test_a_tool_that_hangs_is_waited_for_by_all_together(
        self, account: Callable[..., Account], tmp_path: Path
    ) -> None:
        mark = tmp_path / "begun"
        tool = f"{sys.executable} -c \"import time; open('{mark}', 'a').write('x'); time.sleep(8)\""
        (tmp_path / "config").write_text(f"[default]\n{HOME}credential_process = {tool}\n")
        made = account()
        for _ in range(4):
            with pytest.raises(errors.SetupError, match="credential_process"):
                made.client("sagemaker")
        assert mark.read_text() == "x"

    def test_credentials_that_come_late_are_taken(
        self, account: Callable[..., Account], tmp_path: Path
    ) -> None:
        go = tmp_path / "go"
        answer = '{"Version": 1, "AccessKeyId": "AKEY", "SecretAccessKey": "s"}'
        script = tmp_path / "tool.sh"
        script.write_text(f"while [ ! -e {go} ]; do sleep 0.05; done\necho '{answer}'\n")
        (tmp_path / "config").write_text(f"[default]\n{HOME}credential_process = sh {script}\n")
        made = account()
        with pytest.raises(errors.SetupError):
            made.client("sagemaker")
        flight = made.credentials._flight
        go.touch()
        assert flight is not None
        flight.result(60)
        assert made.client("sagemaker").meta.region_name == "eu-west-1"

    def test_what_was_mended_is_read_anew(self, account: Callable[..., Account], tmp_path: Path) -> None:
        made = account("mine", "eu-west-1")
        with pytest.raises(errors.NoCredentials):
            made.client("sagemaker")
        (tmp_path / "config").write_text(f"[profile mine]\n{KEYS}")
        assert made.refused
        made.renew()
        assert made.client("sagemaker").meta.region_name == "eu-west-1"

    @pytest.mark.parametrize("trickles", [False, True])
    def test_a_service_that_is_silent_has_a_verdict_for_all_its_calls(
        self,
        account: Callable[..., Account],
        silent: Callable[[bool], str],
        monkeypatch: pytest.MonkeyPatch,
        trickles: bool,
    ) -> None:
        monkeypatch.setattr(aws, "SILENCE", 600.0)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKEY")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        made = account(None, "eu-west-1", endpoint=silent(trickles), call_seconds=0.5)
        threads = set[int]()
        for operation in ("ListEndpoints", "ListApps", "ListModels", "ListSpaces"):
            with pytest.raises(errors.TimedOut) as caught:
                made.call("sagemaker", operation)
            assert caught.value.cause == "AWS gives no answer in time."
            threads.add(len(made._workers._lost))
        assert threads == {1}
        with pytest.raises(errors.TimedOut):
            made.within("Could not look", "s3:GetObject", made.client("s3").list_buckets)


class TestEndpoints:
    """By the rules of boto3: AWS_ENDPOINT_URL_<SERVICE>, AWS_ENDPOINT_URL, and the variable that ends both."""

    def test_each_service_goes_where_it_is_sent(
        self, account: Callable[..., Account], box: Sandbox, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1")
        monkeypatch.setenv("AWS_ENDPOINT_URL_SAGEMAKER", "http://127.0.0.1:2")
        made = account()
        assert made.client("s3").meta.endpoint_url == "http://127.0.0.1:1"
        assert made.client("sagemaker").meta.endpoint_url == "http://127.0.0.1:2"
        assert made.client("sts").meta.endpoint_url == os.environ["AWS_ENDPOINT_URL"]
        assert made.endpoint == "http://127.0.0.1:2"

    def test_configured_endpoints_are_ignored_where_that_is_said(
        self, account: Callable[..., Account], box: Sandbox, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")
        made = account()
        assert made.client("sagemaker").meta.endpoint_url == "https://api.sagemaker.us-east-1.amazonaws.com"
        assert (made.endpoint, made.local) == (None, False)

    def test_a_profile_may_name_one(self, account: Callable[..., Account], tmp_path: Path) -> None:
        services = "services = near\n[services near]\nsagemaker =\n  endpoint_url = http://localhost:3\n"
        (tmp_path / "config").write_text(f"[profile p]\n{HOME}{KEYS}{services}")
        made = account("p")
        assert made.client("sagemaker").meta.endpoint_url == "http://localhost:3"
        assert (made.endpoint, made.local) == ("http://localhost:3", True)


def test_calls_name_smext_its_version_and_the_door(account: Callable[..., Account], box: Sandbox) -> None:
    from smext import __version__

    agent = account(None, None, via="cli").client("sagemaker").meta.config.user_agent
    assert f"smext/{__version__} (cli)" in agent
