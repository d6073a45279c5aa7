"""Which files look like secrets: by their names, and by what is in them where a name can mean either."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from ...runs.secret_values import looks_secret

# Endings of files that hold settings or data; code and notebooks are read by people before they are sent.
_DATA = r"(?:\.(?:txt|json|jsonl|ya?ml|csv|tsv|ini|toml|cfg|conf|config|env|xml|properties|pickle|pkl|bin|dat|key|enc|sh))?"
_WORD = r"(?:.*[-_. ])?"
"""What may stand before a word, so that `tokenizer` is no token and `secretary` no secret."""
_PATTERNS = (
    # Variables of an environment, keys and stores of keys.
    r".*\.env|\.env(?:rc|\..*)?|\.Renviron",
    r".*\.(?:pem|key|p8|pfx|p12|pkcs12|jks|keystore|ppk|kdbx?|asc|ovpn|publishsettings)",
    r"id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?(?:[-_.].*)?",
    rf"{_WORD}(?:api|access|private|secret|ssh|deploy|gcp|gcloud|google|aws|azure|openai|service|sa)[-_ ]?keys?{_DATA}",
    rf"{_WORD}(?:rootkey|access-?keys){_DATA}",
    # Credentials, whatever stands around the word.
    rf"{_WORD}credentials(?:[-_. ](?!py$)[^.]*)?{_DATA}|.*credentials?{_DATA}|.*credentials.*\.csv|\.?credentials?\.\w+",
    rf"{_WORD}creds?{_DATA}",
    rf"{_WORD}secrets?{_DATA}",
    r".*client[-_]?secrets?.*\.json|.*service[-_]?account.*\.json|.*firebase-adminsdk.*\.json|gha-creds.*\.json",
    rf"{_WORD}(?:password|passwd|passphrase)s?{_DATA}|g?shadow|\.?htpasswd",
    # One token is a secret; tokens are words of a text, unless it is said whose they are.
    rf"{_WORD}token{_DATA}|.*token[-_]?cache{_DATA}",
    rf"{_WORD}(?:access|auth|api|bearer|refresh|github|gitlab|hf|slack|bot)[-_ ]?tokens{_DATA}",
    # Of one tool each.
    rf"{_WORD}kubeconfig(?:[-_.].*)?|\.kube|\.docker|\.dockercfg|\.dockerconfigjson",
    r".*\.tfstate(?:\..*)?|.*\.tfvars(?:\.json)?|\.terraform(?:rc)?|\.vault-token",
    r"[._]netrc|\.pypirc|\.npmrc|\.yarnrc\.yml|\.pgpass|pgpass\.conf|\.my\.cnf|\.git-credentials|\.boto|\.s3cfg",
    r"\.aws|\.ssh|\.gnupg|\.azure|\.gcloud|\.kaggle|kaggle\.json|\.databrickscfg|\.snowsql|\.huggingface",
)
_SECRET = re.compile("|".join(f"(?:{pattern})" for pattern in _PATTERNS), re.IGNORECASE)
# Most names have none of these and are told apart fast.
_HINT = re.compile(
    r"^[._]|env|pem|key|\.p8|pfx|p12|pkcs|jks|ppk|kdb|asc|ovpn|publish|id_|cred|secret|service|firebase|pass|shadow|token"
    r"|kubeconfig|tfstate|tfvars|kaggle",
    re.IGNORECASE,
)
# A name that is as likely one of data: what is in the file decides.
_EITHER = re.compile(
    rf"{_WORD}tokens{_DATA}|config(?:uration)?{_DATA}|settings{_DATA}|auth{_DATA}", re.IGNORECASE
)
_HARMLESS = re.compile(r"(?:.*\.)?env\.(?:example|sample|template|dist)", re.IGNORECASE)
# What a copy of a file is called.
_COPIED = re.compile(
    r"(?:(?: \(\d+\)| copy(?: \d+)?|-Copy\d+)(?=\.|$))|(?:\.(?:bak|old|orig|save|swp)|~)+$", re.IGNORECASE
)
_READ = 64 * 1024
# Below the user's home.
_HOME = (
    ".aws", ".ssh", ".kube", ".docker/config.json", ".netrc", ".pypirc", ".npmrc", ".pgpass", ".git-credentials", ".kaggle",
    ".env", ".config/gcloud", ".huggingface/token", ".cache/huggingface/token", ".databrickscfg", ".azure",
)  # fmt: skip
_MOST = 2_000
"""Files of one folder that are compared with what a hard link leads to."""


def is_secret(name: str) -> bool:
    """Tell whether a file or folder of this name looks like a secret."""
    if not _HINT.search(name):
        return False
    plain = _COPIED.sub("", name) or name
    return any(_SECRET.fullmatch(each) and not _HARMLESS.fullmatch(each) for each in (name, plain))


def holds_secret(name: str, path: str) -> bool:
    """Tell whether a file whose name can mean either has a secret in its first 64 kB. Never raises."""
    if not _EITHER.fullmatch(_COPIED.sub("", name) or name):
        return False
    try:
        with open(path, "rb") as file:
            return looks_secret(file.read(_READ).decode("utf-8", "replace"))
    except (OSError, ValueError):
        return False


def at_home() -> Iterator[str]:
    """Yield the paths of secrets that tools keep in the user's home, whether or not they exist."""
    home = Path.home()
    yield from (str(home / each) for each in _HOME)


def files_below(path: str) -> Iterator[tuple[int, int]]:
    """Yield device and inode of a file, or of the files in a folder; those that cannot be read are passed over."""
    count = 0
    for place in _files(path):
        count += 1
        if count > _MOST:
            return
        try:
            status = os.stat(place)
        except OSError:
            continue
        yield status.st_dev, status.st_ino


def _files(path: str) -> Iterator[str]:
    if not os.path.isdir(path):
        yield path
        return
    for folder, _, names in os.walk(path):
        yield from (os.path.join(folder, name) for name in names)
