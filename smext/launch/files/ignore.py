"""Rules of `.gitignore` and `.smextignore` files, which share git's syntax (git: gitignore(5))."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

GIT, OWN = ".gitignore", ".smextignore"
LARGEST = 256 * 1024
_HIGHEST = 30


@dataclass(frozen=True)
class Rule:
    pattern: str
    """Regular expression of a path below the folder of the file that has the rule."""
    keeps: bool
    only_folders: bool


class Rules:
    """The rules of one file. `folder` is an absolute path without a slash at its end."""

    def __init__(self, folder: str, lines: Iterable[str]) -> None:
        rules = [rule for rule in map(_rule, lines) if rule]
        self._start = len(folder.rstrip("/")) + 1
        self._rules = [(re.compile(rule.pattern), rule) for rule in reversed(rules)]
        # Most paths match no rule: one expression tells that faster than one after another.
        self._any = re.compile("|".join(f"(?:{rule.pattern})" for rule in rules) or r"(?!)")

    def verdict(self, path: str, is_folder: bool) -> bool | None:
        """Whether an absolute path is left out; None where no rule speaks of it. The last rule counts."""
        below = path[self._start :]
        if not self._any.fullmatch(below):
            return None
        for compiled, rule in self._rules:
            if (is_folder or not rule.only_folders) and compiled.fullmatch(below):
                return not rule.keeps
        return None


@dataclass(frozen=True)
class Chain:
    """The rules that hold in a folder, the outermost first. What `.smextignore` says comes before git's."""

    git: tuple[Rules, ...] = ()
    own: tuple[Rules, ...] = ()

    def below(self, folder: str, names: Iterable[str]) -> Chain:
        """With the rules that lie in a folder of these entries."""
        present = {GIT, OWN}.intersection(names)
        git = (*self.git, *_read(folder, GIT)) if GIT in present else self.git
        own = (*self.own, *_read(folder, OWN)) if OWN in present else self.own
        return Chain(git, own)

    def reason(self, path: str, is_folder: bool) -> str:
        """Why a path is left out; empty where it is not."""
        for name, chain in ((OWN, self.own), (GIT, self.git)):
            verdict = _verdict(chain, path, is_folder)
            if verdict is not None:
                return f"ignored by {name}" if verdict else ""
        return ""


def above(folder: Path) -> Chain:
    """Read the rules of the folders above, up to the one that holds the repository; none outside of a repository."""
    parents = list(Path(os.path.abspath(folder)).parents)[:_HIGHEST]
    if (folder / ".git").exists():
        return Chain()
    for index, parent in enumerate(parents):
        if (parent / ".git").exists():
            chain = Chain()
            for each in reversed(parents[: index + 1]):
                chain = chain.below(str(each), (GIT, OWN))
            return chain
    return Chain()


def _verdict(chain: Sequence[Rules], path: str, is_folder: bool) -> bool | None:
    for rules in reversed(chain):
        verdict = rules.verdict(path, is_folder)
        if verdict is not None:
            return verdict
    return None


def _read(folder: str, name: str) -> tuple[Rules, ...]:
    """Empty where there is none, or none that can be read: git passes over it, too."""
    try:
        with open(os.path.join(folder, name), encoding="utf-8-sig", errors="replace") as file:
            return (Rules(folder, file.read(LARGEST).splitlines()),)
    except OSError:
        return ()


def _rule(line: str) -> Rule | None:
    text = re.sub(r"(?<!\\)\s+$", "", line)
    if not text or text.startswith("#"):
        return None
    keeps = text.startswith("!")
    text = text[1:] if keeps else text
    only_folders = text.endswith("/")
    text = text.rstrip("/") if only_folders else text
    if not text:
        return None
    # A slash before the end ties the rule to the file's own folder.
    tied = "/" in text
    try:
        pattern = ("" if tied else "(?:.*/)?") + _expression(text.lstrip("/") if tied else text)
        re.compile(pattern)
    except re.error:
        return None
    return Rule(pattern, keeps, only_folders)


_PARTS = re.compile(
    r"(?P<start>^\*\*/)|(?P<middle>/\*\*(?=/))|(?P<end>/\*\*$)|(?P<stars>\*+)|(?P<one>\?)"
    r"|(?P<set>\[[!^]?\]?(?:\\.|[^\]\\])*\])|\\(?P<escaped>.)|(?P<plain>.)"
)


def _expression(text: str) -> str:
    return "".join(_part(match) for match in _PARTS.finditer(text))


def _part(match: re.Match[str]) -> str:
    kind = match.lastgroup
    if kind == "set":
        inner = match["set"][1:-1]
        negated = inner.startswith(("!", "^"))
        inner = inner[1:] if negated else inner
        inner = inner.replace("[", r"\[")
        inner = rf"\]{inner[1:]}" if inner.startswith("]") else inner
        return f"(?!/)[{'^' if negated else ''}{inner}]"
    if kind in ("escaped", "plain"):
        return re.escape(match[kind])
    return {"start": "(?:.*/)?", "middle": "(?:/.*)?", "end": "/.*", "stars": "[^/]*", "one": "[^/]"}[
        kind or ""
    ]
