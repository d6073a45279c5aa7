"""Print every text that a user can see, with the place it comes from: `PATH:LINE<TAB>TEXT`.

    scripts/texts.py [FOLDER...]

Python: strings that are sentences or labels (not docstrings, patterns and AWS's own names), with `{...}` for what is filled
in. TypeScript: what is handed to the translator. Besides, the settings' schema and the cells of the demo's notebooks.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# What a run of the sandbox says to smext alone.
_UNSEEN = ("smext/sandbox/sagemaker", "smext/sandbox/services", "smext/sandbox/exec", "smext/sandbox/scenes")
_LABELS = {
    "advice",
    "help",
    "label",
    "labels",
    "lost",
    "message",
    "noun",
    "stays",
    "title",
    "unit",
    "why",
    "word",
}
_TRANSLATED = re.compile(
    r"trans\s*\.\s*_(?P<name>_|n|p)\(\s*(?P<texts>(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|\s|,|\+)+)"
)
_TEXT = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"")
Found = Iterator[tuple[Path, int, str]]


def main(folders: list[str]) -> int:
    """Print the texts of these folders; of all without any."""
    chosen = [(ROOT / folder).resolve() for folder in folders] or [ROOT]
    for path, line, text in texts():
        if any(path.is_relative_to(folder) for folder in chosen):
            sys.stdout.write(f"{path.relative_to(ROOT)}:{line}\t{' '.join(text.split())}\n")
    return 0


def texts() -> Found:
    """Yield path, line and text of all that a user can see."""
    for path in sorted((ROOT / "smext").rglob("*.py")):
        if not path.relative_to(ROOT).as_posix().startswith(_UNSEEN):
            yield from _python(path)
    for path in sorted((ROOT / "src").rglob("*.ts*")):
        if "__tests__" not in path.parts and path.name != "generated.ts":
            yield from _typescript(path)
    yield from _schema(ROOT / "schema" / "plugin.json")
    for path in sorted((ROOT / "smext" / "sandbox" / "examples").glob("*.ipynb")):
        yield from _notebook(path)


def _python(path: Path) -> Found:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inner: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            inner.add(node.value)  # a docstring
        if isinstance(node, ast.Call) and "compile" in ast.unparse(node.func):
            inner.update(ast.walk(node))
        if isinstance(node, ast.JoinedStr):
            inner.update(
                child for child in ast.walk(node) if child is not node and isinstance(child, ast.Constant)
            )
    labels = {
        each.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for each in node.keywords
        if each.arg in _LABELS
    }
    for node in ast.walk(tree):
        if node in inner:
            continue
        if isinstance(node, ast.JoinedStr):
            text = "".join(
                str(part.value)
                if isinstance(part, ast.Constant)
                else "{" + ast.unparse(part.value if isinstance(part, ast.FormattedValue) else part) + "}"
                for part in node.values
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        else:
            continue
        if _is_read(text) or (node in labels and re.search(r"[A-Za-z]{2}", text)):
            yield path, node.lineno, text


def _is_read(text: str) -> bool:
    """Tell words for people from names, paths and patterns: two words in a row, and little that only code has."""
    plain = re.sub(r"\{[^{}]*\}", "x", text)
    return bool(re.search(r"[A-Za-z]{2,},? [a-z$'\"(A-Z]", plain)) and not re.search(
        r"\(\?|\\[sdwb]|=> ", plain
    )


def _typescript(path: Path) -> Found:
    source = path.read_text(encoding="utf-8")
    for match in _TRANSLATED.finditer(source):
        line = source.count("\n", 0, match.start()) + 1
        parts = [single or double for single, double in _TEXT.findall(match["texts"])]
        if match["name"] == "n":
            for part in parts[:2]:
                yield path, line, part
        else:
            yield path, line, "".join(parts)


def _schema(path: Path) -> Found:
    lines = path.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, 1):
        match = re.match(r'\s*"(?:title|description|label)": "(.+)"', line)
        if match:
            yield path, number, match[1]


def _notebook(path: Path) -> Found:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for number, cell in enumerate(notebook["cells"], 1):
        if cell["cell_type"] == "markdown":
            yield path, number, "".join(cell["source"])


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
