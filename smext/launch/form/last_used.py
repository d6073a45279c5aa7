"""What the form had in the last launch of each notebook, kept in Jupyter's data directory.

Never environment variables, parameters or anything that may be a secret; what holds in one account and region
is kept by that account and region.
"""

from __future__ import annotations

import contextlib
import json
import re
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from ... import disk
from ...api import LaunchForm
from ...aws.identity import Caller
from ...runner import bounded_json
from ..options import OPTIONS

MOST = 200
"""Notebooks."""
PATIENCE = 2.0
"""Seconds that a launch waits for another server to write."""
PLACES = 5
"""Accounts and regions of one notebook."""
ANYWHERE = {option.member for option in OPTIONS if option.remembered == "anywhere"}
HERE = {option.member for option in OPTIONS if option.remembered == "here"}
"""What means something in one account and region only."""
OF_ANY_NOTEBOOK = {option.member for option in OPTIONS if option.of_any_notebook}
"""What the next notebook is likely to want, too."""
_CREDENTIALS = re.compile(r"://[^/\s]*@")
_lock = threading.Lock()
_surroundings: dict[FormKey, dict[str, Any]] = {}


@dataclass(frozen=True)
class FormKey:
    """A notebook by its path, and who launches it where; `place` is `ACCOUNT/REGION`, empty where that is not known."""

    notebook: str
    user: str = ""
    place: str = ""

    @property
    def key(self) -> str:
        """The key of its entry on the disk."""
        return json.dumps([self.user, self.notebook])


def whose(notebook: str, user: str, caller: Caller | None, region: str) -> FormKey:
    """`notebook` is the contents path, `user` whoever is known to sit here."""
    return FormKey(notebook, user, f"{caller.account}/{region}" if caller and region else "")


def of_notebook(whose: FormKey) -> dict[str, Any]:
    """Members of the form in this notebook's last launch; not validated."""
    return _members(_load().get(whose.key, {}), whose.place)


def of_any(whose: FormKey, tags: tuple[str, ...] = ()) -> dict[str, Any]:
    """Of this user's last launch of any notebook; of its tags these alone."""
    mine = [entry for key, entry in reversed(_load().items()) if _user(key) == whose.user]
    if not mine:
        return {}
    here: dict[str, Any] = next(
        (entry["places"][whose.place] for entry in mine if whose.place in entry["places"]), {}
    )
    found = {**mine[0]["form"], **here}
    given = found.get("tags")
    given = given if isinstance(given, dict) else {}
    kept = {name: given[name] for name in tags if given.get(name)}
    found = {name: value for name, value in found.items() if name in OF_ANY_NOTEBOOK}
    return found | {"tags": kept} if kept else found


def uris(place: str) -> list[str]:
    """Addresses of inputs and outputs of the last launches there, the newest first."""
    entries = [entry["places"].get(place) or {} for entry in reversed(_load().values())]
    lists = [entry.get(name) for entry in entries for name in ("inputs", "outputs")]
    channels = [each for found in lists if isinstance(found, list) for each in found]
    return [each["uri"] for each in channels if isinstance(each, dict) and isinstance(each.get("uri"), str)]


def surrounded(whose: FormKey, values: Mapping[str, Any]) -> None:
    """Tell what the form has of itself there: a network or a role that nobody chose is not remembered as a choice."""
    with _lock:
        if len(_surroundings) >= MOST:
            _surroundings.clear()
        _surroundings[whose] = {name: values[name] for name in HERE & values.keys()}


def keep(whose: FormKey, form: LaunchForm, default_image: str) -> None:
    """Remember a launch. An image that is the default of its machine is none that somebody chose.

    A disk that refuses is no reason to fail.
    """
    values = {name: value for name, value in form.model_dump(mode="json").items() if _says(name, value)}
    if form.image == default_image:
        values.pop("image", None)
    for name, value in _surroundings.get(whose, {}).items():
        if values.get(name) == value:
            del values[name]
    if _CREDENTIALS.search(" ".join(form.packages or [])):
        del values["packages"]
    with contextlib.suppress(OSError), _lock, _alone():
        entries = _load()
        entry = entries.pop(whose.key, {"places": {}})
        entry["at"] = datetime.now(timezone.utc).isoformat(timespec="seconds")
        entry["form"] = {name: values[name] for name in sorted(ANYWHERE & values.keys())}
        if whose.place:
            entry["places"].pop(whose.place, None)
            entry["places"][whose.place] = {name: values[name] for name in sorted(HERE & values.keys())}
            entry["places"] = dict(list(entry["places"].items())[-PLACES:])
        entries[whose.key] = entry
        disk.write(_file(), {"version": 1, "launches": dict(list(entries.items())[-MOST:])})


def _says(name: str, value: Any) -> bool:
    """Tell whether a value is a choice: what is blank is none, but for an empty list of packages, which is none at all."""
    return value not in (None, "", [], {}) or (name == "packages" and value == [])


def _members(entry: Mapping[str, Any], place: str) -> dict[str, Any]:
    return {**entry.get("form", {}), **(entry.get("places", {}).get(place) or {})}


def _user(key: str) -> str:
    return str(json.loads(key)[0])


def _file() -> Path:
    return disk.folder() / "launches.json"


def _load() -> dict[str, dict[str, Any]]:
    """Entries by key, the oldest first; a file that is missing or broken holds none."""
    found = disk.read(_file())
    launches = found.get("launches") if isinstance(found, dict) else None
    entries = launches.items() if isinstance(launches, dict) else ()
    return {key: entry for key, entry in entries if _is_entry(key, entry)}


def _is_entry(key: str, entry: Any) -> bool:
    try:
        parts = bounded_json.loads(key)
    except ValueError:
        return False
    known = isinstance(parts, list) and len(parts) == 2
    members = isinstance(entry, dict) and isinstance(entry.get("form"), dict)
    places = known and members and isinstance(entry.get("places"), dict)
    return places and all(isinstance(each, dict) for each in entry["places"].values())


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Two servers of one user do not lose each other's launches, where the system has such locks."""
    disk.folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        import fcntl
    except ImportError:
        yield
        return
    with (disk.folder() / "launches.lock").open("w") as lock:
        # Whoever holds it may hang, and so may the file system: remembering is not worth a wait.
        end = time.monotonic() + PATIENCE
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.02)
        yield
