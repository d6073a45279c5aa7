"""Every row of the engine against botocore's model of SageMaker."""

from __future__ import annotations

from typing import Any

import pytest
from moto.core.utils import get_service_model

from smext.sandbox.sagemaker import RESOURCE_TYPES
from smext.sandbox.sagemaker.resource_type import GONE, ResourceType

MODEL: Any = get_service_model("sagemaker")
VERBS = {"Create": "born", "Stop": "stop", "Start": "start", "Update": "update", "Delete": "delete"}


@pytest.fixture(params=RESOURCE_TYPES, ids=lambda kind: kind.name)
def kind(request: pytest.FixtureRequest) -> ResourceType:
    row: ResourceType = request.param
    return row


def test_its_operations_exist(kind: ResourceType) -> None:
    wanted = {f"Create{kind.name}", f"Describe{kind.name}", f"Delete{kind.name}", kind.lists}
    wanted |= {f"{verb}{kind.name}" for verb, timeline in VERBS.items() if getattr(kind, timeline)}
    optional = {"DeleteTransformJob"}
    assert wanted - optional <= set(MODEL.operation_names)


def test_its_statuses_are_the_model_s(kind: ResourceType) -> None:
    if kind.status is None:
        return
    known = MODEL.operation_model(f"Describe{kind.name}").output_shape.members[kind.status].enum
    phases = [phase for timeline in VERBS.values() for phase in getattr(kind, timeline)]
    assert {phase.status for phase in phases} - {GONE} <= set(known)
    allowed = kind.stoppable | kind.startable | kind.updatable | kind.deletable
    assert allowed <= set(known)


def test_its_members_are_the_model_s(kind: ResourceType) -> None:
    describe = MODEL.operation_model(f"Describe{kind.name}")
    assert kind.arn_name in describe.output_shape.members
    assert set(kind.id) <= set(describe.input_shape.members)


def test_its_summaries_are_a_list_of_the_answer(kind: ResourceType) -> None:
    lists = [
        shape
        for shape in MODEL.operation_model(kind.lists).output_shape.members.values()
        if shape.type_name == "list"
    ]
    assert len(lists) == 1
    assert {kind.display, kind.arn_name} & set(lists[0].member.members)


def test_secondary_statuses_of_training_are_the_model_s() -> None:
    known = MODEL.operation_model("DescribeTrainingJob").output_shape.members["SecondaryStatus"].enum
    training = next(kind for kind in RESOURCE_TYPES if kind.name == "TrainingJob")
    said = {phase.secondary for phase in (*training.born, *training.stop)}
    assert said | {"MaxRuntimeExceeded", "Failed"} <= set(known)
