"""Row of a terminal by its columns: characters, and their colours."""

from __future__ import annotations

import itertools
import re

_CODE = re.compile(r"\x1b\[([0-9;:]*)m")
_RESET = "\x1b[0m"
_OFF = {22: (1, 2), 23: (3,), 24: (4, 21), 25: (5, 6), 27: (7,), 28: (8,), 29: (9,)}


class Styles:
    """Text, and a style for each of its characters where any has one."""

    __slots__ = ("_styles", "_text", "style")

    def __init__(self, text: str, styles: list[str] | None = None, style: str = "") -> None:
        self._text = text
        self._styles = styles
        self.style = style
        """What is switched on at the end of it."""

    def __len__(self) -> int:
        return len(self._text)

    def write(self, column: int, run: str, style: str) -> bool:
        """Write at a column; return True if anything was written over."""
        over = column < len(self._text)
        if column > len(self._text):
            self._replace(len(self._text), len(self._text), " " * (column - len(self._text)), "")
        self._replace(column, column + len(run), run, style)
        return over

    def erase(self, begin: int, end: int | None) -> bool:
        """Erase columns; return True if anything was there."""
        if begin >= len(self._text):
            return False
        if end is None or end >= len(self._text):
            self._replace(begin, len(self._text), "", "")
        else:
            self._replace(begin, end, " " * (end - begin), "")
        return True

    def text(self, strip: bool = False) -> str:
        """Return the text with its colour codes; `strip`: without the blanks at the end."""
        if self._styles is None:
            return self._text.rstrip(" ") if strip else self._text
        pairs = list(zip(self._text, self._styles))
        while strip and pairs and pairs[-1] == (" ", ""):
            pairs.pop()
        made = []
        for style, group in itertools.groupby(pairs, key=lambda pair: pair[1]):
            run = "".join(pair[0] for pair in group)
            made.append(f"{style}{run}{_RESET}" if style else run)
        return "".join(made)

    def _replace(self, begin: int, end: int, run: str, style: str) -> None:
        if style and self._styles is None:
            self._styles = [""] * len(self._text)
        self._text = self._text[:begin] + run + self._text[end:]
        if self._styles is not None:
            self._styles[begin:end] = [style] * len(run)


def styled(raw: str) -> Styles:
    """Parse text with colour codes into columns."""
    if "\x1b" not in raw:
        return Styles(raw)
    cells, style, begin = Styles(""), "", 0
    for code in _CODE.finditer(raw):
        cells.write(len(cells), raw[begin : code.start()], style)
        style, begin = plain_style(style, code.group(1)), code.end()
    cells.write(len(cells), raw[begin:], style)
    cells.style = style
    return cells


def plain_style(before: str, given: str) -> str:
    """Add a code to a style; return the shortest equal style, empty if all is switched off."""
    kept: dict[str, str] = {}
    held = before[2:-1] if before else ""
    for code in _codes(held) + _codes(given):
        number = re.split("[;:]", code)[0]
        first = int(number) if number.isdigit() else 0
        if first == 0:
            kept.clear()
        elif first in _OFF:
            for each in _OFF[first]:
                kept.pop(str(each), None)
        elif first in (39, 49, 59):
            kept.pop(str(first - 9), None)
        else:
            kept[_place(first)] = code
    return f"\x1b[{';'.join(kept.values())}m" if kept else ""


def _place(first: int) -> str:
    """Return what a code replaces: another colour of the text, or of the background."""
    if 30 <= first <= 38 or 90 <= first <= 97:
        return "30"
    if 40 <= first <= 48 or 100 <= first <= 107:
        return "40"
    return "50" if first == 58 else str(first)


def _codes(given: str) -> list[str]:
    """Split a code into single ones; 38, 48 and 58 keep their arguments."""
    parts = given.split(";")
    codes = []
    while parts:
        part = parts.pop(0)
        if part in ("38", "48", "58") and parts:
            more = 2 if parts[0] == "5" else 4
            part = ";".join([part, *parts[:more]])
            del parts[:more]
        codes.append(part)
    return codes
