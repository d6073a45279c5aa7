"""Container contract of a job's request: inputs, files, environment, command, outputs.

Sources: AWS's pages "How Amazon SageMaker AI Provides Training Information" (your-algorithms-training-algo)
and "How Amazon SageMaker Processing Configures Input and Output For Your Processing Container".
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from ..sagemaker.resources import Fields, Resource
from . import script_mode

ML = "/opt/ml"
_HOST = "algo-1"


class Unsupported(Exception):
    """Request for something that cannot run here; the text says what."""


@dataclass(frozen=True)
class Input:
    """Objects under an S3 prefix, or of a manifest at that URI, that the container finds in a directory."""

    uri: str
    path: str
    listed: bool = False


@dataclass(frozen=True)
class Output:
    """Directory of the container and where its files go; `live` ones are uploaded while the job runs too."""

    path: str
    uri: str
    live: bool = False
    archive: str = ""
    only_if_well: bool = False


@dataclass(frozen=True)
class Contract:
    """Inputs and outputs of one container; paths begin with /opt/ml."""

    command: list[str]
    env: dict[str, str]
    inputs: list[Input]
    outputs: list[Output]
    files: dict[str, str]
    max_seconds: float
    directories: list[str] = field(default_factory=list)
    image: str = ""
    isolated: bool = False
    """No network at all."""


def of(resource: Resource) -> Contract | None:
    """Return the contract of a job, or None where only its image knows what to run."""
    if resource.kind.name == "TrainingJob":
        return _training(resource)
    return _processing(resource)


def _training(resource: Resource) -> Contract | None:
    fields = resource.fields
    algorithm = fields["AlgorithmSpecification"]
    script = script_mode.of(fields)
    command = list(algorithm.get("ContainerEntrypoint") or [])
    if not command and script is None:
        return None
    inputs = [_channel(channel) for channel in fields.get("InputDataConfig") or []]
    env = {
        "TRAINING_JOB_NAME": resource.key[-1],
        "TRAINING_JOB_ARN": resource.arn,
        **(fields.get("Environment") or {}),
    }
    if script is not None and not command:
        command, env = script.command, {**script.env, **env}
        inputs.append(Input(script.archive, script_mode.ARCHIVE_DIRECTORY))
    else:
        command += algorithm.get("ContainerArguments") or []
    checkpoints = fields.get("CheckpointConfig")
    if checkpoints:
        inputs.append(Input(checkpoints["S3Uri"], _checkpoint_path(checkpoints)))
    return Contract(
        command=command,
        env=env,
        inputs=inputs,
        outputs=_training_outputs(fields),
        files=_training_files(fields),
        max_seconds=float(fields["StoppingCondition"].get("MaxRuntimeInSeconds", 86400)),
        directories=[f"{ML}/model", f"{ML}/output/data", f"{ML}/input/data", f"{ML}/code"],
        image=algorithm.get("TrainingImage") or "",
        isolated=bool(fields.get("EnableNetworkIsolation")),
    )


def _channel(channel: Fields) -> Input:
    sources, name = channel.get("DataSource") or {}, channel["ChannelName"]
    mounted = sources.get("FileSystemDataSource")
    if mounted:
        system = f"{mounted['FileSystemType']} {mounted['FileSystemId']}"
        raise Unsupported(f"The sandbox cannot mount a file system, only read from S3: {name} ({system})")
    source = sources.get("S3DataSource")
    if source is None:
        raise Unsupported(f"Only S3 can be a source of an input channel here: {name}")
    return _input(source, f"{ML}/input/data/{name}", channel.get("InputMode"))


def _input(source: Fields, path: str, mode: str | None) -> Input:
    if mode == "Pipe":
        raise Unsupported(f"The sandbox has no named pipes, choose another input mode: {path}")
    data_type = source.get("S3DataType", "S3Prefix")
    if data_type not in ("S3Prefix", "ManifestFile"):
        raise Unsupported(
            f"Only S3Prefix and ManifestFile can be the data type of an input here: {data_type}"
        )
    return Input(source["S3Uri"], path, listed=data_type == "ManifestFile")


def _checkpoint_path(checkpoints: Fields) -> str:
    return str(checkpoints.get("LocalPath") or f"{ML}/checkpoints").rstrip("/")


def _training_outputs(fields: Fields) -> list[Output]:
    config = fields["OutputDataConfig"]
    base = f"{config['S3OutputPath'].rstrip('/')}/{fields['TrainingJobName']}/output"
    whole = config.get("CompressionType") == "NONE"
    outputs = [
        Output(
            f"{ML}/model",
            f"{base}/model/" if whole else base,
            archive="" if whole else "model.tar.gz",
            only_if_well=True,
        ),
        Output(
            f"{ML}/output/data", f"{base}/data/" if whole else base, archive="" if whole else "output.tar.gz"
        ),
    ]
    checkpoints = fields.get("CheckpointConfig")
    if checkpoints:
        outputs.append(Output(_checkpoint_path(checkpoints), checkpoints["S3Uri"], live=True))
    return outputs


def _training_files(fields: Fields) -> dict[str, str]:
    channels = {
        channel["ChannelName"]: {
            "TrainingInputMode": channel.get("InputMode", "File"),
            "S3DistributionType": "FullyReplicated",
            "RecordWrapperType": channel.get("RecordWrapperType", "None"),
        }
        for channel in fields.get("InputDataConfig") or []
    }
    instance = (fields.get("ResourceConfig") or {}).get("InstanceType", "")
    return {
        f"{ML}/input/config/hyperparameters.json": json.dumps(fields.get("HyperParameters") or {}),
        f"{ML}/input/config/inputdataconfig.json": json.dumps(channels),
        f"{ML}/input/config/resourceconfig.json": json.dumps(_hosts(instance)),
    }


def _processing(resource: Resource) -> Contract | None:
    fields = resource.fields
    application = fields["AppSpecification"]
    command = list(application.get("ContainerEntrypoint") or [])
    if not command:
        return None
    command += application.get("ContainerArguments") or []
    sources = [item["S3Input"] for item in fields.get("ProcessingInputs") or [] if "S3Input" in item]
    outputs = (fields.get("ProcessingOutputConfig") or {}).get("Outputs") or []
    return Contract(
        command=command,
        env=dict(fields.get("Environment") or {}),
        inputs=[
            _input(source, source["LocalPath"].rstrip("/"), source.get("S3InputMode")) for source in sources
        ],
        outputs=[_processing_output(output["S3Output"]) for output in outputs if "S3Output" in output],
        files=_processing_files(resource),
        max_seconds=float((fields.get("StoppingCondition") or {}).get("MaxRuntimeInSeconds", 86400)),
        directories=[f"{ML}/output", f"{ML}/processing"],
        image=application["ImageUri"],
        isolated=bool((fields.get("NetworkConfig") or {}).get("EnableNetworkIsolation")),
    )


def _processing_output(output: Fields) -> Output:
    live = output.get("S3UploadMode") == "Continuous"
    return Output(output["LocalPath"].rstrip("/"), output["S3Uri"].rstrip("/") + "/", live=live)


def _processing_files(resource: Resource) -> dict[str, str]:
    shown = {
        name: value
        for name, value in resource.fields.items()
        if name[0].isupper() and isinstance(value, (str, dict, list)) and name != "Sandbox"
    }
    instance = resource.fields["ProcessingResources"]["ClusterConfig"]["InstanceType"]
    return {
        f"{ML}/config/processingjobconfig.json": json.dumps(shown, default=str),
        f"{ML}/config/resourceconfig.json": json.dumps(_hosts(instance)),
    }


def _hosts(instance: str) -> dict[str, Any]:
    """Return one host, whatever was asked for: a process that waited for others would wait for ever."""
    return {
        "current_host": _HOST,
        "current_instance_type": instance,
        "current_group_name": "homogeneousCluster",
        "hosts": [_HOST],
        "instance_groups": [
            {"instance_group_name": "homogeneousCluster", "instance_type": instance, "hosts": [_HOST]}
        ],
        "network_interface_name": "lo",
    }
