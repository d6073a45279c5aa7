"""What is installed before a notebook runs: what it imports, its kernel has, and the image lacks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from smext import errors
from smext.api import Check, LaunchRequest, NotebookDocument, Plan
from smext.aws.account import Account
from smext.aws.s3 import read as read_object
from smext.launch import Limits, apply, plan
from smext.launch.packages.image_packages import Shipped
from smext.launch.packages.imports import Import
from smext.launch.packages.install_list import InstallList, Local, compared, found, given
from smext.launch.packages.interpreter import read
from smext.sandbox import Sandbox

if TYPE_CHECKING:
    from tests.launch.packages.conftest import Environment

Notebook = Callable[..., NotebookDocument]
KERNEL = {"name": "own", "language": "python"}
Planned = Callable[..., Plan]


IMAGE = Shipped("An image", {"python": "3.12.1", "pandas": "2.2.0", "numpy": "2.0.0"})


def wanted(env: Environment, *names: str, image: Shipped | None = IMAGE) -> InstallList:
    return found([Import(name) for name in names], read("own", 10), image)


# --- what pandas loads --------------------------------------------------------------------------

EXCEL = Import("openpyxl", by="read_excel")
EITHER = Import("openpyxl", by="to_excel", instead=("xlsxwriter",))


def said(imported: list[Import], *installs: str, image: Shipped = IMAGE) -> list[str]:
    return [each.message for each in compared(imported, image, frozenset(installs)).checks]


def test_an_engine_that_the_image_lacks_is_named_with_what_needs_it() -> None:
    assert said([EXCEL]) == ["An image lacks what the notebook imports: openpyxl (for read_excel)"]
    assert said([EITHER, EXCEL, Import("openpyxl")]) == ["An image lacks what the notebook imports: openpyxl"]
    with_it = Shipped("An image", {"openpyxl": "3.1"})
    assert (said([EXCEL], image=with_it), said([EXCEL], "openpyxl")) == ([], [])


def test_one_of_several_engines_is_enough() -> None:
    assert said([EITHER]) == ["An image lacks what the notebook imports: openpyxl (for to_excel)"]
    assert (said([EITHER], "xlsxwriter"), said([EXCEL], "xlsxwriter") == []) == ([], False)
    assert said([EITHER], image=Shipped("An image", {"xlsxwriter": "3"})) == []


def test_an_engine_that_the_kernel_has_is_installed(env: Environment) -> None:
    env.add("xlsxwriter", "3.2")
    made = found([EITHER], read("own", 10), IMAGE)
    assert (made.if_missing, made.checks) == (["xlsxwriter==3.2"], [])
    assert [each.why for each in made.shown] == ["to_excel needs it"]
    assert found([EITHER], read("own", 10), Shipped("An image", {"openpyxl": "3.1"})).shown == []
    [check] = found([EXCEL], read("own", 10), IMAGE).checks
    assert check.message == "The kernel does not have what the notebook imports: openpyxl (for read_excel)"


@pytest.mark.parametrize("installed", ["soundfile", "pysoundfile"])
def test_a_package_is_known_by_its_old_name_too(installed: str) -> None:
    sound = [Import("soundfile")]
    assert said(sound) == ["An image lacks what the notebook imports: soundfile"]
    assert said(sound, installed) == []


# --- the kernel's packages ----------------------------------------------------------------------


def test_only_what_is_imported_and_lacking_is_installed(env: Environment) -> None:
    env.add("lacking", "1.5+cpu", "lacks")
    env.add("not-imported")
    env.add("pandas", "2.2.0")
    found = wanted(env, "lacks.inner", "pandas")
    assert found.if_missing == ["lacking==1.5"]
    assert (found.always, found.local) == ([], [])
    assert [each.why for each in found.shown] == ["imports lacks"]


def test_what_a_package_needs_comes_in_the_kernels_version(env: Environment) -> None:
    env.add("top", requires=("middle>=1", "pandas", "extra; extra == 'all'", "gone"))
    env.add("middle", "3.0", requires=("bottom", "top"))
    env.add("bottom", "4.0")
    env.add("extra")
    env.add("pandas", "2.2.0")
    found = wanted(env, "top")
    assert sorted(found.if_missing) == ["bottom==4.0", "middle==3.0", "top==1.0"]
    assert "middle needs it" in {each.why for each in found.shown}


def test_a_change_to_the_images_own_environment_is_kept(env: Environment) -> None:
    env.add("pandas", "2.3.0")
    for name in ("a", "b", "c"):
        env.add(name)
    image = Shipped("An image", {"pandas": "2.2.0", "a": "1.0", "b": "1.0", "c": "1.0"})
    assert wanted(env, "pandas", "a", image=image).always == ["pandas==2.3.0"]


def test_the_versions_of_an_environment_of_another_origin_are_told_and_not_forced(env: Environment) -> None:
    env.add("pandas", "1.5.0")
    env.add("numpy", "1.26.0")
    found = wanted(env, "pandas", "numpy")
    assert (found.always, found.if_missing) == ([], [])
    [check] = found.checks
    assert check.status == "warning"
    assert "pandas 2.2.0 (here 1.5.0)" in check.message


def test_an_image_that_nobody_knows_is_asked_when_it_starts(env: Environment) -> None:
    env.add("pandas", "2.2.0", requires=("numpy",))
    env.add("numpy")
    found = wanted(env, "pandas", image=None)
    assert found.if_missing == ["pandas==2.2.0"]
    assert "unless the image has it" in found.shown[0].why


def test_namespaces_are_told_apart(env: Environment) -> None:
    env.add("google-cloud-storage", "3.0", "google.cloud.storage")
    env.add("google-cloud-bigquery", "3.0", "google.cloud.bigquery")
    assert wanted(env, "google.cloud.storage").if_missing == ["google-cloud-storage==3.0"]


def test_a_package_from_a_repository_keeps_its_commit(env: Environment) -> None:
    env.add("own", url={"url": "https://x.test/own.git", "vcs_info": {"vcs": "git", "commit_id": "abc"}})
    assert wanted(env, "own").always == ["own @ git+https://x.test/own.git@abc"]


def test_a_folder_that_conda_built_from_and_threw_away_is_no_local_package(env: Environment) -> None:
    env.add("built", "2.0", url={"url": "file:///home/conda/built_1/work", "dir_info": {}})
    assert wanted(env, "built").if_missing == ["built==2.0"]


@pytest.mark.parametrize(
    ("record", "text"),
    [
        ("_mine.pth", "{folder}/src\n"),
        ("__editable___mine_finder.py", "MAPPING: dict[str, str] = {{'space': '{folder}/src/space'}}\n"),
        ("nothing.txt", ""),
    ],
    ids=["pth", "finder", "by looking"],
)
def test_an_editable_package_of_a_namespace_is_found(
    env: Environment, tmp_path: Path, record: str, text: str
) -> None:
    module = tmp_path / "project" / "src" / "space" / "mine" / "a.py"
    module.parent.mkdir(parents=True)
    module.write_text("")
    folder = tmp_path / "project"
    env.add("mine", url={"url": folder.as_uri(), "dir_info": {"editable": True}})
    info = next(env.site.glob("mine-*.dist-info"))
    (info / "RECORD").write_text(f"{record},,\n")
    (env.site / record).write_text(text.format(folder=folder))
    assert wanted(env, "space.mine.a").local == [Local("mine", str(folder))]


def test_a_package_below_the_notebook_that_nothing_on_the_path_leads_to_is_built(
    planned: Planned, document: Notebook, env: Environment, root: Path
) -> None:
    """A src layout in the notebook's own folder: its files go along, and alone they cannot be imported."""
    (root / "analysis" / "src" / "mine").mkdir(parents=True)
    (root / "analysis" / "src" / "mine" / "__init__.py").write_text("")
    (root / "analysis" / "pyproject.toml").write_text('[project]\nname = "mine"\n')
    env.add("mine", url={"url": (root / "analysis").as_uri(), "dir_info": {"editable": True}})
    made = planned(document("import mine", kernel=KERNEL))
    assert [each.why for each in made.packages] == ["imports mine; it lies on this machine"]


def test_what_neither_the_kernel_nor_the_image_has_is_said(env: Environment) -> None:
    found = found_checks(wanted(env, "nowhere", "numpy"))
    assert "nowhere" in found
    assert "numpy" not in found


def test_a_module_is_looked_for_by_the_package_that_brings_it(env: Environment) -> None:
    """The kernel lacks scikit-learn, the image has it: nothing is missing."""
    image = Shipped("An image", {"scikit-learn": "1.5", "pyyaml": "6", "yaml": "0.2", "krb5": "1.20"})
    assert found_checks(wanted(env, "sklearn.svm", "yaml", image=image)) == ""
    said = found_checks(wanted(env, "skimage", "krb5", image=image))
    assert "imports: krb5 (pykrb5), skimage (scikit-image)" in said


def test_what_the_notebook_installs_is_not_missed_with_what_it_needs(env: Environment) -> None:
    env.add("known", requires=("brought",))
    env.add("brought")
    imported = [Import(name) for name in ("scikit_image", "skimage", "other", "brought_along")]
    found_ = found(imported, read("own", 10), IMAGE, frozenset({"scikit-image", "known"}))
    assert "imports: brought_along, other" in found_checks(found_)


def test_without_the_kernel_imports_are_compared_with_the_image() -> None:
    imported = [
        Import("pandas"),
        Import("mxnet"),
        Import("keras_cv.layers"),
        Import("ours"),
        Import("cupy", True),
    ]
    known, strange = compared(imported, IMAGE, frozenset()).checks
    assert known.message == "An image lacks what the notebook imports: keras_cv, mxnet"
    assert strange.message.endswith("bring what the notebook imports: ours")
    assert compared(imported, IMAGE, frozenset({"keras-cv", "mxnet", "ours"})).checks == []
    assert len(compared(imported, IMAGE, frozenset(), complete=False).checks) == 1


def found_checks(wanted: InstallList) -> str:
    return " ".join(check.message for check in wanted.checks)


# --- the form -----------------------------------------------------------------------------------


def test_the_users_list_is_taken_as_it_is() -> None:
    found = given([" torch==2.8.0 ", "", "x @ https://x.test/x.whl"])
    assert found.always == ["torch==2.8.0", "x @ https://x.test/x.whl"]
    assert found.checks == []


@pytest.mark.parametrize("text", ["--index-url http://x.test", "two words", "-r other.txt", "a=1"])
def test_what_pip_would_not_take_is_refused(text: str) -> None:
    [check] = given([text]).checks
    assert (check.status, check.field) == ("will fail", "packages")


# --- in the plan --------------------------------------------------------------------------------


@pytest.fixture
def planned(account: Account, request_of: Callable[..., LaunchRequest], root: Path) -> Planned:
    def make(notebook: NotebookDocument, **form: Any) -> Plan:
        return plan(account, request_of(notebook, **form), root, Limits())

    return make


def check(made: Plan, status: str) -> Check:
    return next(each for each in made.checks if each.name == "packages" and each.status == status)


def test_the_plan_shows_the_packages(
    planned: Planned, document: Notebook, env: Environment, root: Path
) -> None:
    env.add("tinylib", "1.2")
    env.add("pandas", "2.3.0")
    (root / "analysis" / "mine.py").write_text("import tinylib\n")
    made = planned(document("import pandas, mine", kernel=KERNEL))
    assert [each.requirement for each in made.packages] == ["tinylib==1.2"]
    assert made.packages[0].source.startswith("the kernel (Python ")
    assert "tinylib==1.2" in check(made, "ok").message
    assert made.can_run


def test_packages_of_a_job_without_network_are_to_be_downloaded(
    planned: Planned, document: Notebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("SageMaker: {TrainingJob: {EnableNetworkIsolation: true}}")
    monkeypatch.setenv("SAGEMAKER_USER_CONFIG_OVERRIDE", str(path))
    made = planned(document("x = 1"), job_kind="training", packages=["tinylib"])
    assert "is seen when they are downloaded" in check(made, "cannot tell").message
    assert made.can_run


@pytest.mark.parametrize("place", ["variable", "file"])
def test_an_index_that_only_this_machine_knows_is_said(
    planned: Planned, document: Notebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    for name in ("INDEX_URL", "EXTRA_INDEX_URL"):
        monkeypatch.delenv(f"PIP_{name}", raising=False)
    (tmp_path / "pip.conf").write_text("[global]\nindex-url = https://me:pw@h.test/simple\n")
    if place == "file":
        monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    else:
        monkeypatch.setenv("PIP_INDEX_URL", "https://me:pw@h.test/simple")
    made = planned(document("x = 1"), packages=["tinylib"])
    assert "https://***@h.test/simple" in check(made, "warning").message
    for settled in ({"send_wheels": True}, {"environment": {"PIP_INDEX_URL": "https://h.test"}}):
        again = planned(document("x = 1"), packages=["tinylib"], **settled)
        assert "h.test/simple" not in str(again.checks)


def test_a_password_in_a_list_is_not_sent_with_wheels(
    planned: Planned, document: Notebook, root: Path
) -> None:
    (root / "analysis" / "r.txt").write_text("--index-url https://me:pw@h.test/simple\ntinylib\n")
    assert "password" in check(planned(document("x = 1"), requirements="r.txt"), "warning").message
    made = planned(document("x = 1"), requirements="r.txt", send_wheels=True)
    assert "password" not in str(made.checks)
    assert [each.bytes for each in made.uploads if each.name == "requirements.txt"] == [len("tinylib\n")]


def test_a_kernel_that_is_not_here_is_a_warning(planned: Planned, document: Notebook) -> None:
    made = planned(document("x = 1", kernel={"name": "conda-env-gone", "language": "python"}))
    assert made.can_run
    assert "conda-env-gone" in check(made, "warning").message


def test_a_list_of_requirements_is_chosen(planned: Planned, document: Notebook, root: Path) -> None:
    (root / "base.txt").write_text("numpy\n")
    (root / "analysis" / "requirements.txt").write_text("-r ../base.txt\n# why\ntinylib==1.0  # mine\n")
    made = planned(document("x = 1"), requirements="requirements.txt")
    assert [each.requirement for each in made.packages] == ["numpy", "tinylib==1.0"]
    assert "requirements.txt" in {each.name for each in made.uploads}


@pytest.mark.parametrize(
    ("path", "text"),
    [("gone.txt", None), ("r.txt", "-r r.txt"), ("r.txt", "-c c.txt"), ("../../up.txt", "x")],
)
def test_a_list_that_cannot_be_taken_is_refused(
    planned: Planned, document: Notebook, root: Path, path: str, text: str | None
) -> None:
    if text:
        (root / "analysis" / path).write_text(text)
    made = planned(document("x = 1"), requirements=path)
    assert not made.can_run
    assert check(made, "will fail").field == "requirements"


def test_a_package_of_this_machine_goes_along_as_a_wheel(
    account: Account,
    request_of: Callable[..., LaunchRequest],
    document: Notebook,
    env: Environment,
    box: Sandbox,
    root: Path,
    tmp_path: Path,
) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / "mypkg.py").write_text("X = 1\n")
    (project / "pyproject.toml").write_text(
        '[project]\nname = "mypkg"\nversion = "0.1"\n[build-system]\nrequires = ["hatchling"]\n'
        'build-backend = "hatchling.build"\n[tool.hatch.build.targets.wheel]\ninclude = ["mypkg.py"]\n'
    )
    env.add("mypkg", "0.1", url={"url": project.as_uri(), "dir_info": {"editable": True}})
    request = request_of(document("import mypkg", kernel=KERNEL))
    made = plan(account, request, root, Limits())
    assert str(project) in made.packages[0].requirement
    apply(account, request.model_copy(update={"name": made.name}), root, Limits())
    prefix = f"smext/{made.name}/input/packages/"
    [sent] = box.client("s3").list_objects_v2(Bucket=box.bucket, Prefix=prefix)["Contents"]
    assert sent["Key"].startswith(f"{prefix}mypkg-0.1-")
    assert read_object(account, f"s3://{box.bucket}/{sent['Key']}")[:2] == b"PK"
    assert not (project / "build").exists()


def test_a_package_that_cannot_be_built_stops_the_launch(
    account: Account,
    request_of: Callable[..., LaunchRequest],
    document: Notebook,
    env: Environment,
    box: Sandbox,
    root: Path,
    tmp_path: Path,
) -> None:
    project = tmp_path / "project"
    project.mkdir()
    env.add("mypkg", "0.1", url={"url": project.as_uri(), "dir_info": {"editable": True}})
    request = request_of(document("import mypkg", kernel=KERNEL), name="one")
    with pytest.raises(errors.Invalid, match="mypkg") as caught:
        apply(account, request, root, Limits())
    assert caught.value.field == "packages"
    assert "CreateProcessingJob" not in box.control.calls
