"""What can be said of a launch before AWS is asked anything."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any, TypeVar

from ...api import Check, InputChannel, LaunchForm, NotebookDocument, OutputFolder
from ...pricing import has_gpu, instances, known, well_formed
from ...runs.record import ENV_LIVE, ENV_NOTEBOOK, ENV_RUN, ENV_USER
from ...runs.secret_values import KEPT_OUT
from .. import images
from ..limits import MB
from ..notebook import analysis, content
from ..request import Asked
from ..role import ROLE_ARN
from .shape import Violation, violations

RESERVED = {ENV_LIVE, ENV_NOTEBOOK, ENV_RUN, ENV_USER, "SMEXT_JOB", "SMEXT_OPT_ML"}
# Members of a request, and the field of the form that they come from.
FIELDS = {
    "Environment": "environment",
    "TrainingImage": "image",
    "ImageUri": "image",
    "MaxRuntimeInSeconds": "max_runtime_seconds",
    "VolumeSizeInGB": "volume_gb",
    "InstanceCount": "instance_count",
    "InstanceType": "instance_type",
    "RoleArn": "role",
    "KmsKeyId": "kms_key",
    "VolumeKmsKeyId": "kms_key",
    "Subnets": "subnets",
    "SecurityGroupIds": "security_groups",
    "MaximumRetryAttempts": "retries",
    "KeepAlivePeriodInSeconds": "keep_alive_seconds",
    "InputDataConfig": "inputs",
    "ProcessingInputs": "inputs",
    "Outputs": "outputs",
    "Tags": "tags",
}
_KERNEL_ADVICE = "Packages that it needs are compared with what the image has; choose an image with that kernel to have it."
# Of an input or output in a request, and the part of its row in the form that it is made of.
PARTS = {
    "ChannelName": "name",
    "InputName": "name",
    "OutputName": "name",
    "S3Uri": "uri",
    "DirectoryPath": "uri",
    "FileSystemId": "uri",
    "LocalPath": "name",
    "InputMode": "mode",
    "S3InputMode": "mode",
}


def trimmed(form: LaunchForm) -> tuple[LaunchForm, list[Check]]:
    """The form without blanks around its texts, and a word on each that had some."""
    changes = {name: value for name, value in _trimmed(form).items() if value != getattr(form, name)}
    labels = {"environment": "environment variables"}
    checks = [_blanks(name, labels.get(name, name.replace("_", " "))) for name in changes]
    return form.model_copy(update=changes), checks


def _trimmed(form: LaunchForm) -> dict[str, object]:
    made: dict[str, object] = {
        "inputs": [_named(each) for each in form.inputs],
        "outputs": [_named(each) for each in form.outputs],
    }
    for name in ("instance_type", "image", "role", "kms_key"):
        made[name] = getattr(form, name).strip()
    for name in ("subnets", "security_groups"):
        made[name] = [each.strip() for each in getattr(form, name) if each.strip()]
    for name in ("environment", "tags"):
        made[name] = {key.strip(): value.strip() for key, value in getattr(form, name).items()}
    return made


_Place = TypeVar("_Place", InputChannel, OutputFolder)


def _named(place: _Place) -> _Place:
    return place.model_copy(update={"name": place.name.strip(), "uri": place.uri.strip()})


def of_notebook(document: NotebookDocument) -> Check:
    count = content.runnable(document)
    if not count:
        return Check(
            name="notebook",
            status="will fail",
            message="There is nothing to run: the notebook has no code.",
            advice="Write a code cell, then launch it again.",
        )
    cells = "1 cell runs" if count == 1 else f"{count} cells run"
    edits = ", with the edits that are not saved yet" if document.unsaved else ""
    return Check(name="notebook", status="ok", message=f"{cells}, as on the screen{edits}.")


def of_kernel(document: NotebookDocument, image: str) -> Check:
    named, language = content.kernel(document), content.language(document)
    name, known = analysis.kernel_name(named), images.is_distribution(image)
    if known and analysis.is_remote(named):
        message = (
            f"The image has the notebook's kernel: {name}. Its cells run in a Glue session or on a cluster."
        )
        advice = "Whether that has the packages and files that they need was not looked into."
        return Check(name="kernel", status="cannot tell", message=message, advice=advice)
    if language not in (None, "python"):
        has = f" It has {', '.join(images.DISTRIBUTION_KERNELS)}, and the run ends at once." if known else ""
        return Check(
            name="kernel",
            status="warning",
            message=f"The image has no kernel for this language: {language}.{has}"
            if known
            else f"The image needs a kernel for this language: {language}",
            advice="Choose an image that has one.",
            field="image",
        )
    if name is None:
        return Check(
            name="kernel",
            status="warning",
            message="The notebook names no kernel: it runs on the image's Python.",
            advice="Choose a kernel in the notebook to have a certain one.",
        )
    if known and name in images.DISTRIBUTION_KERNELS:
        return Check(name="kernel", status="ok", message=f"The image has the notebook's kernel: {name}")
    if known:
        message = (
            f"SageMaker Distribution has no such kernel: {name}. The notebook runs on the image's Python."
        )
        return Check(name="kernel", status="warning", message=message, advice=_KERNEL_ADVICE)
    return Check(
        name="kernel",
        status="cannot tell",
        message=f"Whether the image has the notebook's kernel is not known: {name}",
        advice="Where it has not, the notebook runs on the image's Python.",
    )


def of_instance(asked: Asked, region: str) -> list[Check]:
    form, component = asked.form, asked.api.component
    name = form.instance_type
    checks = []
    if not well_formed(name):
        checks.append(
            _instance("will fail", f"This is no instance type: {name or '(empty)'}", _similar(asked, region))
        )
    elif not known(component, name, region):
        message = f"boto3 does not list this type for {form.job_kind} jobs: {name}"
        checks.append(_instance("cannot tell", message, _similar(asked, region)))
    if form.instance_count > 1:
        message = f"Each of the {form.instance_count} machines runs the whole notebook."
        checks.append(Check(name="instances", status="warning", message=message, field="instance_count"))
    return checks


def of_longest_run(asked: Asked) -> list[Check]:
    most = asked.api.longest_run
    if asked.form.max_runtime_seconds <= most:
        return []
    message = f"A {asked.form.job_kind} job may run {most // 3600} hours at most."
    return [
        Check(
            name="longest run",
            status="will fail",
            message=message,
            advice=f"Choose {most} seconds or less.",
            field="max_runtime_seconds",
        )
    ]


def of_image(form: LaunchForm, region: str) -> list[Check]:
    if not form.image:
        return [
            Check(
                name="image",
                status="will fail",
                message=f"No image is known for this region: {region}",
                advice="Write the address of an image in ECR that has Python.",
                field="image",
            )
        ]
    elsewhere = images.region_of(form.image)
    if elsewhere not in (None, region):
        message = f"The image lies in another region than the job: {elsewhere}"
        return [_image(message, f"Choose one in {region}.")]
    if images.lacks_gpu(form.image, form.instance_type):
        return [_image(f"{form.instance_type} has a GPU, this image cannot use it.", "Choose the GPU image.")]
    if has_gpu(form.instance_type) or not form.image.endswith("-gpu"):
        return []
    return [
        _image(f"The image is made for GPUs, {form.instance_type} has none.", "The CPU image starts sooner.")
    ]


def of_role(role: str, why_none: str) -> list[Check]:
    if not role:
        return [
            Check(
                name="role",
                status="will fail",
                message=f"No execution role was found. {why_none}",
                advice="Write the ARN of a role that SageMaker may assume, or set RoleArn in the SDK's config.yaml.",
                field="role",
            )
        ]
    if not ROLE_ARN.fullmatch(role):
        return [
            Check(
                name="role",
                status="will fail",
                message=f"This is not the ARN of a role: {role}",
                advice="Write all of it: arn:aws:iam::123456789012:role/name",
                field="role",
            )
        ]
    return []


def of_environment(form: LaunchForm) -> list[Check]:
    own = [name for name in form.environment if name in RESERVED]
    return [
        *(_variable(f"smext sets this variable itself: {name}", "Choose another name.") for name in own),
        *(
            _variable(f"The value of this secret was not kept: {name}", "Enter it again.")
            for name, value in form.environment.items()
            if value == KEPT_OUT
        ),
    ]


def _variable(message: str, advice: str) -> Check:
    return Check(name="environment", status="will fail", message=message, advice=advice, field="environment")


def of_request(asked: Asked, request: dict[str, Any]) -> list[Check]:
    """The request against SageMaker's own model; the role has a check of its own."""
    found = [
        _violation(each, _field(each, asked.form, request))
        for each in violations(asked.api.create, request)
        if each.path != ("RoleArn",)
    ]
    return found or [
        Check(name="request", status="ok", message=f"{asked.api.create} takes it, by boto3's model.")
    ]


def once(found: list[Check]) -> list[Check]:
    """Without what boto3's model says against a part of the form that a check of its own refuses, too."""
    refused = {each.field for each in found if each.status == "will fail" and each.name != "request"}
    # Of many tags one check may mean another than the model does.
    refused -= {None, "tags"}
    return [each for each in found if each.name != "request" or each.field not in refused]


def size(count: int) -> str:
    """`120 bytes`, `4.2 kB`, `20 MB`, `3.1 GB`: two figures, and no zero for what is merely small."""
    if count < 1000:
        return f"{count} bytes"
    value, unit = (count / 1000, "kB") if count < MB else (count / MB, "MB")
    if value >= 1000 and unit == "MB":
        value, unit = value / 1000, "GB"
    return f"{value:.1f} {unit}" if value < 10 else f"{value:.0f} {unit}"


def _field(found: Violation, form: LaunchForm, request: Mapping[str, Any]) -> str | None:
    """The part of the form that a violation is of; of an input or output its row, as the form counts them."""
    field = next((FIELDS[name] for name in reversed(found.path) if name in FIELDS), None)
    at = next((at for at, part in enumerate(found.path) if part.isdigit()), None)
    if field not in ("inputs", "outputs") or at is None:
        return field
    listed: Any = request
    for member in found.path[:at]:
        listed = listed[member]
    # The run's own come first.
    row = int(found.path[at]) - len(listed) + len(form.inputs if field == "inputs" else form.outputs)
    part = next((PARTS[name] for name in reversed(found.path) if name in PARTS), None)
    return field if row < 0 else ".".join(filter(None, (field, str(row), part)))


def _violation(found: Violation, field: str | None) -> Check:
    if field == "environment" and len(found.path) > 1:
        message = f"Environment variable {found.path[1]}: {found.message}"
        if found.key:
            message = f"No environment variable can have this name: {found.path[1] or '(empty)'}"
    else:
        message = f"{'.'.join(found.path)}: {found.message}".lstrip(": ")
    return Check(
        name="environment" if field == "environment" else "request",
        status="will fail",
        message=message,
        advice="Change it in the form."
        if field
        else "It comes from the SageMaker SDK's config.yaml: mend it there.",
        field=field,
    )


def _blanks(field: str, label: str) -> Check:
    message = f"Blanks around it are left out: {label}"
    return Check(name=label, status="warning", message=message, field=field)


def _image(message: str, advice: str) -> Check:
    return Check(name="image", status="warning", message=message, advice=advice, field="image")


def _instance(status: str, message: str, similar: list[str]) -> Check:
    advice = f"Did you mean {similar[0]}?" if similar else "Write it like ml.m5.xlarge."
    return Check.model_validate(
        {
            "name": "instance type",
            "status": status,
            "message": message,
            "advice": advice,
            "field": "instance_type",
        }
    )


def _similar(asked: Asked, region: str) -> list[str]:
    names = [choice.name for choice in instances(asked.api.component, region)]
    wanted = asked.form.instance_type.lower()
    wanted = wanted if wanted.startswith("ml.") else f"ml.{wanted}"
    return difflib.get_close_matches(wanted, names, n=1, cutoff=0.7)
