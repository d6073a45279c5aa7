"""Inputs and outputs that the form names: whether they can be, and whether there is anything in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from ... import errors
from ...api import Check, InputChannel, LaunchForm, OutputFolder, check
from ...aws import s3, service_errors
from ...aws.account import Account
from ...aws.cache import remembered
from .. import network
from ..channels import OURS, RESERVED_OUTPUTS, FileSystem, file_system, input_folder, variable
from ..files.sizes import size
from . import permissions
from .base import Offline, Online, Question
from .context import Context
from .network import Subnets, subnets, wanted

NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")
"""botocore: ChannelName."""
MOST_OUTPUTS = 8
"""botocore: ten, of which two are the run's own."""
COUNTED = 1000
"""Objects of an input whose sizes are added up: S3 lists so many in a call."""
_NO_SUCH = {"FileSystemNotFound", "BadRequest"}
_ALLOWED = "Use letters, digits, dots, hyphens and underscores."


def of_inputs(form: LaunchForm, network: bool) -> list[Check]:
    """Before AWS is asked; `network`: the run has subnets."""
    taken = [variable("SM_CHANNEL", each.name) for each in form.inputs]
    checks: list[Check] = []
    for number, each in enumerate(form.inputs):
        field = f"inputs.{number}"
        name = variable("SM_CHANNEL", each.name)
        if not NAME.fullmatch(each.name) or each.name.startswith(OURS) or taken.count(name) > 1:
            message = f"No input can have this name, or another has it: {each.name or '(empty)'}"
            checks.append(check("inputs", "will fail", message, _ALLOWED, f"{field}.name"))
        checks += _of_address(each, f"{field}.uri", form.job_kind == "training", network)
        checks += _of_mode(form, each, f"{field}.mode")
    return checks


def of_outputs(form: LaunchForm) -> list[Check]:
    """Before AWS is asked."""
    if form.outputs and form.job_kind == "training":
        message = "A training job has no outputs to choose: two folders go to S3 when it ends."
        advice = (
            "Write to the folder in SM_OUTPUT_DATA_DIR (output.tar.gz), and models to that in SM_MODEL_DIR "
            "(model.tar.gz), or run a processing job."
        )
        return [check("outputs", "will fail", message, advice, "outputs")]
    checks = []
    if len(form.outputs) > MOST_OUTPUTS:
        message = f"A processing job has {MOST_OUTPUTS} outputs of your own at most: {len(form.outputs)}"
        advice = "Write several things below one of them."
        checks.append(check("outputs", "will fail", message, advice, "outputs"))
    taken = [variable("SM_OUTPUT", each.name) for each in form.outputs]
    for number, each in enumerate(form.outputs):
        name = variable("SM_OUTPUT", each.name)
        reserved = each.name.lower().replace("-", "_").replace(".", "_") in RESERVED_OUTPUTS
        if not NAME.fullmatch(each.name) or reserved or taken.count(name) > 1:
            message = f"No output can have this name, or another has it: {each.name or '(empty)'}"
            checks.append(check("outputs", "will fail", message, _ALLOWED, f"outputs.{number}.name"))
        if each.uri and not _is_s3(each.uri):
            checks.append(_no_address(each.uri, "outputs", f"outputs.{number}.uri"))
    return checks


def questions(context: Context) -> dict[str, Question]:
    """Return what to ask of each input and output."""
    account, form, role, needed = context.account, context.form, context.role, wanted(context)
    there = subnets(account, needed) if needed.vpc else None
    found: dict[str, Question] = {}
    for number, each in enumerate(form.inputs):
        found |= _of_input(account, each, f"inputs.{number}.uri", role, there)
    for number, output in enumerate(form.outputs if form.job_kind == "processing" else []):
        if _is_s3(output.uri):
            found |= _of_output(account, output, f"outputs.{number}.uri", role)
    return found


def _of_address(channel: InputChannel, field: str, training: bool, network: bool) -> list[Check]:
    if _is_s3(channel.uri):
        return []
    if not channel.uri.startswith(("efs://", "fsx://")):
        return [_no_address(channel.uri, "inputs", field)]
    if not training:
        message = f"A processing job mounts no file system: {channel.uri}"
        return [check("inputs", "will fail", message, "Run a training job, or put the data into S3.", field)]
    system = file_system(channel.uri)
    if system is None:
        message = f"This is no address of a file system: {channel.uri}"
        advice = "Write it as efs://fs-0123abcd/path or fsx://fs-0123abcd/mount/path."
        return [check("inputs", "will fail", message, advice, field)]
    if system.type == "FSxLustre" and system.path == "/":
        message = f"The path begins with the file system's mount name: {channel.uri}"
        return [check("inputs", "will fail", message, "Write it as fsx://fs-0123abcd/mount/path.", field)]
    if not network:
        message = f"A file system is in a network, and the run is not: {channel.uri}"
        return [
            check("inputs", "will fail", message, "Choose subnets and a security group of it.", "subnets")
        ]
    return []


def _of_mode(form: LaunchForm, channel: InputChannel, field: str) -> list[Check]:
    if channel.mode != "File" and file_system(channel.uri):
        message = f"A file system is mounted as it is: {channel.name}"
        return [check("inputs", "will fail", message, "Choose File.", field)]
    if channel.mode == "FastFile" and form.job_kind == "processing":
        message = f"A processing job cannot open files in S3 as it goes (FastFile): {channel.name}"
        return [check("inputs", "will fail", message, "Choose File, or run a training job.", field)]
    if channel.mode == "Pipe":
        folder = input_folder(form, channel)
        message = f"Pipe: there are no files, but one named pipe that is read once: {channel.name}"
        advice = (
            f"Read it from {folder}_0, or choose {'FastFile' if form.job_kind == 'training' else 'File'}."
        )
        return [check("inputs", "warning", message, advice, field)]
    return []


def _of_input(
    account: Account, channel: InputChannel, field: str, role: str, subnets: Subnets | None
) -> dict[str, Question]:
    uri, name = channel.uri, f"the input {field.split('.')[1]} {channel.name}"
    system = file_system(uri)
    if system:
        if subnets is None:
            return {}
        look = of_efs if system.type == "EFS" else of_fsx
        return {name: Question("inputs", field, lambda: look(account, system, field, subnets))}
    if not _is_s3(uri):
        return {}
    found = {name: Question("inputs", field, lambda: [of_data(account, channel, field)])}
    if role:
        found[f"reading {name}"] = Question(
            "permissions", field, lambda: permissions.of_place(account, role, uri, permissions.READ, field)
        )
    return found


def _of_output(account: Account, output: OutputFolder, field: str, role: str) -> dict[str, Question]:
    uri, name = output.uri, f"the output {field.split('.')[1]} {output.name}"
    found = {name: Question("outputs", field, lambda: [of_target(account, output, field)])}
    if role:
        found[f"writing {name}"] = Question(
            "permissions", field, lambda: permissions.of_place(account, role, uri, permissions.WRITE, field)
        )
    return found


def of_data(account: Account, channel: InputChannel, field: str) -> Check:
    """Check what lies at the address, and how much. Raises errors.SmextError where it cannot be told."""
    bucket, key = s3.split(channel.uri)
    answer = _looked(
        account,
        ("data", channel.uri),
        lambda: s3.ask(
            account,
            "list_objects_v2",
            f"look at {channel.uri}",
            Bucket=bucket,
            Prefix=key,
            MaxKeys=COUNTED,
        ),
    )
    listed: Sequence[dict[str, Any]] = answer.get("Contents") or []
    files = [each for each in listed if not str(each["Key"]).endswith("/")]
    if not files:
        message = f"There is nothing at this address: {channel.uri}"
        return check("inputs", "will fail", message, "Check the bucket and the prefix.", field)
    elsewhere = _elsewhere(account, _bucket(account, bucket))
    if elsewhere:
        message = f"The bucket lies in another region than the job ({elsewhere}): {channel.uri}"
        return check("inputs", "will fail", message, f"Copy the data to {account.region}.", field)
    count = "1 object" if len(files) == 1 else f"{len(files)} objects"
    more = " at least" if answer.get("IsTruncated") else ""
    told = f"{size(sum(int(each.get('Size') or 0) for each in files))} in {count}{more}"
    return check("inputs", "ok", f"{channel.name}: {told}, {channel.uri}", "", field)


def of_target(account: Account, output: OutputFolder, field: str) -> Check:
    """Whether the bucket is there, and in this region. Raises errors.SmextError where it cannot be told."""
    bucket, _ = s3.split(output.uri)
    answer = _bucket(account, bucket)
    if not answer:
        message = f"There is no such bucket: {bucket}"
        return check("outputs", "will fail", message, "Check its name, or create it first.", field)
    elsewhere = _elsewhere(account, answer)
    if elsewhere:
        message = f"The bucket lies in another region than the job ({elsewhere}): {bucket}"
        return check("outputs", "will fail", message, f"Choose one in {account.region}.", field)
    return check("outputs", "ok", f"{output.name}: {output.uri}", "", field)


def _bucket(account: Account, name: str) -> dict[str, Any]:
    """Empty where there is none. Raises errors.SmextError where it cannot be told."""
    doing = f"look at the bucket {name}"
    return _looked(
        account,
        ("bucket", name),
        lambda: s3.ask(account, "head_bucket", doing, Bucket=name),
    )


def of_efs(account: Account, system: FileSystem, field: str, subnets: Subnets) -> list[Check]:
    """Whether it is there and can be mounted in the run's network. Raises errors.SmextError where it cannot be told."""
    answer = _looked(
        account,
        ("efs", system.id),
        lambda: account.call("efs", "DescribeFileSystems", FileSystemId=system.id),
    )
    systems = answer.get("FileSystems") or []
    state = systems[0].get("LifeCycleState") if systems else None
    if state != "available":
        return [_no_system(system, state, field)]
    targets = remembered(
        account,
        ("efs targets", system.id),
        lambda: account.call("efs", "DescribeMountTargets", FileSystemId=system.id).get("MountTargets") or [],
    )
    return [_mounted(system, {str(each.get("VpcId")) for each in targets}, field, subnets())]


def of_fsx(account: Account, system: FileSystem, field: str, subnets: Subnets) -> list[Check]:
    """As `of_efs`, and that the path begins with the mount name."""
    answer = _looked(
        account,
        ("fsx", system.id),
        lambda: account.call("fsx", "DescribeFileSystems", FileSystemIds=[system.id]),
    )
    found: dict[str, Any] = next(iter(answer.get("FileSystems") or []), {})
    state = found.get("Lifecycle", "AVAILABLE") if found else None
    if state not in ("AVAILABLE", "UPDATING"):
        return [_no_system(system, state, field)]
    if found.get("FileSystemType", "LUSTRE") != "LUSTRE":
        message = f"Training jobs mount FSx for Lustre alone, this is {found['FileSystemType']}: {system.id}"
        return [check("inputs", "will fail", message, "Choose another, or put the data into S3.", field)]
    mount = (found.get("LustreConfiguration") or {}).get("MountName")
    if mount and system.path.split("/")[1] != mount:
        message = f"The path does not begin with the file system's mount name ({mount}): {system.path}"
        advice = f"Write it as fsx://{system.id}/{mount}/path."
        return [check("inputs", "will fail", message, advice, field)]
    networks = {str(found["VpcId"])} if found.get("VpcId") else set()
    there = set(found.get("SubnetIds") or [])
    networks |= {str(each.get("VpcId")) for each in subnets() if each.get("SubnetId") in there}
    return [_mounted(system, networks, field, subnets())]


def _mounted(system: FileSystem, networks: set[str], field: str, subnets: list[dict[str, Any]]) -> Check:
    ours = {str(each.get("VpcId")) for each in subnets}
    if not ours & networks:
        message = f"The file system has no mount target in the run's network: {system.id}"
        return check("inputs", "will fail", message, "Choose subnets of its network.", field)
    message = f"The file system is there and in the run's network: {system.id}{system.path}"
    return check("inputs", "ok", message, "Its security group must let the run's in (NFS or Lustre).", field)


def _no_system(system: FileSystem, state: Any, field: str) -> Check:
    if state:
        message = f"The file system cannot be used, it is {state}: {system.id}"
        return check("inputs", "will fail", message, "Wait until it is available.", field)
    message = f"There is no such file system in this region: {system.id}"
    return check("inputs", "will fail", message, "Check its id.", field)


def _looked(account: Account, question: tuple[str, ...], ask: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return the answer, empty where there is no such thing. Raises errors.SmextError where it cannot be told."""

    def look() -> dict[str, Any]:
        try:
            return service_errors.absent_as({}, _NO_SUCH, ask)
        except errors.NotFound:
            return {}

    found: dict[str, Any] = remembered(account, question, look)
    return found


def _elsewhere(account: Account, answer: dict[str, Any]) -> str:
    """Return the bucket's region where it is not the job's."""
    headers = (answer.get("ResponseMetadata") or {}).get("HTTPHeaders") or {}
    region = str(answer.get("BucketRegion") or headers.get("x-amz-bucket-region") or "")
    return region if region and region != account.region else ""


def _is_s3(uri: str) -> bool:
    return re.match(r"s3://[^/\s]+(/|$)", uri) is not None


def _no_address(uri: str, name: str, field: str) -> Check:
    message = f"This is no address in S3: {uri or '(empty)'}"
    return check(name, "will fail", message, "Write it as s3://bucket/prefix/.", field)


def _offline(context: Context) -> list[Check]:
    placed = bool(network.vpc(context.form, context.asked.config))
    return [*of_inputs(context.form, placed), *of_outputs(context.form)]


CHECKS = (Offline(200, _offline), Online(380, questions))
