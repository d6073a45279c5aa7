"""Resource types that start other jobs and machines: pipelines with executions, and inference experiments."""

from __future__ import annotations

import secrets
from datetime import datetime

from ..errors import AwsError
from .engine import Engine
from .resource_type import GONE, Phase, ResourceType
from .resources import Fields, Resource


def _execution_fields(engine: Engine, fields: Fields, region: str) -> None:
    store, name = engine.store(region), fields["PipelineName"]
    if store.get("Pipeline", (name,)) is None:
        raise AwsError("ResourceNotFound", f"Pipeline [{name}] does not exist.")
    fields.setdefault("ExecutionId", secrets.token_hex(6))
    fields["PipelineExecutionArn"] = (
        f"arn:aws:sagemaker:{region}:{engine.account}:pipeline/{name}/execution/{fields['ExecutionId']}"
    )


def _execution_entered(engine: Engine, resource: Resource, phase: Phase, at: datetime) -> None:
    fields = resource.fields
    if "StartTime" not in fields:
        fields["StartTime"] = resource.created
        pipeline = engine.store(resource.region).get("Pipeline", (fields["PipelineName"],))
        if pipeline is not None:
            last = pipeline.fields.get("LastExecutionTime")
            pipeline.fields["LastExecutionTime"] = max(last, resource.created) if last else resource.created
    if phase.status == "Failed":
        fields["PipelineExecutionFailureReason"] = fields["FailureReason"] = phase.message


def _schedule(fields: Fields) -> Fields:
    return {"Schedule": fields.get("Schedule") or {"StartTime": fields["CreationTime"]}}


PIPELINE = ResourceType(
    name="Pipeline",
    id=("PipelineName",),
    arn="pipeline/{PipelineName}",
    status="PipelineStatus",
    born=(Phase(0, "Active"),),
    delete=(Phase(0, "Deleting"), Phase(5, GONE)),
)

EXECUTION = ResourceType(
    name="PipelineExecution",
    id=("PipelineExecutionArn",),
    arn="pipeline/{PipelineName}/execution/{ExecutionId}",
    status="PipelineExecutionStatus",
    born=(Phase(0, "Executing"), Phase(600, "Succeeded")),
    stop=(Phase(0, "Stopping"), Phase(20, "Stopped")),
    stoppable=frozenset({"Executing"}),
    prepare=_execution_fields,
    entered=_execution_entered,
)

EXPERIMENT = ResourceType(
    name="InferenceExperiment",
    id=("Name",),
    arn="inference-experiment/{Name}",
    arn_member="Arn",
    status="Status",
    born=(Phase(0, "Creating"), Phase(60, "Created"), Phase(60, "Starting"), Phase(120, "Running")),
    stop=(Phase(0, "Stopping"), Phase(60, "Completed")),
    stoppable=frozenset({"Running"}),
    summary=_schedule,
    view=_schedule,
)

RESOURCE_TYPES = (PIPELINE, EXECUTION, EXPERIMENT)
