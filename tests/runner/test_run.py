"""Whole runs, as SageMaker starts them."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import tarfile
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.runner.conftest import Container, Outcome, Running

PIXEL = base64.b64encode(b"\x89PNG").decode()
RICH = """
import sys
from IPython.display import clear_output, display, update_display
for step in range(300):
    sys.stderr.write(f"\\rbar {step}"); sys.stderr.flush()
for step in range(50):
    clear_output(wait=True); print("loss", step)
display({"image/png": "PIXEL", "text/plain": "<Figure>"}, raw=True)
_ = display("old", display_id="one")
""".replace("PIXEL", PIXEL)


def test_a_notebook_runs_to_its_end(container: Container) -> None:
    container.prepare(None)
    container.pack(
        {
            "data/numbers.csv": "1\n2\n3\n",
            "lib/tool.py": "def total(path): return sum(map(int, open(path)))\n",
        }
    )
    note = {"cell_type": "markdown", "source": "# A title", "metadata": {}}
    outcome = container.run(
        note,
        "# first\nimport sys; sys.path.insert(0, '..')\nprint('hello 🎉')",
        "   ",
        "from lib.tool import total\ntotal('../data/numbers.csv')",
        RICH,
        "update_display('new', display_id='one')\nopen('result.txt', 'w').write('6'); open('../data/numbers.csv', 'a').write('4')",
        notebook="analysis/my notebook 🎉.ipynb",
    )
    assert outcome.exit_code == 0, outcome.log
    assert outcome.markers == [
        "smext: run churn-1120-1004-x7k2q notebook=analysis/my notebook 🎉.ipynb cells=4",
        "smext: cell 1/4 start import sys; sys.path.insert(0, '..')",
        "smext: cell 1/4",
        "smext: cell 2/4 start from lib.tool import total",
        "smext: cell 2/4",
        "smext: cell 3/4 start import sys",
        "smext: cell 3/4",
        "smext: cell 4/4 start update_display('new', display_id='one')",
        "smext: cell 4/4",
        "smext: done",
    ]
    lines = outcome.log.splitlines()
    assert lines.count("hello 🎉") == 1
    assert [line for line in lines if line.startswith("bar")] == []
    assert [line for line in lines if line.startswith("loss")] == ["loss 49"]
    assert "[image/png] <Figure>" in lines
    # The outputs are in the notebook, as JupyterLab would show them.
    assert outcome.text(1) == "hello 🎉\n"
    assert outcome.text(3) == "6"
    assert outcome.text(4) == "loss 49\n<Figure>'new'"
    assert outcome.notebook["metadata"]["smext"] == {"job": "churn-1120-1004-x7k2q", "status": "completed"}
    assert outcome.notebook["metadata"]["language_info"]["name"] == "python"
    assert outcome.partial == outcome.notebook
    assert outcome.files == {"analysis/result.txt": "6", "data/numbers.csv": "1\n2\n3\n4"}
    assert outcome.message == "completed: 4 of 4 cells done"
    assert not (outcome.messages / "failure").exists()
    progress = outcome.progress
    assert (progress["status"], progress["done"], progress["total"]) == ("completed", 4, 4)
    assert progress["current"] is progress["error"] is None
    assert progress["phase"] == ""
    assert progress["started"] <= progress["updated"] == progress["ended"]
    assert [cell["status"] for cell in progress["cells"]] == ["done"] * 4
    assert not list(container.root.parent.glob("tmp/smext-*")), "the scratch directory is left behind"


def test_parameters_arrive_with_their_types(training: Container) -> None:
    values = {"lr": 0.5, "name": "a 'b' 🎉", "flags": [1, None], "deep": {"on": True}}
    outcome = training.run(
        training.cell("lr = 1\nname = ''", "parameters"),
        "import json; print(json.dumps([lr, name, flags, deep]))",
        parameters=values,
    )
    assert json.loads(outcome.text(2)) == list(values.values())
    assert outcome.notebook["cells"][1]["metadata"]["tags"] == ["injected-parameters"]
    # The cells keep the numbers that they have in the user's notebook.
    assert "smext: cell 2/2 start import json" in outcome.log
    assert (outcome.progress["done"], outcome.progress["total"]) == (2, 2)


def test_a_failure_behind_the_parameters_has_the_number_of_the_users_cell(processing: Container) -> None:
    outcome = processing.run("1", "1 / 0", parameters={"a": 1})
    assert outcome.failure.startswith("cell 2: ZeroDivisionError")
    assert outcome.progress["error"]["cell"] == 2


def test_the_notebook_finds_its_job_in_the_environment(container: Container) -> None:
    config = "input/config" if container.kind == "training" else "config"
    (container.root / config).mkdir(parents=True)
    resources = {"current_host": "algo-1", "hosts": ["algo-2", "algo-1"]}
    (container.root / config / "resourceconfig.json").write_text(json.dumps(resources))
    container.environment = {"MINE": "yes"}
    names = ("MINE", "SMEXT_JOB", "SM_OUTPUT_DATA_DIR", "SM_MODEL_DIR", "SM_HOSTS", "SM_CURRENT_HOST")
    outcome = container.run(f"import json, os; print(json.dumps([os.environ.get(name) for name in {names}]))")
    found = dict(zip(names, json.loads(outcome.text(0)), strict=True))
    assert found == {
        "MINE": "yes",
        "SMEXT_JOB": "churn-1120-1004-x7k2q",
        "SM_OUTPUT_DATA_DIR": str(container.outputs),
        "SM_MODEL_DIR": str(container.root / "model") if container.kind == "training" else None,
        "SM_HOSTS": '["algo-1", "algo-2"]',
        "SM_CURRENT_HOST": "algo-1",
    }
    assert (container.live / "progress.json").exists(), "the first host writes to the plain place"


def test_another_host_writes_beside_the_first(processing: Container) -> None:
    (processing.root / "config").mkdir(parents=True)
    resources = {"current_host": "algo-2", "hosts": ["algo-1", "algo-2"]}
    (processing.root / "config/resourceconfig.json").write_text(json.dumps(resources))
    outcome = processing.run("open('a.txt', 'w').write('2')")
    assert outcome.exit_code == 0
    for folder in (outcome.live, outcome.outputs):
        assert [path.name for path in folder.iterdir()] == ["algo-2"]
    assert json.loads((outcome.live / "algo-2/progress.json").read_text())["status"] == "completed"
    assert (outcome.outputs / "algo-2/files/a.txt").read_text() == "2"


def test_what_is_there_can_be_seen_while_a_cell_runs(
    training: Container, started: Callable[[Container], Running]
) -> None:
    gate = training.root.parent / "gate"
    waiting = f"import os, time\nprint('half way', flush=True)\nwhile not os.path.exists({str(gate)!r}): time.sleep(.02)"
    training.environment = {"SMEXT_LIVE_SECONDS": "0.05"}
    training.prepare(training.notebook("1 + 1", waiting, "2 + 2"))
    running = started(training)

    def half_way(now: Running) -> bool:
        live = training.live / "notebook.ipynb"
        return live.exists() and "half way" in json.dumps(
            json.loads(live.read_bytes())["cells"][1]["outputs"]
        )

    running.wait_for(half_way)
    assert "\nhalf way\n" in running.log
    progress = running.progress
    assert (progress["status"], progress["done"], progress["total"], progress["ended"]) == (
        "running",
        1,
        3,
        None,
    )
    assert progress["current"] == {"index": 2, "label": "import os, time"}
    assert [cell["status"] for cell in progress["cells"]] == ["done", "running", "pending"]
    gate.touch()
    assert running.outcome().exit_code == 0


def test_an_output_that_a_later_cell_updates_is_new_in_what_is_written(training: Container) -> None:
    live = training.live / "notebook.ipynb"
    wait = (
        f"import json, time\nwhile not json.load(open({str(live)!r}))['cells'][0]['outputs']: time.sleep(.02)"
    )
    outcome = training.run(
        "shown = display('first state', display_id=True)", wait, "shown.update('second state')"
    )
    assert outcome.text(0) == "'second state'"
    assert outcome.partial == outcome.notebook


def test_a_failed_cell_fails_the_run_with_its_error(processing: Container) -> None:
    outcome = processing.run(
        "open('before.txt', 'w').write('x')",
        "def load():\n    raise KeyError('tenure')\nload()",
        {
            **processing.cell("print('never')"),
            "outputs": [{"output_type": "stream", "name": "stdout", "text": "stale"}],
        },
    )
    assert outcome.exit_code == 1
    assert outcome.notebook["cells"][2]["outputs"] == []
    assert "smext: cell 2/3 failed KeyError: 'tenure'" in outcome.log.splitlines()
    assert "smext: done" not in outcome.log
    assert "never\n" not in outcome.log
    for text in (outcome.failure, outcome.message):
        assert text.startswith("cell 2: KeyError: 'tenure'\n")
        assert "raise KeyError('tenure')" in text
        assert "\x1b" not in text
        assert len(text.encode()) <= 1000
    assert outcome.progress["status"] == "failed"
    assert outcome.progress["error"] == {
        "cell": 2,
        "ename": "KeyError",
        "evalue": "'tenure'",
        "summary": "cell 2: KeyError: 'tenure'",
    }
    assert [cell["status"] for cell in outcome.progress["cells"]] == ["done", "failed", "pending"]
    assert outcome.notebook["cells"][1]["outputs"][0]["ename"] == "KeyError"
    assert outcome.notebook["metadata"]["smext"]["status"] == "failed"
    assert outcome.files == {"before.txt": "x"}


def test_a_long_error_fits_into_the_reason(training: Container) -> None:
    outcome = training.run("raise ValueError('🎉' * 2000)")
    assert outcome.failure.startswith("cell 1: ValueError: 🎉")
    assert len(outcome.failure.encode()) <= 1000
    assert len(outcome.progress["error"]["evalue"]) <= 300


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "most likely out of memory"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "crashed with SIGSEGV"),
        ("import os; os._exit(0)", "ended itself"),
        ("import os; os.write(2, b'last words\\n'); os._exit(3)", "ended with exit code 3"),
    ],
)
def test_a_kernel_that_dies_is_explained(training: Container, source: str, said: str) -> None:
    outcome = training.run("print('before')", source, "print('never')")
    assert outcome.exit_code == 1
    assert outcome.failure.startswith("cell 2: DeadKernel: ")
    assert said in outcome.failure
    assert outcome.log.splitlines().count("last words") == source.count("last words")
    assert outcome.text(0) == "before\n"
    assert outcome.notebook["cells"][1]["outputs"][0]["ename"] == "DeadKernel"


def test_a_cell_that_asks_for_input_fails_and_does_not_wait(training: Container) -> None:
    outcome = training.run("input('name? ')")
    assert outcome.exit_code == 1
    assert outcome.failure.startswith("cell 1: StdinNotImplementedError: the notebook asks for input")
    assert "as a parameter" in outcome.failure


MANY = [
    "import helper, os; helper.VALUE",
    ("1 / 0", "raises-exception"),
    "for i in range(50_000): print('line', i)",
    "print('no newline', end='')",
    "print('smext: done')\nos.write(1, b'from C\\n')",
    "import os\n"
    "open('__pycache__/a.pyc', 'w').write('x')\n"
    "os.mkfifo('pipe'); os.symlink('nowhere', 'broken')\n"
    "open('real.txt', 'w').write('r'); os.symlink('real.txt', 'link.txt')",
    "os.mkdir('sub')\nfor name, size in [('a.bin', 90), ('b.bin', 20), ('sub/c.bin', 30)]:\n"
    "    open(name, 'w').write('x' * size)",
    "import atexit; atexit.register(lambda: open('late.txt', 'w').write('z'))",
    "import sys; sys.exit()",
    "print('never')",
]


@pytest.fixture(scope="module")
def many(module_container: Container) -> Outcome:
    """One run of many cells that have nothing to do with each other."""
    module_container.prepare(None)
    module_container.pack({"helper.py": "VALUE = 42\n"})
    cells = [cell if isinstance(cell, str) else module_container.cell(*cell) for cell in MANY]
    return module_container.run(*cells, outputs_limit_bytes=60)


def test_code_may_import_what_lies_beside_the_notebook(many: Outcome) -> None:
    assert many.text(0) == "42"


def test_an_error_that_is_expected_does_not_end_the_run(many: Outcome) -> None:
    assert many.notebook["cells"][1]["outputs"][0]["ename"] == "ZeroDivisionError"
    assert many.progress["cells"][1]["status"] == "done"


def test_a_flood_of_output_is_all_in_the_log_and_one_output(many: Outcome) -> None:
    assert len([line for line in many.log.splitlines() if line.startswith("line ")]) == 50_000
    assert many.text(2).count("\n") == 50_000
    assert len(many.notebook["cells"][2]["outputs"]) == 1


def test_user_text_that_looks_like_a_marker_is_none(many: Outcome) -> None:
    assert many.log.count("\nsmext: done\n") == many.log.count("\n smext: done\n") == 1
    assert many.text(4).startswith("smext: done\n")
    assert "\nno newline\nsmext: cell 4/10 done" in many.log


def test_what_c_code_prints_is_in_the_log(many: Outcome) -> None:
    assert many.log.splitlines().count("from C") == 1


def test_caches_and_special_files_stay_behind(many: Outcome) -> None:
    assert many.files["real.txt"] == many.files["link.txt"] == "r"
    assert set(many.files) == {"real.txt", "link.txt", "late.txt", "b.bin", "sub/c.bin"}


def test_files_over_the_limit_are_left_out_by_name(many: Outcome) -> None:
    assert "smext: note: left out of the outputs: a.bin (over the limit of 60 bytes)" in many.log


def test_exit_handlers_run_before_the_outputs_are_taken(many: Outcome) -> None:
    assert many.files["late.txt"] == "z"


def test_a_notebook_may_end_itself(many: Outcome) -> None:
    assert many.exit_code == 0
    assert (many.progress["status"], many.progress["done"], many.progress["total"]) == ("completed", 9, 10)
    assert "the notebook ended itself here (SystemExit)" in many.log
    assert "never\n" not in many.log


def test_a_large_file_in_several_archives_is_whole_again(training: Container) -> None:
    """In whatever order they are unpacked, also over one another's names."""
    training.prepare(None)
    content = b"".join(bytes([index]) * 1000 for index in range(3))
    for name, index in (("a", 2), ("b", 0), ("c", 1)):
        with tarfile.open(training.archive(name), "w:gz", format=tarfile.PAX_FORMAT) as tar:
            info = tarfile.TarInfo("deep/large.bin")
            info.size = 1000
            info.pax_headers = {"SMEXT.start": str(1000 * index)}
            tar.addfile(info, io.BytesIO(content[1000 * index : 1000 * (index + 1)]))
    training.pack({"small.txt": "x"})
    outcome = training.run(
        "import hashlib\nprint(hashlib.sha256(open('deep/large.bin', 'rb').read()).hexdigest())\nopen('small.txt').read()"
    )
    assert outcome.exit_code == 0, outcome.log
    assert hashlib.sha256(content).hexdigest() in outcome.log


def test_the_notebooks_own_launch_settings_stay_with_it(training: Container) -> None:
    own = {"launch": {"volume_gb": 50}, "status": "from before"}
    cell: dict[str, object] = {
        "cell_type": "code",
        "metadata": {},
        "source": "1",
        "outputs": [],
        "execution_count": None,
    }
    content = {"nbformat": 4, "nbformat_minor": 4, "metadata": {"smext": own}, "cells": [cell]}
    outcome = training.run_file(content)
    assert outcome.notebook["metadata"]["smext"] == {
        "launch": {"volume_gb": 50},
        "job": "churn-1120-1004-x7k2q",
        "status": "completed",
    }
