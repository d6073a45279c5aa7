"""Endpoints, configuration files, CA bundles, proxies and regions: what is wrong is named, what is set holds."""

from __future__ import annotations

import os
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from smext import errors
from smext.sandbox import Sandbox
from tests.aws.conftest import HOME, KEYS, AccountOf, Said


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


BUNDLES = ("AWS_CA_BUNDLE", "ca_bundle", "REQUESTS_CA_BUNDLE")
"""In the order in which botocore takes them."""


@pytest.mark.parametrize("same", [False, True])
@pytest.mark.parametrize("named", [BUNDLES, BUNDLES[:2], BUNDLES[1:], BUNDLES[::2]])
def test_of_several_ca_bundles_the_one_that_holds_is_named(
    said: Said, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, named: tuple[str, ...], same: bool
) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    config = f"[default]\n{HOME}{KEYS}"
    for name in named:
        path = tmp_path / ("gone.pem" if same else f"{name}.pem")
        if name.isupper():
            monkeypatch.setenv(name, str(path))
        else:
            config += f"{name} = {path}\n"
    found = said(config)
    where = "ca_bundle in ~/.aws/config" if named[0] == "ca_bundle" else named[0]
    assert f"(named by {where})" in found.message
    assert str(tmp_path / ("gone.pem" if same else f"{named[0]}.pem")) in found.message


def test_a_ca_bundle_that_another_one_overrules_is_no_matter(
    said: Said, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import certifi

    monkeypatch.setenv("AWS_CA_BUNDLE", certifi.where())
    monkeypatch.setenv("AWS_ENDPOINT_URL", "https://127.0.0.1:1")
    found = said(f"[default]\n{HOME}{KEYS}ca_bundle = {tmp_path}/gone.pem\n")
    assert "bundle" not in found.message


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
    account_of: AccountOf, odd_proxy: Callable[[str], str], tmp_path: Path
) -> None:
    (tmp_path / "config").write_text(f"[default]\n{HOME}{KEYS}")
    address, asked, causes = odd_proxy("200 OK"), account_of(), set()
    for service, operation in (("sagemaker", "ListEndpoints"), ("efs", "DescribeFileSystems")):
        with pytest.raises(errors.Unreachable) as caught:
            asked.call(service, operation)
        causes.add(caught.value.cause)
    (cause,) = causes
    assert address in str(cause)
    assert "certificate" not in str(cause)


def test_a_proxy_that_is_silent_is_named(
    account_of: AccountOf, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "config").write_text(f"[default]\n{HOME}{KEYS}")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        monkeypatch.setenv("HTTPS_PROXY", address)
        with pytest.raises(errors.TimedOut) as caught:
            account_of(call_seconds=0.5).call("sagemaker", "ListEndpoints")
    assert caught.value.cause == f"AWS gives no answer in time through the proxy {address} (HTTPS_PROXY)."


def test_a_region_that_is_no_name_of_one_is_named(said: Said) -> None:
    found = said(f"[default]\nregion = eu west 1\n{KEYS}")
    assert isinstance(found, errors.NoRegion)
    assert "eu west 1" in found.message


def test_a_region_that_boto3_does_not_know_and_nobody_answers_for_is_named(
    account_of: AccountOf,
) -> None:
    made = account_of(None, "eu-wst-1")
    found = made._placed(errors.Unreachable("no", cause="AWS cannot be reached"), None)
    assert isinstance(found, errors.NoRegion)
    assert "eu-wst-1" in found.message
    assert "eu-west-1" in found.advice
    known = account_of(None, "eu-west-1")._placed(
        errors.Unreachable("no", cause="AWS cannot be reached"), None
    )
    assert isinstance(known, errors.Unreachable)


class TestEndpoints:
    """By the rules of boto3: AWS_ENDPOINT_URL_<SERVICE>, AWS_ENDPOINT_URL, and the variable that ends both."""

    def test_each_service_goes_where_it_is_sent(
        self, account_of: AccountOf, box: Sandbox, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1")
        monkeypatch.setenv("AWS_ENDPOINT_URL_SAGEMAKER", "http://127.0.0.1:2")
        made = account_of()
        assert made.client("s3").meta.endpoint_url == "http://127.0.0.1:1"
        assert made.client("sagemaker").meta.endpoint_url == "http://127.0.0.1:2"
        assert made.client("sts").meta.endpoint_url == os.environ["AWS_ENDPOINT_URL"]
        assert made.endpoint == "http://127.0.0.1:2"

    def test_configured_endpoints_are_ignored_where_that_is_said(
        self, account_of: AccountOf, box: Sandbox, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")
        made = account_of()
        assert made.client("sagemaker").meta.endpoint_url == "https://api.sagemaker.us-east-1.amazonaws.com"
        assert (made.endpoint, made.local) == (None, False)

    def test_a_profile_may_name_one(self, account_of: AccountOf, tmp_path: Path) -> None:
        services = "services = near\n[services near]\nsagemaker =\n  endpoint_url = http://localhost:3\n"
        (tmp_path / "config").write_text(f"[profile p]\n{HOME}{KEYS}{services}")
        made = account_of("p")
        assert made.client("sagemaker").meta.endpoint_url == "http://localhost:3"
        assert (made.endpoint, made.local) == ("http://localhost:3", True)


def test_calls_name_smext_its_version_and_the_door(account_of: AccountOf, box: Sandbox) -> None:
    from smext import __version__

    agent = account_of(None, None, via="cli").client("sagemaker").meta.config.user_agent
    assert f"smext/{__version__} (cli)" in agent
