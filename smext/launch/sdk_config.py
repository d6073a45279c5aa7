"""The SageMaker SDK's defaults files: an administrator's config.yaml, then the user's, which wins."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import platformdirs  # like PyYAML a part of every Jupyter server
import yaml

from ..api import JobKind, LaunchForm, Problem
from ..aws import s3
from ..aws.account import Account
from ..errors import SmextError
from .option import Option, Place
from .options import OPTIONS

ADMIN_OVERRIDE = "SAGEMAKER_ADMIN_CONFIG_OVERRIDE"
USER_OVERRIDE = "SAGEMAKER_USER_CONFIG_OVERRIDE"
FILE_NAME = "config.yaml"
MOST_BYTES = s3.MB
SECTIONS: dict[JobKind, str] = {"training": "TrainingJob", "processing": "ProcessingJob"}
SESSION = ("PythonSDK", "Modules", "Session")


@dataclass(frozen=True)
class SdkConfig:
    """Both files merged; empty where there are none. `problems` says what could not be read."""

    values: dict[str, Any] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def get(self, *path: str) -> Any:
        """Return the value below `SageMaker`, or None."""
        value: Any = self.values.get("SageMaker")
        for name in path:
            value = value.get(name) if isinstance(value, dict) else None
        return value

    def text(self, *path: str) -> str | None:
        """Return a text, None where it is blank or none."""
        value = self.get(*path)
        return value.strip() or None if isinstance(value, str) else None

    def flag(self, *path: str) -> bool:
        """Tell whether a value is true."""
        return self.get(*path) is True

    def mapping(self, *path: str) -> dict[str, Any]:
        """Return a mapping, empty where it is none."""
        value = self.get(*path)
        return dict(value) if isinstance(value, dict) else {}

    @property
    def bucket(self) -> str | None:
        """The default bucket; None where none is configured."""
        return self.text(*SESSION, "DefaultS3Bucket")

    @property
    def prefix(self) -> str:
        """Without slashes at its ends."""
        return (self.text(*SESSION, "DefaultS3ObjectKeyPrefix") or "").strip("/")

    def members(self, kind: JobKind) -> dict[str, tuple[Any, str]]:
        """Members of the launch form that the files set for this kind of job, each with where it stands."""
        found = {}
        for option in OPTIONS:
            value = self.option(option, kind)
            if value:
                path = _told(option, option.places(kind)[0])
                found[option.member] = (value, f"SDK config ({SECTIONS[kind]}.{path})")
        return found

    def option(self, option: Option, kind: JobKind) -> Any:
        """Return what the files set for an option; None where they do not, or not the same in all its places."""
        places = option.places(kind) if option.configured else ()
        found = [self._typed(option, SECTIONS[kind], *place.path.split(".")) for place in places]
        return found[0] if found and all(each == found[0] for each in found) else None

    def value(self, option: Option, form: LaunchForm) -> Any:
        """Return what the form says of an option, else what the files do."""
        given = getattr(form, option.member)
        if option.member in form.model_fields_set:
            return given
        return self.option(option, form.job_kind) or given

    def _typed(self, option: Option, *path: str) -> Any:
        """Return what stands there, as the option's type has it; blank where it is of another one."""
        kind, value = type(option.default), self.get(*path)
        if kind is dict:
            return _tags(value) or {name: str(each) for name, each in self.mapping(*path).items()}
        if kind is list:
            return _texts(value)
        if kind is str:
            return self.text(*path)
        # True is an int, too.
        return value if type(value) is kind else None


def _told(option: Option, place: Place) -> str:
    """Return the path as people are told it: of what is a part, the whole."""
    before, found, _ = place.path.partition(option.within) if option.within else (place.path, "", "")
    return before + found


def load(account: Account, environ: Mapping[str, str] = os.environ) -> SdkConfig:
    """Read both files. Never raises: a file that cannot be read is a problem and is left out."""
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for place, required in _places(environ):
        try:
            found = yaml.safe_load(_text(account, place, required))
            if found is not None and not isinstance(found, dict):
                raise ValueError("it is not a mapping")
            values = _merged(values, found or {})
        except SmextError as error:
            problems.append(error.problem())
        except (OSError, ValueError, yaml.YAMLError) as error:
            problems.append(_problem(place, error))
    return SdkConfig(values, tuple(problems))


def _texts(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else []


def _tags(value: Any) -> dict[str, str]:
    tags = value if isinstance(value, list) else []
    return {
        str(tag["Key"]): str(tag.get("Value") or "")
        for tag in tags
        if isinstance(tag, dict) and tag.get("Key")
    }


def _places(environ: Mapping[str, str]) -> list[tuple[str, bool]]:
    """Each file, and whether somebody named it (then it must be there)."""
    folders = {
        ADMIN_OVERRIDE: platformdirs.site_config_dir("sagemaker"),
        USER_OVERRIDE: platformdirs.user_config_dir("sagemaker"),
    }
    return [
        (environ.get(variable) or str(Path(folder) / FILE_NAME), bool(environ.get(variable)))
        for variable, folder in folders.items()
    ]


def _text(account: Account, place: str, required: bool) -> str:
    if place.startswith("s3://"):
        uri = place if place.endswith((".yaml", ".yml")) else f"{place.rstrip('/')}/{FILE_NAME}"
        return s3.read(account, uri, MOST_BYTES).decode()
    path = Path(place)
    if path.is_dir():
        path = path / FILE_NAME
    if not path.exists() and not required:
        return ""
    return path.read_text(encoding="utf-8")


def _merged(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    """Merge mappings and replace everything else, as the SDK does it."""
    both = dict(first)
    for name, value in second.items():
        old = both.get(name)
        both[name] = _merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return both


def _problem(place: str, error: Exception) -> Problem:
    why = " ".join(str(error).split())
    return Problem(
        code="invalid",
        message=f"Could not read the SageMaker SDK's defaults: {place} ({why})",
        advice="Mend or remove the file; until then its values are not used.",
    )
