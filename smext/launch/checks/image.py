"""The image: whether it fits the machine and the region, and whether it is there."""

from __future__ import annotations

import re

from ...api import Check, LaunchForm, check
from ...aws import service_errors
from ...aws.account import Account
from ...aws.cache import remembered
from ...aws.identity import Caller
from ...pricing import has_gpu
from .. import images
from .base import Offline, Online, Question
from .context import Context

FIELD = "image"
ECR = re.compile(
    r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/(?P<repository>[^:@]+)"
    r"(?::(?P<tag>[\w.-]+))?(?:@(?P<digest>sha256:[0-9a-f]{64}))?"
)
_NO_IMAGE = {"ImageNotFoundException", "RepositoryNotFoundException"}


def of_image(form: LaunchForm, region: str) -> list[Check]:
    """Check the image: that there is one, of this region, with a GPU where the machine has one."""
    if not form.image:
        return [
            check(
                "image",
                "will fail",
                f"No image is known for this region: {region}",
                "Write the address of an image in ECR that has Python.",
                FIELD,
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


def of_registry(account: Account, uri: str, caller: Caller | None) -> list[Check]:
    """Of the account's own registry and of somebody else's; nothing of AWS's own Distribution.

    Raises errors.SmextError where it cannot be told.
    """
    match = ECR.fullmatch(uri)
    if match is None or images.is_distribution(uri):
        return []
    own = caller is not None and uri.startswith(f"{caller.account}.")
    named = {"imageDigest": match["digest"]} if match["digest"] else {"imageTag": match["tag"] or "latest"}

    def describe() -> bool:
        account.call(
            "ecr",
            "DescribeImages",
            registryId=match["account"],
            repositoryName=match["repository"],
            imageIds=[named],
            region=match["region"],
        )
        return True

    if remembered(account, ("image", uri), lambda: service_errors.absent_as(False, _NO_IMAGE, describe)):
        return [check("image", "ok", f"The image exists: {uri}", "", FIELD)]
    if own:
        message = f"There is no such image: {uri}"
        return [check("image", "will fail", message, "Check its repository and tag in ECR.", FIELD)]
    # A registry that does not let us look answers as if it had nothing.
    message = f"Whether the image is there is not told by its registry: {uri}"
    return [check("image", "cannot tell", message, "Check its repository and tag with who keeps it.", FIELD)]


def _image(message: str, advice: str) -> Check:
    return check("image", "warning", message, advice, FIELD)


def _questions(context: Context) -> dict[str, Question]:
    def ask() -> list[Check]:
        return of_registry(context.account, context.form.image, context.caller)

    return {"the image": Question("image", FIELD, ask)}


CHECKS = (
    Offline(50, lambda context: of_image(context.form, context.region)),
    Online(340, _questions),
)
