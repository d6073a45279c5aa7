"""Commands of a shell that make files of others: copies, archives, downloads."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Sequence

from .events import UNKNOWN, Event, is_url
from .options import operands, option


def is_file(word: str) -> bool:
    """Tell whether a word of a command may name one file."""
    return UNKNOWN not in word and not is_url(word) and not re.search(r"[*?$`]", word) and not word.isdigit()


def _copy(words: list[str]) -> Iterator[Event]:
    paths = operands(words[1:])
    if len(paths) > 1:
        yield from (Event("read", each) for each in paths[:-1] if is_file(each) and words[0] != "ln")
        into = paths[-1]
        yield Event("write", into, tree=True)
        yield from (
            Event("write", posixpath.join(into, posixpath.basename(each)), tree=True) for each in paths[:-1]
        )


def _unzip(words: list[str]) -> Iterator[Event]:
    folder = option(words, "-d")
    rest = [each for each in operands(words[1:], "-d", "-x") if each != folder]
    yield from (Event("read", each) for each in rest[:1] if is_file(each))
    yield Event("write", folder, tree=True) if folder else Event("fog")


def _tar(words: list[str]) -> Iterator[Event]:
    modes = words[1] if len(words) > 1 else ""
    file = option(words, "-f", "--file")
    folder = option(words, "-C", "--directory")
    rest = [each for each in operands(words[1:], "-C", "-f", "--directory") if each not in (file, folder)]
    for at, word in enumerate(words[1:3]):
        # `tar xzf name`, `tar -xzf name`
        if file is None and re.fullmatch(r"-?[a-zA-Z]*f", word) and at + 2 < len(words):
            file = words[at + 2]
            rest = [each for each in rest if each not in (file, word)]
    if "c" in modes or "--create" in words:
        yield from (
            Event("read", posixpath.join(folder or "", each))
            for each in rest
            if is_file(each) and each != modes
        )
        if file:
            yield Event("write", file)
    elif file and file != "-":
        yield Event("read", file)
        if "t" not in modes:
            yield Event("write", folder, tree=True) if folder else Event("fog")
    else:
        yield Event("fog")


def _gunzip(words: list[str]) -> Iterator[Event]:
    for each in operands(words[1:]):
        yield Event("read", each)
        yield Event("write", re.sub(r"\.(?:gz|bz2|xz|zst)$", "", each))
        yield Event("write", f"{each}.gz")


def _wget(words: list[str]) -> Iterator[Event]:
    folder = option(words, "-P", "--directory-prefix") or ""
    file = option(words, "-O", "--output-document")
    listed = option(words, "-i", "--input-file")
    if listed:
        yield Event("read", listed)
        yield Event("fog")
    if folder:
        yield Event("write", folder, tree=True)
    if file:
        yield Event("write", file)
        return
    yield from _named_after(operands(words[1:], "-P", "--directory-prefix"), folder)


def _curl(words: list[str]) -> Iterator[Event]:
    file = option(words, "-o", "--output")
    if file:
        yield Event("write", file)
    elif any(re.fullmatch(r"-[a-zA-Z]*O[a-zA-Z]*|--remote-name(?:-all)?", each) for each in words):
        yield from _named_after(operands(words[1:]), "")
    for each in words:
        if each.startswith("@") and UNKNOWN not in each:
            yield Event("read", each[1:])


def _named_after(addresses: Sequence[str], folder: str) -> Iterator[Event]:
    for each in addresses:
        name = posixpath.basename(each.partition("?")[0].rstrip("/"))
        if not name or UNKNOWN in name:
            yield Event("fog")
        else:
            yield Event("write", posixpath.join(folder, name))


def _aws(words: list[str]) -> Iterator[Event]:
    if "s3" not in words[1:4]:
        yield from (Event("touch", each) for each in operands(words[1:]))
        return
    at = words.index("s3")
    paths = operands(words[at + 2 :], "--exclude", "--include", "--region", "--profile", "--acl", "--quiet")
    if len(paths) < 2 or words[at + 1 : at + 2] not in (["cp"], ["mv"], ["sync"]):
        return
    source, target = paths[0], paths[1]
    if not source.startswith("s3://") and target.startswith("s3://"):
        if source != "-":
            yield Event("read", source)
        return
    if target.startswith("s3://"):
        return
    name = posixpath.basename(source.rstrip("/"))
    if target in (".", "./"):
        yield (
            Event("fog")
            if UNKNOWN in name or words[at + 1] == "sync" or "--recursive" in words
            else Event("write", name)
        )
    else:
        yield Event("write", target, tree=True)


def _git(words: list[str]) -> Iterator[Event]:
    if "clone" not in words:
        yield Event("fog") if {"pull", "checkout", "submodule", "lfs"} & set(words) else Event("touch", "")
        return
    rest = operands(words[words.index("clone") + 1 :], "-b", "--branch", "--depth", "-c", "--config")
    if not rest:
        return
    name = re.sub(r"\.git$", "", posixpath.basename(rest[0].rstrip("/")))
    yield Event("clone", rest[1] if len(rest) > 1 else name)
    yield Event("write", rest[1] if len(rest) > 1 else name, tree=True)


def _docker(words: list[str]) -> Iterator[Event]:
    """Yield what a container leaves in the folders of this machine that it is given."""
    for at, word in enumerate(words):
        given = words[at + 1] if word in ("-v", "--volume") and at + 1 < len(words) else ""
        given = given or (word.partition("=")[2] if word.startswith("--volume=") else "")
        folder = re.sub(r"^(?:\$\{?PWD\}?|`pwd`|\$\(?pwd\)?)/?", "./", given.rpartition(":")[0] or given)
        folder = folder.partition(":")[0]
        if given and (UNKNOWN in folder or re.search(r"[$`]", folder) or folder in (".", "./")):
            yield Event("fog")
        elif given:
            yield Event("write", folder, tree=True)


def _make_folder(words: list[str]) -> Iterator[Event]:
    yield from (Event("folder", each, sure=False) for each in operands(words[1:], "-m"))


def _written(words: list[str]) -> Iterator[Event]:
    yield from (Event("write", each) for each in operands(words[1:]))


def _searched(words: list[str]) -> Iterator[Event]:
    """Yield the files of a command whose first operand is an expression."""
    yield from (Event("read", each) for each in operands(words[1:], "-e", "-f")[1:] if is_file(each))


def _nothing(words: list[str]) -> Iterator[Event]:
    return iter(())


COMMANDS: dict[str, Callable[[list[str]], Iterator[Event]]] = {
    "cp": _copy, "mv": _copy, "ln": _copy, "rsync": _copy, "unzip": _unzip, "tar": _tar, "gunzip": _gunzip, "gzip": _gunzip,
    "bunzip2": _gunzip, "unxz": _gunzip, "7z": lambda words: iter([Event("fog")]), "wget": _wget, "docker": _docker, "curl": _curl, "aws": _aws, "git": _git,
    "mkdir": _make_folder, "touch": _written, "tee": _written, "grep": _searched, "sed": _searched, "awk": _searched,
    "ls": _nothing, "echo": _nothing, "printf": _nothing, "rm": _nothing, "pwd": _nothing, "export": _nothing, "which": _nothing,
    "nvidia-smi": _nothing, "df": _nothing, "du": _nothing, "find": _nothing, "chmod": _nothing, "apt-get": _nothing,
    "apt": _nothing, "yum": _nothing, "sleep": _nothing, "set": _nothing, "if": _nothing, "fi": _nothing, "done": _nothing,
    "for": _nothing, "while": _nothing, "[": _nothing, "test": _nothing, "true": _nothing, "exit": _nothing, "return": _nothing,
    "zip": lambda words: (Event("write" if not at else "read", each) for at, each in enumerate(operands(words[1:])) if is_file(each)),
}  # fmt: skip
