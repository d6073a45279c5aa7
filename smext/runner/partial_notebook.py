"""JSON of the running notebook; cells that are over are encoded once."""

from __future__ import annotations

import json
from typing import Any, Iterator, Mapping

# JSON of cells that is kept: what is larger is made anew each time, and written less often.
_CELL_LIMIT = 100_000
_LIMIT = 16_000_000
_NO_CELLS = '\n "cells": []'


class Draft:
    """JSON as nbformat writes it: keys sorted, sources as lists of lines."""

    def __init__(self) -> None:
        self.current: int | None = None
        """The place of the cell that is changing."""
        self._kept: dict[int, bytes] = {}
        self._size = 0

    def forget(self, place: int | None = None) -> None:
        """Encode a cell anew the next time, as something in it has changed; all cells where it is None."""
        for each in list(self._kept) if place is None else [place]:
            self._size -= len(self._kept.pop(each, b""))

    def parts(self, notebook: Mapping[str, Any]) -> Iterator[bytes]:
        """Yield the file's content in parts."""
        # Every further level is indented by more than one blank, and no line begins inside a text.
        before, _, after = _text({**notebook, "cells": []}).partition(_NO_CELLS)
        cells = notebook.get("cells") or []
        yield _bytes(before + _NO_CELLS[:-1])
        for place, cell in enumerate(cells):
            yield b",\n  " if place else b"\n  "
            yield from self._cell(place, cell)
        yield _bytes(("\n ]" if cells else "]") + after + "\n")

    def _cell(self, place: int, cell: Any) -> Iterator[bytes]:
        kept = self._kept.get(place)
        if kept is not None and place != self.current:
            yield kept
            return
        self.forget(place)
        size, made = 0, []
        for part in _ENCODER.iterencode(_split(cell)):
            made.append(part.replace("\n", "\n  ") if "\n" in part else part)
            size += len(part)
            if size > _CELL_LIMIT:
                # Most of a large cell is one text: it is not held a third time.
                yield _bytes("".join(made))
                made = []
        last = _bytes("".join(made))
        if size <= _CELL_LIMIT and place != self.current and self._size + len(last) <= _LIMIT:
            self._kept[place] = last
            self._size += len(last)
        yield last


_ENCODER = json.JSONEncoder(ensure_ascii=False, indent=1, sort_keys=True, default=str)


def _text(value: Any) -> str:
    return "".join(_ENCODER.iterencode(value))


def _bytes(text: str) -> bytes:
    # A lone surrogate can stand in any output, but not in a file.
    return text.encode("utf-8", "replace")


def _split(cell: Any) -> Any:
    if not isinstance(cell, dict) or not isinstance(cell.get("source"), str):
        return cell
    return {**cell, "source": cell["source"].splitlines(True)}
