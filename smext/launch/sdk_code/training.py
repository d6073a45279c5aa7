"""The lines that create a training job: with SDK 3's ModelTrainer or TrainingJob, or SDK 2's Estimator."""

from __future__ import annotations

import re
from typing import Any

from .job import Job, Lines
from .text import Source, call, literal

CHANNEL = "notebook"
# Members that Estimator and ModelTrainer are given below, beside the options; TrainingJob takes any.
SAID = {
    "TrainingJobName",
    "AlgorithmSpecification.TrainingInputMode",
    "AlgorithmSpecification.ContainerEntrypoint",
    "InputDataConfig",
    "OutputDataConfig.S3OutputPath",
    "CheckpointConfig.S3Uri",
    "CheckpointConfig.LocalPath",
}
# Classes that ModelTrainer is given, each by its argument; it takes others by a method.
_GIVEN = {
    "Compute": "compute",
    "StoppingCondition": "stopping_condition",
    "Networking": "networking",
    "OutputDataConfig": "output_data_config",
}
_HERE = Source('f"{place}/input"')
_CHECKPOINTS = Source('f"{place}/checkpoints"')


def lines(job: Job) -> Lines:
    """Write a training job for the wanted SDK."""
    if job.sdk == "2":
        return _estimator(job)
    # ModelTrainer starts by a script that needs root, which some images do not give.
    return _model_trainer(job) if job.root else _training_job(job)


def said(job: Job) -> set[str] | None:
    """Members of the request that are in the code; None for all."""
    return job.said(SAID) if job.sdk == "2" or job.root else None


def _estimator(job: Job) -> Lines:
    made = call(
        "estimator = Estimator",
        [
            *job.arguments(),
            ("container_entry_point", Source('["/bin/sh", "-c", command]')),
            ("output_path", job.get("OutputDataConfig", "S3OutputPath")),
            ("checkpoint_s3_uri", _CHECKPOINTS if job.get("CheckpointConfig") else None),
            ("checkpoint_local_path", job.get("CheckpointConfig", "LocalPath")),
            ("disable_profiler", True),
            ("debugger_hook_config", False),
        ],
    )
    channels = {CHANNEL: _HERE} | {each["ChannelName"]: _input2(each) for each in job.channels}
    kinds = sorted({str(each).partition("(")[0] for name, each in channels.items() if name != CHANNEL})
    given = f"inputs = {literal(channels)}"
    run = "estimator.fit(inputs, job_name=name, wait=False, logs=False)"
    imports = ["from sagemaker.estimator import Estimator", "from sagemaker.s3 import S3Uploader"]
    if kinds:
        imports.insert(1, f"from sagemaker.inputs import {', '.join(kinds)}")
    return Lines(imports, f"{made}\n{given}\n{run}\nreturn estimator.latest_training_job")


def _input2(channel: dict[str, Any]) -> Source:
    system = channel["DataSource"].get("FileSystemDataSource")
    if system:
        return call(
            "FileSystemInput",
            [
                ("file_system_id", system["FileSystemId"]),
                ("file_system_type", system["FileSystemType"]),
                ("directory_path", system["DirectoryPath"]),
                ("file_system_access_mode", system["FileSystemAccessMode"]),
            ],
            1,
        )
    source = channel["DataSource"]["S3DataSource"]
    return call("TrainingInput", [("s3_data", source["S3Uri"]), ("input_mode", channel["InputMode"])], 1)


def _training_job(job: Job) -> Lines:
    arguments = [(_snake(name), _snaked(name, value)) for name, value in _request(job).items()]
    imports = ["from sagemaker.core.resources import TrainingJob", "from sagemaker.core.s3 import S3Uploader"]
    source = literal(
        {"s3_data_type": "S3Prefix", "s3_uri": _HERE, "s3_data_distribution_type": "FullyReplicated"}
    )
    why = "# Not ModelTrainer: what it starts in the container needs root."
    return Lines(imports, f"source = {source}\n{why}\n{call('return TrainingJob.create', arguments)}")


def _request(job: Job) -> dict[str, Any]:
    """Return the request, with the notebook's folder as its channel and without what is smext's."""
    changed = {
        "TrainingJobName": Source("name"),
        "AlgorithmSpecification": {
            **job.get("AlgorithmSpecification"),
            "ContainerEntrypoint": Source('["/bin/sh", "-c", command]'),
        },
        "InputDataConfig": [
            {
                "ChannelName": CHANNEL,
                "InputMode": "File",
                "DataSource": {"S3DataSource": Source("source")},
            },
            *job.channels,
        ],
        "CheckpointConfig": {**(job.get("CheckpointConfig") or {}), "S3Uri": _CHECKPOINTS},
        "Environment": job.environment,
        "Tags": job.tags,
    }
    return {name: changed.get(name, value) for name, value in job.request.items()}


def _model_trainer(job: Job) -> Lines:
    given = {"OutputDataConfig": [("s3_output_path", job.get("OutputDataConfig", "S3OutputPath"))]}
    held = {
        name: call(name, given.get(name, []) + job.arguments(name), 1) for name in {*job.holders(), *given}
    }
    checkpoints = _checkpoints(job)
    plain: dict[str, Any] = {**dict(job.arguments()), "tags": job.tags and [_tag(each) for each in job.tags]}
    made = call(
        "trainer = ModelTrainer",
        [
            *plain.items(),
            ("base_job_name", job.stem),
            ("source_code", _source(job)),
            *((argument, held.get(name)) for name, argument in _GIVEN.items()),
            ("checkpoint_config", checkpoints),
        ],
    )
    names = (
        ["CheckpointConfig"] * bool(checkpoints) + ["SourceCode"] + [name for name in _GIVEN if name in held]
    )
    shapes = {"Tag"} if job.tags else set()
    lines: list[str] = [made]
    for name in sorted(held.keys() - _GIVEN.keys()):
        shapes.add(name)
        lines.append(f"trainer.with_{_snake(name)}({held[name]})")
    run = "trainer.train(wait=False, logs=False)"
    if job.channels:
        shapes |= {name for each in job.channels for name in _shapes(each)}
        lines.append(f"inputs = {literal([_input3(each) for each in job.channels])}")
        run = "trainer.train(input_data_config=inputs, wait=False, logs=False)"
    imports = [
        "from sagemaker.train import ModelTrainer",
        f"from sagemaker.train.configs import {', '.join(sorted(names))}",
    ]
    if shapes:
        imports.insert(0, f"from sagemaker.core.shapes import {', '.join(sorted(shapes))}")
    return Lines(imports, "\n".join([*lines, run, "return trainer._latest_training_job"]), uploads=False)


def _shapes(channel: dict[str, Any]) -> list[str]:
    return ["Channel", "DataSource", *channel["DataSource"]]


def _input3(channel: dict[str, Any]) -> Source:
    """Return a Channel, as InputData has no mode."""
    [(name, source)] = channel["DataSource"].items()
    place = call(name, [(_snake(key), value) for key, value in source.items()], 3)
    return call(
        "Channel",
        [
            ("channel_name", channel["ChannelName"]),
            ("input_mode", channel.get("InputMode")),
            ("data_source", call("DataSource", [(_snake(name), place)], 2)),
        ],
        1,
    )


def _tag(tag: dict[str, str]) -> Source:
    return call("Tag", [("key", tag["Key"]), ("value", tag["Value"])])


def _checkpoints(job: Job) -> Source | None:
    found = job.get("CheckpointConfig")
    if not found:
        return None
    # The SDK makes up the place in S3.
    return call("CheckpointConfig", [("local_path", found.get("LocalPath"))])


def _source(job: Job) -> Source:
    command = f"python3 run_notebook.py {job.outputs}"
    return call("SourceCode", [("source_dir", Source("folder")), ("command", command)])


def _snaked(name: str, value: Any) -> Any:
    """Members in the SDK's spelling; the keys of a mapping of the user's are the user's."""
    if isinstance(value, dict) and name not in {"Environment", "HyperParameters"}:
        return {_snake(key): _snaked(key, item) for key, item in value.items()}
    if isinstance(value, list):
        return [_snaked(name, item) for item in value]
    return value


def _snake(name: str) -> str:
    """As sagemaker-core spells it: `S3OutputPath` is `s3_output_path`, `VolumeSizeInGB` is `volume_size_in_gb`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()
