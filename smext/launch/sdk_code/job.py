"""What the code is about: of a plan, all that holds without smext."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from ...api import JobKind, NotebookDocument, SdkVersion
from ...runner import literals
from ...runs.job_names import is_ours
from ...runs.record import TAG_NOTEBOOK, TAG_NOTEBOOK_ID, TAG_RUN, TAG_USER
from ...runs.secret_values import is_secret_variable
from .. import options
from ..channels import OURS
from ..notebook import content as notebook
from ..notebook import parameters
from ..plan import Draft
from ..uploads import REQUIREMENTS_NAME
from .text import Source, literal

OUR_TAGS = {TAG_NOTEBOOK, TAG_NOTEBOOK_ID, TAG_RUN, TAG_USER}
OUR_VARIABLES = "SMEXT_"
OUR_OUTPUTS = {"live", "output"}
# Containers of these images run as somebody who may not touch what SageMaker mounts, but may become root.
_EACH = 8
_STEM = 47  # what a date leaves of 63
_NOT_ROOT = "/sagemaker-distribution-prod:"


@dataclass(frozen=True)
class Lines:
    """What makes the job, as the body of a function, and what it imports."""

    imports: list[str]
    body: str
    uploads: bool = True
    """It has `name`, `place` and `start`, and the folder is in S3; else it takes the folder itself."""


@dataclass(frozen=True)
class Job:
    """A launch in the words of SageMaker's API, and the notebook it is of."""

    sdk: SdkVersion
    training: bool
    notebook: str
    """Its file's name, inside the folder that runs."""
    stem: str
    """How the names of its jobs begin."""
    kernel: str | None
    language: str | None
    parameters: dict[str, Any]
    setting: str
    """A cell that sets them, where papermill would not write the same."""
    files: list[str]
    """Names beside the notebook, files and folders."""
    inside: str
    """The notebook's folder, below the highest one that anything comes from; empty where that is itself."""
    paths: list[str]
    """Folders below that one which the notebook imports from."""
    folders: bool
    """Whether there are folders among them."""
    packages: list[str]
    """Installed in any case, as pip takes them."""
    packages_if_missing: list[str]
    left_out: list[str]
    """Names below these folders that stay."""
    base: str
    """Jobs lie in S3 below this, with a slash at its end."""
    run: str
    """Where the planned one lies, which the code's is not."""
    request: dict[str, Any]
    most_usd: float | None

    @property
    def kind(self) -> JobKind:
        """The kind of job."""
        return "training" if self.training else "processing"

    @property
    def image(self) -> str:
        """The container's address."""
        where = (
            ("AlgorithmSpecification", "TrainingImage") if self.training else ("AppSpecification", "ImageUri")
        )
        return str(self.get(*where))

    @property
    def root(self) -> bool:
        """Whether the container may write what SageMaker mounts, as far as its image is known."""
        return _NOT_ROOT not in self.image

    @property
    def mounted(self) -> str:
        """Where the notebook's folder lies in the container."""
        return f"/opt/ml/{'input/data' if self.training else 'processing/input'}/notebook"

    @property
    def outputs(self) -> str:
        """What is written there is in S3 at the end."""
        return "/opt/ml/output/data" if self.training else "/opt/ml/processing/output/data"

    @property
    def channels(self) -> list[dict[str, Any]]:
        """The inputs that the form names, as botocore's Channel or ProcessingInput."""
        member, name = (
            ("InputDataConfig", "ChannelName") if self.training else ("ProcessingInputs", "InputName")
        )
        return [each for each in self.get(member) or [] if not each[name].startswith(OURS)]

    @property
    def extras(self) -> list[dict[str, Any]]:
        """The outputs that the form names, as botocore's ProcessingOutput."""
        found = self.get("ProcessingOutputConfig", "Outputs") or []
        return [each for each in found if each["OutputName"] not in OUR_OUTPUTS]

    def place_of(self, uri: str) -> str:
        """Return a place below the planned run as one below the code's own."""
        below = uri.removeprefix(self.run)
        return Source(f"place + {literal('/' + below)}") if below != uri else uri

    @property
    def environment(self) -> dict[str, str] | None:
        """The user's variables; a secret is read where the code runs, and is not written into it."""
        found = self.get("Environment") or {}
        return {
            name: Source(f"os.environ[{literal(name)}]") if is_secret_variable(name, value) else value
            for name, value in found.items()
            if not name.startswith(OUR_VARIABLES)
        } or None

    @property
    def tags(self) -> list[dict[str, str]] | None:
        """Return the request's tags without ours, which the code adds itself; None without any."""
        return [tag for tag in self.get("Tags") or [] if tag["Key"] not in OUR_TAGS] or None

    @property
    def key(self) -> str | None:
        """The KMS key of what is written to S3."""
        output = "OutputDataConfig" if self.training else "ProcessingOutputConfig"
        found = self.get(output, "KmsKeyId")
        return str(found) if found else None

    def get(self, *path: str) -> Any:
        """Return a member of the request, or None."""
        value: Any = self.request
        for name in path:
            value = value.get(name) if isinstance(value, dict) else None
        return value

    def arguments(self, holder: str = "") -> list[tuple[str, Any]]:
        """List the options' arguments of the class that makes the job, or of one that it is given; None where the request has none."""
        own: dict[str, Any] = {"Environment": self.environment, "Tags": self.tags}
        found = []
        for _, place in options.places(self.kind):
            at, _, name = place.argument(self.sdk).rpartition(".")
            if name and at == holder:
                found.append((name, own.get(place.path, self.get(*place.path.split(".")))))
        return found

    def holders(self) -> list[str]:
        """Name the classes that have arguments which the request has."""
        names = [place.argument(self.sdk).rpartition(".")[0] for _, place in options.places(self.kind)]
        return sorted(
            {name for name in names if any(value is not None for _, value in self.arguments(name))} - {""}
        )

    def said(self, besides: Set[str]) -> set[str]:
        """Name the members of a request that this SDK's code has: of the options, and these."""
        return {place.path for _, place in options.places(self.kind) if place.argument(self.sdk)} | besides

    def members(self) -> set[str]:
        """All members that the request has, as `ResourceConfig.InstanceType`."""
        return set(_members(self.request))


def job_of(made: Draft, document: NotebookDocument, sdk: SdkVersion) -> Job:
    """Return what the code of a launch is written from."""
    plan, asked = made.plan, made.asked
    files = [each.path for each in made.files.files] if made.files else []
    needed = json.loads(made.contents["run.json"])
    return Job(
        sdk=sdk,
        training=asked.training,
        notebook=notebook.file_name(document),
        # A name that a plan made ends in a date, a time and a token.
        stem=plan.name.rsplit("-", 3)[0] if is_ours(plan.name) else plan.name[:_STEM],
        kernel=notebook.kernel(document),
        language=notebook.language(document),
        parameters=made.record.parameters,
        setting=_setting(made.record.parameters, document),
        files=_named(files),
        inside=made.files.place if made.files else "",
        paths=needed["paths"],
        folders=any("/" in path.removeprefix("../") for path in files),
        packages=needed["packages"] + _listed(made),
        packages_if_missing=needed["packages_if_missing"],
        left_out=sorted({PurePosixPath(each.path).name for each in plan.left_out if "/" in each.path}),
        base=asked.run.base,
        run=asked.run.uri,
        request=plan.request,
        most_usd=plan.max_usd,
    )


def _setting(values: dict[str, Any], document: NotebookDocument) -> str:
    language = notebook.language(document) or "python"
    alike = language == "python" and literals.is_json(values)
    if not values or (alike and not notebook.tagged(document, notebook.INJECTED)):
        return ""
    return parameters.cell(values, language)


def _listed(made: Draft) -> list[str]:
    """Return what pip is given for a list of the user's: the file where it is one of pip's, else what is in it."""
    name, text = made.asked.form.requirements, made.contents.get(REQUIREMENTS_NAME)
    if not name or text is None:
        return []
    if name.endswith(".txt"):
        return ["-r", name]
    lines = [line for line in text.decode().splitlines() if line and not line.startswith("-c ")]
    return [word for line in lines for word in (line.split() if line.startswith("-") else [line])]


def _named(files: list[str]) -> list[str]:
    """Return what stands for the files: names in the notebook's folder, and from outside of it each file, or its folder."""
    here = {path.split("/")[0] for path in files if not path.startswith("../")}
    outside = {path for path in files if path.startswith("../")}
    if len(outside) > _EACH:
        outside = {path.rpartition("/")[0] for path in outside}
        # A folder brings those below it.
        outside = {path for path in outside if not any(path.startswith(f"{other}/") for other in outside)}
    return sorted(here) + sorted(outside)


def _members(value: Mapping[str, Any], start: str = "") -> Iterator[str]:
    for name, item in value.items():
        if isinstance(item, dict) and name not in {"Environment", "HyperParameters"}:
            yield from _members(item, f"{start}{name}.")
        else:
            yield start + name
