"""What is no answer of AWS is no launch: nothing is called started that is not there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from smext import errors
from smext.api import LaunchRequest
from smext.aws.account import Account
from smext.launch import Limits, apply, plan
from smext.runs.record import read_record
from smext.sandbox import Sandbox
from tests.kinds.replay import Reply, response

Make = Callable[..., LaunchRequest]
LIMITS = Limits()


@pytest.fixture
def ready(account: Account, request_of: Make, root: Path) -> Make:
    """A request with the name that its plan gave it."""

    def make(**form: Any) -> LaunchRequest:
        request = request_of(None, **form)
        made = plan(account, request, root, LIMITS)
        return request.model_copy(update={"name": made.name})

    return make


def created(box: Sandbox) -> int:
    return sum(1 for call in box.control.calls if call.startswith("Create"))


NO_ANSWERS = [b"<!DOCTYPE html><html><title>Sign in</title></html>", b"", b'{"TrainingJo', b'{"a": 1}', b"{}"]


@pytest.fixture
def answered(account: Account) -> Iterator[Callable[[str, bytes], None]]:
    """Answer an operation of SageMaker with a body, in AWS's place."""
    events, hooks = account.client("sagemaker").meta.events, list[tuple[str, Any]]()

    def answer(operation: str, body: bytes) -> None:
        def hook(request: Any, **_: Any) -> Any:
            return response(request.url, Reply(body))

        hooks.append((f"before-send.sagemaker.{operation}", hook))
        events.register(*hooks[-1])

    yield answer
    for name, hook in hooks:
        events.unregister(name, hook)


WRONG_ARNS = [
    b'{"%sJobArn": ' + arn + b"}"
    for arn in (b"7", b'{"a": 1}', b'["a"]', b'"x"', b'"arn:aws:sagemaker:us-east-1:1:job/another"')
]


@pytest.mark.parametrize("body", [*NO_ANSWERS, *WRONG_ARNS])
@pytest.mark.parametrize("kind", ["Training", "Processing"])
def test_no_answer_to_a_creation_is_no_launch(
    account: Account, box: Sandbox, ready: Make, root: Path, answered: Any, kind: str, body: bytes
) -> None:
    request = ready(job_kind=kind.lower())
    answered(f"Create{kind}Job", body.replace(b"%s", kind.encode()))
    with pytest.raises(errors.NotUnderstood, match=f"Could not create {kind.lower()} job"):
        apply(account, request, root, LIMITS)
    assert created(box) == 0
    assert read_record(account, f"s3://{box.bucket}/smext/{request.name}/record.json").status == "unknown"


def test_no_answer_to_whether_it_exists_creates_nothing(
    account: Account, box: Sandbox, ready: Make, root: Path, answered: Any
) -> None:
    request = ready(job_kind="training")
    answered("DescribeTrainingJob", NO_ANSWERS[0])
    with pytest.raises(errors.NotUnderstood):
        apply(account, request, root, LIMITS)
    assert created(box) == 0
