"""Shared parts of AI benchmark and AI recommendation jobs; no price of either is known."""

from __future__ import annotations

from collections.abc import Callable

from ..api import Fact
from ..aws.studio import ServerIdentity
from . import causes, jobs
from .base import Detail, Facts, Item, Kind, Status, calling, created_within, moment


def _statuses(why: str) -> dict[str, Status]:
    """Return the statuses; AIBenchmarkJobStatus and AIRecommendationJobStatus have the same words (botocore)."""
    return {
        "InProgress": Status("running", active=True, changing=True, certainty="may be billing", why=why),
        "Stopping": Status("warn", active=True, changing=True, certainty="may be billing", why=why),
        **causes.ENDED,
    }


def _facts(word: str, subtitle: Callable[[Item], str]) -> Callable[[Item, ServerIdentity], Facts]:
    def make(item: Item, here: ServerIdentity) -> Facts:
        created, ended = moment(item.get("CreationTime")), moment(item.get("EndTime"))
        return Facts(
            name=item[f"AI{word}JobName"],
            status=str(item.get(f"AI{word}JobStatus") or ""),
            reason=str(item.get("FailureReason") or ""),
            created=created,
            started=moment(item.get("StartTime")) or created,
            ended=ended,
            cells={"duration": jobs.seconds(created, ended)},
            subtitle=subtitle(item),
        )

    return make


def kind(
    word: str,
    *,
    why: str,
    subtitle: Callable[[Item], str],
    lost: str,
    stays: str,
    more: Callable[[Item], list[Fact]],
    bills: str,
) -> Kind:
    """Make a kind whose operations and members are made with `word`; `why` it may be billing."""
    name, status = f"AI{word}JobName", f"AI{word}JobStatus"
    singular = f"AI {word.lower()} job"
    return Kind(
        name=f"{word.lower()}-job",
        label=f"{singular}s",
        singular=singular,
        list_calls=(created_within(f"ListAI{word}Jobs", f"AI{word}Jobs", days=30),),
        key_members=(name,),
        arn=f"AI{word}JobArn",
        status_of=lambda item: str(item.get(status) or ""),
        statuses=_statuses(why),
        status_shapes=(status,),
        facts=_facts(word, subtitle),
        columns=causes.COLUMNS,
        detail=Detail(
            (f"DescribeAI{word}Job",),
            calling(f"DescribeAI{word}Job", name),
            lambda item: item.get(status),
            rows=False,
        ),
        actions=(jobs.stop(f"StopAI{word}Job", name, singular, lost, stays, status),),
        more=more,
        bills=bills,
    )
