"""Every row of the table of options holds everywhere: request, refusal, code, last launch, flag, keyword, SDK config, page."""

from __future__ import annotations

import argparse
import ast
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

import smext
from smext.api import JobKind, LaunchForm, LaunchRequest, NotebookDocument, SdkVersion
from smext.aws import service_errors
from smext.aws.account import Account
from smext.client.options import members
from smext.commands import run
from smext.launch import Limits
from smext.launch import request as requests
from smext.launch.checks.botocore_model import violations
from smext.launch.form import last_used
from smext.launch.form.last_used import FormKey
from smext.launch.form.page import page_options, page_sections
from smext.launch.form_members import read
from smext.launch.option import KINDS, Option, Place
from smext.launch.options import OPTIONS, SECTIONS, by_member, group
from smext.launch.plan import Draft, draft
from smext.launch.rejections.field_errors import explained
from smext.launch.request import Asked
from smext.launch.s3_layout import RunBucket, RunLayout
from smext.launch.sdk_code import cell
from smext.launch.sdk_code.job import Job, job_of
from smext.launch.sdk_config import SECTIONS as CONFIG_SECTIONS
from smext.launch.sdk_config import SdkConfig

OTHER_IMAGE = by_member()["image"].away
DISTRIBUTION = "123456789012.dkr.ecr.us-east-1.amazonaws.com/sagemaker-distribution-prod:3"
ROLE = "arn:aws:iam::123456789012:role/me"
BOTH = [(option, kind) for option in OPTIONS for kind in KINDS if option.places(kind)]
PLACED = [pytest.param(option, kind, id=f"{option.member}-{kind}") for option, kind in BOTH]
CONFIGURED = [
    pytest.param(option, kind, id=f"{option.member}-{kind}") for option, kind in BOTH if option.configured
]
EACH = [pytest.param(option, id=option.member) for option in OPTIONS]
ONLY_LIFTS_A_CHECK = {"send_large"}
"""Nothing else is sent where they are set."""


def with_what_it_needs(option: Option, value: Any) -> dict[str, Any]:
    """The member, and those without which it says nothing."""
    chosen = {option.member: value}
    if option.needs:
        chosen[option.needs] = by_member()[option.needs].away
    if option.together == "network":
        others = group("network") - {option.member}
        chosen |= {name: by_member()[name].away for name in others}
    return chosen


def asked(kind: JobKind, config: SdkConfig | None = None, /, **form: Any) -> Asked:
    run = RunLayout(RunBucket("bucket", "", "default"), "churn-1120-1004-x7k2q")
    filled = LaunchForm.model_validate({"job_kind": kind, "role": ROLE, **form})
    return Asked(filled, run, config or SdkConfig(), "study/churn.ipynb", "maria")


def at(request: dict[str, Any], place: Place) -> Any:
    value: Any = request
    for name in place.path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def test_every_member_of_the_form_has_one_row_and_a_section() -> None:
    assert sorted(option.member for option in OPTIONS) == sorted(LaunchForm.model_fields)
    assert {option.section for option in OPTIONS} == {section.name for section in SECTIONS}
    assert [each.member for each in page_options()] == [option.member for option in OPTIONS]
    assert [each.name for each in page_sections()] == [section.name for section in SECTIONS]


def test_no_two_options_have_one_member_of_a_request() -> None:
    for kind in KINDS:
        names = [(place.name, option.member) for option in OPTIONS for place in option.places(kind)]
        assert len({name for name, _ in names}) == len(names)


@pytest.mark.parametrize("option", EACH)
def test_it_has_a_label_and_another_value_than_its_default(option: Option) -> None:
    assert option.label
    assert option.label[0].isupper()
    assert option.away != option.default
    assert read({option.member: option.away}, "here")[1] == []


# --- the request --------------------------------------------------------------------------------


@pytest.mark.parametrize(("option", "kind"), PLACED)
def test_it_changes_the_request_of_each_kind_that_has_it(option: Option, kind: JobKind) -> None:
    plain = requests.build(asked(kind))
    made = requests.build(asked(kind, **with_what_it_needs(option, option.away)))
    for place in option.places(kind):
        assert at(made, place), place.path
        assert at(made, place) != at(plain, place), place.path
    assert violations(requests.APIS[kind].create, made) == []
    for without in set(KINDS) - set(option.kinds):
        assert requests.build(asked(without, **{option.member: option.away})) == requests.build(
            asked(without)
        )


@pytest.fixture
def plan_of(
    account: Account,
    document: Callable[..., NotebookDocument],
    root: Path,
) -> Callable[..., Draft]:
    def make(**form: Any) -> Draft:
        notebook = document(("parameters", "rate = 1"), "import six")
        (root / "analysis" / "requirements.txt").write_text("six==1.16.0\n")
        (root / "shared").mkdir(exist_ok=True)
        (root / "shared" / "more.py").write_text("Y = 1\n")
        request = LaunchRequest(
            notebook=notebook, form=LaunchForm.model_validate(form), name="churn-1120-1004-x7k2q"
        )
        return draft(account, request, root, Limits())

    return make


def sent(made: Draft) -> str:
    """All that a job is told and given."""
    files = [each.path for each in made.files.files] if made.files else []
    told = made.contents["run.json"].decode() + made.contents.get("requirements.txt", b"").decode()
    return json.dumps([made.plan.request, files, made.download is not None]) + told


def test_what_is_not_in_the_request_changes_what_is_sent(plan_of: Callable[..., Draft]) -> None:
    plain = {"packages": ["six==1.17.0"]}
    for option in OPTIONS:
        if any(option.places(kind) for kind in KINDS) or option.member in ONLY_LIFTS_A_CHECK:
            continue
        base = {
            name: value
            for name, value in plain.items()
            if name not in group("packages") or not option.together
        }
        if option.together == "packages":
            base = {"packages": []}
        changed = {**({} if option.member == "requirements" else base), option.member: option.away}
        assert sent(plan_of(**changed)) != sent(plan_of(**base)), option.member


# --- AWS's refusal ------------------------------------------------------------------------------


@pytest.mark.parametrize(("option", "kind"), PLACED)
def test_a_refusal_of_its_path_lands_at_its_field(option: Option, kind: JobKind) -> None:
    for place in option.places(kind):
        path = ".".join(name[0].lower() + name[1:] for name in place.path.split("."))
        text = f"1 validation error detected: Value 'x' at '{path}' failed to satisfy constraint: not so"
        refusal = ClientError({"Error": {"Code": "ValidationException", "Message": text}}, "CreateJob")
        error = service_errors.translate(refusal, "Could not create it")
        error.__cause__ = refusal
        assert explained(error, asked(kind), "us-east-1", Limits()).field == option.member


# --- code ---------------------------------------------------------------------------------------


@pytest.fixture
def job(plan_of: Callable[..., Draft], document: Callable[..., NotebookDocument]) -> Job:
    return job_of(plan_of(packages=[]), document(), "3")


CLASSES: list[tuple[SdkVersion, str]] = [("3", DISTRIBUTION), ("3", OTHER_IMAGE), ("2", OTHER_IMAGE)]
"""SDK 3 has another class for a container that is not root's."""


def called(source: str) -> str:
    """The code without what it imports."""
    ast.parse(source)
    return "\n".join(
        line for line in source.splitlines() if not line.lstrip().startswith(("from ", "import "))
    )


def test_it_stands_in_the_code_of_both_sdks(job: Job) -> None:
    """That the code then asks for the same is seen with the real SDKs, in tests/sdk."""
    wrong = []
    for option in OPTIONS:
        for kind in option.kinds:
            for sdk, image in CLASSES:
                given: dict[str, Any] = {"image": image}
                request = requests.build(asked(kind, **given))
                plain = replace(job, training=kind == "training", request=request, sdk=sdk)
                given |= with_what_it_needs(option, option.away)
                whole = replace(plain, request=requests.build(asked(kind, **given)))
                if option.places(kind) and option.member != "image":
                    source, before = called(cell.source(whole)), called(cell.source(plain))
                    # TrainingJob.create is given the request's own members.
                    names = {place.argument(sdk).rpartition(".")[2] for place in option.places(kind)}
                    lacks = (
                        [name for name in names if f"{name}=" not in source] if image == OTHER_IMAGE else []
                    )
                    if source == before or lacks or cell._unsaid(whole):
                        wrong.append((option.member, kind, sdk, image, lacks, cell._unsaid(whole)))
    assert wrong == []


# --- where it is remembered ---------------------------------------------------------------------


@pytest.mark.parametrize("option", EACH)
def test_it_comes_back_from_the_last_launch(option: Option) -> None:
    here, there = FormKey("a.ipynb", "eve", "1/us-east-1"), FormKey("a.ipynb", "eve", "1/us-west-2")
    last_used.keep(here, LaunchForm.model_validate({option.member: option.away}), "")
    back = read(last_used.of_notebook(here), "here")[0]
    wanted = read({option.member: option.away}, "here")[0][option.member]
    remembered = option.remembered != "never"
    assert (back.get(option.member) == wanted) is remembered
    assert (option.member in last_used.of_notebook(there)) == (option.remembered == "anywhere")
    other = last_used.of_any(FormKey("b.ipynb", "eve", "1/us-east-1"))
    assert (option.member in other) == option.of_any_notebook


@pytest.mark.parametrize(("option", "kind"), CONFIGURED)
def test_the_sdks_config_sets_it(option: Option, kind: JobKind) -> None:
    section: dict[str, Any] = {}
    for each in [option, *(by_member()[name] for name in group(option.together or "-"))]:
        for place in each.places(kind):
            value = each.away
            if place.path == "Tags":
                value = [{"Key": name, "Value": text} for name, text in value.items()]
            requests._put(section, place.path, value)
    config = SdkConfig({"SageMaker": {CONFIG_SECTIONS[kind]: section}})
    value, source = config.members(kind)[option.member]
    assert value == option.away
    assert source.startswith(f"SDK config ({CONFIG_SECTIONS[kind]}.")
    # A form that says nothing of it leaves it to the config; one that does has the word.
    made = requests.build(asked(kind, config))
    for place in option.places(kind):
        assert str(option.away if not isinstance(option.away, dict) else "") in str(at(made, place))
    said = asked(kind, config, **{option.member: option.default})
    if not option.merged:
        assert not any(at(requests.build(said), place) for place in option.places(kind))


@pytest.mark.parametrize("option", EACH)
def test_an_administrator_may_fix_it(option: Option) -> None:
    kind = option.kinds[0]
    fixed = read({option.member: option.away}, "here")[0]
    form = Limits(fixed=fixed).applied(LaunchForm(job_kind=kind))
    assert getattr(form, option.member) == fixed[option.member]


# --- how it is named ----------------------------------------------------------------------------


def typed(option: Option) -> list[str]:
    value, name = option.away, option.cli.name
    if option.member in ("inputs", "outputs"):
        return [
            word for each in value for word in (name, "=".join(filter(None, (each["name"], each["uri"]))))
        ]
    if isinstance(value, bool):
        return [name]
    if isinstance(value, dict):
        return [word for key, text in value.items() for word in (name, f"{key}={text}")]
    return [word for each in (value if isinstance(value, list) else [value]) for word in (name, str(each))]


@pytest.mark.parametrize("option", EACH)
def test_its_flag_and_its_keyword_set_it(option: Option) -> None:
    wanted = read({option.member: option.away}, "here")[0]
    parser = argparse.ArgumentParser()
    run.configure(parser)
    options = parser.parse_args(["train.ipynb", *typed(option)])
    chosen = members(run._choices(options))
    if option.member == "parameters":
        # A parameter takes its type from the notebook, and is given in another way.
        assert dict(options.param) == {"rate": "2"}
    elif option.member == "include_files":
        assert options.no_files
    else:
        assert read(chosen, "here")[0] == wanted
    if option.python_name:
        keyword: Any = {option.python_name: option.away}
        if option.member in ("inputs", "outputs"):
            keyword = {option.python_name: {each["name"]: each["uri"] for each in option.away}}
        assert read(members(keyword), "here")[0] == wanted


# --- where it is written ------------------------------------------------------------------------

ROOT = Path(smext.__file__).parents[1]
NOT_READ = {"generated.ts", "keywords.py"}
"""Generated. LaunchForm in smext/api has the member's type and bounds, as what crosses the wire is written there."""
ELSEWHERE = {
    "job_kind": "decides which request is made, and with it nearly everything",
    "instance_type": "prices, quotas, images and hardware are found by it",
    "instance_count": "multiplies what a run costs and how much of a quota it takes",
    "max_runtime_seconds": "caps the cost, and is made of max_usd where that is set",
    "max_usd": "becomes a time by the price",
    "image": "tells which packages and kernels the container has",
    "role": "is found in several places, and may do what is checked",
    "parameters": "take their types from the notebook",
    "environment": "holds secrets, which are masked and kept out",
    "include_files": "decides which files are looked through and packed",
    "files": "are found by patterns, packed and sent",
    "packages": "are found, downloaded and installed",
    "requirements": "names a file that is read",
    "send_wheels": "has packages downloaded, which the network checks then need not reach",
    "inputs": "are rows with folders, variables and places that are checked one by one",
    "outputs": "are rows with folders, variables and places that are checked one by one",
    "tags": "join those of the config and of the administrator, and those that runs are found by",
    "spot": "changes quotas and waits, and whether a run survives",
    "max_wait_seconds": "holds the run itself, so that it is made of the longest run",
    "keep_alive_seconds": "costs by the hour, and has a quota of its own",
    "subnets": "are one network with the security groups, which is looked at in AWS",
    "security_groups": "are one network with the subnets, which is looked at in AWS",
    "kms_key": "has two places in a request, and is looked at in AWS",
}
"""Options that mean something beside being sent, which other modules have to know by name; each with what."""


def standing(member: str, sources: dict[Path, str]) -> list[str]:
    """Product files in which the member's name stands: of the form, as a text, or as a key."""
    pattern = re.compile(
        rf"""\bform\??\.{member}\b|["'`]{member}["'`.]|^\s*{member}: (\w+,?$|\(?\w*,?.*=>)""", re.MULTILINE
    )
    return [str(path.relative_to(ROOT)) for path, text in sources.items() if pattern.search(text)]


def test_a_members_name_stands_in_its_row_and_one_other_file() -> None:
    launch = [
        path
        for part in ("launch", "client", "commands", "server")
        for path in ROOT.glob(f"smext/{part}/**/*.py")
    ]
    page = [path for path in ROOT.glob("src/**/*.ts*") if "__tests__" not in path.parts]
    assert len(launch) > 100
    assert len(page) > 50
    table = ROOT / "smext" / "launch" / "options.py"
    files = [path for path in launch + page if path != table and path.name not in NOT_READ]
    sources = {path: path.read_text(encoding="utf-8") for path in files}
    many = {option.member: standing(option.member, sources) for option in OPTIONS}
    spread = {member: found for member, found in many.items() if len(found) > 1}
    assert {member: found for member, found in spread.items() if member not in ELSEWHERE} == {}
    # Whoever brings one together takes it off the list.
    assert set(ELSEWHERE) - set(spread) == set()
