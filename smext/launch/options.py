"""The options of a launch, one row each.

A row says where its member of the form stands in each job kind's request and in the SageMaker SDK's code and config, where it is
remembered, and how Python, the command line and the page name it. Requests, refusals at the field, the last launch, flags, keywords,
the SDK's code and the page's form are made from the rows; what a row cannot say is done by the module that it is about.
"""

from __future__ import annotations

from functools import lru_cache

from ..api import JobKind
from .option import KINDS, Flag, Option, Place, Section

_CONTENT, _NETWORK = "notebook, files and packages", "network, keys and tags"
_COMPUTE, _CLUSTER = "ResourceConfig", "ProcessingResources.ClusterConfig"
_NO_TRAINING = "Only training jobs have spot machines, a warm pool and retries."

# fmt: off
SECTIONS = (
    Section("run"),
    Section("parameters", flags=_CONTENT),
    Section("image", "Image and role", flags=_CONTENT),
    Section("files", "Files and packages", flags=_CONTENT),
    Section("data", "Data", flags=_CONTENT),
    Section("training", "Spot, warm pool, retries", _NO_TRAINING),
    Section("network", "Network and keys", flags=_NETWORK),
    Section("environment", "Environment variables", flags=_CONTENT),
    Section("tags", "Tags", flags=_NETWORK),
)

OPTIONS: tuple[Option, ...] = (
    Option("job_kind", "run", "Run as", control="own", away="training", of_any_notebook=True, keyword="kind",
           flag=Flag("--kind", "kind of job (default: processing)")),
    Option("instance_type", "run", "Instance type", control="own", away="ml.m5.2xlarge", of_any_notebook=True,
           training=(Place(f"{_COMPUTE}.InstanceType", "Compute.instance_type", "instance_type"),),
           processing=(Place(f"{_CLUSTER}.InstanceType", "instance_type"),),
           keyword="instance", flag=Flag("--instance", "instance type (default: as last time, else ml.m5.xlarge)", "TYPE")),
    Option("max_runtime_seconds", "run", "Stop after", control="own", away=7200, of_any_notebook=True, together="limit",
           training=(Place("StoppingCondition.MaxRuntimeInSeconds", "StoppingCondition.max_runtime_in_seconds", "max_run"),),
           processing=(Place("StoppingCondition.MaxRuntimeInSeconds", "max_runtime_in_seconds"),),
           keyword="max_runtime", flag=Flag("--max-runtime", "time limit, which caps the cost: 90m, 2h, 3600", "TIME")),
    Option("max_usd", "run", "Stop at", control="own", away=1.5, of_any_notebook=True, together="limit",
           flag=Flag("--max-usd", "limit by cost, instead of by time", "USD")),
    Option("instance_count", "run", "Machines", away=2,
           training=(Place(f"{_COMPUTE}.InstanceCount", "Compute.instance_count", "instance_count"),),
           processing=(Place(f"{_CLUSTER}.InstanceCount", "instance_count"),),
           keyword="count", flag=Flag("--count", "machines; each runs the whole notebook (default: 1)")),
    Option("volume_gb", "run", "Disk", unit="GB", away=77,
           training=(Place(f"{_COMPUTE}.VolumeSizeInGB", "Compute.volume_size_in_gb", "volume_size"),),
           processing=(Place(f"{_CLUSTER}.VolumeSizeInGB", "volume_size_in_gb"),),
           flag=Flag("--volume", "size of the disk", "GB")),
    Option("parameters", "parameters", "Parameters", control="own", away={"rate": 2}, remembered="never", saved=False, merged=True,
           typed="Mapping[str, Any]",
           flag=Flag("--param", "set a parameter, or more; --params lists them", "NAME=VALUE")),

    Option("image", "image", "Image", control="own", required=True, remembered="here",
           away="763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.8.0-cpu-py312",
           training=(Place("AlgorithmSpecification.TrainingImage", "training_image", "image_uri"),),
           processing=(Place("AppSpecification.ImageUri", "image_uri"),),
           flag=Flag("--image", "container image (default: that of this space, or SageMaker Distribution)")),
    Option("role", "image", "Role", away="arn:aws:iam::123456789012:role/other", required=True, remembered="here", saved=False,
           training=(Place("RoleArn", "role"),), processing=(Place("RoleArn", "role"),),
           flag=Flag("--role", "ARN of the role that the job takes (default: as the SageMaker SDK finds it)")),

    Option("include_files", "files", "Send the notebook’s folder", control="own", away=False, keyword="",
           flag=Flag("--no-files", "send the notebook alone, without its folder")),
    Option("send_large", "files", "Send it anyway", at_fault=True, away=True, remembered="never",
           flag=Flag("--send-large", "send the files although they are many or large")),
    Option("files", "files", "Files", "More files, one per line, relative to the notebook’s folder: data.csv, ../lib/*.py",
           control="lines", away=["../shared/*.py"],
           typed="bool | Sequence[str]", flag=Flag("--file", "more to send, also from above: ../lib/*.py", "PATTERN")),
    Option("packages", "files", "Requirements", control="own", away=["six==1.17.0"], together="packages", typed="Sequence[str]",
           flag=Flag("--package", "install this, in place of what is found", "REQUIREMENT")),
    Option("requirements", "files", "Requirements file",
           "A requirements.txt, environment.yml, pyproject.toml or uv.lock, by its path from the notebook’s folder.",
           control="own", away="requirements.txt", together="packages",
           flag=Flag("--requirements", "install this list instead, by its path from the notebook", "FILE")),
    Option("send_wheels", "files", "Download packages here and send them", "For jobs that cannot reach a package index.",
           chosen=("packages sent along",), away=True,
           flag=Flag("--send-wheels", "download packages here, for jobs that cannot reach a package index")),

    Option("inputs", "data", "Inputs", 'The notebook finds each folder in a variable, for example SM_CHANNEL_DATA for input "data".',
           control="own", away=[{"name": "train", "uri": "s3://bucket/data/"}], remembered="here",
           training=(Place("InputDataConfig"),), processing=(Place("ProcessingInputs"),),
           parts=(("ChannelName", "name"), ("InputName", "name"), ("S3Uri", "uri"), ("DirectoryPath", "uri"), ("FileSystemId", "uri"),
                  ("LocalPath", "name"), ("InputMode", "mode"), ("S3InputMode", "mode")),
           chosen=("%1 input", "%1 inputs"), typed="Mapping[str, str | Mapping[str, str]]",
           flag=Flag("--input", "data in S3, whose folder is in the job's variable SM_CHANNEL_NAME", "NAME=URI")),
    Option("outputs", "data", "Outputs", "Files in its folder are uploaded as they are written; the folder is in a variable, for example SM_OUTPUT_PLOTS.",
           control="own", away=[{"name": "plots", "uri": ""}], remembered="here",
           processing=(Place("ProcessingOutputConfig.Outputs"),), within="ProcessingOutputConfig", parts=(("OutputName", "name"),),
           chosen=("%1 output", "%1 outputs"), typed="Sequence[str] | Mapping[str, str]",
           flag=Flag("--output", "processing: a folder that goes to S3 as it fills; its path is in SM_OUTPUT_NAME", "NAME[=URI]")),

    Option("spot", "training", "Spot machines", "Cheaper; if interrupted, restarts from the last checkpoint or from the beginning.", away=True,
           training=(Place("EnableManagedSpotTraining", "Compute.enable_managed_spot_training", "use_spot_instances"),),
           chosen=("spot",), flag=Flag("--spot", "training: cheaper machines, which AWS may interrupt")),
    Option("max_wait_seconds", "training", "Give up after", control="own", needs="spot", away=9000,
           training=(Place("StoppingCondition.MaxWaitTimeInSeconds", "StoppingCondition.max_wait_time_in_seconds", "max_wait"),),
           keyword="max_wait", flag=Flag("--max-wait", "spot: time limit of the run and all waiting together", "TIME")),
    Option("keep_alive_seconds", "training", "Keep warm", "The next run starts at once; the machines are billed meanwhile.",
           control="own", away=900,
           training=(Place(f"{_COMPUTE}.KeepAlivePeriodInSeconds", "Compute.keep_alive_period_in_seconds",
                           "keep_alive_period_in_seconds"),),
           keyword="keep_alive", flag=Flag("--keep-alive", "training: keep the machines warm for the next run, billed", "TIME")),
    Option("retries", "training", "Retries", "After an internal error of SageMaker.", away=4, within="RetryStrategy",
           training=(Place("RetryStrategy.MaximumRetryAttempts", "RetryStrategy.maximum_retry_attempts", "max_retry_attempts"),),
           chosen=("%1 retry", "%1 retries"),
           flag=Flag("--retries", "training: start again after an internal error of SageMaker", "N")),
    Option("remote_debug", "training", "Remote debugging", "Open a shell in the running container with AWS Systems Manager.",
           away=True, within="RemoteDebugConfig",
           training=(Place("RemoteDebugConfig.EnableRemoteDebug", "RemoteDebugConfig.enable_remote_debug", "enable_remote_debug"),),
           flag=Flag("--remote-debug", "training: open a shell in the running container with AWS Systems Manager")),

    Option("subnets", "network", "Subnets", "Separated by commas or lines.", away=["subnet-0a1b2c3d"],
           remembered="here", of_any_notebook=True, configured=True, together="network", within="VpcConfig",
           training=(Place("VpcConfig.Subnets", "Networking.subnets", "subnets"),),
           processing=(Place("NetworkConfig.VpcConfig.Subnets", "NetworkConfig.subnets"),),
           chosen=("%1 subnet", "%1 subnets"), flag=Flag("--subnet", "run in this subnet, or these", "ID")),
    Option("security_groups", "network", "Security groups", "Separated by commas or lines.", away=["sg-0a1b2c3d"],
           remembered="here", of_any_notebook=True, configured=True, together="network", within="VpcConfig",
           training=(Place("VpcConfig.SecurityGroupIds", "Networking.security_group_ids", "security_group_ids"),),
           processing=(Place("NetworkConfig.VpcConfig.SecurityGroupIds", "NetworkConfig.security_group_ids"),),
           chosen=("%1 security group", "%1 security groups"), flag=Flag("--security-group", "with these security groups", "ID")),
    Option("network_isolation", "network", "Isolate from all networks", "The run reaches only its inputs and outputs.",
           away=True, of_any_notebook=True, configured=True,
           training=(Place("EnableNetworkIsolation", "Networking.enable_network_isolation", "enable_network_isolation"),),
           processing=(Place("NetworkConfig.EnableNetworkIsolation", "NetworkConfig.enable_network_isolation"),),
           chosen=("isolated",), flag=Flag("--network-isolation", "the job reaches only its inputs and outputs")),
    Option("encrypt_traffic", "network", "Encrypt traffic between machines", "For several machines that exchange data; may be slower.",
           away=True, of_any_notebook=True, configured=True,
           training=(Place("EnableInterContainerTrafficEncryption", "Networking.enable_inter_container_traffic_encryption",
                           "encrypt_inter_container_traffic"),),
           processing=(Place("NetworkConfig.EnableInterContainerTrafficEncryption",
                             "NetworkConfig.encrypt_inter_container_traffic"),),
           chosen=("encrypted traffic",)),
    Option("kms_key", "network", "KMS key", "For its outputs in S3 and its disks: id or ARN.",
           away="arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d-0000-4000-8000-000000000000",
           remembered="here", of_any_notebook=True, configured=True,
           training=(Place("OutputDataConfig.KmsKeyId", "OutputDataConfig.kms_key_id", "output_kms_key"),
                     Place(f"{_COMPUTE}.VolumeKmsKeyId", "Compute.volume_kms_key_id", "volume_kms_key")),
           processing=(Place("ProcessingOutputConfig.KmsKeyId", "output_kms_key"),
                       Place(f"{_CLUSTER}.VolumeKmsKeyId", "volume_kms_key")),
           chosen=("own key",), flag=Flag("--kms-key", "for what the run writes to S3 and for its disks", "KEY")),

    Option("environment", "environment", "Environment variables", control="own", away={"COLOUR": "green"},
           remembered="never", saved=False, merged=True, configured=True,
           training=(Place("Environment", "environment"),), processing=(Place("Environment", "env"),),
           flag=Flag("--env", "environment variables", "NAME=VALUE")),
    Option("tags", "tags", "Tags", control="own", away={"team": "churn"}, merged=True, configured=True,
           training=(Place("Tags", "tags"),), processing=(Place("Tags", "tags"),),
           flag=Flag("--tag", "a tag of the job, or more", "KEY=VALUE")),
)
# fmt: on


@lru_cache(maxsize=1)
def by_member() -> dict[str, Option]:
    """Return the rows by the form's members."""
    return {option.member: option for option in OPTIONS}


def places(kind: JobKind) -> list[tuple[Option, Place]]:
    """List all places in this kind's request, each with its option."""
    return [(option, place) for option in OPTIONS for place in option.places(kind)]


@lru_cache(maxsize=1)
def fields() -> dict[str, str]:
    """Map members of the requests to the form's: the innermost ones, and those that options are within."""
    inner = {place.name: option.member for kind in KINDS for option, place in places(kind)}
    # Of several within one member the first has the word.
    return {option.within: option.member for option in reversed(OPTIONS) if option.within} | inner


@lru_cache(maxsize=1)
def parts() -> dict[str, str]:
    """Map members of an input or output in a request to the part of its row in the form that they are made of."""
    return {name: part for option in OPTIONS for name, part in option.parts}


def group(name: str) -> set[str]:
    """Return the members that are decided on together under this name."""
    return {option.member for option in OPTIONS if option.together == name}
