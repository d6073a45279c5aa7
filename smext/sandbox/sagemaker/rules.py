"""Rules of SageMaker beyond the model: members of a job's request that do not go together.

Source: botocore's documentation of CreateTrainingJob's and CreateProcessingJob's members.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..errors import validation
from .resources import Fields

# EC2's "Instance store volumes": families with disks inside the machine.
_OWN_DISKS = re.compile(r"ml\.(\w+\d+[a-z]*d[a-z]*|g5|g6e?|p5e?n?|trn1n?|trn2)\..+")


def training(fields: Fields) -> None:
    """Raise ValidationException with the first thing that does not go together in a training job."""
    for problem in (
        *_of_spot(fields),
        *_of_machines(fields.get("ResourceConfig") or {}),
        *_of_channels(fields),
    ):
        raise validation(problem)


def processing(fields: Fields) -> None:
    """Raise ValidationException with the first thing that does not go together in a processing job."""
    cluster = (fields.get("ProcessingResources") or {}).get("ClusterConfig") or {}
    for problem in (*_of_machines(cluster), *_of_folders(fields)):
        raise validation(problem)


def _of_spot(fields: Fields) -> Iterator[str]:
    stopping, spot = fields.get("StoppingCondition") or {}, fields.get("EnableManagedSpotTraining")
    longest, wait = stopping.get("MaxRuntimeInSeconds", 86400), stopping.get("MaxWaitTimeInSeconds")
    if spot and (wait is None or wait < longest):
        yield "Invalid MaxWaitTimeInSeconds. It must be present and be greater than or equal to MaxRuntimeInSeconds"
    if wait and not spot:
        yield "MaxWaitTimeInSeconds above 0 is allowed only with EnableManagedSpotTraining"
    if spot and (fields.get("ResourceConfig") or {}).get("KeepAlivePeriodInSeconds"):
        yield "KeepAlivePeriodInSeconds is not allowed with EnableManagedSpotTraining"


def _of_machines(machines: Fields) -> Iterator[str]:
    name, key = str(machines.get("InstanceType") or ""), str(machines.get("VolumeKmsKeyId") or "")
    if key and _OWN_DISKS.fullmatch(name):
        yield f"VolumeKmsKeyId is not allowed with an instance type that has local storage: {name}"
    if "alias/" in key:
        yield f"VolumeKmsKeyId must be the id or the ARN of a key: {key}"


def _of_channels(fields: Fields) -> Iterator[str]:
    channels = fields.get("InputDataConfig") or []
    mounted = any((each.get("DataSource") or {}).get("FileSystemDataSource") for each in channels)
    if mounted and not fields.get("VpcConfig"):
        yield "VpcConfig is needed for a channel of a file system"
    names = [each.get("ChannelName") for each in channels]
    if len(set(names)) < len(names):
        yield "The names of channels must be unique"


def _of_folders(fields: Fields) -> Iterator[str]:
    """Yield the errors of inputs and outputs without a name or a path of their own."""
    outputs = (fields.get("ProcessingOutputConfig") or {}).get("Outputs") or []
    inputs = fields.get("ProcessingInputs") or []
    for entries, name, source in ((inputs, "InputName", "S3Input"), (outputs, "OutputName", "S3Output")):
        names = [each.get(name) for each in entries]
        paths = [(each.get(source) or {}).get("LocalPath") for each in entries if each.get(source)]
        if len(set(names)) < len(names) or len(set(paths)) < len(paths):
            yield f"Every {name} and its LocalPath must be unique"
