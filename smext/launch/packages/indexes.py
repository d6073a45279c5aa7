"""The package indexes that pip asks on this machine, which a job's container knows nothing of."""

from __future__ import annotations

import configparser
import contextlib
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import platformdirs

from ...api import Check
from .install_list import FIELD, InstallList
from .lists import is_public, masked

_NAMES = {"index-url": "PIP_INDEX_URL", "extra-index-url": "PIP_EXTRA_INDEX_URL"}


def checks(wanted: InstallList, environment: Mapping[str, str]) -> list[Check]:
    """Warn where the job would ask pypi.org for what comes from elsewhere here; `environment` is the job's."""
    asks = wanted.always or wanted.if_missing or wanted.listed
    own = any(line.startswith(("--index-url", "--extra-index-url")) for line in wanted.listed or [])
    if not asks or own or set(_NAMES.values()) & set(environment):
        return []
    found = configured()
    if not found:
        return []
    return [
        Check(
            name="packages",
            status="warning",
            message=f"pip asks another index here, which the job does not know: {', '.join(map(masked, found))}",
            advice="Send wheels along, or write PIP_INDEX_URL or PIP_EXTRA_INDEX_URL under Environment.",
            field=FIELD,
        )
    ]


def configured(environ: Mapping[str, str] = os.environ) -> list[str]:
    """Addresses of indexes other than pypi.org, out of pip's variables and files."""
    found: list[str] = []
    for option, variable in _NAMES.items():
        # A variable goes before all files.
        values = environ.get(variable) or " ".join(_value(path, option) for path in _files(environ))
        found += values.split()
    kept = [each for each in found if each.startswith("http") and not is_public(each)]
    return list(dict.fromkeys(kept))


def _files(environ: Mapping[str, str]) -> list[Path]:
    named = environ.get("PIP_CONFIG_FILE")
    if named == os.devnull:
        return []
    usual = [
        Path("/etc/pip.conf"),
        Path.home() / ".pip" / "pip.conf",
        Path(platformdirs.user_config_dir("pip")) / "pip.conf",
        Path(sys.prefix) / "pip.conf",
    ]
    return [*usual, *([Path(named)] if named else [])]


def _value(path: Path, option: str) -> str:
    parser = configparser.RawConfigParser()
    with contextlib.suppress(OSError, ValueError, configparser.Error):
        parser.read(path, encoding="utf-8")
    found = [parser.get(section, option, fallback="") for section in ("global", "install", "download")]
    return " ".join(found)
