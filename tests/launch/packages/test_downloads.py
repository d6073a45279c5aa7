"""Wheels for jobs without a network, from a small index on this machine's disk."""

from __future__ import annotations

import hashlib
import json
import math
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from smext import errors
from smext.api import LaunchRequest
from smext.aws.account import Account
from smext.aws.cache import Cache
from smext.launch import Limits, apply, plan
from smext.launch.packages import downloads, wheel_cache, wheel_tags
from smext.launch.packages.container import Container
from smext.launch.packages.downloads import Download
from smext.launch.packages.image_packages import Shipped
from smext.sandbox import Sandbox

MakeWheel = Callable[..., Path]


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels, which is all that pip knows; its cache and ours are this test's own."""
    made = tmp_path / "index"
    made.mkdir()
    for name, value in {"CONFIG_FILE": "/dev/null", "NO_INDEX": "1", "FIND_LINKS": str(made)}.items():
        monkeypatch.setenv(f"PIP_{name}", value)
    monkeypatch.delenv("PIP_EXTRA_INDEX_URL", raising=False)
    monkeypatch.setattr(downloads, "_failures", Cache[errors.Invalid](math.inf))
    return made


@pytest.fixture
def add(index: Path) -> MakeWheel:
    """Put a wheel into the index."""

    def make(
        name: str, version: str = "1.0", *needs: str, tag: str = "py3-none-any", folder: Path = index
    ) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        info = f"{name}-{version}.dist-info"
        wheel = folder / f"{name}-{version}-{tag}.whl"
        required = "".join(f"Requires-Dist: {need}\n" for need in needs)
        with zipfile.ZipFile(wheel, "w") as opened:
            opened.writestr(f"{name}.py", "")
            opened.writestr(
                f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{required}"
            )
            opened.writestr(
                f"{info}/WHEEL", f"Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: {tag}\n"
            )
            opened.writestr(f"{info}/RECORD", "")
        return wheel

    return make


def asked(
    *requirements: str, image: Shipped | None = None, python: str = "3.12.9", machine: str = "x86_64",
    options: tuple[str, ...] = (), constraints: tuple[str, ...] = (), extras: dict[str, list[str]] | None = None,
) -> Download:  # fmt: skip
    where = Container(python, machine)
    return Download(requirements, constraints, options, where, python, image, extras=extras or {})


def names(wheels: list[Path]) -> list[str]:
    return sorted(wheel.name for wheel in wheels)


def test_wheels_are_those_of_the_container_and_not_of_this_machine(add: MakeWheel) -> None:
    for tag in (
        "cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64",
        "cp312-cp312-manylinux_2_28_aarch64",
        "cp39-cp39-win_amd64",
    ):
        add("fast", "1.0", tag=tag)
    add("top", "2.0", "fast>=1", "newer; python_version >= '3.12'", "older; python_version < '3.12'")
    add("newer")
    add("older")
    expected = [
        "fast-1.0-cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
        "newer-1.0-py3-none-any.whl",
        "top-2.0-py3-none-any.whl",
    ]
    found = names(downloads.fetch(asked("top"), []))
    # pip asks the markers of its own Python too: one wheel too many may come, none may be missing.
    assert [name for name in found if not name.startswith("older")] == expected
    [arm] = downloads.fetch(asked("fast", machine="aarch64"), [])
    assert "aarch64" in arm.name


def test_what_the_image_has_is_not_downloaded(add: MakeWheel) -> None:
    add("tiny", "1.0", "numpy>=1.20", "huge")
    add("numpy", "9.0")
    add("huge", "9.0")
    image = Shipped("An image", {"numpy": "2.0.0", "huge": "5.0", "odd": "not a version"})
    assert names(downloads.fetch(asked("tiny", "numpy", image=image), [])) == ["tiny-1.0-py3-none-any.whl"]
    assert "numpy-9.0-py3-none-any.whl" in names(downloads.fetch(asked("numpy>=9", image=image), []))


def test_the_image_gives_way_where_something_cannot_live_with_it(add: MakeWheel) -> None:
    add("picky", "1.0", "numpy<2", "huge")
    add("numpy", "1.26")
    add("huge", "9.0")
    image = Shipped("An image", {"numpy": "2.0.0", "huge": "5.0"})
    found = downloads.fetch(asked("picky", image=image), [])
    assert names(found) == ["numpy-1.26-py3-none-any.whl", "picky-1.0-py3-none-any.whl"]


def test_the_same_is_not_downloaded_again(add: MakeWheel, index: Path) -> None:
    wheel = add("tiny")
    first = downloads.fetch(asked("tiny"), [])
    wheel.unlink()
    assert downloads.kept(asked("tiny")) == downloads.fetch(asked("tiny"), []) == first
    assert downloads.kept(asked("other")) is None
    first[0].unlink()
    assert downloads.kept(asked("tiny")) is None


def test_an_answer_grows_old(add: MakeWheel, monkeypatch: pytest.MonkeyPatch) -> None:
    add("tiny")
    downloads.fetch(asked("tiny"), [])
    monkeypatch.setattr(wheel_cache, "FRESH_SECONDS", -1.0)
    assert downloads.kept(asked("tiny")) is None


def test_what_has_no_wheel_is_named_and_remembered(add: MakeWheel, index: Path) -> None:
    add("fast", "1.0", tag="cp39-cp39-win_amd64")
    with pytest.raises(errors.Invalid, match=r"no wheel for Python 3.12 on x86_64 of: fast") as caught:
        downloads.fetch(asked("fast"), [])
    assert caught.value.field == "packages"
    assert downloads.failed_before(asked("fast")) is caught.value
    assert downloads.failed_before(asked("other")) is None


def test_an_index_that_is_not_reached_is_not_taken_for_one_without_the_package(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    with pytest.raises(errors.Unreachable, match="does not reach the package index"):
        downloads.fetch(asked("tiny"), [])
    # It may be reached the next time.
    assert downloads.failed_before(asked("tiny")) is None


def test_a_disk_that_takes_nothing_is_said(
    add: MakeWheel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add("tiny")
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    with pytest.raises(errors.SmextError, match="Could not keep the wheels"):
        downloads.fetch(asked("tiny"), [])


def test_a_source_without_a_wheel_is_built_here(index: Path) -> None:
    import tarfile

    project = index / "pure-1.0"
    project.mkdir()
    (project / "pure.py").write_text("")
    (project / "pyproject.toml").write_text(
        '[project]\nname = "pure"\nversion = "1.0"\n[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    )
    (project / "PKG-INFO").write_text("Metadata-Version: 2.1\nName: pure\nVersion: 1.0\n")
    (project / "backend.py").write_text(BACKEND)
    with tarfile.open(index / "pure-1.0.tar.gz", "w:gz") as archive:
        archive.add(project, "pure-1.0")
    assert names(downloads.fetch(asked("pure"), [])) == ["pure-1.0-py3-none-any.whl"]


BACKEND = """
import zipfile
def build_wheel(folder, config_settings=None, metadata_directory=None):
    name = "pure-1.0-py3-none-any.whl"
    with zipfile.ZipFile(f"{folder}/{name}", "w") as wheel:
        wheel.writestr("pure.py", "")
        wheel.writestr("pure-1.0.dist-info/METADATA", "Metadata-Version: 2.1\\nName: pure\\nVersion: 1.0\\n")
        wheel.writestr("pure-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr("pure-1.0.dist-info/RECORD", "")
    return name
"""


def test_what_a_built_wheel_needs_comes_with_it(add: MakeWheel, tmp_path: Path) -> None:
    own = add("own", "0.1", "tiny", "extra; extra == 'dev'", folder=tmp_path / "built")
    # An index that has the name too is not asked for it.
    add("own", "9.0")
    add("tiny")
    add("extra")
    assert names(downloads.fetch(asked(extras={"own": ["dev"]}), [own])) == [
        "extra-1.0-py3-none-any.whl",
        "tiny-1.0-py3-none-any.whl",
    ]


def test_versions_and_indexes_of_the_users_list_hold(add: MakeWheel, tmp_path: Path) -> None:
    add("tiny", "1.0")
    add("tiny", "2.0")
    add("private", folder=tmp_path / "other")
    options = (f"--find-links {tmp_path / 'other'}", "--no-binary :all:")
    found = downloads.fetch(asked("tiny", "private", options=options, constraints=("tiny<2",)), [])
    assert names(found) == ["private-1.0-py3-none-any.whl", "tiny-1.0-py3-none-any.whl"]


def test_it_can_be_called_back(add: MakeWheel) -> None:
    add("tiny")

    def called_back() -> None:
        raise errors.Cancelled("no")

    with pytest.raises(errors.Cancelled):
        downloads.fetch(asked("tiny"), [], called_back)
    assert downloads.failed_before(asked("tiny")) is None


@pytest.mark.parametrize(
    ("tag", "fits"),
    [
        ("py3-none-any", True),
        ("cp312-abi3-manylinux_2_28_x86_64", True),
        ("cp310-abi3-manylinux1_x86_64", True),
        ("cp312-cp312-linux_x86_64", True),
        ("cp311-cp311-linux_x86_64", False),
        ("cp312-cp312-macosx_11_0_arm64", False),
        ("cp312-cp312-manylinux_2_28_aarch64", False),
    ],
)
def test_a_wheels_name_tells_where_it_runs(tag: str, fits: bool) -> None:
    assert wheel_tags.runs_on(Path(f"a-1.0-{tag}.whl"), "3.12", "x86_64") is fits


def test_a_wheel_that_the_bucket_has_is_not_sent_again(
    account: Account, box: Sandbox, root: Path, request_of: Callable[..., LaunchRequest], add: MakeWheel
) -> None:
    add("tiny")
    form = {"image": "own:1-py312", "packages": ["tiny"], "send_wheels": True, "include_files": False}
    uploads = []
    for _ in range(2):
        request = request_of(**form)
        made = plan(account, request, root, Limits())
        box.control.calls.clear()
        apply(account, request.model_copy(update={"name": made.name}), root, Limits())
        uploads.append(box.control.calls.count("PutObject"))
        prefix = f"smext/{made.name}/input/wheels/"
        [sent] = box.client("s3").list_objects_v2(Bucket=box.bucket, Prefix=prefix)["Contents"]
        assert sent["Key"] == f"{prefix}tiny-1.0-py3-none-any.whl"
        told = box.client("s3").get_object(Bucket=box.bucket, Key=f"{prefix[:-1]}.json")["Body"].read()
        body = box.client("s3").get_object(Bucket=box.bucket, Key=sent["Key"])["Body"].read()
        assert json.loads(told) == {"tiny-1.0-py3-none-any.whl": hashlib.sha256(body).hexdigest()}
    assert uploads[0] == uploads[1] + 1


def test_the_plan_says_what_it_cannot_tell_and_remembers_what_failed(
    account: Account, root: Path, request_of: Callable[..., LaunchRequest], add: MakeWheel
) -> None:
    request = request_of(image="own:1", packages=["gone", "x @ https://h.test/x.whl"], send_wheels=True)
    said = [each for each in plan(account, request, root, Limits()).checks if each.name == "packages"]
    assert [each.status for each in said].count("cannot tell") == 2
    request = request_of(image="own:1", packages=["gone"], send_wheels=True, include_files=False)
    made = plan(account, request, root, Limits())
    with pytest.raises(errors.Invalid, match="gone"):
        apply(account, request.model_copy(update={"name": made.name}), root, Limits())
    again = plan(account, request, root, Limits())
    assert not again.can_run
    assert "gone" in next(each.message for each in again.checks if each.status == "will fail")
