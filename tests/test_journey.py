"""From an open notebook to its output, through the routes, with jobs that really run."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from smext.sandbox import Sandbox

Fetch = Callable[..., Awaitable[Any]]
KINDS = {"training": "training-job", "processing": "processing-job"}


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    with Sandbox(scene="empty", mode="exec") as sandbox:
        for name, value in sandbox.env.items():
            monkeypatch.setenv(name, value)
        yield sandbox


def notebook(*cells: str, parameters: str = "") -> dict[str, Any]:
    made = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    if parameters:
        made.cells.append(nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]}))
    made.cells += [nbformat.v4.new_code_cell(cell) for cell in cells]
    return json.loads(nbformat.writes(made))  # type: ignore[no-any-return]


class Journey:
    """What a person does, as calls of the routes."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch

    async def get(self, *parts: str, **params: str) -> Any:
        return json.loads((await self._fetch("smext", *parts, params=params)).body)

    async def post(self, *parts: str, body: Any = None) -> Any:
        answer = await self._fetch(
            "smext", *parts, method="POST", body=json.dumps(body or {}), request_timeout=300
        )
        return json.loads(answer.body)

    async def launch(self, path: str, content: dict[str, Any], **changes: Any) -> tuple[str, str]:
        """Kind and key of the job."""
        document = {"path": path, "content": content, "unsaved": True}
        form = (await self.post("launch", "defaults", body={"notebook": document}))["form"] | changes
        plan = await self.post("launch", "plan", body={"notebook": document, "form": form})
        assert plan["can_run"], plan["checks"]
        request = {"notebook": document, "form": form, "name": plan["name"]}
        first = await self.post("launch", "apply", body=request)
        again = await self.post("launch", "apply", body=request)
        assert (first["key"], first["existed"], again["key"], again["existed"]) == (
            again["key"],
            False,
            first["key"],
            True,
        )
        return first["kind"], first["key"]

    async def row(self, kind: str, key: str) -> dict[str, Any]:
        """As the panel sees it; empty before it is there."""
        tables = (await self.get("tables", watch="panel"))["tables"]
        rows = (row for table in tables if table["kind"] == kind for row in table["rows"])
        return next((row for row in rows if row["key"] == key), {})

    async def until(self, kind: str, key: str, done: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
        end = time.monotonic() + 120
        while not done(row := await self.row(kind, key)):
            assert time.monotonic() < end, row
            await asyncio.sleep(0.1)
        return row


@pytest.fixture
def journey(jp_fetch: Fetch, box: Sandbox) -> Journey:
    return Journey(jp_fetch)


@pytest.mark.parametrize("job_kind", ["training", "processing"])
async def test_a_notebook_runs_and_comes_back(job_kind: str, journey: Journey, jp_root_dir: Path) -> None:
    (jp_root_dir / "study").mkdir()
    (jp_root_dir / "study" / "data.csv").write_text("a,b\n1,2\n3,4\n")
    (jp_root_dir / "study" / "churn.ipynb").write_text("stale: what runs is what the screen shows")
    content = notebook(
        "rows = open('data.csv').read().split()\nprint(len(rows) * factor, type(factor).__name__)",
        "open('result.txt', 'w').write('42')",
        parameters="factor = 2",
    )
    kind, key = await journey.launch(
        "study/churn.ipynb", content, job_kind=job_kind, parameters={"factor": 10}
    )
    assert kind == KINDS[job_kind]
    row = await journey.until(kind, key, lambda row: row.get("status") == "Completed")
    assert row["notebook"] == "study/churn.ipynb"
    assert row["billing"]["accrued_usd"] > 0

    detail = await journey.get("kinds", kind, "items", key)
    assert (detail["run"]["status"], detail["run"]["done"]) == ("completed", detail["run"]["total"])
    assert detail["parameters"] == {"factor": 10}
    page = await journey.get("kinds", kind, "items", key, "logs")
    assert any(line["text"].strip() == "30 int" for line in page["lines"])

    opened = await journey.post("kinds", kind, "items", key, "notebook")
    assert opened["path"] == f"study/{key}.ipynb"
    assert not opened["partial"]
    written = nbformat.read(jp_root_dir / opened["path"], 4)
    assert any("30 int" in str(cell.get("outputs")) for cell in written.cells)
    assert (jp_root_dir / "study" / "churn.ipynb").read_text().startswith("stale")

    outputs = await journey.get("kinds", kind, "items", key, "outputs")
    assert outputs["outputs"]
    assert all(output["uri"].startswith("s3://") for output in outputs["outputs"])
    if job_kind == "processing":
        wanted = next(o for o in outputs["outputs"] if o["name"].endswith("files/result.txt"))
        where = ("smext", "kinds", kind, "items", key, "outputs", "file")
        answer = await journey._fetch(*where, params={"key": wanted["key"]})
        assert answer.body == b"42"


async def test_cells_tick_by_and_a_running_notebook_opens_partly(journey: Journey, jp_root_dir: Path) -> None:
    content = notebook("print('one')", "import time\nwhile True: time.sleep(0.05)", "print('three')")
    kind, key = await journey.launch("long run.ipynb", content, job_kind="processing")
    row = await journey.until(kind, key, lambda row: (row.get("progress") or {}).get("done") == 1)
    assert row["progress"]["total"] == 3
    opened = await journey.post("kinds", kind, "items", key, "notebook")
    assert opened["partial"]
    again = await journey.post("kinds", kind, "items", key, "notebook")
    assert again["path"] == opened["path"]
    where = ("kinds", kind, "items", key, "actions", "stop")
    await journey.post(*where, body={"confirmed": True, "confirmed_twice": False})
    await journey.until(kind, key, lambda row: row["status"] == "Stopped")
    copy = jp_root_dir / opened["path"]
    changed = nbformat.read(copy, 4)
    changed.cells.append(nbformat.v4.new_markdown_cell("mine"))
    nbformat.write(changed, copy)
    last = await journey.post("kinds", kind, "items", key, "notebook")
    assert last["path"] != opened["path"]
    assert nbformat.read(copy, 4).cells[-1].source == "mine"


@pytest.mark.parametrize("job_kind", ["training", "processing"])
async def test_a_failed_cell_is_the_reason_on_the_row(job_kind: str, journey: Journey) -> None:
    content = notebook("print('fine')", "{}['tenure']")
    kind, key = await journey.launch("fails.ipynb", content, job_kind=job_kind)
    row = await journey.until(kind, key, lambda row: row.get("status") == "Failed" and row["reason"])
    assert "cell 2: KeyError: 'tenure'" in row["reason"]
    opened = await journey.post("kinds", kind, "items", key, "notebook")
    assert opened["path"].endswith(".ipynb")


async def test_a_job_is_found_again_by_a_new_server(journey: Journey, jp_serverapp: Any) -> None:
    kind, key = await journey.launch("later.ipynb", notebook("print(1)"), job_kind="training")
    app = jp_serverapp.extension_manager.extension_apps["smext"].pop()
    await app.stop_extension()
    app._targets = None
    row = await journey.until(kind, key, lambda row: row.get("notebook"))
    assert row["notebook"] == "later.ipynb"
    await journey.until(kind, key, lambda row: row["status"] == "Completed")


COMPUTING = "n = 1\nn += 5\nxs = [1]\nxs.append(2)\nlong = 9007199254740993\nrate: float = 1\nwho = None\nodd = '\ud800'"


@pytest.mark.parametrize("job_kind", ["training", "processing"])
async def test_only_what_was_changed_is_set(job_kind: str, journey: Journey, jp_root_dir: Path) -> None:
    content = notebook("print(n, xs, long, rate, who, odd)", parameters=COMPUTING)
    document = {"path": "a.ipynb", "content": content, "unsaved": True}
    opened = await journey.post("launch", "defaults", body={"notebook": document})
    assert opened["form"]["parameters"] == {}
    assert [each["name"] for each in opened["parameters"]] == ["n", "xs", "long", "rate", "who", "odd"]
    assert opened["parameters"][2]["text"] == "9007199254740993"

    for given, shown in (
        ({}, "6 [1, 2] 9007199254740993 1 None ?"),
        (
            {"n": "2", "long": "9007199254740995", "rate": "2.0", "who": "5", "xs": '[1.0, "b"]'},
            "2 [1.0, 'b'] 9007199254740995 2.0 5 ?",
        ),
    ):
        kind, key = await journey.launch("a.ipynb", content, job_kind=job_kind, parameters=given)
        await journey.until(kind, key, lambda row: row.get("status") == "Completed")
        detail = await journey.get("kinds", kind, "items", key)
        assert set(detail["parameters"]) == set(given)
        page = await journey.get("kinds", kind, "items", key, "logs")
        assert shown in [line["text"].strip() for line in page["lines"]]
