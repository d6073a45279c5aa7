"""Script mode: what AWS's framework images do with a user's script when a job gives no entry point.

The variables are those of sagemaker-training-toolkit's ENVIRONMENT_VARIABLES.md.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from ..sagemaker.resources import Fields

ARCHIVE_DIRECTORY = "/opt/ml/input/script"
_CODE = "/opt/ml/code"


@dataclass(frozen=True)
class Script:
    """Archive with the script, and the command that unpacks and runs it."""

    archive: str
    command: list[str]
    env: dict[str, str]


def of(fields: Fields) -> Script | None:
    """Return the script of a training job of the SDK's framework estimators, or None."""
    given = {name: _decoded(value) for name, value in (fields.get("HyperParameters") or {}).items()}
    program, archive = given.get("sagemaker_program"), given.get("sagemaker_submit_directory")
    if not program or not str(archive).startswith("s3://"):
        return None
    own = {name: value for name, value in given.items() if not name.startswith("sagemaker_")}
    name = str(archive).rpartition("/")[2]
    run = f'mkdir -p {_CODE} && tar -xzf "{ARCHIVE_DIRECTORY}/{name}" -C {_CODE} && cd {_CODE} && exec python3 "$@"'
    arguments = [part for key, value in sorted(own.items()) for part in (f"--{key}", _as_argument(value))]
    return Script(str(archive), ["/bin/sh", "-c", run, "sh", str(program), *arguments], _env(fields, own))


def _env(fields: Fields, own: dict[str, Any]) -> dict[str, str]:
    channels = [channel["ChannelName"] for channel in fields.get("InputDataConfig") or []]
    env = {
        "SM_MODEL_DIR": "/opt/ml/model",
        "SM_OUTPUT_DATA_DIR": "/opt/ml/output/data",
        "SM_OUTPUT_DIR": "/opt/ml/output",
        "SM_INPUT_DIR": "/opt/ml/input",
        "SM_CHANNELS": json.dumps(channels),
        "SM_HPS": json.dumps(own),
        "SM_HOSTS": '["algo-1"]',
        "SM_CURRENT_HOST": "algo-1",
        "SM_NUM_GPUS": "0",
    }
    env |= {f"SM_CHANNEL_{name.upper()}": f"/opt/ml/input/data/{name}" for name in channels}
    return env | {
        f"SM_HP_{name.upper().replace('-', '_')}": _as_argument(value) for name, value in own.items()
    }


def _decoded(value: Any) -> Any:
    """Parse a hyperparameter: the SDK writes them as JSON."""
    try:
        return json.loads(value)
    except (TypeError, ValueError):
        return value


def _as_argument(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
