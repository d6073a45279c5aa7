"""Create requests for scenes: shorter to write than the calls themselves."""

from __future__ import annotations

from typing import Any

from .scene import Scene

TRAINING_IMAGE = "763104351884.dkr.ecr.{region}.amazonaws.com/pytorch-training:2.8.0-gpu-py312"
SKLEARN_IMAGE = "683313688378.dkr.ecr.{region}.amazonaws.com/sagemaker-scikit-learn:1.4-2-cpu-py3"
STUDIO_IMAGE = "885854791233.dkr.ecr.{region}.amazonaws.com/sagemaker-distribution-prod:3.2.0-cpu"


def tags(**values: str) -> list[dict[str, str]]:
    """Make tags; a double underscore in a name stands for a colon."""
    return [{"Key": key.replace("__", ":"), "Value": value} for key, value in values.items()]


def training(
    scene: Scene, name: str, instance: str = "ml.m5.xlarge", count: int = 1, hours: int = 24, **more: Any
) -> dict[str, Any]:
    """Make the request of a training job; `hours` is its time limit."""
    return {
        "TrainingJobName": name,
        "AlgorithmSpecification": {
            "TrainingImage": TRAINING_IMAGE.format(region=scene.region),
            "TrainingInputMode": "File",
        },
        "RoleArn": scene.role,
        "OutputDataConfig": {"S3OutputPath": f"s3://{scene.bucket}/models"},
        "ResourceConfig": {"InstanceType": instance, "InstanceCount": count, "VolumeSizeInGB": 50},
        "StoppingCondition": {"MaxRuntimeInSeconds": hours * 3600},
        **more,
    }


def processing(
    scene: Scene, name: str, instance: str = "ml.m5.xlarge", count: int = 1, **more: Any
) -> dict[str, Any]:
    """Make the request of a processing job."""
    cluster = {"InstanceType": instance, "InstanceCount": count, "VolumeSizeInGB": 30}
    return {
        "ProcessingJobName": name,
        "ProcessingResources": {"ClusterConfig": cluster},
        "AppSpecification": {"ImageUri": SKLEARN_IMAGE.format(region=scene.region)},
        "RoleArn": scene.role,
        **more,
    }


def transform(
    scene: Scene, name: str, model: str, instance: str = "ml.m5.xlarge", **more: Any
) -> dict[str, Any]:
    """Make the request of a batch transform job."""
    source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"s3://{scene.bucket}/scoring/in"}}
    return {
        "TransformJobName": name,
        "ModelName": model,
        "TransformInput": {"DataSource": source, "ContentType": "text/csv"},
        "TransformOutput": {"S3OutputPath": f"s3://{scene.bucket}/scoring/out"},
        "TransformResources": {"InstanceType": instance, "InstanceCount": 1},
        **more,
    }


def instance_variant(
    model: str, instance: str, count: int = 1, name: str = "AllTraffic", weight: float = 1.0
) -> Any:
    """Make a variant of an endpoint on instances."""
    return {
        "VariantName": name,
        "ModelName": model,
        "InstanceType": instance,
        "InitialInstanceCount": count,
        "InitialVariantWeight": weight,
    }


def serverless_variant(model: str, memory_mb: int = 2048, concurrency: int = 5) -> Any:
    """Make a serverless variant, which bills for requests alone."""
    config = {"MemorySizeInMB": memory_mb, "MaxConcurrency": concurrency}
    return {"VariantName": "AllTraffic", "ModelName": model, "ServerlessConfig": config}
