"""Batch transform jobs. Billed from TransformStartTime to TransformEndTime (botocore: DescribeTransformJob)."""

from __future__ import annotations

from ..api import Fact
from ..aws.studio import ServerIdentity
from . import jobs
from .base import Facts, Item, OutputPlace, machines, moment


def _facts(item: Item, here: ServerIdentity) -> Facts:
    marks, resources = jobs.marks(item), item.get("TransformResources") or {}
    started, ended = moment(item.get("TransformStartTime")), moment(item.get("TransformEndTime"))
    status = str(item.get("TransformJobStatus") or "")
    waiting = jobs.waiting(status, started)
    which = machines(resources.get("InstanceType"), resources.get("InstanceCount"))
    return Facts(
        name=item["TransformJobName"],
        status=status,
        detail_status="Starting" if waiting and resources else "",
        reason=str(item.get("FailureReason") or ""),
        created=moment(item.get("CreationTime")),
        started=started,
        ended=ended,
        meters=jobs.cluster_meters("Transform", resources),
        billed_from=jobs.billed_from(status, started, ended),
        certainty=jobs.waiting_certainty(waiting, bool(resources)),
        why="bills from the start of the transform on" if waiting else "",
        cells={"instance": which, "duration": jobs.seconds(started, ended)},
        subtitle=which if resources else "",
        owner=marks.owner,
        notebook=marks.notebook,
    )


def _outputs(item: Item) -> OutputPlace:
    place = str((item.get("TransformOutput") or {}).get("S3OutputPath") or "")
    return OutputPlace(prefixes=[place.rstrip("/") + "/"] if place else [])


def _more(item: Item) -> list[Fact]:
    source = ((item.get("TransformInput") or {}).get("DataSource") or {}).get("S3DataSource") or {}
    return [
        Fact(label="Model", value=item.get("ModelName")),
        Fact(label="Input", value=source.get("S3Uri"), format="code"),
        Fact(label="Batches", value=item.get("BatchStrategy")),
    ]


KIND = jobs.kind(
    "Transform",
    # botocore has no longest run for these: a month is longer than any other job may take.
    longest_days=30,
    facts=_facts,
    bills="its machines from the start of the transform to its end",
    # botocore, StopTransformJob: the output of a stopped job is not stored.
    lost="All of its output: a transform job that is stopped stores nothing in S3.",
    stays="Its input, its model and its log.",
    outputs=_outputs,
    more=_more,
)
