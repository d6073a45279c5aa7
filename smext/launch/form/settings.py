"""An administrator's settings of launches: out of the server's traits, or of Jupyter's configuration files."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from ...api import Problem
from ..form_members import read
from ..limits import Limits

TRAITS = ("read_only", "instance_types", "max_usd", "required_tags", "fixed", "defaults")
"""Of smext.app.SmextApp."""
SECTION = "SmextApp"
# What `jupyter lab` and the server read, the later one winning.
FILES = ("jupyter_config", "jupyter_server_config", "jupyter_lab_config", "jupyter_smext_config")


def limits_of(given: Mapping[str, Any], unread: tuple[Problem, ...] = ()) -> Limits:
    """Limits out of traits as they were written. Never raises: what makes no sense is a problem of the limits."""
    problems: list[Problem] = []
    members: dict[str, dict[str, Any]] = {}
    for name in ("fixed", "defaults"):
        members[name], wrong = read(given.get(name) or {}, f"in {SECTION}.{name}")
        problems += [_administrators(problem) for problem in wrong]
    return Limits(
        read_only=given.get("read_only") not in (None, False, "False", "false", 0),
        instance_types=_texts("instance_types", given, problems),
        max_usd=_amount("max_usd", given, problems),
        required_tags=_texts("required_tags", given, problems),
        fixed=members["fixed"],
        defaults=members["defaults"],
        problems=tuple(problems),
        unread=unread,
    )


def configured() -> Limits:
    """Return the limits that the Jupyter server of this machine would take from its configuration files. Never raises.

    What is set on that server's command line alone is not known here.
    """
    given, unread = from_files(TRAITS)
    return limits_of(given, tuple(unread))


def from_files(names: Collection[str]) -> tuple[dict[str, Any], list[Problem]]:
    """Those of these traits that configuration files set, and why a file could not be read. Never raises."""
    from jupyter_core.paths import jupyter_config_path

    given: dict[str, Any] = {}
    unread: list[Problem] = []
    for name in FILES:
        # The first folder is the user's own, which wins.
        for folder in reversed(jupyter_config_path()):
            for suffix in (".py", ".json"):
                path = Path(folder) / f"{name}{suffix}"
                if path.is_file():
                    given |= _section(path, names, unread)
    return given, unread


def _section(path: Path, names: Collection[str], unread: list[Problem]) -> dict[str, Any]:
    """smext's part of one file. It is the user's own code, as the server runs it, too: anything may be raised."""
    from traitlets.config import loader

    kind = loader.PyFileConfigLoader if path.suffix == ".py" else loader.JSONFileConfigLoader
    try:
        section = kind(path.name, path=str(path.parent)).load_config().get(SECTION, {})
        return {name: _plain(section[name]) for name in names if name in section}
    except (Exception, SystemExit) as error:
        unread.append(
            Problem(
                code="failed",
                message=f"Could not read Jupyter's settings: {path} ({type(error).__name__}: {error})",
                advice="Mend the file: what it sets for launches is not known.",
            )
        )
        return {}


def _plain(value: Any) -> Any:
    """`c.SmextApp.fixed.update(…)` and `.append(…)` are kept by traitlets as what is still to be done."""
    from traitlets.config.loader import Config, LazyConfigValue

    if isinstance(value, LazyConfigValue):
        return value.get_value({} if value.to_dict().get("update") else [])
    return dict(value) if isinstance(value, Config) else value


def _texts(name: str, given: Mapping[str, Any], problems: list[Problem]) -> tuple[str, ...]:
    value = given.get(name) or ()
    value = [value] if isinstance(value, str) else value
    if isinstance(value, (list, tuple, set)) and all(
        isinstance(each, str) and each.strip() for each in value
    ):
        return tuple(each.strip() for each in value)
    problems.append(_wrong(name, value, "a list of texts, such as ['ml.m5.*']"))
    return ()


def _amount(name: str, given: Mapping[str, Any], problems: list[Problem]) -> float | None:
    value = given.get(name)
    if value is None:
        return None
    try:
        amount = float(value)
    except (TypeError, ValueError):
        amount = math.nan
    if amount > 0 and not isinstance(value, bool):
        return amount
    problems.append(_wrong(name, value, "a number above 0, in US dollars"))
    return None


def _wrong(name: str, value: Any, wanted: str) -> Problem:
    return _administrators(
        Problem(code="invalid", message=f"{SECTION}.{name} is not {wanted}: {str(value)[:60]!r}")
    )


def _administrators(problem: Problem) -> Problem:
    advice = "Nothing can be launched before whoever looks after this server has mended it."
    return problem.model_copy(update={"advice": advice, "field": None})
