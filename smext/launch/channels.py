"""Inputs and outputs of a run: their folders, the variables that name them, and how a job is told of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

from ..api import InputChannel, LaunchForm, OutputFolder

OURS = "smext"
"""How the names of inputs begin that are not the user's."""
RESERVED_OUTPUTS = {"live", "output", "data", "files", "data_dir", "dir"}
"""Names of the run's own folders and variables."""
_FILE_SYSTEM = re.compile(r"(?P<scheme>efs|fsx)://(?P<id>fs-[0-9a-f]{8,18})(?P<path>/.*)?")
_TYPES: dict[str, Literal["EFS", "FSxLustre"]] = {"efs": "EFS", "fsx": "FSxLustre"}
_NO_VARIABLE = re.compile(r"[^A-Za-z0-9_]")


@dataclass(frozen=True)
class FileSystem:
    """A folder of a file system; `type` as botocore's FileSystemType has it."""

    type: Literal["EFS", "FSxLustre"]
    id: str
    path: str


def file_system(uri: str) -> FileSystem | None:
    """Of `efs://fs-ID/path` or `fsx://fs-ID/mount/path`; None for anything else."""
    match = _FILE_SYSTEM.fullmatch(uri)
    if match is None:
        return None
    return FileSystem(_TYPES[match["scheme"]], match["id"], match["path"] or "/")


def variable(start: str, name: str) -> str:
    """`SM_CHANNEL_TRAIN`, as SageMaker's own containers name them; what no variable can have is an underscore."""
    return f"{start}_{_NO_VARIABLE.sub('_', name).upper()}"


def variables(form: LaunchForm) -> dict[str, str]:
    """Where the notebook finds its inputs and leaves its outputs."""
    named = {variable("SM_CHANNEL", each.name): input_folder(form, each) for each in form.inputs}
    if form.job_kind == "processing":
        named |= {variable("SM_OUTPUT", each.name): output_folder(each) for each in form.outputs}
    return named


def input_folder(form: LaunchForm, channel: InputChannel) -> str:
    """Return the folder in the container that an input's files are in."""
    base = "/opt/ml/input/data" if form.job_kind == "training" else "/opt/ml/processing/input"
    return f"{base}/{channel.name}"


def output_folder(output: OutputFolder) -> str:
    """Return the folder in the container whose files go to an output."""
    return f"/opt/ml/processing/output/{output.name}"


def output_uri(output: OutputFolder, base: str) -> str:
    """Where its files go; `base` is where the run's own outputs lie, with a slash at its end."""
    return output.uri or f"{base}{output.name}"


def training_channel(channel: InputChannel) -> dict[str, Any]:
    """botocore: Channel."""
    system = file_system(channel.uri)
    if system:
        mounted = {
            "FileSystemId": system.id,
            "FileSystemAccessMode": "ro",
            "FileSystemType": system.type,
            "DirectoryPath": system.path,
        }
        return {"ChannelName": channel.name, "DataSource": {"FileSystemDataSource": mounted}}
    place = {"S3DataType": "S3Prefix", "S3Uri": channel.uri, "S3DataDistributionType": "FullyReplicated"}
    return {
        "ChannelName": channel.name,
        "InputMode": channel.mode,
        "DataSource": {"S3DataSource": place},
    }


def processing_input(form: LaunchForm, channel: InputChannel) -> dict[str, Any]:
    """botocore: ProcessingInput."""
    place = {
        "S3Uri": channel.uri,
        "LocalPath": input_folder(form, channel),
        "S3DataType": "S3Prefix",
        "S3InputMode": channel.mode,
        "S3DataDistributionType": "FullyReplicated",
    }
    return {"InputName": channel.name, "S3Input": place}


def processing_output(name: str, uri: str, folder: str) -> dict[str, Any]:
    """botocore: ProcessingOutput; its files go to S3 as they come."""
    output = {"S3Uri": uri.rstrip("/"), "LocalPath": folder, "S3UploadMode": "Continuous"}
    return {"OutputName": name, "S3Output": output}
