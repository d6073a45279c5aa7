"""Detection of secrets in texts and variables, and their removal from what is written down."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

KEPT_OUT = "(secret: not kept)"
"""Stands where a secret was. As a variable's value it means that the value must be given again."""
_SHORTEST = 6
"""Characters from which on a secret is looked for in other texts: shorter ones are in many by chance."""
_NAME = re.compile(
    r"(?:^|[_.-])(?:TOKENS?|SECRETS?|PASSWORDS?|PASSWD|PASSPHRASE|PWD|PASS|CREDENTIALS?|CREDS?|AUTH|APIKEY|DSN"
    r"|COOKIE|PAT|(?:API|ACCESS|PRIVATE|SECRET|ENCRYPTION|SIGNING|MASTER|ACCOUNT|STORAGE|SERVICE|LICENSE|AUTH|SSH|SAS|CONSUMER|APP)"
    r"[_.-]?KEYS?|CONNECTION[_.-]?STRING|KEY|WEBHOOK(?:[_.-]?URL)?)(?=$|[_.-]?(?:\d+|ID|VALUE|STRING|BASE64|B64|JSON)?$)",
    re.IGNORECASE,
)
# Words run together, as in GITHUBTOKEN, DBPASSWORD, apiKey.
_GLUED = re.compile(
    r"(?:token|secret|password|passwd|apikey|accesskey|secretkey|privatekey)s?$", re.IGNORECASE
)
# Names that end as secrets do and hold none.
_PLAIN_NAME = re.compile(
    r"(?:.*[_.-])?(?:MAX|NUM|N|MIN|PAD|EOS|BOS|UNK|NEW|STOP|CLS|SEP|MASK|CONTEXT|INPUT|OUTPUT|TOTAL|PER|VOCAB)[_.-]?TOKENS?(?:[_.-].*)?"
    r"|(?:.*[_.-])?(?:PARTITION|SORT|PRIMARY|FOREIGN|GROUP|CACHE|S3|OBJECT|PUBLIC|KMS|JOIN|HASH|ROW|INDEX|LABEL|FEATURE)[_.-]?KEYS?(?:[_.-]ID)?"
    r"|.*TOKENIZERS?.*|PWD|OLDPWD",
    re.IGNORECASE,
)
_VALUE = re.compile(
    r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b"  # AWS access keys
    r"|\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{15,})"
    r"|\b(?:sk|pk|rk)-(?:[a-z]+-)*[A-Za-z0-9_-]{16,}|\b(?:sk|rk)_(?:live|test)_\w{10,}"
    r"|\bhf_[A-Za-z0-9]{20,}|\bxox[abeoprs]-[\w-]{10,}|\bAIza[\w-]{30,}|\bya29\.[\w-]{20,}|\bnpm_[A-Za-z0-9]{30,}|\bpypi-[\w-]{40,}"
    r"|\bdapi[0-9a-f]{30,}|\bSG\.[\w-]{16,}\.[\w-]{16,}|\bdop_v1_[0-9a-f]{40,}"
    r"|\beyJ[\w-]{5,}\.eyJ[\w-]{5,}\.[\w-]*"  # JWT
    r"|-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----"
    r"|\b(?:AccountKey|SharedAccessKey|Password|Pwd)=[^;\s]{4,}"
    r"|\"private_key\"\s*:|\baws_secret_access_key\s*[=:]",
)


def is_secret_variable(name: str, value: str) -> bool:
    """Return True if an environment variable is a secret, by its name or by its value."""
    if not value or value == KEPT_OUT:
        return False
    if looks_secret(value):
        return True
    named = bool(_NAME.search(name) or _GLUED.search(name)) and not _PLAIN_NAME.fullmatch(name)
    return named and not _is_plain(value)


def looks_secret(text: str) -> bool:
    """Return True if a text has a secret in it: a known kind of key, a private key, a password in a URL."""
    return bool(_VALUE.search(text)) or any(map(_has_password, re.findall(r"\w[\w+.-]*://[^\s'\"]+", text)))


def masked(variables: Mapping[str, str]) -> dict[str, str]:
    """Return the variables with KEPT_OUT in place of each secret value."""
    return {name: KEPT_OUT if is_secret_variable(name, value) else value for name, value in variables.items()}


def without_secrets(text: str, variables: Mapping[str, str]) -> str:
    """Replace every secret value of these variables in a JSON text."""
    values = {value for name, value in variables.items() if is_secret_variable(name, value)}
    for value in sorted(values, key=len, reverse=True):
        if len(value) >= _SHORTEST:
            for written in {json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]}:
                text = text.replace(written, KEPT_OUT)
    return text


def with_masked_environment(request: Mapping[str, Any]) -> dict[str, Any]:
    """Return a Create request with KEPT_OUT in place of the secrets of its Environment."""
    found = request.get("Environment")
    return {**request, "Environment": masked(found)} if isinstance(found, dict) else dict(request)


def _is_plain(value: str) -> bool:
    """Return True for switches, short numbers, ARNs and paths of the container, which are no secrets."""
    return (
        value.lower() in {"true", "false", "yes", "no", "none", "null"}
        or value.startswith(("arn:", "/opt/ml/"))
        or (value.isdigit() and len(value) < _SHORTEST)
    )


def _has_password(address: str) -> bool:
    try:
        password = urlsplit(address).password
    except ValueError:
        return False
    return bool(password) and not re.fullmatch(r"\$\{?\w+\}?|\*+|<.*>", password or "")
