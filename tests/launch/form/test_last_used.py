"""What was chosen last comes back, to whom it belongs and where it means something; nothing secret is kept."""

from __future__ import annotations

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from smext.api import LaunchForm
from smext.launch.form import last_used
from smext.launch.form.last_used import ANYWHERE, HERE, MOST, OF_ANY_NOTEBOOK, FormKey

EAST, WEST = "123456789012/us-east-1", "123456789012/us-west-2"
ME = FormKey("a.ipynb", "eve", EAST)


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "data" / "smext" / "launches.json"


def test_every_member_is_kept_or_left_on_purpose() -> None:
    left = {"parameters", "environment", "send_large"}
    assert ANYWHERE | HERE | left == set(LaunchForm.model_fields)
    assert not ANYWHERE & HERE
    assert OF_ANY_NOTEBOOK <= ANYWHERE | HERE


def test_the_last_launch_of_a_notebook_comes_back() -> None:
    last_used.keep(ME, LaunchForm(volume_gb=40), "")
    last_used.keep(ME, LaunchForm(volume_gb=50, role="arn:r", subnets=["s"]), "")
    found = last_used.of_notebook(ME)
    assert (found["volume_gb"], found["role"], found["subnets"]) == (50, "arn:r", ["s"])
    assert last_used.of_notebook(FormKey("b.ipynb", "eve", EAST)) == {}


def test_what_belongs_to_an_account_and_region_stays_there() -> None:
    last_used.keep(ME, LaunchForm(role="arn:east", volume_gb=40), "")
    there = FormKey("a.ipynb", "eve", WEST)
    assert "role" not in last_used.of_notebook(there)
    assert last_used.of_notebook(there)["volume_gb"] == 40
    last_used.keep(there, LaunchForm(role="arn:west"), "")
    assert last_used.of_notebook(ME)["role"] == "arn:east"
    assert "role" not in last_used.of_notebook(FormKey("a.ipynb", "eve", ""))


def test_two_people_in_one_space_have_each_their_own() -> None:
    adam = FormKey("a.ipynb", "adam", EAST)
    last_used.keep(ME, LaunchForm(volume_gb=40), "")
    last_used.keep(adam, LaunchForm(volume_gb=50), "")
    assert last_used.of_notebook(ME)["volume_gb"] == 40
    assert last_used.of_any(FormKey("new.ipynb", "nobody", EAST)) == {}


def test_of_other_notebooks_the_newest_counts() -> None:
    last_used.keep(
        ME, LaunchForm(instance_type="ml.c5.xlarge", subnets=["s"], tags={"team": "a", "x": "y"}), ""
    )
    last_used.keep(FormKey("b.ipynb", "eve", EAST), LaunchForm(instance_type="ml.m5.large"), "")
    found = last_used.of_any(ME, ("team",))
    assert found["instance_type"] == "ml.m5.large"
    assert "subnets" not in found
    last_used.keep(ME, LaunchForm(tags={"team": "a", "x": "y"}), "")
    assert last_used.of_any(ME, ("team",))["tags"] == {"team": "a"}
    assert "tags" not in last_used.of_any(ME)


def test_nothing_secret_is_kept(kept: Path) -> None:
    form = LaunchForm(
        parameters={"token": "hunter2"},
        environment={"PASSWORD": "hunter2"},
        packages=["thing @ git+https://me:hunter2@host/thing.git"],
        send_large=True,
    )
    last_used.keep(ME, form, "")
    assert "hunter2" not in kept.read_text()
    assert "send_large" not in last_used.of_notebook(ME)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    last_used.keep(ME, LaunchForm(packages=[]), "")
    assert last_used.of_notebook(ME)["packages"] == []


def test_a_default_image_is_no_choice() -> None:
    last_used.keep(ME, LaunchForm(image="registry/default:1"), "registry/default:1")
    assert "image" not in last_used.of_notebook(ME)
    last_used.keep(ME, LaunchForm(image="mine:1"), "registry/default:1")
    assert last_used.of_notebook(ME)["image"] == "mine:1"


def test_what_nobody_chose_is_found_anew() -> None:
    last_used.surrounded(ME, {"role": "arn:found", "subnets": ["s"], "volume_gb": 40})
    form = LaunchForm(role="arn:found", subnets=["s"], kms_key="mine", volume_gb=40)
    last_used.keep(ME, form, "")
    found = last_used.of_notebook(ME)
    assert (found["kms_key"], found["volume_gb"]) == ("mine", 40)
    assert not {"role", "subnets"} & set(found)
    last_used.keep(ME, LaunchForm(role="arn:chosen"), "")
    assert last_used.of_notebook(ME)["role"] == "arn:chosen"


def test_the_oldest_are_forgotten(kept: Path) -> None:
    for number in range(MOST + 3):
        last_used.keep(FormKey(f"{number}.ipynb"), LaunchForm(), "")
    assert len(json.loads(kept.read_text())["launches"]) == MOST
    assert last_used.of_notebook(FormKey("2.ipynb")) == {}
    assert last_used.of_notebook(FormKey("3.ipynb"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"launches": 3}',
        '{"launches": {"[1]": {}, "x": 1}}',
        '{"launches": {"[\\"\\",\\"a.ipynb\\"]": {"form": 3}}}',
    ],
)
def test_a_broken_file_holds_nothing_and_is_written_anew(kept: Path, text: str) -> None:
    kept.parent.mkdir(parents=True)
    kept.write_text(text)
    assert last_used.of_notebook(ME) == {}
    last_used.keep(ME, LaunchForm(volume_gb=40), "")
    assert last_used.of_notebook(ME)["volume_gb"] == 40


def test_a_disk_that_refuses_does_not_matter(kept: Path) -> None:
    kept.parent.parent.mkdir(parents=True)
    kept.parent.touch()
    last_used.keep(ME, LaunchForm(), "")
    assert last_used.of_notebook(ME) == {}


def test_launches_at_once_do_not_lose_each_other() -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: last_used.keep(FormKey(f"{n}.ipynb"), LaunchForm(), ""), range(40)))
    assert all(last_used.of_notebook(FormKey(f"{n}.ipynb")) for n in range(40))


ODD: list[object] = [None, 5, "x", [], [5], {}, {"": 5}]


def test_a_file_of_any_shape_is_passed_over_where_it_cannot_be_read(kept: Path) -> None:
    last_used.keep(FormKey("b.ipynb", "eve", EAST), LaunchForm(volume_gb=40), "")
    good = json.loads(kept.read_text())["launches"]
    texts = ["[" * 100_000, '{"launches": ' + '{"a":' * 100_000, "1e999", *map(json.dumps, ODD)]
    texts += [json.dumps({"launches": odd}) for odd in ODD]
    for text in texts:
        kept.write_text(text)
        assert last_used.of_any(ME) == {}
        assert last_used.uris(EAST) == []
    for key in ("", "5", "[1]", "[" * 5000, "null", '{"a": 1, "b": 2}'):
        kept.write_text(json.dumps({"launches": {key: {"form": {}, "places": {}}, **good}}))
        last_used.of_any(ME, ("team",))
        assert last_used.of_notebook(FormKey("b.ipynb", "eve", EAST))["volume_gb"] == 40
    for odd in ODD:
        entry = {"form": {"tags": odd}, "places": {EAST: {"inputs": odd, "tags": odd}}}
        kept.write_text(json.dumps({"launches": {ME.key: entry}}))
        last_used.of_any(ME, ("team",))
        assert last_used.uris(EAST) == []


def test_a_lock_that_nobody_gives_back_is_waited_for_no_longer_than_it_is_worth(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fcntl = pytest.importorskip("fcntl")
    last_used.keep(ME, LaunchForm(volume_gb=40), "")
    monkeypatch.setattr(last_used, "PATIENCE", 0.05)
    with (kept.parent / "launches.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        last_used.keep(ME, LaunchForm(volume_gb=50), "")
    assert last_used.of_notebook(ME)["volume_gb"] == 40
    last_used.keep(ME, LaunchForm(volume_gb=50), "")
    assert last_used.of_notebook(ME)["volume_gb"] == 50
