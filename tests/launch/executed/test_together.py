"""Two people launch the same notebook in one shared space at the same moment: each gets his own run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from smext.api import LaunchRequest, NotebookDocument
from smext.aws.account import Account
from smext.aws.s3 import read
from smext.launch import Limits, apply, plan
from smext.runs.record import read_record
from tests.launch.executed.jobs import SECONDS, ended

WHO = ("ana", "bo")
# A server of its own: all that both have in common is the folder, the home and the account.
SERVER = """
import sys
from pathlib import Path
from smext.api import LaunchRequest, Target
from smext.aws.account import Account
from smext.launch import Limits, apply, plan
account = Account(Target(id="here", label="here"))
root, request = Path(sys.argv[1]), LaunchRequest.model_validate_json(sys.argv[2])
made = plan(account, request, root, Limits())
print("ready", flush=True)
sys.stdin.readline()
apply(account, request.model_copy(update={"name": made.name}), root, Limits())
print(made.record_uri, flush=True)
account.close()
"""


@pytest.fixture
def requests(document: Callable[..., NotebookDocument], request_of: Callable[..., LaunchRequest]) -> Any:
    notebook = document(
        ("parameters", "who = ''"),
        "import os, time\n"
        "rows = open('data.csv').read().splitlines()\n"
        "open('made.txt', 'w').write(f'{who} {len(rows)}')\n"
        "print('user', os.environ['SMEXT_USER'])",
    )
    return [request_of(notebook, parameters={"who": who}, packages=[]) for who in WHO]


def check(account: Account, who: str, record_uri: str) -> str:
    """The run is whole and its own; who it belongs to."""
    kept = read_record(account, record_uri)
    job = ended(account, "processing", kept.job)
    assert job["ProcessingJobStatus"] == "Completed", job.get("FailureReason")
    assert read(account, f"{kept.output_uri}files/made.txt").decode() == f"{who} 2"
    ran = json.loads(read(account, f"{kept.output_uri}notebook.ipynb"))
    assert f"user {kept.user}" in str(ran["cells"][-1]["outputs"])
    assert job["Environment"]["SMEXT_USER"] == kept.user
    return kept.user


def test_from_one_server(account: Account, requests: list[LaunchRequest], root: Path) -> None:
    def launch(request: LaunchRequest) -> str:
        made = plan(account, request, root, Limits())
        apply(account, request.model_copy(update={"name": made.name}), root, Limits())
        return made.record_uri

    with ThreadPoolExecutor(2) as pool:
        records = list(pool.map(launch, requests))
    assert len(set(records)) == 2
    for who, record in zip(WHO, records, strict=True):
        check(account, who, record)


def test_from_two_servers_with_one_home(
    account: Account, requests: list[LaunchRequest], root: Path, tmp_path: Path, cache: Path
) -> None:
    metadata = json.loads(Path(os.environ["RESOURCE_METADATA_FILE"]).read_text())
    servers = []
    for who, request in zip(WHO, requests, strict=True):
        mine = tmp_path / f"{who}.json"
        mine.write_text(json.dumps(metadata | {"UserProfileName": who}))
        servers.append(
            subprocess.Popen(
                [sys.executable, "-c", SERVER, str(root), request.model_dump_json()],
                env=os.environ | {"RESOURCE_METADATA_FILE": str(mine)},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        )
    try:
        for server in servers:
            assert server.stdout is not None
            assert server.stdout.readline() == "ready\n"
        for server in servers:
            assert server.stdin is not None
            server.stdin.write("go\n")
            server.stdin.flush()
        records = [server.communicate(timeout=SECONDS)[0].strip() for server in servers]
    finally:
        for server in servers:
            server.kill()
            server.wait()
    assert [check(account, who, record) for who, record in zip(WHO, records, strict=True)] == list(WHO)
    assert [path.suffix for path in (cache / "smext" / "digests").iterdir()] == [".json"]
