"""Everything that the form has can be chosen from Python and from a terminal."""

from __future__ import annotations

import argparse
import inspect
from pathlib import Path

import pytest

from smext.api import LaunchForm
from smext.client.options import Choices, members
from smext.commands import run
from smext.launch.form_members import read

EVERYTHING: Choices = {
    "kind": "training",
    "instance": "ml.m5.large",
    "count": 2,
    "volume_gb": 40,
    "max_runtime": 600,
    "max_usd": 2.5,
    "parameters": {"a": 1},
    "environment": {"B": "2"},
    "image": "image",
    "role": "role",
    "files": ["../x"],
    "send_large": True,
    "packages": ("six",),
    "requirements": "requirements.txt",
    "send_wheels": True,
    "inputs": {"train": "s3://a/b", "more": {"uri": "s3://a/c", "mode": "FastFile"}},
    "outputs": ["plots"],
    "tags": {"team": "a"},
    "spot": True,
    "max_wait": 900,
    "keep_alive": 60,
    "retries": 1,
    "remote_debug": True,
    "subnets": ["subnet-1"],
    "security_groups": ["sg-1"],
    "network_isolation": True,
    "encrypt_traffic": True,
    "kms_key": "key",
}
TYPED = """train.ipynb --kind training --instance ml.m5.large --count 2 --volume 40 --max-runtime 10m --max-usd 2.5
 --env B=2 --image image --role role --file ../x --send-large --package six --requirements requirements.txt --send-wheels
 --input train=s3://a/b --output plots --tag team=a --spot --max-wait 15m --keep-alive 60 --retries 1 --remote-debug
 --subnet subnet-1 --security-group sg-1 --network-isolation --encrypt-traffic
 --kms-key key"""


def test_every_member_of_the_form_can_be_chosen() -> None:
    chosen = members(EVERYTHING)
    assert set(chosen) | {"include_files"} == set(LaunchForm.model_fields)
    assert set(EVERYTHING) == set(Choices.__annotations__)
    found, wrong = read(chosen, "here")
    assert wrong == []
    form = LaunchForm.model_validate(found)
    assert [(each.name, each.mode) for each in form.inputs] == [("train", "File"), ("more", "FastFile")]
    assert [(each.name, each.uri) for each in form.outputs] == [("plots", "")]


def test_every_choice_can_be_typed() -> None:
    parser = argparse.ArgumentParser()
    run.configure(parser)
    typed = members(run._choices(parser.parse_args(TYPED.split())))
    wanted = members({**EVERYTHING, "inputs": {"train": {"uri": "s3://a/b", "mode": "File"}}})
    # A parameter takes its type from the notebook, and is given in another way.
    assert typed == {name: value for name, value in wanted.items() if name != "parameters"}
    bare = members(run._choices(parser.parse_args(["train.ipynb"])))
    assert bare == {}
    off = members(run._choices(parser.parse_args(["train.ipynb", "--no-spot", "--no-network-isolation"])))
    assert off == {"spot": False, "network_isolation": False}


def test_files_may_be_left_out_and_outputs_have_addresses() -> None:
    assert members({"files": False}) == {"include_files": False}
    assert members({"outputs": {"a": "s3://b/c"}}) == {"outputs": [{"name": "a", "uri": "s3://b/c"}]}
    assert members({"spot": None}) == {}


def test_a_word_that_is_none_is_refused() -> None:
    with pytest.raises(TypeError, match="no such keyword: instances"):
        members({"instances": "ml.m5.large"})  # type: ignore[typeddict-unknown-key]


def test_the_page_tells_every_choice() -> None:
    page = (Path(__file__).parents[2] / "docs" / "code.md").read_text(encoding="utf-8")
    assert [name for name in Choices.__annotations__ if f"`{name}`" not in page] == []
    assert inspect.getdoc(Choices)
