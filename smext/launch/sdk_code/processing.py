"""The lines that create a processing job: Processor, which is the same in SDK 3 and 2 but for its inputs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .job import Job, Lines
from .text import Source, call, literal

INPUT = "notebook"
# Members that Processor is given below, beside the options.
SAID = {
    "ProcessingJobName",
    "AppSpecification.ContainerEntrypoint",
    "ProcessingInputs",
    "ProcessingOutputConfig.Outputs",
}
_FROM = Source('f"{place}/input"')
_MOUNTED, _OUTPUTS = Source("mounted"), Source("outputs")
_TO = Source('f"{place}/output"')


def lines(job: Job) -> Lines:
    """Write a processing job for the wanted SDK."""
    return _sdk2(job) if job.sdk == "2" else _sdk3(job)


def said(job: Job) -> set[str]:
    """Members of the request that are in the code."""
    return job.said(SAID)


def _sdk3(job: Job) -> Lines:
    imports = [
        *_network_import(job, "sagemaker.core.network"),
        "from sagemaker.core.processing import Processor",
        "from sagemaker.core.s3 import S3Uploader",
        "from sagemaker.core.shapes import ProcessingInput, ProcessingOutput, ProcessingS3Input, ProcessingS3Output",
    ]
    return _lines(job, imports, _input3, _output3)


def _input3(start: str, name: str, source: dict[str, Any], indent: int) -> Source:
    given = call(
        "ProcessingS3Input",
        [
            ("s3_uri", source["S3Uri"]),
            ("local_path", source["LocalPath"]),
            ("s3_data_type", "S3Prefix"),
            ("s3_input_mode", source["S3InputMode"]),
            ("s3_data_distribution_type", source.get("S3DataDistributionType")),
        ],
        indent + 1,
    )
    return call(f"{start}ProcessingInput", [("input_name", name), ("s3_input", given)], indent)


def _output3(start: str, name: str, target: dict[str, Any], indent: int) -> Source:
    kept = call(
        "ProcessingS3Output",
        [
            ("s3_uri", target["S3Uri"]),
            ("local_path", target["LocalPath"]),
            ("s3_upload_mode", "Continuous"),
        ],
        indent + 1,
    )
    return call(f"{start}ProcessingOutput", [("output_name", name), ("s3_output", kept)], indent)


def _sdk2(job: Job) -> Lines:
    imports = [
        *_network_import(job, "sagemaker.network"),
        "from sagemaker.processing import ProcessingInput, ProcessingOutput, Processor",
        "from sagemaker.s3 import S3Uploader",
    ]
    return _lines(job, imports, _input2, _output2)


def _input2(start: str, name: str, source: dict[str, Any], indent: int) -> Source:
    mode = source["S3InputMode"]
    return call(
        f"{start}ProcessingInput",
        [
            ("input_name", name),
            ("source", source["S3Uri"]),
            ("destination", source["LocalPath"]),
            ("s3_input_mode", None if mode == "File" else mode),
        ],
        indent,
    )


def _output2(start: str, name: str, target: dict[str, Any], indent: int) -> Source:
    return call(
        f"{start}ProcessingOutput",
        [
            ("output_name", name),
            ("source", target["LocalPath"]),
            ("destination", target["S3Uri"]),
            ("s3_upload_mode", "Continuous"),
        ],
        indent,
    )


_Made = Callable[[str, str, dict[str, Any], int], Source]
"""Of what precedes the call, its name, its place, and its indent."""


def _lines(job: Job, imports: list[str], given: _Made, kept: _Made) -> Lines:
    body = [
        given("source = ", INPUT, {"S3Uri": _FROM, "LocalPath": _MOUNTED, "S3InputMode": "File"}, 0),
        kept("result = ", "output", {"S3Uri": _TO, "LocalPath": _OUTPUTS}, 0),
    ]
    inputs, outputs = "source", "result"
    if job.channels:
        more = [given("", each["InputName"], each["S3Input"], 1) for each in job.channels]
        body.append(Source(f"more_inputs = {literal(more)}"))
        inputs += ", *more_inputs"
    if job.extras:
        more = [kept("", each["OutputName"], _placed(job, each), 1) for each in job.extras]
        body.append(Source(f"more_outputs = {literal(more)}"))
        outputs += ", *more_outputs"
    run = f"processor.run(inputs=[{inputs}], outputs=[{outputs}], job_name=name, wait=False, logs=False)"
    return Lines(imports, "\n".join([*body, _processor(job), run, "return processor.latest_job"]))


def _placed(job: Job, output: dict[str, Any]) -> dict[str, Any]:
    target: dict[str, Any] = output["S3Output"]
    return {**target, "S3Uri": job.place_of(target["S3Uri"])}


def _processor(job: Job) -> str:
    network = call("NetworkConfig", job.arguments("NetworkConfig"), 1) if job.get("NetworkConfig") else None
    return call(
        "processor = Processor",
        [
            *job.arguments(),
            ("entrypoint", Source('["/bin/sh", "-c", command]')),
            ("network_config", network),
        ],
    )


def _network_import(job: Job, module: str) -> list[str]:
    return [f"from {module} import NetworkConfig"] if job.get("NetworkConfig") else []
