"""What a terminal leaves of text that moves its cursor."""

from __future__ import annotations

import pytest

from smext.runner.terminal import ROWS, Screen


def shown(*texts: str) -> str:
    screen = Screen()
    for text in texts:
        screen.feed(text)
    return screen.text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("hello world\rbye\n", "byelo world\n"),
        ("10%\r20%\r100%", "100%"),
        ("100%\r    \r", ""),
        ("abc\b\bX\n", "aXc\n"),
        ("\b\bx", "x"),
        ("5/9\b\b\b6/9", "6/9"),
        ("one\r\ntwo\r\n", "one\ntwo\n"),
        ("outer 0\n\rinner 1\x1b[A\router 1\n\rinner 2", "outer 1\ninner 2"),
        ("a\nb\nc\n\x1b[3AX\x1b[2BY", "X\nb\ncY\n"),
        ("long line\r\x1b[Kab", "ab"),
        ("long line\x1b[4D\x1b[1Kx", "     xine"),
        ("a\nb\nc\x1b[2A\r\x1b[Jd", "d\n\n"),
        ("ab\x1b[10Gc", "ab       c"),
        ("x\x1b[999999999Cy" + "\n", "x" + " " * 9_999 + "y\n"),
        ("\x1b[99A\x1b[?25lup\x1b[?25h", "up"),
    ],
)
def test_the_last_state_is_what_remains(text: str, left: str) -> None:
    assert shown(text) == left
    # However the kernel cuts it into messages.
    assert shown(*text) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("one\r\ntwo\r\n\r\n", "one\r\ntwo\r\n\r\n"),
        ("one\r\ntwo\nthree\r", "one\r\ntwo\nthree"),
        ("10%\r20%\r\nnext\r\n", "20%\r\nnext\r\n"),
        ("\x1b[32mok\x1b[0m\r\n", "\x1b[32mok\x1b[0m\r\n"),
        ("abc\r\n\x1b[Ax\ny\r\n", "xbc\r\ny\r\n"),
        ("\rabc\r\n\x1b[A\r\n", "abc\r\n"),
        ("abc\n\x1b[A\r\nx", "abc\nx"),
        ("long\r\n\x1b[A\x1b[2K\rab\r\n", "ab\r\n"),
    ],
)
def test_a_notebook_keeps_the_ends_of_lines_as_they_came(text: str, left: str) -> None:
    for parts in [text], text, [text[:5], text[5:]]:
        screen = Screen(returns=True)
        for part in parts:
            screen.feed(part)
        assert screen.text == left


def test_colours_stay_as_they_came_where_nothing_is_rewritten() -> None:
    text = "\x1b[1m\x1b[31mred\x1b[39m\x1b[22m and \x1b]8;;x\x07plain\n\x1b[32mgreen\n"
    assert shown(text) == text
    assert shown(*text) == text


def test_colours_of_what_is_rewritten_are_those_of_the_last_state() -> None:
    assert shown("\x1b[31mred\x1b[0m bar\r\x1b[32mgr") == "\x1b[32mgr\x1b[0m\x1b[31md\x1b[0m bar"
    assert (
        shown("\r\x1b[38;5;9;1m9%\x1b[0m|x|\r\x1b[38;5;9;1m10%\x1b[m|xx|") == "\x1b[38;5;9;1m10%\x1b[0m|xx|"
    )


def test_rows_out_of_reach_are_handed_on_once() -> None:
    left: list[str] = []
    screen = Screen(left=left.extend)
    lines = [str(number) for number in range(5 * ROWS)]
    for begin in range(0, len(lines), 150):
        screen.feed("".join(f"{line}\n" for line in lines[begin : begin + 150]))
    screen.feed("\x1b[2A\rlast but one")
    assert left + screen.text.splitlines() == [*lines[:-2], "last but one", lines[-1]]
    assert len(screen.rows) == ROWS


def test_lines_are_handed_on_as_they_end_and_those_that_change_later_wait() -> None:
    finished: list[str] = []
    screen = Screen(finished.extend)
    screen.feed("one\ntwo\n")
    screen.feed("bar 0\n\rinner\x1b[A\rbar 1")
    assert finished == ["one", "two", "bar 0"]
    assert [row.text for row in screen.pending()] == ["bar 1", "inner"]
