"""The demo's notebooks, and putting them where a person can work on them."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

FIRST = "train_model.ipynb"


def copy_to(directory: Path) -> list[str]:
    """Put the notebooks there; one that is there already stays as it is. Returns the names that were kept."""
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
