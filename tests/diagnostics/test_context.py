"""Where a server runs, from what SageMaker wrote about the machine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from smext.aws import identity, studio
from smext.aws.account import Account
from smext.diagnostics import context
from smext.sandbox import Sandbox

ARN = "arn:aws:sagemaker:eu-west-1:123456789012:app/d-1/lab/JupyterLab/default"


def metadata(path: Path, **members: Any) -> studio.Metadata:
    file = path / "metadata.json"
    file.write_text(json.dumps(members))
    return studio.read_metadata({"RESOURCE_METADATA_FILE": str(file)})


@pytest.mark.parametrize(
    ("members", "place", "label"),
    [
        (
            {"DomainId": "d-1", "SpaceName": "lab", "ResourceArn": ARN},
            "studio-space",
            "Studio space lab in domain d-1",
        ),
        ({"DomainId": "d-1", "UserProfileName": "eve"}, "studio-classic", "Studio Classic in domain d-1"),
        ({"ResourceName": "old"}, "notebook-instance", "notebook instance old"),
        ({"DomainId": "d", "AdditionalMetadata": {"DataZoneProjectId": "p"}}, "unified-studio", None),
        ({}, "computer", "this computer"),
    ],
)
def test_each_place_is_told_apart(
    tmp_path: Path, members: dict[str, Any], place: str, label: str | None
) -> None:
    found = metadata(tmp_path, **members)
    assert found.place == place
    if label:
        assert found.label == label


def test_the_region_stands_in_the_arn(tmp_path: Path) -> None:
    assert metadata(tmp_path, ResourceArn=ARN).region == "eu-west-1"


@pytest.mark.parametrize("text", ["", "[]", "{", '{"DomainId": 7}'])
def test_a_broken_file_is_a_machine_like_any_other(tmp_path: Path, text: str) -> None:
    (tmp_path / "m").write_text(text)
    assert studio.read_metadata({"RESOURCE_METADATA_FILE": str(tmp_path / "m")}).place == "computer"


@pytest.mark.parametrize(
    ("arn", "label"),
    [
        ("arn:aws:sts::1:assumed-role/data-science/me", "data-science"),
        ("arn:aws:iam::1:user/team/eve", "eve"),
        ("arn:aws:iam::1:root", "root"),
        (None, ""),
    ],
)
def test_an_identity_is_shortened(arn: str | None, label: str) -> None:
    assert identity.identity_label(arn) == label


class TestInASpace:
    @pytest.fixture
    def scene(self) -> str:
        return "busy"

    def test_the_owner_is_looked_up_where_the_file_does_not_name_it(
        self, account: Account, box: Sandbox
    ) -> None:
        unnamed = studio.Metadata(domain="d-sandbox12345", space="maria-lab")
        assert studio.server_identity(account, unnamed).user == "maria"
        box.control.fail("DescribeSpace", "AccessDeniedException")
        assert studio.server_identity(account, unnamed).user is None

    def test_a_denied_identity_is_a_problem_and_the_rest_stands(self, account: Account, box: Sandbox) -> None:
        box.control.fail("GetCallerIdentity", "AccessDeniedException")
        found = context.describe(account, [], version="1")
        assert found.problem is not None
        assert found.account == box.account_id
        assert found.space == "maria-lab"
