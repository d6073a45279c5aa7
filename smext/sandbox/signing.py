"""SigV4 verification as AWS does it: every request must be signed with the key pair made at the start."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from calendar import timegm
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from botocore.auth import HmacV1QueryAuth, S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from .errors import USUAL_TEXT, AwsError
from .protocol import Call

_SKEW_SECONDS = 15 * 60
_DATE = "%Y%m%dT%H%M%SZ"
_UNHASHED = ("UNSIGNED-PAYLOAD", "STREAMING-")
_DIFFERS = (
    "The request signature we calculated does not match the signature you provided. "
    "Check your AWS Secret Access Key and signing method. Consult the service documentation for details."
)


@dataclass(frozen=True)
class KeyPair:
    """Temporary-looking credentials; a session token only where a scene wants one."""

    access_key: str
    secret_key: str
    token: str | None = None

    @classmethod
    def generate(cls, token: str | None = None) -> KeyPair:
        """Make random keys with the given session token."""
        return cls("ASIA" + secrets.token_hex(8).upper(), secrets.token_urlsafe(30), token)

    @property
    def credentials(self) -> Credentials:
        """botocore's credentials of this pair."""
        return Credentials(self.access_key, self.secret_key)


@dataclass(frozen=True)
class _Claim:
    """Parts of a request's signature."""

    access_key: str
    date: str
    region: str
    service: str
    signed_headers: tuple[str, ...]
    signature: str
    presigned_for: int | None = None


class Verifier:
    """Verifier of signatures: returns the key pair that signed a request, or raises the service's error."""

    def __init__(self, *pairs: KeyPair) -> None:
        self.expired = False
        self._pairs = {pair.access_key: pair for pair in pairs}

    def verify(self, call: Call) -> KeyPair:
        """Check the signature; sets the call's signing name and region from the credential scope."""
        query = dict(parse_qsl(call.query, keep_blank_values=True))
        if "AWSAccessKeyId" in query and "Signature" in query:
            call.signing_name, call.region = "s3", "us-east-1"
            return self._verify_v2(call, query)
        claim = _claim(call, query)
        call.signing_name, call.region = claim.service, claim.region
        pair = self._known(claim.access_key, call)
        self._check_time(claim, call)
        expected = _signature(call, claim, pair)
        if not hmac.compare_digest(expected, claim.signature):
            raise _mismatch(call)
        self._check_body(call)
        self._check_token(call, query, pair)
        return pair

    def _known(self, access_key: str, call: Call) -> KeyPair:
        pair = self._pairs.get(access_key)
        if pair is not None:
            return pair
        if call.service == "s3":
            text = "The AWS Access Key Id you provided does not exist in our records."
            raise AwsError("InvalidAccessKeyId", text, 403)
        if call.headers.get("x-amz-target"):
            raise AwsError("UnrecognizedClientException", USUAL_TEXT["UnrecognizedClientException"])
        raise AwsError("InvalidClientTokenId", "The security token included in the request is invalid.", 403)

    def _check_time(self, claim: _Claim, call: Call) -> None:
        try:
            made = timegm(time.strptime(claim.date, _DATE))
        except ValueError as error:
            raise _mismatch(call) from error
        late = time.time() - made
        if claim.presigned_for is not None:
            if late > claim.presigned_for:
                raise AwsError("AccessDenied", "Request has expired", 403)
        elif abs(late) > _SKEW_SECONDS:
            if call.service == "s3":
                text = "The difference between the request time and the current time is too large."
                raise AwsError("RequestTimeTooSkewed", text, 403)
            raise AwsError(_mismatch(call).code, f"Signature expired: {claim.date} is too far from now", 403)

    def _check_body(self, call: Call) -> None:
        said = call.headers.get("x-amz-content-sha256", "")
        if said and not said.startswith(_UNHASHED) and hashlib.sha256(call.body).hexdigest() != said:
            text = "The provided 'x-amz-content-sha256' header does not match what was computed."
            raise AwsError("XAmzContentSHA256Mismatch", text, 400)

    def _check_token(self, call: Call, query: dict[str, str], pair: KeyPair) -> None:
        sent = call.headers.get("x-amz-security-token") or query.get("X-Amz-Security-Token")
        if self.expired and pair.token is not None:
            code = "ExpiredTokenException" if call.headers.get("x-amz-target") else "ExpiredToken"
            text = (
                "The provided token has expired."
                if call.service == "s3"
                else USUAL_TEXT["ExpiredTokenException"]
            )
            raise AwsError(
                code, text, 400 if call.service == "s3" or call.headers.get("x-amz-target") else 403
            )
        if pair.token is not None and sent != pair.token:
            raise AwsError("UnrecognizedClientException", USUAL_TEXT["UnrecognizedClientException"])

    def _verify_v2(self, call: Call, query: dict[str, str]) -> KeyPair:
        """Verify SigV2, with which boto3 still presigns S3 URLs of some regions."""
        pair = self._known(query["AWSAccessKeyId"], call)
        if time.time() > float(query.get("Expires", "0")):
            raise AwsError("AccessDenied", "Request has expired", 403)
        kept = "&".join(
            p
            for p in call.query.split("&")
            if not p.startswith(("AWSAccessKeyId=", "Signature=", "Expires="))
        )
        request = AWSRequest(call.method, f"http://{call.headers['host']}{call.path}?{kept}")
        for name in ("content-md5", "content-type"):
            if call.headers.get(name):
                request.headers[name] = call.headers[name]
        signer: Any = HmacV1QueryAuth(pair.credentials)
        split = urlsplit(request.url)
        signature = signer.get_signature(
            call.method, split, request.headers, expires=query["Expires"], auth_path=None
        )
        if not hmac.compare_digest(signature, query["Signature"]):
            raise _mismatch(call)
        return pair


def _claim(call: Call, query: dict[str, str]) -> _Claim:
    header = call.headers.get("authorization", "")
    if header.startswith("AWS4-HMAC-SHA256"):
        parts = dict(
            part.strip().partition("=")[::2] for part in header[len("AWS4-HMAC-SHA256") :].split(",")
        )
        date, expires = call.headers.get("x-amz-date", ""), None
    elif "X-Amz-Signature" in query:
        parts = {
            name: query.get(f"X-Amz-{name}", "") for name in ("Credential", "SignedHeaders", "Signature")
        }
        date, expires = query.get("X-Amz-Date", ""), int(query.get("X-Amz-Expires", "0"))
    else:
        raise AwsError("MissingAuthenticationTokenException", "Missing Authentication Token", 403)
    scope = parts.get("Credential", "").split("/")
    if len(scope) != 5:
        raise AwsError("IncompleteSignature", "The credential scope must have five parts", 403)
    signed = tuple(parts.get("SignedHeaders", "").split(";"))
    return _Claim(scope[0], date, scope[2], scope[3], signed, parts.get("Signature", ""), expires)


def _signature(call: Call, claim: _Claim, pair: KeyPair) -> str:
    """Compute botocore's own signature of the request, over the headers that it says it signed."""
    base = S3SigV4Auth if claim.service == "s3" else SigV4Auth
    query = "&".join(p for p in call.query.split("&") if not p.startswith("X-Amz-Signature="))
    url = f"http://{call.headers['host']}{call.path}" + (f"?{query}" if query else "")
    request = AWSRequest(call.method, url, data=call.body)
    for name in claim.signed_headers:
        request.headers[name] = call.headers.get(name, "")
    request.context["timestamp"] = claim.date
    signer = base(pair.credentials, claim.service, claim.region)
    canonical = _canonical(signer, request, claim, call)
    to_sign = signer.string_to_sign(request, canonical)
    return str(signer.signature(to_sign, request))


def _canonical(signer: Any, request: AWSRequest, claim: _Claim, call: Call) -> str:
    headers = signer.headers_to_sign(request)
    payload = call.headers.get("x-amz-content-sha256") or (
        "UNSIGNED-PAYLOAD" if claim.presigned_for is not None else hashlib.sha256(call.body).hexdigest()
    )
    path = urlsplit(request.url).path
    return "\n".join(
        [
            call.method.upper(),
            signer._normalize_url_path(path),
            signer.canonical_query_string(request),
            signer.canonical_headers(headers) + "\n",
            signer.signed_headers(headers),
            payload,
        ]
    )


def _mismatch(call: Call) -> AwsError:
    code = "InvalidSignatureException" if call.headers.get("x-amz-target") else "SignatureDoesNotMatch"
    return AwsError(code, _DIFFERS, 403)
