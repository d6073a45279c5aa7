"""Paths below /opt/ml, for both kinds of job.

Source: SageMaker AI developer guide, "How Amazon SageMaker AI provides training information" and
"Build your own processing container".
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .failure import Failure

TRAINING = "training"
PROCESSING = "processing"


@dataclass(frozen=True)
class Layout:
    """Directories of one job on this host; `live` and `results` are this host's own."""

    kind: str
    root: Path
    inputs: Path
    live: Path
    outputs: Path
    results: Path
    host: str
    hosts: tuple[str, ...]

    @property
    def messages(self) -> Path:
        """Directory for the failure reason and the exit message."""
        return self.root / "output"

    @property
    def model(self) -> Path:
        """Directory for the model artifact."""
        return self.root / "model"

    def environment(self, job: str) -> dict[str, str]:
        """Return what is added to the job's own environment for the notebook."""
        found = {"SMEXT_JOB": job, "SM_OUTPUT_DATA_DIR": str(self.outputs)}
        if self.kind == TRAINING:
            found["SM_MODEL_DIR"] = str(self.model)
        if self.hosts:
            found["SM_HOSTS"] = json.dumps(list(self.hosts))
            found["SM_CURRENT_HOST"] = self.host
        return found


def root() -> Path:
    """Return /opt/ml, or the directory in SMEXT_OPT_ML."""
    return Path(os.environ.get("SMEXT_OPT_ML") or "/opt/ml")


def find(archive: str) -> Layout:
    """Return the layout of the job whose input the runner's archive is. Raises Failure if it is no job's."""
    base = root()
    tail = Path(os.path.abspath(archive)).parent.parts[-3:]
    if tail == ("input", "data", "smext"):
        return _layout(
            TRAINING,
            base,
            base / "input/data/smext",
            base / "checkpoints/smext-live",
            base / "output/data",
            base / "input/config/resourceconfig.json",
        )
    if tail == ("processing", "input", "smext"):
        return _layout(
            PROCESSING,
            base,
            base / "processing/input/smext",
            base / "processing/output/live",
            base / "processing/output/data",
            base / "config/resourceconfig.json",
        )
    raise Failure(
        f"The runner lies in no input directory of a job: {archive}. "
        "Start it from input/data/smext (training) or processing/input/smext (processing)."
    )


def _layout(kind: str, base: Path, inputs: Path, live: Path, outputs: Path, config: Path) -> Layout:
    host, hosts = _hosts(config)
    first = not hosts or host == hosts[0]
    return Layout(
        kind=kind,
        root=base,
        inputs=inputs,
        # All hosts are synced to the same place: only the first may use the plain names.
        live=live if first else live / host,
        outputs=outputs,
        results=outputs if first else outputs / host,
        host=host,
        hosts=hosts,
    )


def _hosts(config: Path) -> tuple[str, tuple[str, ...]]:
    """Return this host and all hosts, sorted; one host without a name where nothing is known."""
    try:
        content: dict[str, Any] = json.loads(config.read_text("utf-8"))
        return str(content["current_host"]), tuple(sorted(str(host) for host in content["hosts"]))
    except (OSError, ValueError, KeyError, TypeError):
        return "", ()
