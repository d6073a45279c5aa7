"""Options and operands of commands, and the package managers among them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .events import UNKNOWN, Event, is_url

RUNNERS = {
    "torchrun": "torch", "accelerate": "accelerate", "deepspeed": "deepspeed", "mpirun": "", "mpiexec": "", "horovodrun": "horovod",
    "coverage": "coverage", "kernprof": "line_profiler", "streamlit": "streamlit", "pytest": "pytest", "ray": "ray",
    "timeout": "", "taskset": "", "numactl": "", "pipenv": "", "smddprun": "", "xargs": "", "watch": "",
}  # fmt: skip
"""Commands that run a Python script, and the package that each is part of."""
_NAME = re.compile(r"\s*([A-Za-z0-9][\w.-]*)\s*(\[[^\]]*\])?")
_WITH_VALUE = {
    "-i", "--index-url", "--extra-index-url", "-f", "--find-links", "-t", "--target", "-c", "--constraint", "-n", "--name", "-p",
    "--prefix", "--platform", "--python-version", "--trusted-host", "--python", "--channel", "--timeout", "--retries", "--proxy",
    "--progress-bar", "--cache-dir", "--root", "--src", "--only-binary", "--no-binary", "--upgrade-strategy",
}  # fmt: skip


def operands(words: Sequence[str], *with_value: str) -> list[str]:
    """Return what is no option, and no value of one of these options."""
    found, skip = [], False
    for word in words:
        if skip:
            skip = False
        elif word in with_value:
            skip = True
        elif not word.startswith("-"):
            found.append(word)
    return found


def option(words: Sequence[str], *names: str) -> str | None:
    """Return the value of an option: `-o x`, `--output=x`."""
    for at, word in enumerate(words):
        if word in names and at + 1 < len(words):
            return words[at + 1]
        for name in names:
            if name.startswith("--") and word.startswith(f"{name}="):
                return word.partition("=")[2]
            if (
                not name.startswith("--")
                and len(name) == 2
                and word.startswith(name)
                and len(word) > 2
                and word[1] != "-"
            ):
                return word[2:] if name in ("-O", "-o", "-P", "-d", "-C") else None
    return None


def installed(name: str, words: Sequence[str]) -> Iterator[Event]:
    """Yield what a package manager installs, and the lists and folders that it reads."""
    rest = list(words)
    if name == "uv" and rest[:1] == ["pip"]:
        rest = rest[1:]
    if rest[:1] not in (["install"], ["add"], ["update"], ["env"], ["sync"]) and name != "easy_install":
        return
    for at, word in enumerate(rest):
        if (
            word in ("-r", "--requirement", "--file", "-f")
            and at + 1 < len(rest)
            and not is_url(rest[at + 1])
        ):
            if word == "-f" and name.startswith("pip"):
                continue  # where wheels lie
            yield Event("read", rest[at + 1])
            yield Event("install", f"-r {rest[at + 1]}")
        elif word in ("-e", "--editable") and at + 1 < len(rest):
            yield from _one(rest[at + 1])
        elif word.startswith("--requirement="):
            yield Event("install", f"-r {word.partition('=')[2]}")
    skipped = {*_WITH_VALUE, "-r", "--requirement", "-e", "--editable", "--file"} - (
        {"-i"} if name == "conda" else set()
    )
    for word in operands(rest[1:], *skipped, *(("-c",) if name != "pip" else ())):
        yield from _one(word)


def _one(word: str) -> Iterator[Event]:
    word = word.strip("'\"")
    if UNKNOWN in word or not word:
        yield Event("install", UNKNOWN)
    elif word.startswith((".", "/", "~")) or (
        word.endswith((".whl", ".tar.gz", ".zip")) and not is_url(word)
    ):
        yield Event("read", re.sub(r"\[[^\]]*\]$", "", word))
        yield Event("install", UNKNOWN)
    elif is_url(word) or word.startswith("git+"):
        egg = re.search(r"#egg=([\w.-]+)", word)
        # A repository is mostly called as its package.
        tail = egg or re.search(r"/([\w.-]+?)(?:\.git)?(?:@[^/]*)?(?:#.*)?$", word)
        yield Event("install", tail[1] if tail else UNKNOWN)
    else:
        found = _NAME.match(word.partition("::")[2] or word)
        if found:
            yield Event("install", found[1], text=word)
