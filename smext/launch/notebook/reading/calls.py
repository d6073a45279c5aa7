"""One call of a function as events: which files it reads and writes, what it runs and installs."""

from __future__ import annotations

import ast
import posixpath
import shlex
from collections.abc import Callable, Iterable, Iterator

from . import engines, shell
from .events import UNKNOWN, Event, is_url, local
from .tables import (
    FIRST_OF_NO_URI,
    KEYWORDS,
    METHODS,
    NO_PATHS,
    OPENERS,
    PACKERS,
    READERS,
    READERS_OF,
    SCRIPT_ENDINGS,
    SDK_FILES,
    SDK_LISTS,
    WRITERS,
)
from .values import Texts, Values, called, owner

LONGEST = 200
"""Characters of a text that may be a path."""
_PROCESSES = {"run", "call", "check_call", "check_output", "Popen", "getoutput", "getstatusoutput"}
Line = Callable[[str, Values], Iterator[Event]]
Inline = Callable[[str], Iterator[Event]]


def events(node: ast.Call, values: Values, line: Line, inline: Inline, *, own: bool) -> Iterator[Event]:
    """Yield what a call does. `line` reads a line of IPython, `inline` Python that stands in a command.

    own: the function is the notebook's, whose body is read for itself.
    """
    name, place = called(node), owner(node)
    if not name:
        return
    if name == "import_module" or name == "__import__":
        yield from (
            Event("import", each) for each in _texts(node, 0, values) if each and not each.startswith(".")
        )
    elif (place in ("subprocess", "sp") and name in _PROCESSES) or name == "Popen":
        yield from _process(node, values, line, inline)
    elif place == "os" and name in ("system", "popen"):
        yield from _shell(_first(node, values), inline)
    elif name in ("system", "getoutput", "run_cell_magic", "run_line_magic", "magic") and _is_ipython(node):
        yield from _ipython(name, node, values, line)
    elif name in ("exec", "eval", "compile") and node.args:
        yield from _executed(node.args[0], values)
    elif name == "chdir":
        yield from (Event("chdir", each) for each in _texts(node, 0, values)[:1])
    elif name in ("run_path", "execfile") or name == "execute_notebook":
        yield from _runs(_texts(node, 0, values, "path_name", "input_path"), name)
        yield from (
            Event("write", each)
            for each in known(_texts(node, 1, values, "output_path"))
            if name == "execute_notebook"
        )
    elif name in ("load_source", "spec_from_file_location"):
        yield from _runs(_texts(node, 1, values, "location", "pathname"), name)
    elif name == "run_module":
        yield from (Event("import", each) for each in known(_texts(node, 0, values)))
    else:
        yield from _sdk(node, name, values)
        if not own:
            yield from engines.events(node, values)
        yield from _files(node, name, place, values, own)


def known(texts: Iterable[str]) -> list[str]:
    """Return texts that are told in full and may be a path of this machine."""
    return [
        local(each)
        for each in texts
        if each and UNKNOWN not in each and not is_url(each) and len(each) <= LONGEST and "\n" not in each
    ]


def _files(node: ast.Call, name: str, place: str, values: Values, own: bool) -> Iterator[Event]:
    base = node.func.value if isinstance(node.func, ast.Attribute) else None
    last = place.rpartition(".")[2]
    if name in PACKERS and base is not None and is_archive(values.node(base)):
        yield from (Event("read", each) for each in known(_texts(node, 0, values, "filename", "name")))
        return
    if name in OPENERS or name == "open_file":
        yield from _opened(node, name, last, base, values)
        return
    if name in METHODS and base is not None:
        yield from (Event("read", each) for each in known(values.of(base)))
        return
    if name in ("write_text", "write_bytes", "touch") and base is not None:
        yield from (Event("write", each, text=_content(node, values)) for each in known(values.of(base)))
        return
    if name in ("mkdir", "makedirs", "ensure_dir", "mkpath"):
        paths = (
            _texts(node, 0, values, "name", "path")
            if name != "mkdir" or place == "os"
            else values.of(base)
            if base is not None
            else ()
        )
        yield from (Event("folder", each, False) for each in known(paths))
        return
    if name in ("extractall", "extract"):
        folders = known(_texts(node, 0 if name == "extractall" else 1, values, "path"))
        yield from (Event("write", each, tree=True) for each in folders)
        if not folders:
            yield Event("fog")
        return
    if _reads(name, place, last):
        paths = _texts(node, 0, values, *KEYWORDS)
        if paths == (UNKNOWN,) and node.args:
            paths = values.each_of(node.args[0])
        yield from (Event("read", each) for each in known(paths))
    if name in FIRST_OF_NO_URI:
        yield from (Event("read", each) for each in known(_texts(node, 0, values, "Filename", "local_path")))
    yield from _written(node, name, place, values, own)


def is_archive(node: ast.expr | None) -> bool:
    """Tell whether an expression opens an archive: ZipFile(…), tarfile.open(…)."""
    if not isinstance(node, ast.Call):
        return False
    return called(node) in ("ZipFile", "PyZipFile", "TarFile") or (
        called(node) == "open" and owner(node) in ("tarfile", "TarFile", "tarfile.TarFile")
    )


def _reads(name: str, place: str, last: str) -> bool:
    if place.endswith("read") or last == "read":  # spark.read.csv: of the cluster
        return False
    return name in READERS or name in READERS_OF.get(place, ()) or name in READERS_OF.get(last, ())


def _opened(node: ast.Call, name: str, last: str, base: ast.expr | None, values: Values) -> Iterator[Event]:
    """open(path, mode), Path(path).open(mode), tarfile.open(path, mode), h5py.File(path, mode)"""
    of_path = name == "open" and base is not None and last not in ("io", "codecs", "gzip", "bz2", "lzma", "tarfile", "TarFile", "Image", "rasterio", "fitz", "wave", "zipfile", "os", "fsspec", "smart_open", "tf", "gfile", "shelve", "dbm", "webbrowser", "xr", "h5py", "aiofiles")  # fmt: skip
    if of_path:
        paths = known(values.of(base)) if base is not None else []
        if not paths:
            return
    else:
        paths = known(_texts(node, 0, values, "file", "name", "filename", "path"))
    if last in ("webbrowser", "os", "shelve", "dbm"):
        return
    modes = _texts(node, 0 if of_path else 1, values, "mode")
    mode = modes[0] if modes else "r"
    for path in paths:
        if set(mode) & set("wax"):
            yield from _parent(path)
            yield Event("write", path)
        elif UNKNOWN not in mode:
            yield Event("read", path)


def _written(node: ast.Call, name: str, place: str, values: Values, own: bool) -> Iterator[Event]:
    if (name.startswith("to_") and node.args) or (name.startswith("to_") and node.keywords):
        for each in known(_texts(node, 0, values, "path_or_buf", "path", "excel_writer", "buf", "fname")):
            yield from _parent(each)
            yield Event("write", each, tree=True)
        return
    position, tree, parent = WRITERS.get(name, (-9, False, False))
    if position == -9 or (name == "replace" and place != "os") or (name == "copy" and place != "shutil"):
        if not own and name not in NO_PATHS and not _reads(name, place, place.rpartition(".")[2]):
            yield from (
                Event("touch", each) for each in known(_all(node, values)) if not each.startswith("-")
            )
        return
    if name == "download":
        # S3Downloader.download(uri, folder), wget.download(address, file): or named after the address.
        yield Event("fog") if len(node.args) < 2 and not node.keywords else Event("touch", "")
    paths = known(_all(node, values)) if position < 0 else known(_texts(node, position, values, *_TARGETS))
    if name in ("save", "save_model") and not paths and len(node.args) > 1:
        paths = known(values.of(node.args[1]))  # torch.save(model, path)
    for each in paths[-1:] if position == -1 else paths:
        if parent:
            yield from _parent(each)
        yield Event("write", f"{each}.zip" if name == "make_archive" else each, tree=tree)
    if name == "make_archive":
        yield from (Event("write", f"{each}.tar.gz") for each in paths)


_TARGETS = ("Filename", "path", "local_path", "out", "filename", "fname", "file", "out_file", "dst", "to_path", "output", "dest", "local_dir", "root", "f")  # fmt: skip


def _parent(path: str) -> Iterator[Event]:
    """Yield that the folder is needed which something is written into."""
    folder = posixpath.dirname(path)
    if folder not in ("", ".", "/", "~"):
        yield Event("folder", folder, True)


def _sdk(node: ast.Call, name: str, values: Values) -> Iterator[Event]:
    """Files that the SageMaker SDK sends from here."""
    named = {each.arg: each.value for each in node.keywords if each.arg}
    if "git_config" in named:
        return
    folders = values.of(named["source_dir"]) if "source_dir" in named else ("",)
    if any(is_url(each) or UNKNOWN in each for each in folders):
        return
    folder = folders[0]
    if folder:
        yield Event("read", local(folder))
    for key in SDK_FILES:
        if key in named:
            yield from (
                Event("read", posixpath.join(folder, each))
                for each in known(values.of(named[key]))
                if each.endswith(SCRIPT_ENDINGS)
            )
    if "code" in named:
        found = [each for each in known(values.of(named["code"])) if each.endswith(SCRIPT_ENDINGS)]
        yield from (Event("read", posixpath.join(folder, each)) for each in found)
    if "requirements" in named and (folder or name == "SourceCode"):
        yield from (
            Event("read", posixpath.join(folder, each))
            for each in known(values.of(named["requirements"]))
            if each.endswith((".txt", ".toml"))
        )
    for key in SDK_LISTS:
        if key in named:
            yield from (
                Event("read", each) for each in known(values.each_of(named[key])) if each != "auto_capture"
            )
    if name == "ProcessingInput" and "source" in named:
        yield from (Event("read", each) for each in known(values.of(named["source"])))
    if "data_files" in named:
        yield from (
            Event("read", each) for each in known(values.each_of(named["data_files"])) if "*" not in each
        )
    if name == "Image" and "filename" in named:
        yield from (Event("read", each) for each in known(values.of(named["filename"])))


def _process(node: ast.Call, values: Values, line: Line, inline: Inline) -> Iterator[Event]:
    first = (
        node.args[0]
        if node.args
        else next((each.value for each in node.keywords if each.arg == "args"), None)
    )
    if first is None:
        return
    folders = next((known(values.of(each.value)) for each in node.keywords if each.arg == "cwd"), [])
    base = folders[0] if folders else ""
    if isinstance(first, ast.Name) and first.id in values.nodes:
        first = values.nodes[first.id]
    if isinstance(first, (ast.List, ast.Tuple)):
        words = [UNKNOWN if isinstance(each, ast.Starred) else values.of(each)[0] for each in first.elts]
        text = " ".join(UNKNOWN if UNKNOWN in each else shlex.quote(each) for each in words)
    else:
        text = values.of(first)[0]
        if isinstance(first, ast.Call) and called(first) == "split":
            base_node = first.func.value if isinstance(first.func, ast.Attribute) else None
            target = first.args[0] if first.args and owner(first) == "shlex" else base_node
            text = values.of(target)[0] if target is not None else UNKNOWN
    for event in _shell((text,), inline):
        yield Event(
            event.kind, event.value, event.sure, event.tree, posixpath.join(base, event.base), event.text
        )


def _shell(texts: Texts, inline: Inline) -> Iterator[Event]:
    for text in texts[:1]:
        if text.strip(" " + UNKNOWN):
            yield from shell.script(text, inline)
        else:
            yield Event("unseen", "a command that is put together when it runs")
            yield Event("fog")


def _ipython(name: str, node: ast.Call, values: Values, line: Line) -> Iterator[Event]:
    texts = [values.of(each)[0] for each in node.args]
    if not texts:
        return
    if name in ("system", "getoutput"):
        yield from line(f"!{texts[0]}", values)
    elif name == "magic":
        yield from line(f"%{texts[0].lstrip('%')}", values)
    else:
        yield from line(f"%{' '.join(texts[:2])}", values)


def _executed(node: ast.expr, values: Values) -> Iterator[Event]:
    """exec(open(x).read()), exec(compile(Path(x).read_text(), ...))"""
    for _ in range(4):
        if isinstance(node, ast.Call) and called(node) in ("open", "Path") and node.args:
            yield from _runs(values.of(node.args[0]), "exec")
            return
        if isinstance(node, ast.Call) and called(node) == "compile":
            return  # which is a call of its own
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            node = node.func.value
        else:
            return


def _runs(paths: Texts, name: str) -> Iterator[Event]:
    found = known(paths)
    yield from (Event("run", each, text="") for each in found)
    if not found:
        yield Event("unseen", f"{name}(…)")


def _is_ipython(node: ast.Call) -> bool:
    base = node.func.value if isinstance(node.func, ast.Attribute) else None
    return (isinstance(base, ast.Call) and called(base) == "get_ipython") or (
        isinstance(base, ast.Name) and base.id in ("ipython", "ip", "shell")
    )


def _first(node: ast.Call, values: Values) -> Texts:
    return values.of(node.args[0]) if node.args else ()


def _texts(node: ast.Call, at: int, values: Values, *names: str) -> Texts:
    """Return the texts of an argument, by its place or by one of these names."""
    if len(node.args) > at:
        return values.of(node.args[at])
    for each in node.keywords:
        if each.arg in names:
            return values.of(each.value)
    return ()


def _all(node: ast.Call, values: Values) -> list[str]:
    """List the texts of all arguments but those that the SageMaker SDK takes for files."""
    theirs = (*SDK_FILES, *SDK_LISTS, "source_dir", "code", "requirements", "data_files")
    every = [*node.args, *(each.value for each in node.keywords if each.arg not in theirs)]
    return [text for each in every for text in values.of(each)]


def _content(node: ast.Call, values: Values) -> str | None:
    found = _texts(node, 0, values, "data")
    return found[0] if len(found) == 1 and UNKNOWN not in found[0] else None
