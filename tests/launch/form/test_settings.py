"""An administrator's settings: read from where Jupyter reads them, and never a traceback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from smext.app import SmextApp
from smext.launch.form.settings import TRAITS, configured, limits_of


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's own folder of settings, and no other."""
    place = tmp_path / "settings"
    place.mkdir()
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(place))
    monkeypatch.delenv("JUPYTER_NO_CONFIG", raising=False)
    monkeypatch.setattr("jupyter_core.paths.SYSTEM_CONFIG_PATH", [])
    return place


def test_traits_and_files_have_the_same_names() -> None:
    assert set(TRAITS) <= set(SmextApp.class_trait_names(config=True))
    assert all(SmextApp.class_traits()[name].help for name in TRAITS)


def test_limits_are_read_from_python_and_json(folder: Path) -> None:
    (folder / "jupyter_server_config.py").write_text(
        "c = get_config()\n"
        "c.SmextApp.instance_types = ['ml.m5.*']\n"
        "c.SmextApp.required_tags.append('team')\n"
        "c.SmextApp.fixed.update({'kms_key': 'alias/a'})\n"
        "c.ServerApp.port = 1\n"
    )
    settings = {"SmextApp": {"max_usd": 5, "defaults": {"volume_gb": 50}}}
    (folder / "jupyter_lab_config.json").write_text(json.dumps(settings))
    found = configured()
    assert (found.instance_types, found.max_usd, found.required_tags) == (("ml.m5.*",), 5.0, ("team",))
    assert (found.fixed, found.defaults) == ({"kms_key": "alias/a"}, {"volume_gb": 50})
    assert (found.problems, found.unread) == ((), ())


def test_without_settings_everything_is_allowed(folder: Path) -> None:
    found = configured()
    assert found == limits_of({})
    assert found.allows("ml.p5.48xlarge")


def test_a_file_that_cannot_be_read_is_named_and_the_others_hold(folder: Path) -> None:
    (folder / "jupyter_server_config.py").write_text("raise SystemExit('no')")
    (folder / "jupyter_lab_config.py").write_text("c = get_config()\nc.SmextApp.max_usd = 3")
    found = configured()
    assert found.max_usd == 3
    [problem] = found.unread
    assert str(folder / "jupyter_server_config.py") in problem.message


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("instance_types", 5, "instance_types is not a list"),
        ("instance_types", [""], "instance_types is not a list"),
        ("max_usd", "five", "'five'"),
        ("max_usd", -1, "number above 0"),
        ("required_tags", [1], "required_tags is not a list"),
        ("fixed", [1], "SmextApp.fixed"),
        ("fixed", {"subnet": "s"}, "no such member, in SmextApp.fixed: subnet"),
        ("fixed", {"subnets": "subnet-1"}, "subnets = 'subnet-1'"),
        ("defaults", {"volume_gb": "many"}, "volume_gb = 'many'"),
    ],
)
def test_a_setting_that_makes_no_sense_is_said(name: str, value: object, said: str) -> None:
    app = SmextApp()
    setattr(app, name, value)
    [problem] = limits_of({each: getattr(app, each) for each in TRAITS}).problems
    assert said in problem.message
    assert problem.advice


def test_one_text_is_a_list_of_one_and_a_number_may_be_a_text() -> None:
    found = limits_of({"instance_types": "ml.t3.*", "max_usd": "2.5"})
    assert (found.instance_types, found.max_usd, found.problems) == (("ml.t3.*",), 2.5, ())
