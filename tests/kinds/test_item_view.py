"""The view of one odd item, and what else reads items: what can be read is shown, what cannot is said or passed over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any
from urllib.parse import quote

import pytest

from smext.alerts import exemptions
from smext.api import ItemDetail, Row
from smext.aws.responses import INVALID_TIME
from smext.inventory.idle import Candidate, look
from smext.inventory.reader import Reader, parse_key
from smext.kinds import registry
from smext.kinds.base import Item, Kind
from smext.sandbox import Sandbox
from smext.server.service import Service
from smext.server.settings import Settings

Truth = Callable[[Kind], dict[str, Row]]
NOW = datetime.now(timezone.utc)
ODD: list[Any] = [None, 7, -1.5, "x", [None], {"a": [None]}, INVALID_TIME]
FUNCTIONS = ("facts", "status_of", "more", "phases", "parameters")
each_kind = pytest.mark.parametrize("kind", registry().values(), ids=lambda kind: kind.name)


@pytest.fixture(scope="module")
def view(everything: tuple[Sandbox, Reader]) -> Callable[[Kind, str], ItemDetail]:
    reader = everything[1]
    service = Service(reader.account, [], lambda kinds, revision: None, Settings(), version="test")
    return lambda kind, key: service._detail(kind, reader, key)


def fails(*_: Any) -> Any:
    raise KeyError("Member")


@pytest.mark.parametrize("function", FUNCTIONS)
@each_kind
def test_what_cannot_be_read_of_an_item_is_said_beside_the_rest(
    kind: Kind, function: str, view: Callable[[Kind, str], ItemDetail], truth: Truth
) -> None:
    if getattr(kind, function) is None:
        return
    key = next(iter(truth(kind)))
    whole, broken = view(kind, key), replace(kind, **{function: fails})  # type: ignore[arg-type]
    found = view(broken, key)
    assert found.request.keys() == whole.request.keys()
    assert (found.row.key, found.row.kind) == (key, kind.name)
    said = [problem for problem in found.problems if problem not in whole.problems]
    assert {problem.code for problem in said} == {"not-understood"}
    lost = {"more": "facts"}.get(function, function)
    for part in {"facts", "phases", "parameters"} - {lost}:
        same = getattr(found, part) == getattr(whole, part)
        # Whether it is this server's, and where its run is, only its facts tell.
        assert same or function in {"facts", "status_of"}, part


@pytest.mark.parametrize(
    ("name", "odd", "lost"),
    [
        ("training-job", {"AlgorithmSpecification": 7}, {"Image"}),
        (
            "training-job",
            {"AlgorithmSpecification": 7, "StoppingCondition": [None]},
            {"Image", "Longest run"},
        ),
        ("cluster", {"Orchestrator": 7}, {"Orchestrator"}),
        ("cluster", {"InstanceGroups": 7}, {"Group "}),
        ("recommender-job", {"InferenceRecommendations": 7}, {"Recommendations"}),
        ("training-plan", {"TargetResources": 7}, {"For"}),
        ("feature-group", {"ThroughputConfig": "x"}, {"Read units", "Write units"}),
        ("processing-job", {"RoleArn": {"a": 1}}, {"Role"}),
    ],
)
def test_one_odd_member_costs_no_facts_but_its_own(
    name: str,
    odd: Item,
    lost: set[str],
    view: Callable[[Kind, str], ItemDetail],
    reader: Reader,
    truth: Truth,
) -> None:
    kind = registry()[name]
    key = next(iter(truth(kind)))
    item = {"RoleArn": "arn:aws:iam::1:role/r", "InUseInstanceCount": 1, **reader.item(kind, parse_key(key))}

    def seen(item: Item) -> ItemDetail:
        return view(replace(kind, detail=replace(kind.detail, fetch=telling(item))), key)

    kept = [fact for fact in seen(item).facts if not any(fact.label.startswith(each) for each in lost)]
    assert kept
    found = seen({**item, **odd})
    assert found.facts == kept
    assert [each.message for each in found.problems if each.message.startswith("The facts of ")]


def odd_items(kind: Kind, reader: Reader, key: str) -> Iterator[Item]:
    """The item with one member after the other as it never is."""
    item = reader.item(kind, parse_key(key))
    for member in item:
        if member not in kind.key_members:
            yield from ({**item, member: odd} for odd in ODD)


def telling(item: Item) -> Callable[..., Item]:
    return lambda call, listed: item


@each_kind
def test_whatever_a_member_is_the_item_can_be_looked_at(
    kind: Kind, view: Callable[[Kind, str], ItemDetail], reader: Reader, truth: Truth
) -> None:
    for key in list(truth(kind))[:2]:
        for item in odd_items(kind, reader, key):
            told = replace(kind, detail=replace(kind.detail, fetch=telling(item)))
            found = view(told, key)
            assert found.request
            assert found.row.key == "/".join(quote(part, safe="") for part in parse_key(key))
            assert found.model_dump_json()


@each_kind
def test_what_is_odd_is_no_reason_not_to_know_what_else_is_kept(
    kind: Kind, reader: Reader, truth: Truth
) -> None:
    key, row = next(iter(truth(kind).items()))
    arn = f"arn:aws:sagemaker:us-east-1:123456789012:{kind.name}/kept"
    marked = Candidate(kind, {**reader.item(kind, parse_key(key)), "AnArn": arn}, row)
    odd = [
        Candidate(kind, item, row.model_copy(update={"key": "odd"})) for item in odd_items(kind, reader, key)
    ]
    broken = Candidate(replace(kind, resources=fails), {}, row.model_copy(update={"key": "broken"}))
    assert exemptions.kept([*odd, broken, marked], frozenset({arn}), []) == {(kind.name, key)}


@pytest.mark.parametrize(
    "kind", [kind for kind in registry().values() if kind.signals], ids=lambda kind: kind.name
)
def test_what_is_odd_is_no_reason_not_to_know_what_else_idles(
    kind: Kind, reader: Reader, box: Sandbox, truth: Truth, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in box.env.items():  # this test is the first to ask CloudWatch
        monkeypatch.setenv(name, value)
    rows = [row for row in truth(kind).values() if row.active and row.billing.certainty == "billing"][:3]
    sound = [Candidate(kind, reader.item(kind, parse_key(row.key)), row) for row in rows]
    alone = look(reader.account, sound, NOW)
    dear = sound[0].row.billing.model_copy(update={"usd_per_hour": 1e5})
    odd = [
        Candidate(kind, item, sound[0].row.model_copy(update={"key": f"odd-{number}", "billing": dear}))
        for number, item in enumerate(odd_items(kind, reader, rows[0].key))
    ]
    odd.append(Candidate(kind, {}, sound[0].row.model_copy(update={"key": "nothing", "billing": dear})))
    for start in range(0, len(odd), 30):
        found = look(reader.account, [*odd[start : start + 30], *sound], NOW)
        assert {key: found.get(key) for key in alone} == alone
