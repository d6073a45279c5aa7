"""Session and credentials of an account: found once for all calls, in a thread of its own, with a timeout.

botocore looks for credentials wherever a client is made, and renews them wherever one signs, under a lock: an endpoint
or a tool that does not answer would hold up every call, each for as long as it pleases.
"""

from __future__ import annotations

import os
import ssl
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import Any

from .. import errors
from . import boto3_errors, responses, service_errors
from .deadline import Workers

SECONDS = 6.0
"""So long all wait together; what comes later is taken then."""
SOON = 1.5
"""After so long whoever waits is told."""
STANDS = 10.0
"""A no is believed for so long: tables that are read at once ask once."""
HANGS = 60.0
"""After so long another try is made beside one that hangs,"""
MOST_HANGING = 3
"""but no more than so many hang at once."""
MANDATORY = 600
"""botocore renews without fail when they hold for less than so many seconds."""


class CredentialsTimeout(errors.SetupError):
    """Timeout of a credential provider that may still answer."""

    code, status = "timeout", 504


class Credentials:
    """boto3 session of a profile, and its credentials. Thread-safe."""

    def __init__(self, profile: str | None, region: str | None, workers: Workers) -> None:
        self._profile, self._region, self._workers = profile, region, workers
        self._lock = threading.RLock()
        self._session: Any = None
        self._found: Any = None
        self._flight: Future[Any] | None = None
        self._hanging: list[Future[Any]] = []
        self._begun = 0.0
        self._refused: tuple[float, errors.SmextError] | None = None
        self._from = ""
        self.told: Callable[[str], None] = lambda text: None
        """Hears what is waited for, where that takes more than a moment."""

    @property
    def profile(self) -> str | None:
        """Profile in use, given or of the environment."""
        return self._profile or os.environ.get("AWS_PROFILE") or os.environ.get("AWS_DEFAULT_PROFILE") or None

    def session(self) -> Any:
        """Return the boto3 session. Raises what boto3 raises for profiles and files."""
        with self._lock:
            if self._session is None:
                import boto3  # 0.4 s and 50 MB: on first use, never at the server's start

                self._session = boto3.Session(profile_name=self._profile, region_name=self._region)
                parsers = self._session._session.get_component("response_parser_factory")
                parsers.set_parser_defaults(timestamp_parser=responses.parse_time)
            return self._session

    def ready(self) -> None:
        """Wait until calls can be signed. Raises errors.SetupError."""
        found, seconds = self._found, SECONDS
        if found is not None and not _aging(found):
            return
        import boto3  # noqa: F401 -- 0.4 s, which nobody waits for who waits for credentials

        flight, begun = self._fly()
        left = begun + seconds - time.monotonic()
        if not wait([flight], max(0.0, min(left, SOON))).done and left > SOON:
            self.told(self._waiting_for())
            wait([flight], max(0.0, begun + seconds - time.monotonic()))
        if not flight.done():
            raise self._late(seconds)
        flight.result()

    def check_bundle(self) -> None:
        """Validate the CA bundle: botocore complains only at every call. Raises errors.Misconfigured."""
        given = self.session()._session.get_config_variable("ca_bundle")
        by = "AWS_CA_BUNDLE" if "AWS_CA_BUNDLE" in os.environ else boto3_errors.BUNDLE_OF_PROFILE
        if given is None:
            given, by = os.environ.get("REQUESTS_CA_BUNDLE"), "REQUESTS_CA_BUNDLE"
        if not given or os.path.isdir(given):
            return
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(given)
        except OSError as error:  # ssl.SSLError is one, too
            raise boto3_errors.no_bundle(str(given), by) from error

    @property
    def refused(self) -> bool:
        """True if there are no credentials, or they do not come in time."""
        with self._lock:
            late = time.monotonic() - self._begun > SECONDS
            flying = self._flight is not None and not self._flight.done()
            return self._refused is not None or (flying and late)

    @property
    def waiting(self) -> str | None:
        """Text on what is waited for; None where nothing is, or where a timeout was reported."""
        with self._lock:
            flying = self._flight is not None and not self._flight.done()
            if not flying or time.monotonic() - self._begun > SECONDS or self._refused:
                return None
        return self._waiting_for()

    def again(self) -> None:
        """Drop the session, so that the next call reads everything again: a file may have changed."""
        with self._lock:
            self._refused = None
            self._found = self._session = None
            if self._flight is not None and not self._flight.done():
                self._hanging.append(self._flight)
            self._flight = None

    def _fly(self) -> tuple[Future[Any], float]:
        """Return the running search and its start, started where there is none; raises a recent refusal."""
        with self._lock:
            now = time.monotonic()
            if self._refused and now - self._refused[0] < STANDS:
                raise self._refused[1].with_traceback(None)
            if self._flight is not None and not self._flight.done() and now - self._begun > HANGS:
                self._hanging.append(self._flight)
                self._flight = None
            if self._flight is None or self._flight.done():
                self._hanging = [flight for flight in self._hanging if not flight.done()]
                if len(self._hanging) >= MOST_HANGING:
                    raise self._late(SECONDS)
                self._begun = now
                self._flight = self._workers.start(self._search)
            return self._flight, self._begun

    def _search(self) -> None:
        begun = self._begun
        try:
            found = self._credentials()
        except Exception as error:
            ours = self._translated(error)
            with self._lock:
                if self._begun == begun:
                    # Read anew at the next try: what was wrong in a file may have been mended.
                    self._session = self._found = None
                    self._refused = (time.monotonic(), ours)
            raise ours from error
        with self._lock:
            if self._begun == begun:
                self._found, self._refused = found, None

    def _credentials(self) -> Any:
        if self._found is not None:
            found = self._found
            self._from = str(getattr(found, "method", ""))
        else:
            session = self.session()._session
            self._watch(session)
            found = session.get_credentials()
        if found is None:
            raise self._none()
        self._check(found.get_frozen_credentials(), str(getattr(found, "method", "")))
        return found

    def _watch(self, session: Any) -> None:
        """Note which provider is asked, and let none of them ask the server's terminal."""
        for provider in getattr(session.get_component("credential_provider"), "providers", []):
            provider.load = self._noted(provider.load, str(provider.METHOD))
            if hasattr(provider, "_prompter"):
                provider._prompter = _refuse_code

    def _noted(self, load: Callable[[], Any], method: str) -> Callable[[], Any]:
        def noted() -> Any:
            self._from = method
            return load()

        return noted

    # --- words ----------------------------------------------------------------------------------

    def _place(self) -> str:
        """Return where credentials are being asked for."""
        profile = f" of profile {self.profile}" if self.profile else ""
        if self._from == "container-role":
            relative = os.environ.get("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
            full = os.environ.get("AWS_CONTAINER_CREDENTIALS_FULL_URI", "").split("?")[0]
            return f"the credentials endpoint {f'http://169.254.170.2{relative}' if relative else full}"
        return {
            "custom-process": f"credential_process{profile}",
            "iam-role": "the instance's metadata service (169.254.169.254)",
            "sso": f"single sign-on{profile}",
            "assume-role": f"AWS STS, for the role{profile}",
            "assume-role-with-web-identity": f"AWS STS, for the web identity{profile}",
        }.get(self._from, f"{self._from or 'boto3'}{profile}")

    def _waiting_for(self) -> str:
        return f"Waiting for AWS credentials from {self._place()} …"

    def _late(self, seconds: float) -> CredentialsTimeout:
        return CredentialsTimeout(
            f"No AWS credentials within {seconds:g} s: {self._place()} does not answer.",
            advice="Check that it works in a terminal and is reachable from this machine; then Refresh.",
        )

    def _none(self) -> errors.NoCredentials:
        """Make the error for missing credentials, with what boto3 ignored."""
        variables = [name for name in ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN") if os.environ.get(name)]
        section = self.session()._session.get_scoped_config()
        if variables and not os.environ.get("AWS_ACCESS_KEY_ID"):
            return errors.NoCredentials(
                f"Your AWS credentials are incomplete: {variables[0]} is set, AWS_ACCESS_KEY_ID is not.",
                advice="Set AWS_ACCESS_KEY_ID too, or neither.",
            )
        if section.get("aws_secret_access_key") and not section.get("aws_access_key_id"):
            return errors.NoCredentials(
                f"Your AWS credentials are incomplete: profile {self.profile or 'default'} lacks aws_access_key_id.",
                advice="Add it to the profile in ~/.aws/credentials or ~/.aws/config.",
            )
        missing = boto3_errors.unread_files()
        where = f" in profile {self.profile}" if self.profile else ""
        more = f" ({'; '.join(missing)})" if missing else ""
        return errors.NoCredentials(
            f"No AWS credentials were found{where}{more}.", advice=boto3_errors.SIGN_IN
        )

    def _check(self, frozen: Any, method: str) -> None:
        """Validate the credentials: they can be sent and are no obvious mistake.

        Raises errors.NoCredentials.
        """
        names = _VARIABLES if method == "env" else _MEMBERS
        for name, value in zip(names, (frozen.access_key, frozen.secret_key, frozen.token), strict=True):
            fault = ""
            if value is None and name is names[2]:
                continue
            if not value:
                fault = "is empty" if name is not names[2] else ""
            elif value != value.strip():
                fault = "begins or ends with a space or a line break"
            elif not value.isascii() or any(each.isspace() or not each.isprintable() for each in value):
                fault = "holds a space or another character that no key has"
            if fault:
                of = "" if method == "env" else f" of profile {self.profile or 'default'}"
                raise errors.NoCredentials(
                    f"The AWS credentials are wrong: {name}{of} {fault}.", advice=f"Set {name} anew."
                )

    def _translated(self, error: BaseException) -> errors.SmextError:
        """Translate an error of the search, by the provider that was asked."""
        if isinstance(error, errors.SmextError):
            return error
        if isinstance(error, _AsksForCode):
            return boto3_errors.needs_mfa(error.serial)
        place, text = self._place(), boto3_errors.one_line(error)
        if service_errors.aws_code(error):
            return self._refused_by_aws(error)
        if isinstance(error, OSError) and self._from == "assume-role-with-web-identity":
            fault = (
                "does not exist"
                if isinstance(error, FileNotFoundError)
                else f"cannot be read ({error.strerror})"
            )
            return errors.NoCredentials(
                f"The web identity token file {fault}: {error.filename}",
                advice="Correct AWS_WEB_IDENTITY_TOKEN_FILE or web_identity_token_file in ~/.aws/config.",
            )
        if isinstance(error, OSError) and self._from == "custom-process":
            return errors.NoCredentials(
                f"{place} cannot be run: {error.strerror or text}: {error.filename or ''}".rstrip(": "),
                advice="Correct credential_process in ~/.aws/config: an absolute path is found from everywhere.",
            )
        if isinstance(error, ValueError) and self._from == "custom-process" and "quotation" in text:
            return errors.NoCredentials(
                f"{place} cannot be run: a quotation mark is not closed.",
                advice="Correct credential_process in ~/.aws/config.",
            )
        if isinstance(error, RuntimeError) and "still expired" in text:
            return errors.Expired(
                f"The AWS credentials that come from {place} have expired already.",
                advice="Sign in again where they come from, and check this machine's clock; then Refresh.",
            )
        if isinstance(error, ValueError) and self._from == "container-role":
            return errors.NoCredentials(
                f"{place} cannot be used: {text}",
                advice="Correct AWS_CONTAINER_CREDENTIALS_FULL_URI, or leave it out.",
            )
        if isinstance(error, (ValueError, AttributeError, TypeError)) and self._from == "custom-process":
            return errors.NoCredentials(
                f"{place} does not print credentials as JSON ({text}).",
                advice="Correct credential_process in ~/.aws/config; run it in a terminal to see what it prints.",
            )
        ours = service_errors.translate(error, f"No AWS credentials came from {place}")
        if isinstance(ours, errors.Expired) and self.profile and "`aws sso login`" in ours.advice:
            ours.advice = ours.advice.replace("aws sso login", f"aws sso login --profile {self.profile}")
        if isinstance(ours, errors.NoCredentials) and self.profile and self.profile not in ours.message:
            return errors.NoCredentials(
                f"{ours.message.rstrip('.')} (profile {self.profile}).", advice=ours.advice
            )
        # Whatever it was, no call can be made.
        ours.cause = ours.message
        return ours

    def _refused_by_aws(self, error: BaseException) -> errors.SmextError:
        ours = service_errors.translate(error, f"No AWS credentials came from {self._place()}")
        if isinstance(ours, errors.SetupError):
            return ours
        role = self.session()._session.get_scoped_config().get("role_arn", "")
        return errors.NoCredentials(
            f"The role {role} cannot be assumed: {boto3_errors.one_line(service_errors.aws_message(error))}".replace(
                "  ", " "
            ),
            advice="Check the role's trust policy, and that the source credentials may do sts:AssumeRole.",
            permission="sts:AssumeRole" if isinstance(ours, errors.Denied) else None,
        )


class _AsksForCode(Exception):
    def __init__(self, serial: str) -> None:
        super().__init__(serial)
        self.serial = serial


def _refuse_code(prompt: str) -> str:
    """Refuse an MFA prompt ("Enter MFA code for ARN: "), where getpass would wait on the server's terminal."""
    raise _AsksForCode(prompt.strip().rstrip(":").rpartition(" ")[2])


def _aging(found: Any) -> bool:
    """Return True if the credentials must be renewed before the next call."""
    needed = getattr(found, "refresh_needed", None)
    return bool(needed and needed(MANDATORY))


_VARIABLES = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
_MEMBERS = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token")
