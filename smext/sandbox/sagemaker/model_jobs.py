"""Jobs around models: AutoML, labeling, compilation, optimization, recommendations, benchmarks, customization."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from .engine import Engine
from .resource_type import Phase, ResourceType
from .resources import Fields, Resource

Entered = Callable[[Engine, Resource, Phase, datetime], None]
_ENDED = frozenset({"Completed", "Failed", "Stopped", "COMPLETED", "FAILED", "STOPPED"})


def install(engine: Engine) -> None:
    """Add DescribeAutoMLJobV2, which answers for the jobs of both versions."""
    engine.handle("DescribeAutoMLJobV2", partial(engine._describe, AUTOML))


def _automl_entered(engine: Engine, resource: Resource, phase: Phase, at: datetime) -> None:
    fields = resource.fields
    fields["AutoMLJobSecondaryStatus"] = phase.secondary or phase.status
    _ended(fields, "EndTime", phase, at)


def _labeling_fields(engine: Engine, fields: Fields, region: str) -> None:
    fields["LabelCounters"] = {
        "TotalLabeled": 120,
        "HumanLabeled": 120,
        "MachineLabeled": 0,
        "FailedNonRetryableError": 0,
        "Unlabeled": 880,
    }


def _timed(word: str) -> Entered:
    def entered(engine: Engine, resource: Resource, phase: Phase, at: datetime) -> None:
        if phase.status == "INPROGRESS":
            resource.fields.setdefault(f"{word}StartTime", at)
        _ended(resource.fields, f"{word}EndTime", phase, at)

    return entered


def _completed(member: str) -> Entered:
    def entered(engine: Engine, resource: Resource, phase: Phase, at: datetime) -> None:
        _ended(resource.fields, member, phase, at)

    return entered


def _ended(fields: Fields, member: str, phase: Phase, at: datetime) -> None:
    if phase.status in _ENDED:
        fields[member] = at
    if phase.status.lower() == "failed":
        fields["FailureReason"] = phase.message


def _customization_entered(engine: Engine, resource: Resource, phase: Phase, at: datetime) -> None:
    secondary = phase.secondary or phase.status
    resource.fields |= {"SecondaryStatus": secondary, "JobSecondaryStatus": secondary}
    _ended(resource.fields, "EndTime", phase, at)


def _compilation_summary(fields: Fields) -> Fields:
    return {"CompilationTargetDevice": (fields.get("OutputConfig") or {}).get("TargetDevice")}


AUTOML = ResourceType(
    name="AutoMLJob",
    id=("AutoMLJobName",),
    arn="automl-job/{AutoMLJobName}",
    status="AutoMLJobStatus",
    born=(
        Phase(0, "InProgress", "Starting"),
        Phase(30, "InProgress", "AnalyzingData"),
        Phase(300, "InProgress", "ModelTuning"),
        Phase(600, "Completed"),
    ),
    stop=(Phase(0, "Stopping"), Phase(20, "Stopped")),
    stoppable=frozenset({"InProgress"}),
    entered=_automl_entered,
)

LABELING = ResourceType(
    name="LabelingJob",
    id=("LabelingJobName",),
    arn="labeling-job/{LabelingJobName}",
    status="LabelingJobStatus",
    born=(Phase(0, "Initializing"), Phase(60, "InProgress"), Phase(3600, "Completed")),
    stop=(Phase(0, "Stopping"), Phase(20, "Stopped")),
    stoppable=frozenset({"Initializing", "InProgress"}),
    prepare=_labeling_fields,
)

COMPILATION = ResourceType(
    name="CompilationJob",
    id=("CompilationJobName",),
    arn="compilation-job/{CompilationJobName}",
    status="CompilationJobStatus",
    born=(Phase(0, "STARTING"), Phase(20, "INPROGRESS"), Phase(240, "COMPLETED")),
    stop=(Phase(0, "STOPPING"), Phase(10, "STOPPED")),
    stoppable=frozenset({"STARTING", "INPROGRESS"}),
    entered=_timed("Compilation"),
    summary=_compilation_summary,
)

OPTIMIZATION = ResourceType(
    name="OptimizationJob",
    id=("OptimizationJobName",),
    arn="optimization-job/{OptimizationJobName}",
    status="OptimizationJobStatus",
    born=(Phase(0, "STARTING"), Phase(60, "INPROGRESS"), Phase(1200, "COMPLETED")),
    stop=(Phase(0, "STOPPING"), Phase(10, "STOPPED")),
    stoppable=frozenset({"STARTING", "INPROGRESS"}),
    entered=_timed("Optimization"),
)

RECOMMENDER = ResourceType(
    name="InferenceRecommendationsJob",
    id=("JobName",),
    arn="inference-recommendations-job/{JobName}",
    arn_member="JobArn",
    status="Status",
    born=(Phase(0, "PENDING"), Phase(30, "IN_PROGRESS"), Phase(2700, "COMPLETED")),
    stop=(Phase(0, "STOPPING"), Phase(20, "STOPPED")),
    stoppable=frozenset({"PENDING", "IN_PROGRESS"}),
    entered=_completed("CompletionTime"),
)


def _ai_job(word: str, seconds: int) -> ResourceType:
    """Return the type of AI benchmark or AI recommendation jobs, which complete after so many seconds."""
    return ResourceType(
        name=f"AI{word}Job",
        id=(f"AI{word}JobName",),
        arn=f"ai-{word.lower()}-job/{{AI{word}JobName}}",
        status=f"AI{word}JobStatus",
        born=(Phase(0, "InProgress"), Phase(seconds, "Completed")),
        stop=(Phase(0, "Stopping"), Phase(20, "Stopped")),
        stoppable=frozenset({"InProgress"}),
        entered=_completed("EndTime"),
    )


BENCHMARK, RECOMMENDATION = _ai_job("Benchmark", 1800), _ai_job("Recommendation", 3600)

CUSTOMIZATION = ResourceType(
    name="Job",
    id=("JobCategory", "JobName"),
    arn="job/{JobCategory}/{JobName}",
    status="JobStatus",
    born=(
        Phase(0, "InProgress", "Starting"),
        Phase(60, "InProgress", "Training"),
        Phase(3600, "Completed", "Completed"),
    ),
    stop=(Phase(0, "Stopping", "Stopping"), Phase(20, "Stopped", "Stopped")),
    stoppable=frozenset({"InProgress"}),
    entered=_customization_entered,
)

TRAINING_SESSION = ResourceType(
    name="TrainingSession",
    id=("TrainingSessionName",),
    arn="training-session/{TrainingSessionName}",
    status="TrainingSessionStatus",
    born=(Phase(0, "Created"), Phase(30, "Scheduled"), Phase(120, "Running")),
    stop=(Phase(0, "Stopping"), Phase(20, "Stopped")),
    stoppable=frozenset({"Created", "Scheduled", "Blocked", "Running"}),
    entered=_completed("EndTime"),
    view=lambda fields: {"TrainingSessionDetail": fields},
)

RESOURCE_TYPES = (
    AUTOML,
    LABELING,
    COMPILATION,
    OPTIMIZATION,
    RECOMMENDER,
    BENCHMARK,
    RECOMMENDATION,
    CUSTOMIZATION,
    TRAINING_SESSION,
)
