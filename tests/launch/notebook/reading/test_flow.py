"""What code does, in order: through magics, shells, scripts, loops and functions, and within bounds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from smext.launch.notebook.reading import flow
from smext.launch.notebook.reading.events import Event


def events(*cells: str, files: Mapping[str, str] | None = None, **given: Any) -> list[Event]:
    values = {0: given} if given else {}
    found = flow.of_cells(cells, (files or {}).get, values).events
    return [each for each in found if each.kind not in ("mention", "touch")]


def told(*cells: str, files: Mapping[str, str] | None = None, **given: Any) -> list[tuple[str, str]]:
    return [(each.kind, each.value) for each in events(*cells, files=files, **given)]


RUN = [("run", "train.py"), ("import", "nowhere")]


@pytest.mark.parametrize(
    "cell",
    [
        "!python train.py --lr 0.1",
        "!python3 -u train.py",
        "!CUDA_VISIBLE_DEVICES=0 nohup python3.11 ./train.py > log 2>&1 &",
        "!{sys.executable} train.py",
        "! cd . && python train.py",
        "out = !python train.py",
        "%run train.py",
        "%run -i train.py 1 2",
        "%run train",
        "%%bash\nset -e\npython train.py",
        "%%sh\n\npython \\\n  train.py",
        "%%script bash\npython train.py",
        "%sx python train.py",
        "import subprocess\nsubprocess.run(['python', 'train.py'])",
        "import subprocess, sys\nsubprocess.check_call([sys.executable, 'train.py', *more])",
        "import subprocess\nsubprocess.Popen('python train.py', shell=True)",
        "import subprocess, shlex\nsubprocess.run(shlex.split('python train.py'))",
        "import os\nos.system(f'python {name}')",
        "get_ipython().system('python train.py')",
        "get_ipython().run_line_magic('run', 'train.py')",
        "exec(open('train.py').read())",
        "exec(compile(open('train.py').read(), 'train.py', 'exec'))",
        "import runpy\nrunpy.run_path('train.py')",
        "!torchrun --nproc_per_node 2 train.py",
        "!accelerate launch --mixed_precision fp16 train.py",
        "!mpirun -np 2 python train.py",
        "!uv run python train.py",
        "!conda run -n base python train.py",
        "!bash -c 'python train.py'",
        "if True:\n    !python train.py",
        "for _ in range(2):\n    %run train.py",
    ],
)
def test_what_is_run_is_looked_into(cell: str) -> None:
    found = told(
        "name = 'train.py'", cell, files={"train.py": "import nowhere\n", "./train.py": "import nowhere\n"}
    )
    runs = [
        each for each in found if each[1].removeprefix("./") in ("train.py", "nowhere") and each[0] != "read"
    ]
    assert [(kind, value.removeprefix("./")) for kind, value in runs] == RUN


def test_a_module_that_is_run_counts_as_imported() -> None:
    assert told("!python -m pkg.cli --x", "%run -m other") == [("import", "pkg.cli"), ("import", "other")]
    assert told("!python -c 'import json, deep.er'") == [("import", "json"), ("import", "deep.er")]


def test_scripts_are_followed_through_scripts_and_folders() -> None:
    files = {
        "a.sh": "cd src\npython b.py\n",
        "src/b.py": "import os\nos.system('python c.py')\n",
        "src/c.py": "open('data.csv')\nexec(open('b.py').read())\n",
    }
    found = told("!bash a.sh", files=files)
    assert ("run", "src/c.py") in found
    assert ("read", "src/data.csv") in found


@pytest.mark.parametrize(
    "cell",
    ["!python {script}", "!{command} --x", "%run $script", "import subprocess\nsubprocess.run(cmd)", "os.system(' '.join(x))",
     "exec(open(path).read())", "!python -m {module}"],
)  # fmt: skip
def test_what_cannot_be_told_is_said(cell: str) -> None:
    assert "unseen" in {kind for kind, _ in told(cell)}


def test_paths_are_put_together_from_variables_and_parameters() -> None:
    cell = "import os\nfrom pathlib import Path\nopen(os.path.join(root, 'a.csv'))\nPath(root, 'b.csv').read_text()\n(Path(root) / 'c.csv').open()"
    assert [value for kind, value in told("root = 'data'", cell) if kind == "read"] == [
        "data/a.csv", "data/b.csv", "data/c.csv",
    ]  # fmt: skip
    assert [value for kind, value in told("root = 'data'", cell, root="s3://bucket") if kind == "read"] == []


def test_a_function_reads_what_it_is_given() -> None:
    cell = "def load(name, folder='in'):\n    with open(f'{folder}/{name}') as f:\n        return f.read()\nload('a')\nload('b', folder='out')"
    assert [each.value for each in events(cell) if each.kind == "read" and each.sure] == ["in/a", "out/b"]


@pytest.mark.parametrize(
    ("cell", "path"),
    [
        ("!wget -q https://x.test/a.csv", "a.csv"),
        ("!curl -L https://x.test/z -o a.csv", "a.csv"),
        ("!aws s3 cp s3://b/k/a.csv .", "a.csv"),
        ("!cat x > a.csv", "a.csv"),
        ("!gunzip a.csv.gz", "a.csv"),
        ("%%writefile a.csv\nx", "a.csv"),
        ("df.to_csv('a.csv', index=False)", "a.csv"),
        ("open('a.csv', 'w')", "a.csv"),
        ("with open('a.csv', mode='wb') as f:\n    pass", "a.csv"),
        ("from pathlib import Path\nPath('a.csv').write_text('x')", "a.csv"),
        ("s3.download_file('bucket', 'key', 'a.csv')", "a.csv"),
        ("s3.download_file(Bucket='b', Key='k', Filename='a.csv')", "a.csv"),
        ("import shutil\nshutil.copy('x', 'a.csv')", "a.csv"),
        ("import urllib.request\nurllib.request.urlretrieve('http://x', 'a.csv')", "a.csv"),
        ("plt.savefig('a.csv')", "a.csv"),
        ("joblib.dump(model, 'a.csv')", "a.csv"),
        ("np.save('a.csv', x)", "a.csv"),
        ("torch.save(model.state_dict(), 'a.csv')", "a.csv"),
    ],
)
def test_what_is_written_is_known(cell: str, path: str) -> None:
    assert ("write", path) in told(cell)


@pytest.mark.parametrize(
    "cell",
    [
        "import zipfile\nzipfile.ZipFile('out.zip', 'w').write('a.csv', 'inner.csv')",
        "from zipfile import ZipFile\nwith ZipFile('out.zip', 'w') as z:\n    z.write(filename='a.csv')",
        "import zipfile\nz = zipfile.ZipFile('out.zip', mode='w')\nfor name in ['a.csv']:\n    z.write(name)",
        "import tarfile\nwith tarfile.open('out.zip', 'w:gz') as t:\n    t.add('a.csv', arcname='b.csv')",
        "import tarfile\nt = tarfile.TarFile.open('out.zip', 'w')\nt.add(name='a.csv')",
    ],
)
def test_what_is_put_into_an_archive_is_read(cell: str) -> None:
    found = told(cell)
    assert ("read", "a.csv") in found
    assert ("write", "out.zip") in found
    assert ("write", "a.csv") not in found


def test_what_is_written_to_another_file_is_not_read() -> None:
    cells = "z = ZipFile('x.zip', 'w')\nz = open('y.txt', 'w')\nz.write('a.csv')", "names.add('b.csv')"
    assert not [value for kind, value in told(*cells) if kind == "read"]


@pytest.mark.parametrize(
    ("call", "modules"),
    [
        ("pd.read_excel('a.xlsx')", "openpyxl"),
        ("pd.read_excel(io=f'{folder}/a.XLSM', sheet_name=None)", "openpyxl"),
        ("pandas.read_excel('old.xls')", "xlrd"),
        ("read_excel('a.ods')", "odf"),
        ("pd.ExcelFile('a.xlsb')", "pyxlsb"),
        ("pd.read_excel(address)", "openpyxl xlrd"),
        ("pd.read_excel('a.xls', engine='openpyxl')", "openpyxl"),
        ("pd.read_excel('a.xlsx', engine='calamine')", "python_calamine"),
        ("pd.read_excel('a.xlsx', engine=chosen)", ""),
        ("df.to_excel('a.xlsx')", "openpyxl xlsxwriter"),
        ("df.to_excel(writer, sheet_name='a')", ""),
        ("pd.ExcelWriter('a.xlsx', engine='xlsxwriter')", "xlsxwriter"),
        ("pd.read_parquet('a.parquet')", "pyarrow fastparquet"),
        ("df.to_parquet('a.parquet', engine='fastparquet')", "fastparquet"),
        ("pd.read_hdf('a.h5')", "tables"),
        ("pd.HDFStore('a.h5')", "tables"),
        ("df.to_hdf('a.h5', key='x')", "tables"),
        ("pd.read_spss('a.sav')", "pyreadstat"),
        ("pd.read_csv('a.csv')", ""),
        ("pl.read_excel('a.xlsx')", ""),
        ("spark.read.parquet('a.parquet')", ""),
        ("def read_excel(x): ...\nread_excel('a.xlsx')", ""),
    ],
)
def test_what_pandas_loads_for_a_function_is_known(call: str, modules: str) -> None:
    assert [value for kind, value in told(call) if kind == "engine"] == ([modules] if modules else [])


def test_what_is_taken_out_of_the_sagemaker_package_counts_as_imported() -> None:
    cell = "import sagemaker, sagemaker.inputs as inputs\nimport sagemaker as sm\n"
    cell += "sagemaker.Session()\nsm.image_uris.retrieve('x')\nboto3.client('sagemaker').list_models()\ninputs.TrainingInput('a')"
    again = "sagemaker = boto3.client('sagemaker')\nsagemaker.list_models()"
    found = [value for kind, value in told(cell, again) if kind == "import"]
    assert found == [
        "sagemaker",
        "sagemaker.inputs",
        "sagemaker",
        "sagemaker.Session",
        "sagemaker.image_uris",
    ]


def test_installs_are_known_by_name() -> None:
    cells = ["%pip install -q 'a[x]>1' b==2", "!pip3 install --upgrade -i https://x.test c", "%conda install -y -c conda-forge d",
             "import sys, subprocess\nsubprocess.check_call([sys.executable, '-m', 'pip', 'install', 'e'])", "!pip install -r r.txt",
             "!uv pip install g", "!pip install git+https://github.com/o/h.git@main"]  # fmt: skip
    found = told(*cells, files={"r.txt": "f>=1  # why\n-i https://x.test\n"})
    assert [value for kind, value in found if kind == "install"] == ["a", "b", "c", "d", "e", "f", "g", "h"]


@pytest.mark.parametrize(
    "cell",
    [
        "x = " + " + ".join(["a"] * 1_000) + "\nimport found",
        "x = df" + ".f(1)" * 600 + "\nimport found",
        "x = df" + ".f(1)" * 5_000 + "\nimport found",
        "x = [" + "1," * 4_000_000 + "]\nimport found",
        "x = " + "(" * 3_000 + ")" * 3_000 + "\nimport found",
        "import found\n" * 400_000,
        "x = (\n" * 3_000 + "\nimport found",
    ],
    ids=["terms", "chained", "many chained", "large", "nested", "imports", "open"],
)
def test_imports_are_found_in_code_that_is_too_much(cell: str) -> None:
    assert ("import", "found") in told(cell)


def test_what_is_too_much_is_counted() -> None:
    story = flow.of_cells(["x = 1", "x = [" + "1," * 100_000 + "]"], lambda path: None, {})
    assert (story.large, story.unread) == ([2], 0)
    story = flow.of_cells(["x = 1"] * (flow.MOST_CELLS + 5), lambda path: None, {})
    assert (story.large, story.unread) == ([], 5)


def test_a_cell_that_is_indented_as_a_whole_is_read() -> None:
    assert told("    import a\n    if x:\n        import b\n    !python c.py") == [
        ("import", "a"),
        ("import", "b"),
        ("run", "c.py"),
    ]


PACK = """
def pack(parts, into=None):
    if into:
        name = into
    else:
        handle, name = tempfile.mkstemp()
    with tarfile.open(name, mode="w:gz") as t:
        pass
"""


def test_a_function_takes_the_branch_of_its_argument() -> None:
    assert ("write", "made.tar.gz") in told(PACK + "pack(['x'], 'made.tar.gz')")
    assert "write" not in {kind for kind, _ in told(PACK + "pack(['x'])")}


@pytest.mark.parametrize(
    ("cell", "runs"),
    [
        ("here = False\nif here:\n    !python train.py", False),
        ("here = True\nif not here:\n    pass\nelse:\n    !python train.py", True),
        ("here = ''\nif here:\n    !python train.py", False),
        ("here = False\nfor x in y:\n    if here:\n        !python train.py\n    here = True", True),
        (
            "here = False\ndef f():\n    global here\n    here = True\nf()\nif here:\n    !python train.py",
            True,
        ),
        ("here = False\ndef f():\n    if here:\n        !python train.py\nhere = True\nf()", True),
        ("here = False\nif x:\n    here = True\nif here:\n    !python train.py", True),
    ],
)
def test_a_branch_that_is_never_taken_runs_nothing(cell: str, runs: bool) -> None:
    assert (("run", "train.py") in told(cell)) == runs


def test_a_parameter_decides_about_a_branch() -> None:
    cell = "if here:\n    !python train.py"
    assert ("run", "train.py") in told("here = False", cell, here=True)
    assert ("run", "train.py") not in told("here = True", cell, here=False)


@pytest.mark.parametrize(
    "cell",
    [
        "try:\n    place = ask()\nexcept Exception:\n    place = '<fill in>'",
        "if x:\n    place = ask()\nelse:\n    place = 'nothing.txt'",
        "place = '<fill in>'",
    ],
)
def test_what_may_be_another_thing_is_no_file_that_must_be_there(cell: str) -> None:
    found = events(cell, "!cat {place}", "open(place)", "!aws s3 ls s3://b-{place}/x")
    assert not [each for each in found if each.kind == "read" and each.sure and each.value != "<fill in>"]


def test_each_file_of_a_loop_must_be_there() -> None:
    found = events("for name in ('a.csv', 'b.csv'):\n    open(name)")
    assert [each.value for each in found if each.kind == "read" and each.sure] == ["a.csv", "b.csv"]


def test_many_branches_over_many_variables_are_read_in_time() -> None:
    cell = "".join(f"v{at} = '{at}'\nif x:\n    v{at} = 'y'\n" for at in range(2_500))
    assert ("import", "found") in told(*[cell] * 15, "import found")


@pytest.mark.parametrize("magic", ["pycat", "cat", "less", "load"])
def test_a_magic_that_shows_a_file_reads_it(magic: str) -> None:
    assert ("read", "serve.py") in told(f"%{magic} serve.py")


@pytest.mark.parametrize(
    ("options", "event"),
    [
        ("-v `pwd`/made:/work", ("write", "./made")),
        ("-v $PWD/made:/work:rw", ("write", "./made")),
        ("--volume=/tmp/x:/work", ("write", "/tmp/x")),
        ("-v {folder}:/work", ("fog", "")),
        ("-v $PWD:/work", ("fog", "")),
    ],
)
def test_a_container_may_write_into_the_folders_that_it_is_given(
    options: str, event: tuple[str, str]
) -> None:
    assert event in told(f"!docker run --rm {options} image bash build.sh")
