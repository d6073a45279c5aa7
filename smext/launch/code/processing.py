"""The lines that create a processing job: Processor, which is the same in SDK 3 and 2 but for its inputs."""

from __future__ import annotations

from typing import Any

from .job import Job, Lines
from .text import Source, call

INPUT = "notebook"
SAID = {
    "ProcessingJobName",
    "ProcessingResources.ClusterConfig.InstanceType",
    "ProcessingResources.ClusterConfig.InstanceCount",
    "ProcessingResources.ClusterConfig.VolumeSizeInGB",
    "ProcessingResources.ClusterConfig.VolumeKmsKeyId",
    "AppSpecification.ImageUri",
    "AppSpecification.ContainerEntrypoint",
    "RoleArn",
    "ProcessingInputs",
    "ProcessingOutputConfig.Outputs",
    "ProcessingOutputConfig.KmsKeyId",
    "StoppingCondition.MaxRuntimeInSeconds",
    "Environment",
    "Tags",
    "NetworkConfig.EnableNetworkIsolation",
    "NetworkConfig.EnableInterContainerTrafficEncryption",
    "NetworkConfig.VpcConfig.Subnets",
    "NetworkConfig.VpcConfig.SecurityGroupIds",
}
_FROM = Source('f"{place}/input"')
_MOUNTED, _OUTPUTS = Source("mounted"), Source("outputs")
_TO = Source('f"{place}/output"')


def lines(job: Job) -> Lines:
    return _sdk2(job) if job.sdk == "2" else _sdk3(job)


def said(job: Job) -> set[str]:
    """Members of the request that are in the code."""
    return SAID


def _sdk3(job: Job) -> Lines:
    given = call(
        "ProcessingS3Input",
        [
            ("s3_uri", _FROM),
            ("local_path", _MOUNTED),
            ("s3_data_type", "S3Prefix"),
            ("s3_input_mode", "File"),
        ],
        1,
    )
    kept = call(
        "ProcessingS3Output",
        [("s3_uri", _TO), ("local_path", _OUTPUTS), ("s3_upload_mode", "Continuous")],
        1,
    )
    imports = [
        *_network_import(job, "sagemaker.core.network"),
        "from sagemaker.core.processing import Processor",
        "from sagemaker.core.s3 import S3Uploader",
        "from sagemaker.core.shapes import ProcessingInput, ProcessingOutput, ProcessingS3Input, ProcessingS3Output",
    ]
    return _lines(
        job,
        imports,
        call("source = ProcessingInput", [("input_name", INPUT), ("s3_input", given)]),
        call("result = ProcessingOutput", [("output_name", "output"), ("s3_output", kept)]),
    )


def _sdk2(job: Job) -> Lines:
    imports = [
        *_network_import(job, "sagemaker.network"),
        "from sagemaker.processing import ProcessingInput, ProcessingOutput, Processor",
        "from sagemaker.s3 import S3Uploader",
    ]
    return _lines(
        job,
        imports,
        call(
            "source = ProcessingInput",
            [("input_name", INPUT), ("source", _FROM), ("destination", _MOUNTED)],
        ),
        call(
            "result = ProcessingOutput",
            [
                ("output_name", "output"),
                ("source", _OUTPUTS),
                ("destination", _TO),
                ("s3_upload_mode", "Continuous"),
            ],
        ),
    )


def _lines(job: Job, imports: list[str], source: str, result: str) -> Lines:
    run = "processor.run(inputs=[source], outputs=[result], job_name=name, wait=False, logs=False)"
    return Lines(imports, "\n".join([source, result, _processor(job), run, "return processor.latest_job"]))


def _processor(job: Job) -> str:
    cluster: dict[str, Any] = job.get("ProcessingResources", "ClusterConfig")
    return call(
        "processor = Processor",
        [
            ("image_uri", job.image),
            ("entrypoint", Source('["/bin/sh", "-c", command]')),
            ("role", job.get("RoleArn")),
            ("instance_type", cluster.get("InstanceType")),
            ("instance_count", cluster.get("InstanceCount")),
            ("volume_size_in_gb", cluster.get("VolumeSizeInGB")),
            ("volume_kms_key", cluster.get("VolumeKmsKeyId")),
            ("output_kms_key", job.key),
            ("max_runtime_in_seconds", job.get("StoppingCondition", "MaxRuntimeInSeconds")),
            ("env", job.environment),
            ("tags", job.tags),
            ("network_config", _network(job)),
        ],
    )


def _network(job: Job) -> Source | None:
    found = job.get("NetworkConfig")
    if not found:
        return None
    vpc = found.get("VpcConfig") or {}
    return call(
        "NetworkConfig",
        [
            ("subnets", vpc.get("Subnets")),
            ("security_group_ids", vpc.get("SecurityGroupIds")),
            ("enable_network_isolation", found.get("EnableNetworkIsolation")),
            ("encrypt_inter_container_traffic", found.get("EnableInterContainerTrafficEncryption")),
        ],
    )


def _network_import(job: Job, module: str) -> list[str]:
    return [f"from {module} import NetworkConfig"] if job.get("NetworkConfig") else []
