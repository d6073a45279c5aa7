"""Commands of a shell: what they run, install, read and write."""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Callable, Iterable, Iterator, Sequence

from .events import UNKNOWN, Event, is_url
from .file_commands import COMMANDS, is_file
from .options import RUNNERS, installed, operands, option

PYTHON = re.compile(r"(?:.*/)?(?:python|pypy|ipython)(?:\d(?:\.\d+)?)?(?:\.exe)?")
_SEPARATORS = {"&&", "||", ";", "|", "&", "(", ")", "|&", ";;"}
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=.*", re.DOTALL)
_BEFORE = {"sudo", "nohup", "time", "nice", "exec", "env", "command", "stdbuf", "xvfb-run", "builtin", "then", "do", "else", "!", "{"}  # fmt: skip
_READ = {"cat", "head", "tail", "less", "more", "wc", "sort", "uniq", "cut", "od", "xxd", "source", ".", "jq", "pygmentize", "csvcut", "file"}  # fmt: skip
_LONGEST = 50_000
Code = Callable[[str], Iterable[Event]]
"""Reads Python that stands in a command."""


def script(text: str, code: Code) -> Iterator[Event]:
    """Yield what a script of the shell does; its working directory is that of the notebook at the start."""
    base = ""
    for words in commands(text):
        words = _bare(words)
        if not words:
            continue
        if words[0] == "cd":
            to = words[1] if len(words) > 1 else "~"
            base = posixpath.join(base, to)
            continue
        for event in _command(words, code):
            yield Event(
                event.kind, event.value, event.sure, event.tree, posixpath.join(base, event.base), event.text
            )


def commands(text: str) -> Iterator[list[str]]:
    """Yield the words of each simple command; `>` and `<` are words of their own."""
    if len(text) > _LONGEST:
        return
    joined = re.sub(r"\\\n\s*", " ", text)
    here: list[str] = []
    for line in joined.splitlines():
        if here:  # the lines of a here-document are no commands
            if line.strip() == here[0]:
                here.pop()
            continue
        opened = re.search(r"<<-?\s*['\"]?(\w+)", line)
        if opened:
            here.append(opened[1])
            line = line[: opened.start()] + line[opened.end() :].lstrip("'\"")
        yield from _of_line(line)


def _of_line(line: str) -> Iterator[list[str]]:
    lexer = shlex.shlex(line, posix=True, punctuation_chars=";&|<>()")
    lexer.whitespace_split = True
    lexer.commenters = "#"
    words: list[str] = []
    try:
        for word in lexer:
            if word in _SEPARATORS:
                yield words
                words = []
            else:
                words.append(word)
    except ValueError:  # an open quote goes on in the next line
        words += line.split()[len(words) :]
    yield words


def _bare(words: list[str]) -> list[str]:
    """Without variables and commands that only start another one."""
    while words and (_ASSIGNMENT.fullmatch(words[0]) or words[0] in _BEFORE):
        words = words[1:]
        while words and words[0].startswith("-") and not _ASSIGNMENT.fullmatch(words[0]):
            words = words[1:]
    return words


def _command(words: list[str], code: Code) -> Iterator[Event]:
    words, redirected = _redirections(words)
    yield from redirected
    if not words:
        return
    name = posixpath.basename(words[0])
    if UNKNOWN in words[0]:
        yield Event("unseen", _shown(words))
        yield Event("fog")
    elif PYTHON.fullmatch(words[0]):
        yield from python(words[1:], code)
    elif name in RUNNERS or (
        words[1:2] == ["run"] and name in ("uv", "conda", "poetry", "mamba", "micromamba")
    ):
        yield from _runner(name, words, code)
    elif name in ("pip", "pip3", "conda", "mamba", "micromamba", "uv", "poetry", "easy_install"):
        yield from installed(name, words[1:])
    elif name in ("bash", "sh", "zsh") or words[0].startswith("./"):
        yield from _shell_script(name, words, code)
    elif name in COMMANDS:
        yield from COMMANDS[name](words)
    elif name in _READ:
        yield from (Event("read", each, sure=True) for each in operands(words[1:]) if is_file(each))
    elif name in ("jupyter", "jupyter-nbconvert", "jupyter-execute", "papermill", "runipy"):
        yield from _notebooks(name, words)
    elif name in (
        "dvc",
        "kaggle",
        "gsutil",
        "gcloud",
        "huggingface-cli",
        "hf",
        "make",
        "cmake",
        "npm",
        "rclone",
        "azcopy",
    ):
        yield Event("fog")
    else:
        yield from (Event("touch", each) for each in operands(words[1:]) if not is_url(each))


def python(words: Sequence[str], code: Code) -> Iterator[Event]:
    """Yield what `python WORDS` does."""
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word == "-c" and rest:
            yield from code(rest[0])
            return
        if (word == "-m" and rest) or (word.startswith("-m") and word[2:].isidentifier()):
            module = word[2:] or rest.pop(0)
            yield from _module(module, rest, code)
            return
        if word in ("-W", "-X"):
            rest = rest[1:]
        elif word == "-":
            return
        elif not word.startswith("-"):
            yield from _script(word, rest)
            return


def _script(path: str, rest: Sequence[str]) -> Iterator[Event]:
    if UNKNOWN in path:
        yield Event("unseen", _shown(["python", path]))
        yield Event("fog")
        return
    yield Event("run", path)
    yield from (Event("touch", each.partition("=")[2] or each) for each in rest)


def _module(module: str, rest: list[str], code: Code) -> Iterator[Event]:
    if UNKNOWN in module:
        yield Event("unseen", _shown(["python", "-m", module]))
        return
    if module == "pip":
        yield from installed("pip", rest)
        return
    yield Event("import", module)
    if module in ("torch.distributed.run", "torch.distributed.launch", "accelerate.commands.launch", "coverage", "kernprof",
                  "line_profiler", "memory_profiler", "cProfile", "profile", "pdb", "trace"):  # fmt: skip
        yield from _first_script(rest, code)
    elif module in ("nbconvert", "papermill", "jupyter"):
        yield from _notebooks(module, [module, *rest])
    else:
        yield from (Event("touch", each) for each in operands(rest))


def _runner(name: str, words: list[str], code: Code) -> Iterator[Event]:
    module = RUNNERS.get(name)
    if module:
        yield Event("import", module)
    rest = words[1:]
    # `uv run`, `conda run -n base`, `mpirun -np 2`: a Python of its own may follow.
    for at, word in enumerate(rest):
        if PYTHON.fullmatch(word):
            yield from python(rest[at + 1 :], code)
            return
    yield from _first_script(rest, code)


def _first_script(rest: Sequence[str], code: Code) -> Iterator[Event]:
    for at, word in enumerate(rest):
        if word == "-m" and at + 1 < len(rest):
            yield Event("import", rest[at + 1])
            return
        if word.endswith(".py"):
            yield from _script(word, rest[at + 1 :])
            return
    if any(UNKNOWN in word for word in rest):
        yield Event("unseen", _shown(rest))


def _notebooks(name: str, words: list[str]) -> Iterator[Event]:
    rest = words[1:]
    if name == "jupyter" and rest:
        name, rest = f"jupyter-{rest[0]}", rest[1:]
    module = {"papermill": "papermill", "runipy": "runipy"}.get(name, "nbconvert")
    runs = (name != "jupyter-nbconvert" and name != "nbconvert") or "--execute" in rest
    files = [each for each in operands(rest) if each.endswith(".ipynb") or UNKNOWN in each]
    yield Event("import", module)
    for at, each in enumerate(files):
        if UNKNOWN in each:
            yield Event("unseen", _shown(words))
        elif at and name == "papermill":
            yield Event("write", each)
        else:
            yield Event("run" if runs else "read", each)
            yield Event("write", f"{each.removesuffix('.ipynb')}.nbconvert.ipynb")


def _shell_script(name: str, words: list[str], code: Code) -> Iterator[Event]:
    if name in ("bash", "sh", "zsh"):
        inline = option(words, "-c", "-lc", "-ec")
        if inline:
            yield from script(inline, code)
            return
        files = operands(words[1:])[:1]
    else:
        files = [words[0]]
    for path in files:
        yield Event("unseen" if UNKNOWN in path else "run", _shown(words) if UNKNOWN in path else path)
    yield Event("fog")


def _redirections(words: list[str]) -> tuple[list[str], list[Event]]:
    kept: list[str] = []
    found: list[Event] = []
    at = 0
    while at < len(words):
        word = words[at]
        target = words[at + 1] if at + 1 < len(words) else ""
        if word in (">", ">>", ">|", "&>", "&>>") and target:
            if not target.startswith("/dev/") and not target.startswith("&"):
                found.append(Event("write", target))
            if kept and kept[-1] in ("1", "2"):
                kept.pop()
            at += 2
        elif word == "<" and target:
            found.append(Event("read", target))
            at += 2
        elif word in (">&", "<<<", "<<"):
            if kept and kept[-1] in ("1", "2"):
                kept.pop()
            at += 2
        else:
            kept.append(word)
            at += 1
    return kept, found


def _shown(words: Sequence[str]) -> str:
    return " ".join(words).replace(UNKNOWN, "…")[:80]
