"""Processing jobs. Billed from ProcessingStartTime to ProcessingEndTime (botocore: DescribeProcessingJob)."""

from __future__ import annotations

from typing import Any

from ..api import Fact
from ..aws.studio import ServerIdentity
from . import jobs
from .base import Facts, Item, OutputPlace, machines, moment
from .signal import gpu


def _cluster(item: Item) -> dict[str, Any]:
    return dict((item.get("ProcessingResources") or {}).get("ClusterConfig") or {})


def _facts(item: Item, here: ServerIdentity) -> Facts:
    marks, cluster = jobs.marks(item), _cluster(item)
    started, ended = moment(item.get("ProcessingStartTime")), moment(item.get("ProcessingEndTime"))
    status = str(item.get("ProcessingJobStatus") or "")
    waiting = jobs.waiting(status, started)
    kept = jobs.waiting_certainty(waiting, bool(cluster))
    which = jobs.cluster_text(cluster) or machines(None)
    return Facts(
        name=item["ProcessingJobName"],
        status=status,
        detail_status="Starting" if waiting and cluster else "",
        reason=str(item.get("ExitMessage") or item.get("FailureReason") or "") if status == "Failed" else "",
        created=moment(item.get("CreationTime")),
        started=started,
        ended=ended,
        deadline=None if ended else jobs.deadline(started, item),
        meters=jobs.cluster_meters("Processing", cluster),
        billed_from=jobs.billed_from(status, started, ended),
        certainty=kept,
        why="bills from the start of processing on" if waiting else "",
        cells={"instance": which, "duration": jobs.seconds(started, ended)},
        subtitle=which if cluster else "",
        owner=marks.owner,
        notebook=marks.notebook,
        live=marks.live,
        run=marks.run,
    )


def _outputs(item: Item) -> OutputPlace:
    outputs = (item.get("ProcessingOutputConfig") or {}).get("Outputs") or []
    places = [str((output.get("S3Output") or {}).get("S3Uri") or "") for output in outputs]
    prefixes = list(dict.fromkeys(place.rstrip("/") + "/" for place in places if place))
    # What lies below another is listed with that one.
    return OutputPlace(
        prefixes=[
            each
            for each in prefixes
            if not any(each != other and each.startswith(other) for other in prefixes)
        ]
    )


def _more(item: Item) -> list[Fact]:
    stopping = item.get("StoppingCondition") or {}
    return [
        Fact(label="Image", value=(item.get("AppSpecification") or {}).get("ImageUri"), format="code"),
        Fact(label="Role", value=item.get("RoleArn"), format="code"),
        Fact(label="Longest run", value=stopping.get("MaxRuntimeInSeconds"), format="duration"),
        Fact(label="Last words", value=item.get("ExitMessage")),
    ]


def _gpu_hosts(item: Item) -> list[str]:
    return jobs.gpu_hosts(item["ProcessingJobName"], _cluster(item))


KIND = jobs.kind(
    "Processing",
    # A processing job runs for nine days at most (botocore: ProcessingMaxRuntimeInSeconds).
    longest_days=10,
    facts=_facts,
    bills="its machines from the start of processing to its end",
    lost="The work that is not yet written. Outputs that are uploaded only at the end may be lost.",
    stays="The log, the notebook so far, and outputs that were uploaded while it ran.",
    outputs=_outputs,
    more=_more,
    signals=(gpu("/aws/sagemaker/ProcessingJobs", _gpu_hosts),),
)
