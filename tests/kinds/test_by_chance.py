"""Answers by chance, of botocore's shapes: no crash, no kind lost, no sure total that leaves something out.

SMEXT_ROUNDS sets how many for each kind; the seed of each is its number.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import datetime, timezone
from random import Random
from typing import Any

import pytest

from smext.inventory.reader import Memory, Reader
from smext.kinds import registry
from smext.kinds.base import BILLS, Kind
from tests.kinds.replay import CREDENTIALS, Asked, Replayed, Replies, Reply, read, reader_of, written
from tests.kinds.shapes import NOON, UNKNOWN, by_chance

ROUNDS = int(os.environ.get("SMEXT_ROUNDS", "5"))
NOW = datetime.fromtimestamp(NOON, timezone.utc)


@pytest.fixture(scope="module")
def replayed() -> Iterator[tuple[Replayed, Reader]]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in CREDENTIALS.items():
            patch.setenv(name, value)
        # However busy the machine is: what is told here is the answers, not the time that they take.
        account = Replayed(lambda asked: Reply(b"{}"), read_timeout=300, call_seconds=600)
        for service in {kind.service for kind in registry().values()}:
            account.client(service)
    with reader_of(account) as reader:
        yield account, reader


def answers(kind: Kind, seed: int) -> Replies:
    """The same answer to the same question; descriptions bear the name that was asked for."""
    results = {listing.operation: listing for listing in (*kind.list_calls, *kind.opening)}

    def reply(asked: Asked) -> Reply:
        question = (
            f"{kind.name} {seed} {asked.operation} {sorted(asked.params.items(), key=str)} {asked.path}"
        )
        shape, chance = asked.model.output_shape, Random(question)
        answer: dict[str, Any] = by_chance(shape, chance)
        listing = results.get(asked.operation)
        if listing:
            answer[listing.result] = [
                by_chance(shape.members[listing.result].member, chance) for _ in range(3)
            ]
            answer.pop(listing.next_token, None)
        else:
            answer |= {name: value for name, value in asked.params.items() if name in shape.members}
        return written(asked, answer)

    return reply


@pytest.mark.parametrize("kind", registry().values(), ids=lambda kind: kind.name)
def test_whatever_aws_answers_is_read_honestly(kind: Kind, replayed: tuple[Replayed, Reader]) -> None:
    account, reader = replayed
    for seed in range(ROUNDS):
        account.replies = answers(kind, seed)
        memory = Memory()
        for _ in range(2):
            told = read(reader, kind, NOW, memory)
            where = f"seed {seed}"
            assert told.reading is not None, f"{where}: {told.message}"
            is_honest(kind, told.reading.rows, told.summary, where)
            assert told.summary.at_least or not told.problem or not kind.may_bill, where


def is_honest(kind: Kind, rows: Any, summary: Any, where: str) -> None:
    for row in rows:
        billing = row.billing
        assert json.loads(row.model_dump_json()), where
        assert billing.usd_per_hour is None or 0 < billing.usd_per_hour < 1e18, f"{where}: {row}"
        assert (billing.accrued_usd or 0) >= 0, f"{where}: {row}"
        if row.status == UNKNOWN and kind.may_bill:
            assert billing.certainty in BILLS, (
                f"{where}: nobody knows that {row.name} does not bill: {billing}"
            )
        if row.subtitle == "could not be read":
            assert summary.at_least or not kind.may_bill, where
    assert len({row.key for row in rows}) == len(rows), where
    assert summary.at_least or not any(row.billing.certainty == "may be billing" for row in rows), where
