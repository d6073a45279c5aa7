"""The lines that create a training job: with SDK 3's ModelTrainer or TrainingJob, or SDK 2's Estimator."""

from __future__ import annotations

import re
from typing import Any

from .job import Job, Lines
from .text import Source, call, literal

CHANNEL = "notebook"
# Members that Estimator and ModelTrainer are given below; TrainingJob takes any.
SAID = {
    "TrainingJobName",
    "AlgorithmSpecification.TrainingImage",
    "AlgorithmSpecification.TrainingInputMode",
    "AlgorithmSpecification.ContainerEntrypoint",
    "RoleArn",
    "InputDataConfig",
    "OutputDataConfig.S3OutputPath",
    "OutputDataConfig.KmsKeyId",
    "ResourceConfig.InstanceType",
    "ResourceConfig.InstanceCount",
    "ResourceConfig.VolumeSizeInGB",
    "ResourceConfig.VolumeKmsKeyId",
    "ResourceConfig.KeepAlivePeriodInSeconds",
    "StoppingCondition.MaxRuntimeInSeconds",
    "StoppingCondition.MaxWaitTimeInSeconds",
    "CheckpointConfig.S3Uri",
    "CheckpointConfig.LocalPath",
    "Environment",
    "Tags",
    "VpcConfig.Subnets",
    "VpcConfig.SecurityGroupIds",
    "EnableNetworkIsolation",
    "EnableInterContainerTrafficEncryption",
    "EnableManagedSpotTraining",
}
_HERE = Source('f"{place}/input"')
_CHECKPOINTS = Source('f"{place}/checkpoints"')


def lines(job: Job) -> Lines:
    if job.sdk == "2":
        return _estimator(job)
    # ModelTrainer starts by a script that needs root, which some images do not give.
    return _model_trainer(job) if job.root else _training_job(job)


def said(job: Job) -> set[str] | None:
    """Members of the request that are in the code; None for all."""
    return SAID if job.sdk == "2" or job.root else None


def _estimator(job: Job) -> Lines:
    made = call(
        "estimator = Estimator",
        [
            ("image_uri", job.image),
            ("container_entry_point", Source('["/bin/sh", "-c", command]')),
            ("role", job.get("RoleArn")),
            ("instance_type", job.get("ResourceConfig", "InstanceType")),
            ("instance_count", job.get("ResourceConfig", "InstanceCount")),
            ("keep_alive_period_in_seconds", job.get("ResourceConfig", "KeepAlivePeriodInSeconds")),
            ("volume_size", job.get("ResourceConfig", "VolumeSizeInGB")),
            ("volume_kms_key", job.get("ResourceConfig", "VolumeKmsKeyId")),
            ("max_run", job.get("StoppingCondition", "MaxRuntimeInSeconds")),
            ("use_spot_instances", job.get("EnableManagedSpotTraining")),
            ("max_wait", job.get("StoppingCondition", "MaxWaitTimeInSeconds")),
            ("output_path", job.get("OutputDataConfig", "S3OutputPath")),
            ("output_kms_key", job.key),
            ("checkpoint_s3_uri", _CHECKPOINTS if job.get("CheckpointConfig") else None),
            ("checkpoint_local_path", job.get("CheckpointConfig", "LocalPath")),
            ("environment", job.environment),
            ("tags", job.tags),
            ("subnets", job.get("VpcConfig", "Subnets")),
            ("security_group_ids", job.get("VpcConfig", "SecurityGroupIds")),
            ("enable_network_isolation", job.get("EnableNetworkIsolation")),
            ("encrypt_inter_container_traffic", job.get("EnableInterContainerTrafficEncryption")),
            ("disable_profiler", True),
            ("debugger_hook_config", False),
        ],
    )
    run = f'estimator.fit({{"{CHANNEL}": f"{{place}}/input"}}, job_name=name, wait=False, logs=False)'
    imports = ["from sagemaker.estimator import Estimator", "from sagemaker.s3 import S3Uploader"]
    return Lines(imports, f"{made}\n{run}\nreturn estimator.latest_training_job")


def _training_job(job: Job) -> Lines:
    arguments = [(_snake(name), _snaked(name, value)) for name, value in _request(job).items()]
    imports = ["from sagemaker.core.resources import TrainingJob", "from sagemaker.core.s3 import S3Uploader"]
    source = literal(
        {"s3_data_type": "S3Prefix", "s3_uri": _HERE, "s3_data_distribution_type": "FullyReplicated"}
    )
    why = "# Not ModelTrainer: what it starts in the container needs root."
    return Lines(imports, f"source = {source}\n{why}\n{call('return TrainingJob.create', arguments)}")


def _request(job: Job) -> dict[str, Any]:
    """The request, with the notebook's folder as its channel and without what is smext's."""
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
            *job.get("InputDataConfig")[1:],
        ],
        "CheckpointConfig": {**(job.get("CheckpointConfig") or {}), "S3Uri": _CHECKPOINTS},
        "Environment": job.environment,
        "Tags": job.tags,
    }
    return {name: changed.get(name, value) for name, value in job.request.items()}


def _model_trainer(job: Job) -> Lines:
    networking = {
        "subnets": job.get("VpcConfig", "Subnets"),
        "security_group_ids": job.get("VpcConfig", "SecurityGroupIds"),
        "enable_network_isolation": job.get("EnableNetworkIsolation"),
        "enable_inter_container_traffic_encryption": job.get("EnableInterContainerTrafficEncryption"),
    }
    networked = any(value is not None for value in networking.values())
    made = call(
        "trainer = ModelTrainer",
        [
            ("training_image", job.image),
            ("role", job.get("RoleArn")),
            ("base_job_name", job.stem),
            ("source_code", _source(job)),
            ("compute", _compute(job)),
            ("stopping_condition", _stopping(job)),
            ("networking", call("Networking", networking.items(), 1) if networked else None),
            ("output_data_config", _output(job)),
            ("checkpoint_config", _checkpoints(job)),
            ("environment", job.environment),
            (
                "tags",
                job.tags and [call("Tag", [("key", t["Key"]), ("value", t["Value"])]) for t in job.tags],
            ),
        ],
    )
    names = ["CheckpointConfig"] * bool(job.get("CheckpointConfig")) + ["Compute"]
    names += ["Networking"] * networked + ["OutputDataConfig", "SourceCode", "StoppingCondition"]
    imports = [
        "from sagemaker.train import ModelTrainer",
        f"from sagemaker.train.configs import {', '.join(names)}",
    ]
    if job.tags:
        imports.insert(0, "from sagemaker.core.shapes import Tag")
    run = "trainer.train(wait=False, logs=False)"
    return Lines(imports, f"{made}\n{run}\nreturn trainer._latest_training_job", uploads=False)


def _compute(job: Job) -> Source:
    found = job.get("ResourceConfig")
    return call(
        "Compute",
        [
            ("instance_type", found.get("InstanceType")),
            ("instance_count", found.get("InstanceCount")),
            ("volume_size_in_gb", found.get("VolumeSizeInGB")),
            ("volume_kms_key_id", found.get("VolumeKmsKeyId")),
            ("keep_alive_period_in_seconds", found.get("KeepAlivePeriodInSeconds")),
            ("enable_managed_spot_training", job.get("EnableManagedSpotTraining")),
        ],
    )


def _stopping(job: Job) -> Source:
    found = job.get("StoppingCondition")
    return call(
        "StoppingCondition",
        [
            ("max_runtime_in_seconds", found.get("MaxRuntimeInSeconds")),
            ("max_wait_time_in_seconds", found.get("MaxWaitTimeInSeconds")),
        ],
    )


def _output(job: Job) -> Source:
    place = job.get("OutputDataConfig", "S3OutputPath")
    return call("OutputDataConfig", [("s3_output_path", place), ("kms_key_id", job.key)])


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
