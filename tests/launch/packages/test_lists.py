"""Lists of packages as people have them, each read as what pip would be given."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from smext import errors
from smext.launch.packages.container import Container, container
from smext.launch.packages.install_list import Local
from smext.launch.packages.lists import ListContext, PackageList, read
from smext.launch.packages.lists.package_list import PUBLIC

Read = Callable[..., PackageList]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "root" / "analysis"
    made.mkdir(parents=True)
    return made


@pytest.fixture
def listed(folder: Path) -> Read:
    """Read a list that lies in the notebook's folder, for Python 3.12 unless another is said."""

    def go(named: str, *imported: str, python: str | None = "3.12.9", machine: str = "x86_64") -> PackageList:
        where = Container(python, machine)
        return read(named, ListContext(folder.parent, folder, frozenset(imported), where, "3.11.7"))

    return go


def said(found: PackageList) -> str:
    return " | ".join(check.message for check in [*found.checks, *found.index_checks])


# --- requirements.txt ---------------------------------------------------------------------------


def test_what_a_list_includes_comes_in_its_place(folder: Path, listed: Read) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "base.txt").write_text("numpy  # why\n-c held.txt\n")
    (folder / "sub" / "held.txt").write_text("pandas<3\n")
    (folder / "r.txt").write_text(
        "\ufeff# mine\n-r sub/base.txt\n--requirement=more.txt\nx @ git+https://h.test/x@1\n"
    )
    (folder / "more.txt").write_text("torch==2.8.0 \\\n  --hash=sha256:aa \\\n  --hash=sha256:bb\n")
    found = listed("r.txt")
    assert found.lines == [
        "numpy", "torch==2.8.0  --hash=sha256:aa  --hash=sha256:bb", "x @ git+https://h.test/x@1",
    ]  # fmt: skip
    assert found.constraints == ["pandas<3"]
    assert found.checks == []


def test_what_lies_on_this_machine_becomes_a_wheel(folder: Path, listed: Read) -> None:
    (folder.parent / "setup.py").write_text("from setuptools import setup\nsetup(name='own-one')\n")
    (folder / "lib").mkdir()
    (folder / "lib" / "pyproject.toml").write_text('[project]\nname = "lib.two"\n')
    (folder / "three-1.0-py3-none-any.whl").write_bytes(b"")
    (folder / "r.txt").write_text(
        f"-e ..[dev,test]\n./lib\nthree-1.0-py3-none-any.whl\nfour @ {(folder / 'lib').as_uri()}\n"
    )
    found = listed("r.txt")
    assert found.lines == []
    assert found.local == [
        Local("own-one", str(folder.parent), ("dev", "test")),
        Local("lib.two", str(folder / "lib")),
        Local("three", str(folder / "three-1.0-py3-none-any.whl")),
        Local("four", str(folder / "lib")),
    ]


def test_a_password_is_not_sent_in_silence(folder: Path, listed: Read) -> None:
    (folder / "r.txt").write_text(
        "--index-url https://me:s3cret@h.test/simple\n--extra-index-url https://${USER}:${TOKEN}@h.test/other\na\n"
    )
    found = listed("r.txt")
    assert found.lines[0] == "--index-url https://me:s3cret@h.test/simple"
    assert {check.status for check in found.index_checks} == {"warning"}
    assert "https://***@h.test/simple" in said(found)
    assert "s3cret" not in said(found)
    assert "TOKEN, USER" in said(found)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a\n\ntwo words\n", "line 3: this is no requirement: two words"),
        ("a=1", "line 1: this is no requirement"),
        ("--nonsense 1", "line 1: pip knows no such option"),
        ("--nonsense https://me:pw@h.test/x", "option: --nonsense https://***@h.test/x"),
        ("a b https://me:pw@h.test/x", "this is no requirement: a b https://***@h.test/x"),
        ("-r", "line 1: it names no file"),
        ("-r r.txt", "includes itself"),
        ("-r gone.txt", "gone.txt"),
        ("-r ../../up.txt", "outside of the server's folder"),
        ("-r https://me:pw@h.test/r.txt", "line 1: a list on another machine cannot be followed: https://***@h.test"),
        ("-e gone", "line 1: there is no such folder or file: gone"),
        ('--index-url "x', "line 1: No closing quotation"),
    ],
)  # fmt: skip
def test_a_list_that_cannot_be_taken_names_the_line(
    folder: Path, listed: Read, text: str, words: str
) -> None:
    (folder / "r.txt").write_text(text)
    with pytest.raises(errors.SmextError) as caught:
        listed("r.txt")
    assert words in caught.value.message
    assert caught.value.field == "requirements"


# --- environment.yml ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spec", "line"),
    [
        ("numpy=1.26", "numpy==1.26.*"),
        ("numpy=1.26.4=py311h64a7726_0", "numpy==1.26.4"),
        ("numpy==1.26.4", "numpy==1.26.4"),
        ("numpy 1.26.*", "numpy==1.26.*"),
        ("conda-forge::numpy >=1.20, <2", "numpy>=1.20,<2"),
        ("numpy[version='>=1.20,<2']", "numpy>=1.20,<2"),
        ("NumPy", "numpy"),
        ("numpy=*", "numpy"),
        ("numpy >= 1.2*", "numpy>=1.2"),
        ("pytorch=2.5", "torch==2.5.*"),
        ("matplotlib-base", "matplotlib"),
        ("librosa", "librosa"),
    ],
)
def test_a_package_of_condas_is_asked_of_pip(folder: Path, listed: Read, spec: str, line: str) -> None:
    (folder / "environment.yml").write_text(f'dependencies: ["{spec}"]')
    found = listed("environment.yml")
    assert (found.lines, found.checks) == ([line], [])


def test_what_only_conda_has_is_named_and_the_pip_section_taken(folder: Path, listed: Read) -> None:
    (folder / "env.yaml").write_text(
        "name: x\nchannels: [pytorch, conda-forge]\nvariables: {KEY: v}\ndependencies:\n"
        "  - python=3.10\n  - cudatoolkit=11.8\n  - libgcc-ng\n  - r-base\n  - pandas\n"
        "  - pip\n  - pip:\n    - -r more.txt\n    - tqdm==4.67\n"
    )
    (folder / "more.txt").write_text("boto3\n")
    found = listed("env.yaml")
    assert found.lines == ["pandas", "boto3", "tqdm==4.67"]
    assert {check.status for check in found.checks} == {"warning"}
    assert "env.yaml wants Python 3.10, the image has 3.12" in said(found)
    for name in ("python=3.10", "cudatoolkit=11.8", "libgcc-ng", "r-base", "channel pytorch"):
        assert name in said(found)
    assert "KEY" in said(found)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("dependencies:\n  - a\n  - b: [\n", "line 4"),
        ("- a", "no list of dependencies"),
        ("dependencies:\n  - numpy\n  - x=1|2\n", "line 3: pip has no such way to name a version: x=1|2"),
        ("dependencies: [[1]]", "this is no package"),
    ],
)
def test_a_broken_environment_names_the_line(folder: Path, listed: Read, text: str, words: str) -> None:
    (folder / "environment.yml").write_text(text)
    with pytest.raises(errors.Invalid) as caught:
        listed("environment.yml")
    assert words in caught.value.message


# --- pyproject.toml -----------------------------------------------------------------------------

PROJECT = """
[project]
name = "My.Proj"
requires-python = ">=3.13"
dependencies = ["a>=1; python_version < '3.10'", "b[x]"]
[project.optional-dependencies]
train = ["c", "my-proj[more]"]
more = ["d"]
[dependency-groups]
dev = ["e", {include-group = "lint"}]
lint = ["f"]
"""


def test_a_project_asks_for_what_it_needs(folder: Path, listed: Read) -> None:
    (folder / "pyproject.toml").write_text(PROJECT)
    found = listed("pyproject.toml")
    assert found.lines == ["a>=1; python_version < '3.10'", "b[x]"]
    assert "wants Python >=3.13, the image has 3.12.9" in said(found)
    assert listed("pyproject.toml[train, dev]").lines[2:] == ["c", "d", "e", "f"]
    with pytest.raises(errors.NotFound, match="zz") as caught:
        listed("pyproject.toml[zz]")
    assert "train, more, dev, lint" in caught.value.advice


@pytest.mark.parametrize(
    "layout", ["src/mine/__init__.py", "mine/__init__.py", "mine.py", "src/mine/inner/x.py"]
)
def test_the_project_itself_goes_along_where_it_is_imported(folder: Path, listed: Read, layout: str) -> None:
    (folder.parent / "pyproject.toml").write_text(PROJECT)
    module = folder.parent / layout
    module.parent.mkdir(parents=True, exist_ok=True)
    module.write_text("")
    assert listed("../pyproject.toml", "pandas").local == []
    assert listed("../pyproject.toml", "mine").local == [Local("My.Proj", str(folder.parent))]


def test_needs_that_only_the_build_knows_come_with_the_wheel(folder: Path, listed: Read) -> None:
    (folder / "pyproject.toml").write_text('[project]\nname = "p"\ndynamic = ["dependencies"]\n')
    assert listed("pyproject.toml").local == [Local("p", str(folder))]


def test_a_broken_project_names_the_line(folder: Path, listed: Read) -> None:
    (folder / "pyproject.toml").write_text('[project]\nname = "x\n')
    with pytest.raises(errors.Invalid, match=r"pyproject.toml, line 2"):
        listed("pyproject.toml")


# --- uv.lock ------------------------------------------------------------------------------------

INDEX = f"https://{min(PUBLIC)}/simple"
LOCK = """
version = 1
requires-python = ">=3.10"
[[package]]
name = "proj"
version = "0.1"
source = { editable = "." }
dependencies = [
    { name = "colorama", marker = "sys_platform == 'win32'" },
    { name = "numpy", version = "1.26.4", source = { registry = "INDEX" }, marker = "python_full_version < '3.11'" },
    { name = "numpy", version = "2.4.0", source = { registry = "INDEX" }, marker = "python_full_version >= '3.11'" },
    { name = "tqdm", extra = ["notebook"] },
    { name = "gpu", marker = "platform_machine == 'x86_64'" },
]
[package.optional-dependencies]
t = [{ name = "pluggy" }]
[package.dev-dependencies]
dev = [{ name = "helper" }]
[[package]]
name = "colorama"
version = "0.4.6"
source = { registry = "INDEX" }
[[package]]
name = "numpy"
version = "1.26.4"
source = { registry = "INDEX" }
[[package]]
name = "numpy"
version = "2.4.0"
source = { registry = "INDEX" }
[[package]]
name = "tqdm"
version = "4.70.1"
source = { registry = "INDEX" }
dependencies = [{ name = "fromgit" }]
[package.optional-dependencies]
notebook = [{ name = "ipywidgets" }]
telegram = [{ name = "requests" }]
[[package]]
name = "ipywidgets"
version = "8.1.9"
source = { registry = "INDEX" }
dependencies = [{ name = "tqdm" }]
[[package]]
name = "requests"
version = "2"
source = { registry = "INDEX" }
[[package]]
name = "gpu"
version = "1.0+cu124"
source = { registry = "https://whl.test/cu124" }
[[package]]
name = "fromgit"
version = "0.1"
source = { git = "https://h.test/x.git?rev=v1#abcdef" }
[[package]]
name = "pluggy"
version = "1.7"
source = { registry = "INDEX" }
[[package]]
name = "helper"
version = "1"
source = { directory = "helper" }
""".replace("INDEX", INDEX)


@pytest.fixture
def lock(folder: Path) -> Path:
    (folder / "uv.lock").write_text(LOCK)
    return folder / "uv.lock"


def test_a_lock_gives_the_pins_of_the_containers_machine(lock: Path, listed: Read) -> None:
    found = listed("uv.lock")
    assert found.lines == [
        "--extra-index-url https://whl.test/cu124", "fromgit @ git+https://h.test/x.git@abcdef", "gpu==1.0+cu124",
        "ipywidgets==8.1.9", "numpy==2.4.0", "tqdm==4.70.1",
    ]  # fmt: skip
    assert (found.local, found.checks) == ([], [])
    assert "gpu==1.0+cu124" not in listed("uv.lock", machine="aarch64").lines
    assert "numpy==1.26.4" in listed("uv.lock", python="3.10").lines


def test_extras_groups_and_the_project_of_a_lock(lock: Path, listed: Read) -> None:
    (lock.parent / "helper").mkdir()
    (lock.parent / "proj.py").write_text("")
    found = listed("uv.lock[t,dev]", "proj")
    assert "pluggy==1.7" in found.lines
    assert found.local == [
        Local("helper", str(lock.parent / "helper")),
        Local(lock.parent.name, str(lock.parent)),
    ]
    with pytest.raises(errors.NotFound, match="zz"):
        listed("uv.lock[zz]")


def test_an_image_whose_python_nobody_knows_is_a_doubt(lock: Path, listed: Read) -> None:
    [check] = listed("uv.lock", python=None).checks
    assert check.status == "cannot tell"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('name = "proj"', 'nome = "proj"'),
        ('name = "pluggy"\nversion', 'name = "other"\nversion'),
        ("[[", "[[["),
    ],
)
def test_a_broken_lock_is_refused(lock: Path, listed: Read, old: str, new: str) -> None:
    lock.write_text(LOCK.replace(old, new, 1))
    with pytest.raises(errors.Invalid, match=r"uv.lock"):
        listed("uv.lock[t]")


# --- others -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "way"),
    [("poetry.lock", "poetry export"), ("Pipfile", "pipenv requirements"), ("pdm.lock", "pdm export"), ("setup.py", "wheel")],
)  # fmt: skip
def test_a_list_of_another_tool_says_how_to_export_it(listed: Read, name: str, way: str) -> None:
    with pytest.raises(errors.Unsupported) as caught:
        listed(f"../{name}")
    assert way in caught.value.advice


def test_a_project_of_poetry_says_so(folder: Path, listed: Read) -> None:
    (folder / "pyproject.toml").write_text("[tool.poetry.dependencies]\npython = '^3.10'\n")
    with pytest.raises(errors.Unsupported, match="Poetry"):
        listed("pyproject.toml")


@pytest.mark.parametrize(
    ("image", "machine", "expected"),
    [
        ("1.dkr.ecr.x.amazonaws.com/sagemaker-distribution-prod:4.4.1-gpu", "ml.g5.xlarge", ("3.12", "x86_64")),
        ("1.dkr.ecr.x.amazonaws.com/pytorch-training:2.8.0-gpu-py312", "ml.m7g.large", ("3.12", "aarch64")),
        ("own/image:1-py310-cu12", "ml.c6gd.large", ("3.10", "aarch64")),
        ("1.dkr.ecr.x.amazonaws.com/sagemaker-scikit-learn:1.4-2-cpu-py3", "ml.g4dn.xlarge", (None, "x86_64")),
    ],
)  # fmt: skip
def test_an_image_tells_its_python_and_a_type_its_machine(
    image: str, machine: str, expected: tuple[str | None, str]
) -> None:
    found = container(image, machine)
    assert (found.minor, found.machine) == expected
