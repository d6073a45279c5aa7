"""Errors of botocore before AWS has answered, in our words: credentials, configuration and the network."""

from __future__ import annotations

import difflib
import os
import re
from typing import Any
from urllib.parse import urlsplit
from urllib.request import proxy_bypass

from .. import errors

SIGN_IN = (
    "In Studio, restart the space. On a computer, run `aws configure` or `aws sso login`, "
    "or try without an account: `smext demo`."
)
_NETWORK = "Check the network; in a VPC-only domain, ask for VPC endpoints of the service."
BUNDLE_OF_PROFILE = "ca_bundle in ~/.aws/config"
_NO_BUNDLE = re.compile(r"invalid path: (.+)$")
_NO_ADDRESS = re.compile(r"Invalid endpoint: (.*)$")
_SECRET = re.compile(r"//[^/@\s]*@")
_TUNNEL = re.compile(r"Tunnel connection failed: (\d+[ \w]*)")
_PROXIES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")


def translated(error: BaseException, doing: str) -> errors.SmextError:
    """Translate an error of botocore; `doing` begins the message where it is about one call alone."""
    # By name: older botocores lack some of these.
    names = {each.__name__ for each in type(error).__mro__}
    found = _of_setup(error, names) or _of_network(error, names, doing)
    if found:
        return found
    if "ResponseParserError" in names or _in_parser(error):
        return errors.not_understood(doing, "something that cannot be read")
    if names & {"ParamValidationError"}:
        return errors.Invalid(f"{doing}: {error}", advice="Change the value that is named.")
    if names & {"UnknownServiceError", "OperationNotPageableError"}:
        return errors.Outdated(f"{doing}: needs a newer boto3.", advice="Update boto3 where that is allowed.")
    if isinstance(error, ValueError) and (address := _NO_ADDRESS.search(str(error))) is not None:
        return _no_address(address[1])
    if "BotoCoreError" in names and names & {"ValidationError", "ValueError"}:
        return errors.Misconfigured(f"AWS is not set up rightly: {error}", advice=_FILES)
    return errors.SmextError(f"{doing}: {type(error).__name__}: {error}", advice="See the server's log.")


def _in_parser(error: BaseException) -> bool:
    """Return True if botocore failed while it parsed an answer."""
    trace, module = error.__traceback__, ""
    while trace is not None:
        module = str(trace.tb_frame.f_globals.get("__name__"))
        if module == "botocore.parsers":
            return True
        trace = trace.tb_next
    # Its parser makes nothing at all of the body `null`.
    return module == "botocore.endpoint" and isinstance(error, AttributeError)


def _of_setup(error: BaseException, names: set[str]) -> errors.SetupError | None:
    """Translate errors of credentials and configuration, with which no call can be made; None for others."""
    said: dict[str, Any] = getattr(error, "kwargs", {})
    if "ProfileNotFound" in names:
        return _no_profile(str(said.get("profile")))
    if "PartialCredentialsError" in names:
        lacks, place = said.get("cred_var"), _PLACES.get(str(said.get("provider")), str(said.get("provider")))
        return errors.NoCredentials(
            f"Your AWS credentials are incomplete: {lacks} is missing in {place}.",
            advice=f"Add {lacks}, or take out what is there of it.",
        )
    if names & {"RefreshWithMFAUnsupportedError"}:
        return needs_mfa("")
    if names & {"SSOError", "TokenRetrievalError", "LoginError"}:
        login = "aws login" if "LoginError" in names else "aws sso login"
        profile = os.environ.get("AWS_PROFILE")
        command = f"{login} --profile {profile}" if profile else login
        return errors.Expired(
            f"Your AWS single sign-on has expired, or you have not signed in ({error}).",
            advice=f"Run `{command}`, then Refresh.",
        )
    if "CredentialRetrievalError" in names:
        why = one_line(said.get("error_msg")) or "it says nothing"
        tool = _PLACES.get(str(said.get("provider")), str(said.get("provider")))
        return errors.NoCredentials(f"No AWS credentials came from {tool}: {why}", advice=_CHECK_TOOL)
    if "MetadataRetrievalError" in names:
        return errors.NoCredentials(
            f"No AWS credentials came from the endpoint: {one_line(error)}", advice=SIGN_IN
        )
    if "NoCredentialsError" in names:
        return errors.NoCredentials("No AWS credentials were found.", advice=SIGN_IN)
    if "NoRegionError" in names:
        return no_region()
    if names & {"InvalidRegionError", "UnknownRegionError"}:
        return errors.NoRegion(
            f"There is no such AWS region: {said.get('region_name')}",
            advice="Correct AWS_REGION, --region or the region in ~/.aws/config; one is for example eu-west-1.",
        )
    if "ConfigParseError" in names:
        return errors.Misconfigured(
            f"The AWS configuration file cannot be read: {said.get('path')}{_where(said.get('error'))}",
            advice="Correct it there.",
        )
    if "InfiniteLoopConfigError" in names:
        chain = " -> ".join([*map(str, said.get("visited_profiles") or []), str(said.get("source_profile"))])
        return errors.Misconfigured(
            f"The source_profile of AWS profiles leads in a circle: {chain}",
            advice="Let the last one have keys of its own.",
        )
    if names & _WRONG_VALUES:
        return errors.Misconfigured(f"The AWS configuration is wrong: {one_line(error)}", advice=_FILES)
    return None


def _of_network(error: BaseException, names: set[str], doing: str) -> errors.SmextError | None:
    """Translate errors of the network; the cause is the same for all calls to one place. None for others."""
    said: dict[str, Any] = getattr(error, "kwargs", {})
    host = urlsplit(str(said.get("endpoint_url") or "")).hostname
    deeper = str(said.get("error") or "")
    if (path := _NO_BUNDLE.search(deeper)) is not None:
        by = [name for name in ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE") if os.environ.get(name) == path[1]]
        return no_bundle(path[1], by[0] if by else BUNDLE_OF_PROFILE)
    if names & {"ProxyConnectionError", "InvalidProxiesConfigError"}:
        proxy = _proxy(str(said.get("proxy_url") or ""))
        refused = _TUNNEL.search(deeper)
        why = f"it refuses ({refused[1].strip()})" if refused else _reason(deeper)
        if "407" in deeper:
            why = "it wants a user and password (407)"
        return errors.Unreachable(
            f"{doing}: the proxy {proxy} cannot be used: {why}.",
            advice="Correct HTTPS_PROXY (or leave out what needs no proxy with NO_PROXY), and restart the server.",
            cause=f"The proxy {proxy} cannot be used: {why}.",
        )
    if names & {"ReadTimeoutError", "ConnectTimeoutError"}:
        return late(doing, host)
    if "SSLError" in names and "CERTIFICATE_VERIFY_FAILED" not in deeper:
        why = _reason_of_tls(deeper)
        return errors.Unreachable(
            f"{doing}: no secure connection to {host or 'AWS'}{_through(host)} ({why}).",
            advice="What answers there speaks no TLS, or another version of it: check HTTPS_PROXY and AWS_ENDPOINT_URL.",
            cause=f"No secure connection to AWS{_through(host)} ({why}).",
        )
    if "SSLError" in names:
        return errors.Unreachable(
            f"{doing}: the certificate of {host or 'AWS'} is not trusted ({one_line(deeper)}).",
            advice="Where a proxy of your network has its own certificate, name its CA bundle in AWS_CA_BUNDLE.",
            # Without the address: one proxy answers for those of all services.
            cause=f"The certificate of AWS's addresses is not trusted ({_reason_of_tls(deeper)}).",
        )
    if names & {"ConnectionError", "HTTPClientError"}:
        why = f": {_reason(deeper)}" if deeper else ""
        place = f" ({host})" if host else ""
        through = _through(host)
        return errors.Unreachable(
            f"{doing}: AWS cannot be reached{place}{through}{why}.",
            advice=_NETWORK,
            cause=f"AWS cannot be reached{through}{why}.",
        )
    return None


def _through(host: str | None) -> str:
    """Name the proxy that calls to the host take: botocore does not where a proxy is silent."""
    name = next((each for each in _PROXIES[:2] if os.environ.get(each)), None)
    if name is None or not host or host in _HERE or proxy_bypass(host):
        return ""
    return f" through the proxy {_proxy(os.environ[name])}"


def _no_address(given: str) -> errors.Misconfigured:
    """Make the error for an endpoint that is no URL, mostly for want of its scheme."""
    names = [name for name in os.environ if name.startswith("AWS_ENDPOINT_URL") and os.environ[name] == given]
    by = names[0] if names else "endpoint_url in ~/.aws/config"
    return errors.Misconfigured(
        f"The endpoint of {by} is no address: {given}",
        advice=f"Begin it with http:// or https://, or leave {by} out.",
    )


def _reason_of_tls(text: str) -> str:
    """Return OpenSSL's reason without its codes."""
    return (
        one_line(re.sub(r"\[[^]]*\]|\(_ssl\.c:\d+\)", "", text).rpartition("failed:")[2].strip(" ()'\","))
        or "TLS"
    )


def _proxy(url: str) -> str:
    """Return the proxy's URL without its password, and the variable that sets it."""
    place = url.rpartition("//")[2].rpartition("@")[2].rstrip("/")
    for name in _PROXIES:
        given = os.environ.get(name, "")
        if place and given.rpartition("//")[2].rpartition("@")[2].rstrip("/") == place:
            return f"{_SECRET.sub('//', given)} ({name})"
    return place or "of proxies_config"


def late(doing: str, host: str | None, seconds: float | None = None) -> errors.TimedOut:
    """Make the error for a call without an answer within so many seconds."""
    detail = ", ".join(filter(None, [host, f"{seconds:g} s" if seconds else None]))
    through = _through(host)
    return errors.TimedOut(
        f"{doing}: no answer in time{through}{f' ({detail})' if detail else ''}.",
        advice=f"smext tries again. {_NETWORK}",
        # Without the time, which is not the same for calls that end by different limits.
        cause=f"AWS gives no answer in time{through}.",
    )


def no_region() -> errors.NoRegion:
    """Make the error for a missing region."""
    unread = "; ".join(unread_files())
    return errors.NoRegion(
        f"No AWS region is set{f' ({unread})' if unread else ''}.",
        advice="Set AWS_REGION, or a region in ~/.aws/config, and restart the server.",
    )


def unread_files() -> list[str]:
    """Return the names of AWS configuration files that boto3 skips without a word."""
    found = []
    for name, usual in (
        ("AWS_CONFIG_FILE", "~/.aws/config"),
        ("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials"),
    ):
        given = os.environ.get(name)
        path = os.path.expanduser(given or usual)
        by = f"{name} names {{}}: {path}" if given else f"{path} is {{}}"
        if os.path.isdir(path):
            found.append(by.format("a directory"))
        elif os.path.exists(path) and not os.access(path, os.R_OK):
            found.append(by.format("a file that may not be read"))
        elif given and not os.path.exists(path):
            found.append(by.format("a file that does not exist"))
    return found


def unknown_region(session: Any, region: str) -> errors.NoRegion | None:
    """Make the error for a region that boto3 does not know; None for one that it knows."""
    known = [
        each
        for partition in session.get_available_partitions()
        for each in session.get_available_regions("ec2", partition_name=partition)
    ]
    if region in known:
        return None
    like = difflib.get_close_matches(region, known, 1)
    return errors.NoRegion(
        f"The AWS region {region} cannot be reached, and boto3 knows none of this name.",
        advice=f"Did you mean {like[0]}? " * bool(like)
        + "Correct AWS_REGION, --region or the region in ~/.aws/config.",
    )


def needs_mfa(serial: str) -> errors.NoCredentials:
    """Make the error for an MFA device: a server has nobody to ask for its code."""
    device = f" {serial}" if serial else ""
    return errors.NoCredentials(
        f"The AWS profile needs an MFA code of the device{device}, and there is nobody to ask for it here.",
        advice="Get temporary credentials in a terminal: `aws sts get-session-token --serial-number "
        f"{serial or 'DEVICE'} --token-code CODE`. Put them in a profile of their own, without mfa_serial, and use it.",
    )


def _no_profile(name: str) -> errors.NoCredentials:
    files = [
        os.environ.get("AWS_CONFIG_FILE") or "~/.aws/config",
        os.environ.get("AWS_SHARED_CREDENTIALS_FILE") or "~/.aws/credentials",
    ]
    read = [file for file in files if os.path.isfile(os.path.expanduser(file))]
    place = f"in {' or '.join(files)}" if read else f"there is neither {files[0]} nor {files[1]}"
    by = " AWS_PROFILE names it." if os.environ.get("AWS_PROFILE") == name else ""
    return errors.NoCredentials(
        f"There is no AWS profile '{name}' {place}."
        if read
        else f"There is no AWS profile '{name}': {place}.",
        advice=f"{by} `aws configure list-profiles` shows those that there are.".strip(),
    )


def no_bundle(path: str, by: str) -> errors.Misconfigured:
    """Make the error for a CA bundle that is missing or holds no certificate."""
    what = "holds no certificate" if os.path.exists(path) else "does not exist"
    return errors.Misconfigured(
        f"The CA bundle {what}: {path} (named by {by}).", advice=f"Correct {by}, or leave it out."
    )


def _where(error: object) -> str:
    """Return line and reason of configparser's error."""
    line = getattr(error, "lineno", None) or next((at for at, _ in getattr(error, "errors", [])), None)
    what = {
        "DuplicateSectionError": f"[{getattr(error, 'section', '')}] is there twice",
        "DuplicateOptionError": f"{getattr(error, 'option', '')} is there twice",
        "MissingSectionHeaderError": "a section such as [default] comes first",
        "ParsingError": "this is no `name = value`",
        "UnicodeDecodeError": "it is no text in UTF-8",
    }.get(type(error).__name__, one_line(error))
    place = f", line {line}" if line else ""
    return f"{place}: {what}" if what else place


def _reason(text: str) -> str:
    """Return the innermost reason of an urllib3 error."""
    for sign, words in _REASONS:
        if sign in text:
            return words
    return one_line(text.rpartition(": ")[2]) or "no connection"


def one_line(text: object) -> str:
    """Return a text on one line, at most 300 characters, without passwords in URLs."""
    return " ".join(_SECRET.sub("//", str(text or "")).split())[:300]


_REASONS = (
    ("refused", "the connection is refused"),
    ("timed out", "no answer in time"),
    ("Name or service not known", "the name of its address is not found"),
    ("name resolution", "names cannot be looked up"),
    ("No address associated", "the name of its address is not found"),
    ("nodename nor servname", "the name of its address is not found"),
    ("unreachable", "there is no way to it in this network"),
    ("reset", "the connection is broken off"),
    ("closed", "the connection is broken off"),
    ("Remote end", "the connection is broken off"),
)
_HERE = {"127.0.0.1", "localhost", "::1"}
_FILES = "Correct it in ~/.aws/config or in the environment's AWS_ variables."
_CHECK_TOOL = "Do what it asks for, or check that it works in a terminal; then Refresh."
_PLACES = {
    "env": "the environment's variables",
    "shared-credentials-file": "the AWS credentials file",
    "config-file": "the AWS config file",
    "custom-process": "credential_process",
    "container-role": "the container's credentials endpoint",
    "iam-role": "the instance's metadata",
    "assume-role": "the profile with role_arn",
    "assume-role-with-web-identity": "the web identity",
    "sso": "single sign-on",
}
_WRONG_VALUES = {
    "InvalidConfigError",
    "UnknownCredentialError",
    "InvalidRetryConfigurationError",
    "InvalidDefaultsMode",
    "InvalidIMDSEndpointError",
    "InvalidIMDSEndpointModeError",
    "InvalidS3UsEast1RegionalEndpointConfigError",
    "InvalidSTSRegionalEndpointsConfigError",
    "InvalidChecksumConfigError",
    "InvalidEndpointConfigurationError",
    "MissingParametersError",
}
