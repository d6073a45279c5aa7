"""What is marked to be kept, by a tag or a name, and what is said where the tags are not known."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from smext import errors
from smext.alerts import exemptions
from smext.alerts.exemptions import TAG, Exemptions, tagged
from smext.aws.account import Account
from smext.inventory.idle import Candidate
from smext.inventory.reader import Memory, Reader, parse_key
from smext.kinds import registry
from smext.sandbox import Sandbox


def model(box: Sandbox, name: str, value: str = "yes") -> str:
    made = box.client("sagemaker").create_model(
        ModelName=name, ExecutionRoleArn=box.role_arn, Tags=[{"Key": TAG, "Value": value}]
    )
    return str(made["ModelArn"])


@pytest.mark.parametrize(
    ("value", "kept"), [("", True), ("yes", True), ("until May", True), ("false", False), ("No", False)]
)
def test_the_tag_keeps_unless_it_says_no(account: Account, box: Sandbox, value: str, kept: bool) -> None:
    arn = model(box, "a", value)
    assert (arn in tagged(account)) == kept


def test_a_part_of_the_tags_does_not_pass_for_all(
    account: Account, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exemptions, "_PAGES", 1)
    arns = {model(box, f"m-{number}") for number in range(100)}
    assert tagged(account) == arns
    model(box, "one-too-many")
    with pytest.raises(errors.SmextError, match="not all of them could be read"):
        tagged(account)


async def test_what_was_known_last_stands_while_aws_does_not_say(
    account: Account, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exemptions, "SECONDS", 0.0)
    known = Exemptions(account)
    model(box, "a")
    await known.kept([])
    before = known.arns
    assert before
    box.control.fail("GetResources", "AccessDeniedException")
    await known.kept([])
    assert known.problem is not None
    assert known.problem.permission == "tag:GetResources"
    assert known.arns == before
    box.control.heal()
    await known.kept([])
    assert known.problem is None


@pytest.mark.parametrize("scene", ["busy"])
def test_a_role_that_is_tagged_exempts_nothing_that_uses_it(reader: Reader) -> None:
    """One role is that of many jobs: who keeps the role does not mean them."""
    kind, memory = registry()["training-job"], Memory()
    rows = reader.read(kind, memory, datetime.now(timezone.utc), lambda rows: None).rows
    row = next(row for row in rows if row.active)
    item = memory.active[parse_key(row.key)]
    jobs = [Candidate(kind, item, row)]
    assert exemptions.kept(jobs, frozenset({item["TrainingJobArn"]}), []) == {(row.kind, row.key)}
    assert exemptions.kept(jobs, frozenset({item["RoleArn"]}), []) == frozenset()
