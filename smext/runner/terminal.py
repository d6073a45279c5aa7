"""Last rows of a terminal: what carriage returns, backspaces and cursor movements leave of a stream."""

from __future__ import annotations

import re
from typing import Callable, Iterator

from .terminal_row import Styles, plain_style, styled

ROWS = 100
"""How far up the cursor may go; rows above are final."""
# What a row is at most padded to: a movement to column 1,000,000 must not cost memory.
_COLUMNS = 10_000
_MOVE = re.compile(r"\r(?!\n)|\x08|\x1b\[[0-?]*[ -/]*[A-HJKSTfhlsu]")
_TOKEN = re.compile(r"\r?\n|[\r\x08]|\x1b\[([0-?]*)[ -/]*([@-~])")
_CUT_SHORT = re.compile(r"\x1b(?:\[[0-?]*[ -/]*)?$")
_LONGEST_CODE = 32


class Row:
    """One row: text as it came while it is only added to, else characters by column."""

    __slots__ = ("_cells", "_parts", "ending", "rewritten", "shown")

    def __init__(self, raw: str = "", shown: str | None = None) -> None:
        self._parts = [raw] if raw else []
        self._cells: Styles | None = None
        self.rewritten = False
        self.ending = ""
        """What its line ends in before the newline, where `_parts` do not have it."""
        self.shown = shown
        """The text that was handed on last."""

    @property
    def text(self) -> str:
        """Text of the row, with its colour codes."""
        if self._cells is not None:
            return self._cells.text(strip=self.rewritten) + self.ending
        if len(self._parts) > 1:
            self._parts = ["".join(self._parts)]
        return self._parts[0] if self._parts else ""

    @property
    def erased(self) -> bool:
        """True if there was text and it was erased."""
        return self.rewritten and not self.text.strip()

    def add(self, raw: str) -> None:
        """Add text at the end."""
        if self._cells is not None:
            self._parts, self._cells = [self.text], None
        self._parts.append(raw)

    def cells(self) -> Styles:
        """Return the row by columns, to write over it."""
        if self._cells is None:
            text = self.text
            self._cells = styled(text.rstrip("\r"))
            self.ending = "\r" * text.endswith("\r")
        return self._cells


class Screen:
    """Rows of one stream.

    `finished` gets rows when their line ends, and again where they were rewritten and are out of reach; `left` gets
    all rows that are out of reach, once. `returns`: a line that ends in CR LF keeps the CR.
    """

    def __init__(
        self,
        finished: Callable[[list[str]], object] | None = None,
        left: Callable[[list[str]], object] | None = None,
        returns: bool = False,
    ) -> None:
        self._returns = returns
        self._finished = finished or _nothing
        self._left = left or _nothing
        self.clear()

    def clear(self) -> None:
        """Forget all rows."""
        self.rows = [Row()]
        self._row = 0
        # None: at the end of the last row, where nearly everything is written.
        self._column: int | None = None
        self._style = ""
        self._held = ""

    @property
    def text(self) -> str:
        """Text of all rows."""
        return "\n".join(row.text for row in self.rows) + self._held.rstrip("\r")

    @property
    def bottom(self) -> Row:
        """Last row."""
        return self.rows[-1]

    def feed(self, text: str) -> None:
        """Add text of the stream, which may end within a code."""
        text = self._held + text
        self._held = ""
        if "\x1b" in text[-_LONGEST_CODE:]:
            cut = _CUT_SHORT.search(text, max(0, len(text) - _LONGEST_CODE))
            if cut:
                self._held, text = text[cut.start() :], text[: cut.start()]
        if self._returns and text.endswith("\r") and not self._held:
            # Only what comes next tells whether it moves the cursor or ends the line.
            self._held, text = "\r", text[:-1]
        if not self._returns and "\r\n" in text:
            text = text.replace("\r\n", "\n")
        begin = 0
        if self._column is None:
            move = _MOVE.search(text) if any(code in text for code in "\r\x08\x1b") else None
            begin = len(text) if move is None else move.start()
            self._append(text[:begin])
        if begin < len(text):
            self._interpret(text, begin)

    def take_bottom(self) -> str:
        """Return the last row's text and begin the row anew."""
        text = self.bottom.text
        self.rows[-1] = Row()
        if self._row == len(self.rows) - 1:
            self._column = None
        return text

    def pending(self) -> Iterator[Row]:
        """Yield rows whose text is not what was handed on last; the last row too if it is not empty."""
        for row in self.rows:
            if row.text != (row.shown or "") and not row.erased:
                yield row

    def _append(self, text: str) -> None:
        lines = text.split("\n")
        self.bottom.add(lines[0])
        if len(lines) == 1:
            return
        begun = self.bottom.text
        whole = [begun, *lines[1:-1]]
        self._finish(self.bottom)
        if len(whole) > 1:
            self._finished(whole[1:])
        skipped = max(0, len(whole) - 1 - ROWS)
        if skipped:
            self._leave(len(self.rows))
            self._left(whole[1 : 1 + skipped])
        self.rows += [Row(line, line) for line in whole[1 + skipped :]]
        self.rows.append(Row(lines[-1]))
        self._leave(len(self.rows) - ROWS)
        self._row = len(self.rows) - 1

    def _interpret(self, text: str, begin: int) -> None:
        if self._column is None:
            self._style = self.bottom.cells().style
        for token in _TOKEN.finditer(text, begin):
            self._write(text[begin : token.start()])
            begin = token.end()
            self._obey(token)
        self._write(text[begin:])
        row = self.rows[self._row]
        at_end = self._row == len(self.rows) - 1 and self._column == len(row.cells())
        if at_end and not self._style:
            self._column = None
            row.cells().style = ""

    def _write(self, run: str) -> None:
        if not run:
            return
        row = self.rows[self._row]
        cells = row.cells()
        column = len(cells) if self._column is None else self._column
        row.rewritten = cells.write(column, run, self._style) or row.rewritten
        self._column = column + len(run)

    def _obey(self, token: re.Match[str]) -> None:
        code = token.group()
        column = len(self.rows[self._row].cells()) if self._column is None else self._column
        if code[-1] == "\n":
            self._next(code[:-1])
        elif code == "\r":
            self._column = 0
        elif code == "\x08":
            self._column = max(0, column - 1)
        else:
            self._control(token.group(1), token.group(2), column)

    def _next(self, ending: str) -> None:
        if self._row == len(self.rows) - 1:
            self.bottom.cells()
            self.bottom.ending = ending
            self._finish(self.bottom)
            self.rows.append(Row())
            self._row += 1
            self._leave(len(self.rows) - ROWS)
            self._row = min(self._row, len(self.rows) - 1)
        else:
            self._row += 1
        self._column = 0

    def _control(self, given: str, code: str, column: int) -> None:
        if code == "m":
            self._style = plain_style(self._style, given)
            return
        first = given.split(";")[0]
        count = min(int(first), _COLUMNS) if first.isdigit() else 0
        step = max(1, count)
        if code in "AF":
            self._row = max(0, self._row - step)
        elif code in "BE":
            self._row = min(len(self.rows) - 1, self._row + step)
        if code in "EF":
            column = 0
        elif code == "C":
            column = min(column + step, _COLUMNS)
        elif code == "D":
            column = max(0, column - step)
        elif code == "G":
            column = step - 1
        elif code in "KJ":
            self._erase(code, count, column)
        self._column = column

    def _erase(self, code: str, count: int, column: int) -> None:
        """Erase (K) in this row, or (J) also in the rows below.

        Erasing a whole screen would take back what is final.
        """
        if code == "J" and count:
            return
        row = self.rows[self._row]
        begin, end = (0 if count else column), (column + 1 if count == 1 else None)
        row.rewritten = row.cells().erase(begin, end) or row.rewritten
        if code == "J":
            for below in self.rows[self._row + 1 :]:
                below.rewritten = below.cells().erase(0, None) or below.rewritten

    def _finish(self, row: Row) -> None:
        text = row.text
        if text != row.shown and not row.erased:
            self._finished([text])
        row.shown = text

    def _leave(self, count: int) -> None:
        """Hand on the first rows, which are out of reach."""
        if count <= 0:
            return
        gone, self.rows = self.rows[:count], self.rows[count:]
        for row in gone:
            if row.shown is not None and row.text != row.shown and not row.erased:
                self._finished([row.text])
        self._left([row.text for row in gone])
        self._row = max(0, self._row - count)


def _nothing(lines: list[str]) -> None:
    pass
