"""Past and running notebook runs for scenes: the job with its tags, and what the runner left in S3.

Written out by hand: these runs were started by whatever smext their people have, not by this one.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import Any

from .._version import __version__
from .request_templates import processing
from .sagemaker.resources import Resource
from .scene import Scene

_CELLS = (
    "import pandas as pd",
    'visits = pd.read_parquet("visits.parquet")',
    "features = by_customer(visits)",
    "model = fit(features)",
    "report(model)",
)


def notebook_run(
    scene: Scene,
    path: str,
    user: str,
    age: timedelta,
    *,
    done: int,
    error: str = "",
    instance: str = "ml.m5.xlarge",
) -> Resource:
    """Place a processing job of a notebook: running while `done` is below the number of cells without an error."""
    begun = scene.engine.clock.now() - age
    name = f"{PurePosixPath(path).stem.replace('_', '-')}-{begun:%m%d-%H%M}-k3v9q"
    prefix = f"smext/{name}"
    run, live = f"s3://{scene.bucket}/{prefix}/", f"s3://{scene.bucket}/{prefix}/live/"
    digest = hashlib.sha256(path.encode()).hexdigest()[:16]
    outputs = [_output("live", live), _output("data", f"{run}output/")]
    request = processing(
        scene,
        name,
        instance,
        Environment={"SMEXT_NOTEBOOK": path, "SMEXT_USER": user, "SMEXT_RUN": run, "SMEXT_LIVE": live},
        Tags=[
            {"Key": "smext:notebook", "Value": path},
            {"Key": "smext:notebook-id", "Value": digest},
            {"Key": "smext:user", "Value": user},
            {"Key": "smext:run", "Value": run},
        ],
        ProcessingOutputConfig={"Outputs": outputs},
    )
    status = "failed" if error else "completed" if done == len(_CELLS) else "running"
    job_status = {"failed": "Failed", "completed": "Completed", "running": "InProgress"}[status]
    reason = "AlgorithmError: See job logs for more information" if error else ""
    job = scene.place(
        "ProcessingJob", job_status, age, lasted=min(age, timedelta(minutes=9)), reason=reason, **request
    )
    if error:
        job.fields["ExitMessage"] = f"cell {done + 1}: {error}"
    written = {
        "version": 1,
        "job": name,
        "kind": "processing-job",
        "notebook": path,
        "notebook_id": digest,
        "user": user,
        "created": begun.isoformat(),
        "smext": __version__,
        "form": {
            "job_kind": "processing",
            "instance_type": instance,
            "role": scene.role,
            "image": request["AppSpecification"]["ImageUri"],
        },
        "request": request,
        "run_uri": run,
        "live_uri": live,
        "output_uri": f"{run}output/",
    }
    scene.put_object(f"{prefix}/record.json", json.dumps(written, indent=1).encode())
    _leave(scene, prefix, name, begun, status, done, error)
    return job


def _output(name: str, uri: str) -> dict[str, Any]:
    place = {"S3Uri": uri, "LocalPath": f"/opt/ml/processing/output/{name}", "S3UploadMode": "Continuous"}
    return {"OutputName": name, "S3Output": place}


def _leave(scene: Scene, prefix: str, name: str, begun: datetime, status: str, done: int, error: str) -> None:
    notebook = json.dumps(_notebook(name, status, done, error)).encode()
    scene.put_object(f"{prefix}/live/notebook.ipynb", notebook)
    scene.put_object(
        f"{prefix}/live/progress.json", json.dumps(_progress(name, begun, status, done, error)).encode()
    )
    if status != "running":
        scene.put_object(f"{prefix}/output/notebook.ipynb", notebook)


def _progress(name: str, begun: datetime, status: str, done: int, error: str) -> dict[str, Any]:
    ename, _, evalue = error.partition(": ")
    summary = {"cell": done + 1, "ename": ename, "evalue": evalue, "summary": f"cell {done + 1}: {error}"}
    moment = begun.strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "version": 1,
        "job": name,
        "status": status,
        "phase": "running cells",
        "done": done,
        "total": len(_CELLS),
        "current": {"index": done + 1, "label": _CELLS[done]} if status == "running" else None,
        "cells": [
            {"index": index, "label": label, "status": _state(index, status, done), "seconds": None}
            for index, label in enumerate(_CELLS, start=1)
        ],
        "error": summary if error else None,
        "started": moment,
        "updated": moment,
        "ended": None if status == "running" else moment,
    }


def _state(index: int, status: str, done: int) -> str:
    if index <= done:
        return "done"
    if index == done + 1 and status in ("running", "failed"):
        return status
    return "pending"


def _notebook(name: str, status: str, done: int, error: str) -> dict[str, Any]:
    return {
        "cells": [_cell(index, source, done, error) for index, source in enumerate(_CELLS, start=1)],
        "metadata": {
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
            "smext": {"job": name, "status": status},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _cell(index: int, source: str, done: int, error: str) -> dict[str, Any]:
    ename, _, evalue = error.partition(": ")
    failed = bool(error) and index == done + 1
    trouble = {"output_type": "error", "ename": ename, "evalue": evalue, "traceback": [error]}
    return {
        "cell_type": "code",
        "id": f"cell-{index}",
        "metadata": {},
        "source": source,
        "execution_count": index if index <= done or failed else None,
        "outputs": [trouble] if failed else [],
    }
