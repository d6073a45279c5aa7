"""What is sent: the arguments of CreateTrainingJob or CreateProcessingJob, and run.json for the runner."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..api import JobKind, LaunchForm, OutputFolder
from ..pricing import Component
from ..runner import literals
from ..runs import record
from . import channels, network
from .option import Option
from .options import OPTIONS
from .s3_layout import RunLayout
from .sdk_config import SECTIONS, SdkConfig

CHANNEL = channels.OURS
FILES_CHANNEL = f"{channels.OURS}-files"
OUTPUTS_LIMIT = 5 * 1024**3
# Studio's images run as a user who may not read what SageMaker mounts, but who may become root.
_START = (
    "[ -r {folder}/runner.pyz ] || sudo -n chmod -R a+rX {folder}; "
    'exec "$(command -v python3 || command -v python)" {folder}/runner.pyz'
)


@dataclass(frozen=True)
class JobApi:
    """How one kind of job is called (botocore), and how the panel names it."""

    kind: str
    component: Component
    create: str
    describe: str
    name_member: str
    longest_run: int
    """Seconds."""
    longest_value: int
    """Characters of an environment variable's value."""


APIS: dict[JobKind, JobApi] = {
    "training": JobApi(
        kind="training-job",
        component="Training",
        create="CreateTrainingJob",
        describe="DescribeTrainingJob",
        name_member="TrainingJobName",
        longest_run=28 * 86400,
        longest_value=512,
    ),
    "processing": JobApi(
        kind="processing-job",
        component="Processing",
        create="CreateProcessingJob",
        describe="DescribeProcessingJob",
        name_member="ProcessingJobName",
        longest_run=777_600,
        longest_value=256,
    ),
}


@dataclass(frozen=True)
class Asked:
    """Everything a request is made of: the form with its blanks filled, and where it runs."""

    form: LaunchForm
    run: RunLayout
    config: SdkConfig
    notebook: str
    """Contents path."""
    user: str
    sends_files: bool = False

    @property
    def api(self) -> JobApi:
        """What SageMaker's API has for the kind of job."""
        return APIS[self.form.job_kind]

    @property
    def section(self) -> str:
        """The job kind's section of the SDK's config."""
        return SECTIONS[self.form.job_kind]

    @property
    def training(self) -> bool:
        """Whether it is a training job."""
        return self.form.job_kind == "training"

    def value(self, option: Option) -> Any:
        """Return what the form says of an option, else the SDK's config."""
        return self.config.value(option, self.form)

    @property
    def live_uri(self) -> str:
        """Where progress lies while the job runs."""
        return self.run.live_uri(self.training)


def build(asked: Asked) -> dict[str, Any]:
    """Exactly what boto3 is given; JSON-able."""
    request = _training(asked) if asked.training else _processing(asked)
    for option in OPTIONS:
        for place in option.places(asked.form.job_kind):
            of = _VALUES.get(place.name)
            value = of(asked) if of else asked.value(option)
            # AWS takes no empty ones.
            if value or option.required:
                _put(request, place.path, value)
    return {name: value for name, value in request.items() if value != {}}


def _put(request: dict[str, Any], path: str, value: Any) -> None:
    *around, name = path.split(".")
    for each in around:
        request = request.setdefault(each, {})
    request[name] = value


def output_key(request: Mapping[str, Any]) -> str | None:
    """Return the KMS key of what is written to S3."""
    output = request.get("OutputDataConfig") or request.get("ProcessingOutputConfig") or {}
    found = output.get("KmsKeyId")
    return str(found) if found else None


def isolated(request: Mapping[str, Any]) -> bool:
    """Whether the job has no network at all."""
    settings = request.get("NetworkConfig") or request
    return bool(settings.get("EnableNetworkIsolation"))


def run_json(
    asked: Asked,
    notebook: str,
    kernel: str | None,
    language: str | None,
    values: Mapping[str, Any],
    needed: Mapping[str, Any],
) -> bytes:
    """`notebook` is its path inside the working tree; `needed` are further members, such as `packages`."""
    content = {
        "version": 1,
        "job": asked.run.job,
        "notebook": notebook,
        "kernel": kernel,
        "language": language,
        "parameters": {name: literals.encoded(value) for name, value in values.items()},
        "outputs_limit_bytes": OUTPUTS_LIMIT,
        "encryption": network.output_key(asked.form, asked.config),
        **needed,
    }
    return json.dumps(content, indent=1).encode()


def _training(asked: Asked) -> dict[str, Any]:
    """Build the request without its options; empty members are filled or left out."""
    return {
        "TrainingJobName": asked.run.job,
        "AlgorithmSpecification": {
            "TrainingInputMode": "File",
            "ContainerEntrypoint": _entrypoint("/opt/ml/input/data/smext"),
        },
        "RoleArn": {},
        "InputDataConfig": {},
        "OutputDataConfig": {"S3OutputPath": asked.run.base},
        "ResourceConfig": {},
        "StoppingCondition": {},
        "CheckpointConfig": {"S3Uri": asked.run.checkpoint_uri, "LocalPath": "/opt/ml/checkpoints"},
        "Environment": {},
        "Tags": {},
    }


def _processing(asked: Asked) -> dict[str, Any]:
    """Build the request without its options; empty members are filled or left out."""
    return {
        "ProcessingJobName": asked.run.job,
        "ProcessingResources": {},
        "AppSpecification": {"ContainerEntrypoint": _entrypoint("/opt/ml/processing/input/smext")},
        "RoleArn": {},
        "ProcessingInputs": {},
        "ProcessingOutputConfig": {},
        "StoppingCondition": {},
        "Environment": {},
        "Tags": {},
        "NetworkConfig": network.config_only(asked.form, asked.config),
    }


def _channels(asked: Asked) -> list[dict[str, Any]]:
    run = asked.run
    source = {
        "S3DataType": "S3Prefix",
        "S3Uri": run.input_uri,
        "S3DataDistributionType": "FullyReplicated",
    }
    return [
        {"ChannelName": CHANNEL, "InputMode": "File", "DataSource": {"S3DataSource": source}},
        *([_files_channel(run)] if asked.sends_files else []),
        *map(channels.training_channel, asked.form.inputs),
    ]


def _inputs(asked: Asked) -> list[dict[str, Any]]:
    source = {
        "S3Uri": asked.run.input_uri,
        "LocalPath": "/opt/ml/processing/input/smext",
        "S3DataType": "S3Prefix",
        "S3InputMode": "File",
        "S3DataDistributionType": "FullyReplicated",
    }
    return [
        {"InputName": CHANNEL, "S3Input": source},
        *([_files_input(asked.run)] if asked.sends_files else []),
        *(channels.processing_input(asked.form, each) for each in asked.form.inputs),
    ]


def _outputs(asked: Asked) -> list[dict[str, Any]]:
    return [
        channels.processing_output("live", asked.live_uri, "/opt/ml/processing/output/live"),
        channels.processing_output("output", asked.run.output_uri, "/opt/ml/processing/output/data"),
        *(_output(asked, each) for each in asked.form.outputs),
    ]


def _files_channel(run: RunLayout) -> dict[str, Any]:
    """Return the input of the archives that the run's list names, where they are kept: nothing is copied."""
    source = {
        "S3DataType": "ManifestFile",
        "S3Uri": run.manifest_uri,
        "S3DataDistributionType": "FullyReplicated",
    }
    return {"ChannelName": FILES_CHANNEL, "InputMode": "File", "DataSource": {"S3DataSource": source}}


def _files_input(run: RunLayout) -> dict[str, Any]:
    source = {
        "S3Uri": run.manifest_uri,
        "LocalPath": f"/opt/ml/processing/input/{FILES_CHANNEL}",
        "S3DataType": "ManifestFile",
        "S3InputMode": "File",
        "S3DataDistributionType": "FullyReplicated",
    }
    return {"InputName": FILES_CHANNEL, "S3Input": source}


def _output(asked: Asked, output: OutputFolder) -> dict[str, Any]:
    uri = channels.output_uri(output, asked.run.output_uri)
    return channels.processing_output(output.name, uri, channels.output_folder(output))


def environment(asked: Asked) -> dict[str, str]:
    """Return the SDK config's variables, the folders of inputs and outputs, the form's, then the marks that one Describe tells all by."""
    most = asked.api.longest_value
    configured = asked.config.mapping(asked.section, "Environment")
    marks = {
        # The end of a path tells most.
        record.ENV_NOTEBOOK: asked.notebook[-most:],
        record.ENV_USER: asked.user[:most],
        record.ENV_RUN: asked.run.uri,
        record.ENV_LIVE: asked.live_uri,
    }
    named = {name: str(value) for name, value in configured.items()}
    return named | channels.variables(asked.form) | asked.form.environment | marks


def longest_wait(form: LaunchForm) -> int:
    """Seconds; never less than the longest run."""
    return max(form.max_wait_seconds or 2 * form.max_runtime_seconds, form.max_runtime_seconds)


def tags(asked: Asked) -> list[dict[str, str]]:
    """Return the SDK config's tags, the form's and ours, by which the runs of a notebook are found again."""
    configured = asked.config.get(asked.section, "Tags")
    found = {
        str(tag["Key"]): str(tag.get("Value") or "")
        for tag in (configured if isinstance(configured, list) else [])
        if isinstance(tag, dict) and tag.get("Key")
    }
    found |= asked.form.tags
    found |= {
        record.TAG_NOTEBOOK: record.tag_value(asked.notebook),
        record.TAG_NOTEBOOK_ID: record.notebook_id(asked.notebook),
        record.TAG_USER: record.tag_value(asked.user),
        record.TAG_RUN: record.tag_value(asked.run.uri),
    }
    return [{"Key": key, "Value": value} for key, value in found.items()]


def _entrypoint(folder: str) -> list[str]:
    return ["/bin/sh", "-c", _START.format(folder=folder)]


_VALUES: dict[str, Callable[[Asked], Any]] = {
    "InputDataConfig": _channels,
    "ProcessingInputs": _inputs,
    "Outputs": _outputs,
    "Environment": environment,
    "Tags": tags,
    # Without spot, SageMaker refuses it.
    "MaxWaitTimeInSeconds": lambda asked: longest_wait(asked.form) if asked.form.spot else None,
    "KmsKeyId": lambda asked: network.output_key(asked.form, asked.config),
    "VolumeKmsKeyId": lambda asked: network.volume_key(asked.form, asked.config),
    "Subnets": lambda asked: network.vpc(asked.form, asked.config).get("Subnets"),
    "SecurityGroupIds": lambda asked: network.vpc(asked.form, asked.config).get("SecurityGroupIds"),
}
"""Members of a request that are not merely what the form says."""
