"""Shared parts of compilation and optimization jobs; no price of either is known."""

from __future__ import annotations

from collections.abc import Callable

from ..api import Column, Fact
from ..aws.studio import ServerIdentity
from . import jobs
from .base import Detail, Facts, Item, Kind, LogSource, Status, calling, created_within, moment

COLUMNS = (
    Column(name="name", label="Name"),
    Column(name="status", label="Status"),
    Column(name="target", label="For"),
    Column(name="created", label="Created", format="time"),
    Column(name="duration", label="Duration", format="duration"),
)


def statuses(why: str) -> dict[str, Status]:
    """Return the statuses; CompilationJobStatus and OptimizationJobStatus have the same words (botocore)."""
    moving = Status("running", active=True, changing=True, certainty="may be billing", why=why)
    return {
        "STARTING": moving,
        "INPROGRESS": moving,
        "STOPPING": Status("warn", active=True, changing=True, certainty="may be billing", why=why),
        "COMPLETED": Status("ok"),
        "FAILED": Status("bad"),
        "STOPPED": Status("off"),
    }


def facts(word: str, target: Callable[[Item], str]) -> Callable[[Item, ServerIdentity], Facts]:
    """Return the facts function for members that begin with `word`: `Compilation`, `Optimization`."""

    def make(item: Item, here: ServerIdentity) -> Facts:
        started, ended = moment(item.get(f"{word}StartTime")), moment(item.get(f"{word}EndTime"))
        return Facts(
            name=item[f"{word}JobName"],
            status=str(item.get(f"{word}JobStatus") or ""),
            reason=str(item.get("FailureReason") or ""),
            created=moment(item.get("CreationTime")),
            started=started,
            ended=ended,
            billed_from=started,
            cells={"target": target(item), "duration": jobs.seconds(started, ended)},
            subtitle=target(item),
        )

    return make


def kind(
    word: str,
    *,
    why: str,
    target: Callable[[Item], str],
    lost: str,
    more: Callable[[Item], list[Fact]],
    bills: str,
    logs: Callable[[Item], LogSource] | None = None,
) -> Kind:
    """Make a kind whose operations and members are made with `word`; `why` it may be billing."""
    name, status = f"{word}JobName", f"{word}JobStatus"

    def said(item: Item) -> list[Fact]:
        longest = (item.get("StoppingCondition") or {}).get("MaxRuntimeInSeconds")
        place = (item.get("OutputConfig") or {}).get("S3OutputLocation")
        longest_run = Fact(label="Longest run", value=longest, format="duration")
        return [longest_run, *more(item), Fact(label="Output", value=place, format="code")]

    return Kind(
        name=f"{word.lower()}-job",
        label=f"{word} jobs",
        singular=f"{word.lower()} job",
        # 28 days is the longest run that a stopping condition takes (botocore: StoppingCondition).
        list_calls=(created_within(f"List{word}Jobs", f"{word}JobSummaries", days=30),),
        key_members=(name,),
        arn=f"{word}JobArn",
        status_of=lambda item: str(item.get(status) or ""),
        statuses=statuses(why),
        status_shapes=(status,),
        facts=facts(word, target),
        columns=COLUMNS,
        detail=Detail(
            (f"Describe{word}Job",), calling(f"Describe{word}Job", name), jobs.version(status), rows=False
        ),
        actions=(
            jobs.stop(
                f"Stop{word}Job",
                name,
                f"{word.lower()} job",
                lost=lost,
                stays="The model that it began with, and its log.",
                status_member=status,
                running=("STARTING", "INPROGRESS"),
            ),
        ),
        logs=logs,
        more=said,
        bills=bills,
    )
