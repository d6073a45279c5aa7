"""What the kernel's process writes by itself, and what of it is said already."""

from __future__ import annotations

from smext.runner.raw_output import WAIT_SECONDS, Echo


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_what_comes_as_a_message_too_is_not_shown_again() -> None:
    clock = Clock()
    echo = Echo(clock)
    echo.add_output("one\ntwo\nthr")
    echo.add_message("two")
    # A message may come before the process's own output.
    echo.add_message("three")
    echo.add_output("ee\n")
    clock.now = 2 * WAIT_SECONDS
    assert echo.due() == ["one"]


def test_lines_wait_for_their_message_and_then_come() -> None:
    clock = Clock()
    echo = Echo(clock)
    echo.add_output("one\nrest")
    assert echo.due() == []
    clock.now = WAIT_SECONDS
    assert echo.due() == ["one"]
    assert echo.due(everything=True) == ["rest"]


def test_what_was_said_long_ago_does_not_count() -> None:
    clock = Clock()
    echo = Echo(clock)
    echo.add_message("again")
    clock.now = 2 * WAIT_SECONDS
    echo.add_output("again\n")
    assert echo.due(everything=True) == ["again"]


def test_a_rewritten_line_is_the_same_in_its_last_state() -> None:
    echo = Echo(Clock())
    echo.add_output("\r10%\r20%\n")
    echo.add_message("20%")
    assert echo.due(everything=True) == []
