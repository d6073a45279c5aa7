"""Removal of trust from notebooks of unknown origin.

Whoever can write a run's prefix must not run code in the page of the person who opens the run's output.
Jupyter trusts a cell whose metadata say so, or whose outputs are of types that it takes to be harmless.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .. import errors

Json = dict[str, Any]

WIDGETS = "application/vnd.jupyter.widget-state+json"
PLAIN_WIDGETS = frozenset({"@jupyter-widgets/base", "@jupyter-widgets/controls", "@jupyter-widgets/output"})
"""Modules whose models are data: they draw nothing but in outputs, which must be trusted.

Models of other modules may run what is in their state as soon as the notebook is opened, trusted or not.
"""
_MEMBERS = {
    "code": ("id", "cell_type", "metadata", "source", "outputs", "execution_count"),
    "markdown": ("id", "cell_type", "metadata", "source", "attachments"),
    "raw": ("id", "cell_type", "metadata", "source", "attachments"),
}
_NO_TRUST = {"trusted", "signature"}
_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_WITH_IDS = 5
"""The minor version of nbformat 4 that gave cells an id."""


def untrusted(content: Mapping[str, Any]) -> tuple[Json, list[str]]:
    """Rebuild the notebook from known parts of nbformat 4 without marks of trust; return also what was left out.

    Raises errors.Invalid, saying what is wrong, where that is no valid notebook.
    """
    left: list[str] = []
    found = content.get("cells") or []
    cells = [_cell(cell, left) for cell in found if isinstance(cell, dict) and cell.get("cell_type")]
    left += ["cells that could not be read"] * (len(found) - len(cells))
    metadata = _notebook_metadata(content.get("metadata"), left)
    minor = content.get("nbformat_minor")
    minor = minor if isinstance(minor, int) and not isinstance(minor, bool) and minor >= 0 else 4
    if minor >= _WITH_IDS and not _has_ids(cells):
        minor = _WITH_IDS - 1
    if minor < _WITH_IDS:
        for cell in cells:
            cell.pop("id", None)
    made = {"nbformat": 4, "nbformat_minor": minor, "metadata": metadata, "cells": cells}
    _validate(made)
    return made, [f"{each} ({left.count(each)})" for each in dict.fromkeys(left)]


def _validate(content: Json) -> None:
    import nbformat

    try:
        nbformat.validate(nbformat.from_dict(content))
    except Exception as error:  # whatever the validator makes of it
        why = str(error).strip().splitlines() or [type(error).__name__]
        raise errors.Invalid(
            f"The notebook is damaged: {why[0][:300]}", advice="Download it, and correct it by hand."
        ) from error


def _notebook_metadata(found: Any, left: list[str]) -> Json:
    metadata = _plain(found)
    widgets = metadata.pop("widgets", None)
    state = _plain(_plain(widgets).get(WIDGETS))
    models = _plain(state.get("state"))
    kept = {name: model for name, model in models.items() if _is_plain_widget(model)}
    left += ["widgets of other packages than ipywidgets"] * (len(models) - len(kept))
    if kept:
        numbers = {name: state[name] for name in ("version_major", "version_minor") if name in state}
        metadata["widgets"] = {WIDGETS: {"version_major": 2, "version_minor": 0, **numbers, "state": kept}}
    kernelspec, language = _plain(metadata.pop("kernelspec", None)), metadata.pop("language_info", None)
    if isinstance(kernelspec.get("name"), str):
        metadata["kernelspec"] = {"display_name": kernelspec["name"], **kernelspec}
    if isinstance(_plain(language).get("name"), str):
        metadata["language_info"] = language
    return metadata


def _is_plain_widget(model: Any) -> bool:
    # Its view's module is loaded with an output alone, and that must be trusted.
    return isinstance(model, dict) and model.get("model_module") in PLAIN_WIDGETS


def _cell(cell: Mapping[str, Any], left: list[str]) -> Json:
    kind = cell.get("cell_type")
    members = _MEMBERS.get(str(kind))
    if members is None:
        raise errors.Invalid(
            f"The notebook is damaged: a cell is of an unknown type ({str(kind)[:40]})",
            advice="Download it, and correct it by hand.",
        )
    made = {name: cell[name] for name in members if name in cell}
    made["metadata"] = _plain(cell.get("metadata"))
    tags = made["metadata"].get("tags", [])
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        del made["metadata"]["tags"]
    made["source"] = "".join(cell.get("source") or [])
    if not isinstance(made.get("attachments", {}), dict):
        del made["attachments"]
    if kind == "code":
        count = cell.get("execution_count")
        made["execution_count"] = count if isinstance(count, int) and count >= 0 else None
        outputs = cell.get("outputs")
        made["outputs"] = list(_outputs(outputs if isinstance(outputs, list) else [], left))
    return made


def _outputs(outputs: list[Any], left: list[str]) -> Iterator[Json]:
    for output in outputs:
        made = _output(output)
        if made is None:
            left.append("outputs that could not be read")
        else:
            yield made


def _output(output: Any) -> Json | None:
    """Return a clean output; None for what is not saved in files, such as `update_display_data`."""
    kind = output.get("output_type") if isinstance(output, dict) else None
    if kind == "stream":
        name = output.get("name") if output.get("name") in ("stdout", "stderr") else "stdout"
        text = _text(output.get("text"))
        return None if text is None else {"output_type": kind, "name": name, "text": text}
    if kind == "error":
        lines = output.get("traceback")
        lines = lines if isinstance(lines, list) else []
        return {
            "output_type": kind,
            "ename": str(output.get("ename") or ""),
            "evalue": str(output.get("evalue") or ""),
            "traceback": [line for line in lines if isinstance(line, str)],
        }
    if kind not in ("display_data", "execute_result"):
        return None
    data = output.get("data")
    if not isinstance(data, dict) or not all(_is_data(name, value) for name, value in data.items()):
        return None
    made: Json = {"output_type": kind, "data": data, "metadata": _plain(output.get("metadata"))}
    if kind == "execute_result":
        count = output.get("execution_count")
        made["execution_count"] = count if isinstance(count, int) and count >= 0 else None
    return made


def _is_data(mimetype: str, value: Any) -> bool:
    return mimetype == "application/json" or mimetype.endswith("+json") or _text(value) is not None


def _text(value: Any) -> str | None:
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        return "".join(value)
    return value if isinstance(value, str) else None


def _plain(value: Any) -> Json:
    """Return a mapping without marks of trust."""
    found = value if isinstance(value, dict) else {}
    return {name: each for name, each in found.items() if name not in _NO_TRUST}


def _has_ids(cells: list[Json]) -> bool:
    ids = [cell.get("id") for cell in cells]
    known = all(isinstance(each, str) and _ID.fullmatch(each) for each in ids)
    return known and len(set(ids)) == len(ids)
