"""`smext ls`: the panel's list in a terminal, and an exit status that scripts can use."""

from __future__ import annotations

import json
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from smext.cli import main
from smext.kinds import registry
from smext.sandbox import Sandbox

Output = pytest.CaptureFixture[str]


def listed(capsys: Output, *options: str) -> tuple[int, dict[str, Any]]:
    status = main(["ls", "--json", *options])
    return status, json.loads(capsys.readouterr().out)


class TestBusy:
    @pytest.fixture
    def scene(self) -> str:
        return "busy"

    def test_what_bills_is_listed_with_its_total_and_ends_with_ten(
        self, box: Sandbox, capsys: Output
    ) -> None:
        assert main(["ls"]) == 10
        out = capsys.readouterr().out
        lines = out.splitlines()
        assert lines[0].split()[:3] == ["KIND", "NAME", "STATUS"]
        assert any("legacy-reports" in line and "0.230" in line for line in lines)
        assert any("churn-scoring" in line and " ? " in line and "may be billing" in line for line in lines)
        assert any("maria-lab" in line and "this machine" in line for line in lines)
        assert "priya-archive" not in out
        assert "Total: at least $" in out
        assert "may be billing besides" in out

    def test_the_dearest_come_first(self, box: Sandbox, capsys: Output) -> None:
        main(["ls"])
        names = [line.split()[1] for line in capsys.readouterr().out.splitlines()[1:] if line]
        assert names.index("summarizer-demo") < names.index("legacy-reports") < names.index("jonas-sandbox")

    def test_the_total_is_the_sum_of_what_is_listed(self, box: Sandbox, capsys: Output) -> None:
        _, found = listed(capsys)
        billing = [row["billing"] for row in found["rows"]]
        assert found["summary"]["usd_per_hour"] == pytest.approx(
            sum(b["usd_per_hour"] or 0 for b in billing if b["certainty"] == "billing")
        )
        assert found["summary"]["count"] == sum(b["certainty"] == "billing" for b in billing)
        assert {b["certainty"] for b in billing} == {"billing", "may be billing"}

    def test_rates_are_those_of_the_price_list(self, box: Sandbox, capsys: Output) -> None:
        _, found = listed(capsys, "--kind", "notebook-instance")
        assert {row["billing"]["price"]["source"] for row in found["rows"]} == {"AWS Price List"}

    def test_one_kind_asks_for_that_kind_alone(self, box: Sandbox, capsys: Output) -> None:
        status, found = listed(capsys, "--kind", "endpoint")
        assert status == 10
        assert {row["kind"] for row in found["rows"]} == {"endpoint"}
        assert "ListTrainingJobs" not in box.control.calls

    def test_mine_leaves_out_what_is_somebody_elses(self, box: Sandbox, capsys: Output) -> None:
        _, everything = listed(capsys, "--kind", "studio-app")
        _, mine = listed(capsys, "--kind", "studio-app", "--mine")
        assert {row["owner"] for row in mine["rows"]} == {"maria"}
        assert mine["summary"]["usd_per_hour"] < everything["summary"]["usd_per_hour"]

    def test_whose_it_is_is_told_by_the_tag_of_studio_too(self, box: Sandbox, capsys: Output) -> None:
        client = box.client("sagemaker")
        for name, user in (("ranker-prod", "jonas"), ("summarizer-demo", "maria")):
            profile = f"arn:aws:sagemaker:{box.region}:{box.account_id}:user-profile/d-sandbox12345/{user}"
            arn = client.describe_endpoint(EndpointName=name)["EndpointArn"]
            client.add_tags(ResourceArn=arn, Tags=[{"Key": "sagemaker:user-profile-arn", "Value": profile}])
        _, mine = listed(capsys, "--kind", "endpoint", "--mine")
        found = {row["name"]: row["mine"] for row in mine["rows"]}
        assert "ranker-prod" not in found
        assert found["summarizer-demo"] is True

    def test_all_shows_what_is_over_and_what_only_stores(self, box: Sandbox, capsys: Output) -> None:
        _, found = listed(capsys, "--all", "--kind", "studio-app", "--kind", "training-job")
        assert {"storage only", "none"} <= {row["billing"]["certainty"] for row in found["rows"]}
        assert "segmentation-unet-12" in {row["name"] for row in found["rows"]}

    def test_what_is_not_visible_is_named_with_its_permission(self, box: Sandbox, capsys: Output) -> None:
        box.control.fail("ListEndpoints", "AccessDeniedException")
        assert main(["ls"]) == 10
        out = capsys.readouterr().out
        assert "1 kind not visible" in out
        assert "sagemaker:ListEndpoints" in out

    def test_nothing_is_created_or_stopped(self, box: Sandbox, capsys: Output) -> None:
        main(["ls", "--all"])
        read = ("List", "Describe", "Get", "Search", "BatchDescribe")
        assert all(call.startswith(read) for call in box.control.calls)


def test_an_account_without_anything_ends_with_zero(box: Sandbox, capsys: Output) -> None:
    status = main(["ls", "--kind", "endpoint", "--kind", "training-job"])
    assert status == 0
    assert capsys.readouterr().out == "Nothing that was seen bills by the hour.\n"


def test_what_could_not_be_seen_does_not_pass_for_nothing(box: Sandbox, capsys: Output) -> None:
    box.control.fail("ListEndpoints", "AccessDeniedException")
    assert main(["ls", "--kind", "endpoint", "--kind", "training-job"]) == 3
    out = capsys.readouterr().out
    assert "but not all could be seen" in out
    assert "Endpoints not visible" in out


@pytest.mark.parametrize(
    ("operation", "code"),
    [("ListPartnerApps", "UnknownOperationException"), ("ListPipelines", "AccessDeniedException")],
    ids=["not in this region", "never bills by the hour"],
)
def test_what_cannot_bill_hides_nothing(box: Sandbox, capsys: Output, operation: str, code: str) -> None:
    box.control.fail(operation, code)
    assert main(["ls"]) == 0
    assert "Nothing that was seen bills by the hour.\n" in capsys.readouterr().out


def test_an_empty_account_is_valid_json(box: Sandbox, capsys: Output) -> None:
    status, found = listed(capsys, "--kind", "endpoint")
    assert (status, found["rows"], found["problems"]) == (0, [], {})
    assert found["summary"]["ready"]


def test_an_unknown_kind_is_named_with_the_known_ones(capsys: Output) -> None:
    assert main(["ls", "--kind", "teapot"]) == 2
    error = capsys.readouterr().err
    assert "teapot" in error
    assert all(name in error for name in registry())


def test_without_a_region_it_says_what_to_set(
    capsys: Output, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    assert "AWS_REGION" not in os.environ
    assert main(["ls"]) == 1
    assert "AWS_REGION" in capsys.readouterr().err


@pytest.mark.parametrize("options", [(), ("--kind", "endpoint"), ("--json",)])
def test_an_account_that_cannot_be_asked_is_said_once_and_ends_with_one(
    box: Sandbox, capsys: Output, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    assert main(["ls", *options]) == 1
    out, err = capsys.readouterr()
    assert err.count("Your AWS credentials are incomplete") == 1
    assert "AWS_ACCESS_KEY_ID" in err
    if "--json" in options:
        found = json.loads(out)
        assert found["summary"]["at_least"]
        assert set(found["problems"]) == set(registry())
    else:
        assert out == ""


@pytest.mark.parametrize(
    "code", ["ExpiredTokenException", "UnrecognizedClientException", "RequestTimeTooSkewed"]
)
def test_credentials_that_aws_refuses_end_with_one_too(box: Sandbox, capsys: Output, code: str) -> None:
    box.control.fail("*", code)
    assert main(["ls"]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 2


def test_an_endpoint_that_is_not_there_is_said_once(
    box: Sandbox, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    assert main(["ls"]) == 1
    assert capsys.readouterr().err.count("AWS cannot be reached") == 1


@pytest.mark.parametrize("status", [200, 403])
def test_a_page_in_the_place_of_aws_is_said_once(
    box: Sandbox, capsys: Output, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    class Page(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = b"<html><title>Sign in</title></html>"
            self.send_response(status)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_address[1]}")
        assert main(["ls"]) == 1
        server.shutdown()
        thread.join()
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("came back instead of AWS's answer") == 1
    assert "Sign in" in err


def test_one_cause_of_several_kinds_is_said_once(box: Sandbox, capsys: Output) -> None:
    for operation in ("ListEndpoints", "ListApps", "ListClusters"):
        box.control.fail(operation, "ExpiredTokenException")
    assert main(["ls"]) == 3
    out = capsys.readouterr().out
    assert out.count("credentials have expired") == 1
    assert "Endpoints" in out


def test_the_help_tells_the_exit_status(capsys: Output) -> None:
    with pytest.raises(SystemExit):
        main(["ls", "--help"])
    out = capsys.readouterr().out
    assert "10  something that is listed bills" in out
