"""Notebooks nobody prepared for this, and containers that are not as they should be."""

from __future__ import annotations

import io
import json
import os
import stat
import tarfile
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.runner.conftest import Container

NBFORMAT_3 = {
    "nbformat": 3,
    "nbformat_minor": 0,
    "metadata": {"name": ""},
    "worksheets": [
        {
            "cells": [
                {"cell_type": "heading", "level": 1, "source": "Old", "metadata": {}},
                {
                    "cell_type": "code",
                    "input": "print 'old' if False else 7",
                    "language": "python",
                    "outputs": [],
                    "metadata": {},
                    "collapsed": False,
                },
            ]
        }
    ],
}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "Could not read the notebook"),
        (b"", "empty file"),
        (b"{not json", "not valid JSON"),
        (b"[1, 2]", "no notebook"),
        (b'{"a": 1}', "no notebook"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b'{"nbformat": 5, "cells": []}', "newer than what is known here: nbformat 5"),
    ],
)
def test_what_is_no_notebook_is_refused_in_words(
    training: Container, content: bytes | None, said: str
) -> None:
    outcome = training.run_file(content)
    assert outcome.exit_code == 1
    assert said in outcome.failure
    assert outcome.failure == outcome.message
    assert "Traceback" not in outcome.log
    assert f"smext: failed: {outcome.failure}" in outcome.log
    assert outcome.progress["status"] == "failed"
    assert outcome.progress["error"]["cell"] is None
    assert outcome.progress["error"]["summary"] == outcome.failure


@pytest.mark.parametrize(
    "cells",
    [
        [],
        [{"cell_type": "markdown", "source": "# Words", "metadata": {}}],
        [{"cell_type": "code", "source": "  \n", "metadata": {}, "outputs": [], "execution_count": None}],
    ],
    ids=["empty", "only words", "an empty cell"],
)
def test_a_notebook_without_code_completes_without_a_kernel(container: Container, cells: list[Any]) -> None:
    outcome = container.run(*cells, kernel=None, language=None)
    assert outcome.exit_code == 0
    assert outcome.markers == ["smext: run churn-1120-1004-x7k2q notebook=churn.ipynb cells=0", "smext: done"]
    assert outcome.notebook["metadata"]["smext"]["status"] == "completed"
    assert (outcome.progress["status"], outcome.progress["total"]) == ("completed", 0)


def test_a_notebook_that_was_never_saved_runs_as_python(training: Container) -> None:
    """No kernelspec, a byte order mark, cells without metadata, outputs or ids, and lists of lines."""
    cells = [{"cell_type": "code", "source": ["a = 1\n", "a + 1"]}, {"cell_type": "raw"}, "nonsense"]
    content = b"\xef\xbb\xbf" + json.dumps({"cells": cells}).encode()
    outcome = training.run_file(content, kernel=None, language=None)
    assert outcome.exit_code == 0, outcome.log
    assert outcome.text(0) == "2"


def test_an_old_notebook_is_converted(training: Container) -> None:
    content = json.loads(json.dumps(NBFORMAT_3).replace("print 'old' if False else 7", "3 + 4"))
    outcome = training.run_file(json.dumps(content).encode())
    assert outcome.exit_code == 0, outcome.log
    assert outcome.notebook["nbformat"] == 4
    assert outcome.text(1) == "7"


def test_an_old_notebook_that_cannot_be_converted_is_refused(training: Container) -> None:
    content = {"nbformat": 3, "worksheets": [{"cells": [{"cell_type": "code", "input": 5}]}, 7]}
    outcome = training.run_file(json.dumps(content).encode())
    assert outcome.exit_code == 1
    assert "Traceback" not in outcome.failure


@pytest.mark.parametrize("name", ["a" * 200 + ".ipynb", "🎉" * 200 + ".ipynb", "d e/ü ñ '\"$.ipynb"])
def test_any_name_of_a_notebook_is_taken(training: Container, name: str) -> None:
    words = {"cell_type": "markdown", "source": "# Words", "metadata": {}}
    outcome = training.run(words, notebook=name)
    assert outcome.exit_code == 0, outcome.log
    assert f"notebook={name} cells=0" in outcome.log


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"version": 2}, "version 1, not: 2"),
        ({"notebook": "../up.ipynb"}, "leaves the working tree: ../up.ipynb"),
        ({"notebook": "/etc/up.ipynb"}, "leaves the working tree"),
        ({"job": None}, "not complete"),
        ({"packages": [1]}, "not complete"),
        ({"parameters": {"a b": 1}, "kernel": None}, "no variable name in python: a b"),
    ],
)
def test_a_wrong_request_is_refused_in_words(training: Container, change: dict[str, Any], said: str) -> None:
    outcome = training.run("1", **change)
    assert outcome.exit_code == 1
    assert said in outcome.failure
    assert "Traceback" not in outcome.log


@pytest.mark.parametrize("content", [None, "", "[]", "{"])
def test_a_missing_or_broken_request_is_refused_in_words(training: Container, content: str | None) -> None:
    training.prepare(training.notebook("1"))
    request = training.inputs / "run.json"
    request.unlink()
    if content is not None:
        request.write_text(content)
    outcome = training.start().outcome()
    assert outcome.exit_code == 1
    assert "Launch the run again" in outcome.failure


@pytest.mark.parametrize("path", ["../escaped.txt", "/tmp/smext-escaped.txt", "a/../../escaped.txt"])
def test_files_that_would_leave_the_working_tree_are_refused(training: Container, path: str) -> None:
    training.prepare(None)
    training.pack({"good.txt": "x", path: "bad"})
    outcome = training.run("1")
    assert outcome.exit_code == 1
    assert f"a path outside the working tree: {path}" in outcome.failure
    assert not list(training.root.parent.parent.rglob("escaped.txt"))
    assert not Path("/tmp/smext-escaped.txt").exists()


def test_a_broken_archive_of_files_is_refused(training: Container) -> None:
    training.prepare(None)
    training.archive("broken").write_bytes(b"\x1f\x8bnot really")
    outcome = training.run("1")
    assert outcome.exit_code == 1
    assert outcome.failure.startswith("Could not unpack the files that came along")


@pytest.mark.parametrize("change", ["content", "more", "mode"])
def test_an_archive_that_somebody_has_changed_is_refused(training: Container, change: str) -> None:
    training.prepare(None)
    training.pack({"helper.py": "VALUE = 1\n"})
    training.name_archives()
    [kept] = training.archive("any").parent.glob("*.tar.gz")
    with tarfile.open(kept, "w:gz") as tar:
        files = {"helper.py": b"VALUE = 2\n" if change == "content" else b"VALUE = 1\n"}
        for name, text in (files | ({"json.py": b"evil = 1\n"} if change == "more" else {})).items():
            info = tarfile.TarInfo(name)
            info.size, info.mode = len(text), 0o755 if change == "mode" else 0o644
            tar.addfile(info, io.BytesIO(text))
    outcome = training.run("import helper; print(helper.VALUE)")
    assert outcome.exit_code == 1
    assert f"does not hold what was sent: {kept.name}" in outcome.failure


def test_an_archive_is_known_with_the_key_that_it_was_kept_with(training: Container) -> None:
    training.prepare(None)
    training.pack({"helper.py": "VALUE = 1\n"})
    training.name_archives("arn:key")
    assert training.run("import helper; helper.VALUE", encryption="arn:key").text(0) == "1"


def test_a_live_directory_that_cannot_be_written_does_not_stop_the_run(processing: Container) -> None:
    processing.privileged = False
    processing.environment = {"PATH": "/usr/bin:/bin"}
    processing.live.mkdir(parents=True)
    processing.live.chmod(0o555)
    outcome = processing.run("print('ran')")
    processing.live.chmod(0o755)
    assert outcome.exit_code == 0, outcome.log
    assert f"smext: note: could not write to {processing.live}; going on without it" in outcome.log
    assert outcome.log.count("progress.json") == 1, "the same problem is noted once"
    assert outcome.text(0) == "ran\n"
    assert list(processing.live.iterdir()) == []


def test_no_place_for_the_outputs_is_said_before_anything_runs(training: Container) -> None:
    training.privileged = False
    training.environment = {"PATH": "/usr/bin:/bin"}
    training.outputs.mkdir(parents=True)
    training.outputs.chmod(0o555)
    outcome = training.run("print('ran')")
    training.outputs.chmod(0o755)
    assert outcome.exit_code == 1
    assert (
        f"Could not write to the output directory as user {os.getuid()}: {training.outputs}."
        in outcome.failure
    )
    assert "ran\n" not in outcome.log


def with_sudo(container: Container) -> Path:
    """As in a SageMaker Distribution image; this sudo may do what its caller may, on the caller's own directories."""
    container.privileged = False
    programs = container.root.parent / "bin"
    programs.mkdir(parents=True)
    sudo = programs / "sudo"
    sudo.write_text(
        '#!/bin/sh\n[ "$1" = -n ] && shift && echo "$@" >> "$(dirname "$0")/calls" && exec "$@"\n'
    )
    sudo.chmod(sudo.stat().st_mode | stat.S_IXUSR)
    container.environment = {"PATH": f"{programs}:/usr/bin:/bin"}
    return programs


def test_what_belongs_to_root_is_opened_with_sudo(training: Container) -> None:
    programs = with_sudo(training)
    training.prepare(None)
    for folder in (
        training.outputs,
        training.root / "checkpoints",
        training.root / "model",
        training.root / "output",
    ):
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o555)
    outcome = training.run("import os; open(os.environ['SM_MODEL_DIR'] + '/m', 'w').write('w')")
    assert outcome.exit_code == 0, outcome.log
    assert outcome.progress["status"] == "completed"
    assert (training.root / "model/m").read_text() == "w"
    calls = (programs / "calls").read_text()
    assert f"chown -R {os.getuid()}:{os.getgid()} {training.outputs}" in calls


def test_outputs_that_the_launch_named_can_be_written(processing: Container) -> None:
    with_sudo(processing)
    folder = processing.root / "processing/output/tables"
    processing.environment["SM_OUTPUT_TABLES"] = str(folder)
    processing.prepare(None)
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o555)
    outcome = processing.run("import os; open(os.environ['SM_OUTPUT_TABLES'] + '/t', 'w').write('t')")
    assert outcome.exit_code == 0, outcome.log
    assert (folder / "t").read_text() == "t"


@pytest.mark.skipif(not os.path.isdir("/dev/shm"), reason="needs a second file system")
def test_what_is_mounted_is_left_as_it_is(training: Container) -> None:
    programs = with_sudo(training)
    training.prepare(None)
    channels = training.root / "input/data"
    (channels / "own").mkdir()
    with tempfile.TemporaryDirectory(dir="/dev/shm") as mounted:
        (channels / "home").symlink_to(mounted)
        for folder in (channels / "own", Path(mounted)):
            (folder / "a").write_text("a")
            (folder / "a").chmod(0)
        outcome = training.run(f"print('own', open({str(channels / 'own' / 'a')!r}).read())")
        assert outcome.exit_code == 0, outcome.log
        assert "own a" in outcome.log
        [call] = [each for each in (programs / "calls").read_text().splitlines() if "a+rX" in each]
        assert str(channels / "own") in call
        assert str(channels / "home") not in call


def test_a_full_disk_is_noted_and_the_run_goes_on_until_nothing_is_left(training: Container) -> None:
    """A limit on the size of files stands for the full disk: writes fail alike."""
    training.files_limit = 300_000
    outcome = training.run("print('x' * 400_000)", "print('on')")
    assert outcome.exit_code == 1
    assert "smext: cell 2/2 done" in outcome.log
    assert "notebook.ipynb (File too large); the run goes on" in outcome.log
    assert outcome.failure.startswith("Could not save the notebook that ran: ")
    assert outcome.progress["status"] == "failed"
    assert not list(outcome.live.glob(".*")), "half a file is left behind"


def test_an_old_python_is_refused_before_its_syntax_matters(training: Container) -> None:
    """The start is run by whatever the image calls python; here its version is all that is old."""
    training.prepare(training.notebook("1"))
    old = "import sys, runpy; sys.version_info = (2, 7, 18); sys.version = '2.7.18 (x)'; sys.argv = sys.argv[1:]\n"
    wrapper = training.root.parent / "python"
    wrapper.write_text(f"#!{training.python}\n{old}runpy.run_path(sys.argv[0], run_name='__main__')\n")
    wrapper.chmod(0o755)
    training.python = str(wrapper)
    outcome = training.start().outcome()
    assert outcome.exit_code == 1
    assert outcome.failure.startswith("Could not run the notebook: the image's Python is 2.7.18.")


def test_a_runner_outside_a_job_says_so(training: Container) -> None:
    training.prepare(training.notebook("1"))
    elsewhere = training.root.parent / "runner.pyz"
    elsewhere.write_bytes((training.inputs / "runner.pyz").read_bytes())
    (training.inputs / "runner.pyz").unlink()
    (training.inputs / "runner.pyz").mkdir()
    (training.inputs / "runner.pyz" / "__main__.py").write_text(
        f"import runpy, sys; sys.argv[0] = {str(elsewhere)!r}; runpy.run_path({str(elsewhere)!r}, run_name='__main__')"
    )
    outcome = training.start().outcome()
    assert outcome.exit_code == 1
    assert "lies in no input directory of a job" in outcome.failure
