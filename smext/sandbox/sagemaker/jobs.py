"""Job types: training, processing, transform and tuning, with the texts and times of the real service."""

from __future__ import annotations

from datetime import datetime

from ..errors import AwsError, validation
from . import rules
from .engine import Engine
from .joblog import narrate
from .resource_type import Phase, Refusal, ResourceType
from .resources import Fields, Resource

STOPPABLE = frozenset({"InProgress"})
ENDED = frozenset({"Completed", "Failed", "Stopped"})
FINAL_MESSAGES = {"Completed": "Training job completed", "Stopped": "Training job stopped"}


def _training_taken(name: str, arn: str) -> AwsError:
    return AwsError(
        "ResourceInUse",
        "Training job names must be unique within an AWS account and region, "
        f"and a training job with this name already exists ({arn})",
    )


def _job_taken(name: str, arn: str) -> AwsError:
    return AwsError(
        "ResourceInUse",
        "Job name must be unique within an AWS account and region, "
        f"and a job with this name already exists ({arn})",
    )


def _job_missing(name: str, arn: str) -> AwsError:
    return AwsError("ResourceNotFound", f"Could not find requested job with name: {name}")


def _refused(what: str) -> Refusal:
    def refuse(resource: Resource, verb: str) -> AwsError:
        return validation(f"The request was rejected because the {what} job is in status {resource.status}.")

    return refuse


def _training_fields(engine: Engine, fields: Fields, region: str) -> None:
    if "AlgorithmSpecification" not in fields:
        raise validation("Either AlgorithmSpecification or a serverless job configuration must be given.")
    rules.training(fields)
    if "StoppingCondition" not in fields:
        fields["StoppingCondition"] = {"MaxRuntimeInSeconds": 86400}
    fields.setdefault("EnableNetworkIsolation", False)
    fields.setdefault("EnableInterContainerTrafficEncryption", False)
    fields.setdefault("EnableManagedSpotTraining", False)
    fields["SecondaryStatusTransitions"] = []


def _processing_fields(engine: Engine, fields: Fields, region: str) -> None:
    rules.processing(fields)
    fields.setdefault("StoppingCondition", {"MaxRuntimeInSeconds": 86400})


def _training_entered(engine: Engine, resource: Resource, phase: Phase, at: datetime) -> None:
    fields = resource.fields
    secondary = phase.secondary or phase.status
    fields["SecondaryStatus"] = secondary
    transitions = fields["SecondaryStatusTransitions"]
    if transitions:
        transitions[-1].setdefault("EndTime", at)
    message = phase.message or FINAL_MESSAGES.get(phase.status, "")
    transitions.append({"Status": secondary, "StartTime": at, "StatusMessage": message})
    if secondary == "Downloading":
        fields.setdefault("TrainingStartTime", at)
    if phase.status in ENDED:
        _training_ended(fields, phase, at)
        transitions[-1]["EndTime"] = at
    narrate(engine, resource, phase, at)


def _training_ended(fields: Fields, phase: Phase, at: datetime) -> None:
    fields["TrainingEndTime"] = at
    begun = fields.get("TrainingStartTime")
    seconds = int((at - begun).total_seconds()) if begun else 0
    fields["TrainingTimeInSeconds"] = seconds
    spot = fields.get("EnableManagedSpotTraining")
    fields["BillableTimeInSeconds"] = int(seconds * 0.35) if spot else seconds
    if phase.status == "Failed":
        fields["FailureReason"] = phase.message or "AlgorithmError: , exit code: 1"
        return
    base = fields["OutputDataConfig"]["S3OutputPath"].rstrip("/")
    fields["ModelArtifacts"] = {"S3ModelArtifacts": f"{base}/{fields['TrainingJobName']}/output/model.tar.gz"}
    keep = (fields.get("ResourceConfig") or {}).get("KeepAlivePeriodInSeconds")
    if keep and phase.status == "Completed":
        fields["WarmPoolStatus"] = {"Status": "Available", "ResourceRetainedBillableTimeInSeconds": 0}


def _plain_entered(engine: Engine, resource: Resource, phase: Phase, at: datetime) -> None:
    """Set the start time when the containers run and the end time at the end (processing, transform)."""
    fields, word = resource.fields, resource.kind.name[: -len("Job")]
    if phase.secondary == "Running":
        fields.setdefault(f"{word}StartTime", at)
    if phase.status in ENDED:
        fields[f"{word}EndTime"] = at
        if phase.status == "Failed":
            fields["FailureReason"] = phase.message or "AlgorithmError: , exit code: 1"
    narrate(engine, resource, phase, at)


def _tuning_entered(engine: Engine, resource: Resource, phase: Phase, at: datetime) -> None:
    fields = resource.fields
    limits = (fields.get("HyperParameterTuningJobConfig") or {}).get("ResourceLimits") or {}
    total = int(limits.get("MaxNumberOfTrainingJobs") or 0)
    done = phase.status == "Completed"
    running = 0 if phase.status in ENDED else min(total, int(limits.get("MaxParallelTrainingJobs") or 1))
    fields["TrainingJobStatusCounters"] = {
        "Completed": total if done else 0,
        "InProgress": running,
        "RetryableError": 0,
        "NonRetryableError": 0,
        "Stopped": total if phase.status == "Stopped" else 0,
    }
    fields["ObjectiveStatusCounters"] = {"Succeeded": total if done else 0, "Pending": running, "Failed": 0}
    if phase.status in ENDED:
        fields["HyperParameterTuningEndTime"] = at
    if phase.status == "Failed":
        fields["FailureReason"] = phase.message


def _warm_pool(engine: Engine, resource: Resource, change: Fields) -> None:
    """Apply UpdateTrainingJob: of what it can change, only the warm pool's keep-alive period."""
    keep = (change.get("ResourceConfig") or {}).get("KeepAlivePeriodInSeconds")
    if keep is None:
        return
    resource.fields.setdefault("ResourceConfig", {})["KeepAlivePeriodInSeconds"] = keep
    if keep == 0 and resource.fields.get("WarmPoolStatus"):
        resource.fields["WarmPoolStatus"] = {
            "Status": "Terminated",
            "ResourceRetainedBillableTimeInSeconds": 0,
        }


def _tuning_summary(fields: Fields) -> Fields:
    config = fields.get("HyperParameterTuningJobConfig") or {}
    return {"Strategy": config.get("Strategy"), "ResourceLimits": config.get("ResourceLimits")}


TRAINING = ResourceType(
    name="TrainingJob",
    id=("TrainingJobName",),
    arn="training-job/{TrainingJobName}",
    status="TrainingJobStatus",
    born=(
        Phase(0, "InProgress", "Starting", "Starting the training job"),
        Phase(10, "InProgress", "Starting", "Preparing the instances for training"),
        Phase(15, "InProgress", "Downloading", "Downloading the training image"),
        Phase(20, "InProgress", "Training", "Training image download completed. Training in progress."),
        Phase(120, "InProgress", "Uploading", "Uploading generated training model"),
        Phase(10, "Completed", "Completed"),
    ),
    stop=(
        Phase(0, "Stopping", "Stopping", "Stopping the training job"),
        Phase(20, "Stopped", "Stopped"),
    ),
    filters_after_page=True,
    stoppable=STOPPABLE,
    deletable=ENDED,
    missing=lambda name, arn: validation("Requested resource not found."),
    taken=_training_taken,
    refused=_refused("training"),
    prepare=_training_fields,
    entered=_training_entered,
    apply_update=_warm_pool,
)

PROCESSING = ResourceType(
    name="ProcessingJob",
    id=("ProcessingJobName",),
    arn="processing-job/{ProcessingJobName}",
    status="ProcessingJobStatus",
    born=(
        Phase(0, "InProgress", "Preparing"),
        Phase(40, "InProgress", "Running"),
        Phase(120, "Completed"),
    ),
    stop=(Phase(0, "Stopping"), Phase(20, "Stopped")),
    stoppable=STOPPABLE,
    deletable=ENDED,
    missing=_job_missing,
    taken=_job_taken,
    refused=_refused("processing"),
    prepare=_processing_fields,
    entered=_plain_entered,
)

TRANSFORM = ResourceType(
    name="TransformJob",
    id=("TransformJobName",),
    arn="transform-job/{TransformJobName}",
    status="TransformJobStatus",
    born=(
        Phase(0, "InProgress", "Preparing"),
        Phase(60, "InProgress", "Running"),
        Phase(120, "Completed"),
    ),
    stop=(Phase(0, "Stopping"), Phase(20, "Stopped")),
    stoppable=STOPPABLE,
    missing=_job_missing,
    taken=_job_taken,
    refused=_refused("transform"),
    entered=_plain_entered,
)

TUNING = ResourceType(
    name="HyperParameterTuningJob",
    id=("HyperParameterTuningJobName",),
    arn="hyper-parameter-tuning-job/{HyperParameterTuningJobName}",
    status="HyperParameterTuningJobStatus",
    born=(Phase(0, "InProgress"), Phase(300, "Completed")),
    stop=(Phase(0, "Stopping"), Phase(20, "Stopped")),
    stoppable=STOPPABLE,
    deletable=ENDED,
    missing=_job_missing,
    taken=_job_taken,
    refused=_refused("tuning"),
    entered=_tuning_entered,
    summary=_tuning_summary,
)

RESOURCE_TYPES = (TRAINING, PROCESSING, TRANSFORM, TUNING)
