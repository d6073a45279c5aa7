"""`smext doctor` names what keeps smext from working."""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

import botocore
import pytest

from smext.api import Target
from smext.aws.account import Account
from smext.cli import main
from smext.diagnostics import doctor
from smext.sandbox import Sandbox


def test_each_kind_says_whether_it_can_be_seen(account: Account, box: Sandbox) -> None:
    box.control.fail("ListEndpoints", "AccessDeniedException")
    found = {finding.text: finding for finding in doctor.identity(account)}
    assert found["Training jobs can be seen"].status == "ok"
    denied = next(finding for text, finding in found.items() if text.startswith("Endpoints"))
    assert denied.status == "warning"
    assert "sagemaker:ListEndpoints" in denied.advice


def test_lists_that_only_a_newer_boto3_has_are_named(
    account: Account, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    at = Path("sagemaker", "2017-07-24")
    model = json.loads(
        gzip.decompress((Path(botocore.__file__).parent / "data" / at / "service-2.json.gz").read_bytes())
    )
    model["operations"]["ListOvens"] = {**model["operations"]["ListModels"], "name": "ListOvens"}
    (tmp_path / at).mkdir(parents=True)
    (tmp_path / at / "service-2.json").write_text(json.dumps(model))
    assert list(doctor.lists(account)) == []
    monkeypatch.setenv("AWS_DATA_PATH", str(tmp_path))
    newer = Account(Target(id="newer", label="newer"))
    [finding] = doctor.lists(newer)
    newer.close()
    assert finding.status == "warning"
    assert finding.text.endswith("of sagemaker that this smext does not know: ListOvens")
    assert "unseen" in finding.advice


def test_the_command_ends_with_one_where_there_are_no_credentials(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    assert main(["doctor"]) == 1
    said = capsys.readouterr().out
    assert f": {sys.executable}" in said.splitlines()[0]
    assert "No AWS credentials were found" in said
