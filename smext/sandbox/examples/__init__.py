"""Example notebooks of the demo."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

FIRST = "train_model.ipynb"


def copy_to(directory: Path) -> list[str]:
    """Copy the notebooks into a directory, never over a file; return the names of those that were kept."""
    directory.mkdir(parents=True, exist_ok=True)
    kept = []
    for example in sorted(files(__package__).iterdir(), key=lambda item: item.name):
        if not example.name.endswith(".ipynb"):
            continue
        target, text = directory / example.name, example.read_text(encoding="utf-8")
        if not target.exists():
            target.write_text(text, encoding="utf-8")
        elif target.read_text(encoding="utf-8") != text:
            kept.append(example.name)
    return kept
