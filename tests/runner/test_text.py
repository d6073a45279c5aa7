from __future__ import annotations

import io

import pytest

from smext.runner.console import Console
from smext.runner.streams import StreamMerger
from smext.runner.text import clipped, cut, label, plain, shown, tail


class Screen:
    """A console on a clock that the test moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.out = io.StringIO()
        self.console = Console(self.out, redraw=10, clock=lambda: self.now)

    @property
    def lines(self) -> list[str]:
        return self.out.getvalue().splitlines()

    def pass_time(self, seconds: float) -> None:
        self.now += seconds
        self.console.tick()


@pytest.fixture
def screen() -> Screen:
    return Screen()


def bar(screen: Screen, *states: str) -> None:
    for state in states:
        screen.console.stream("stderr", f"\r{state}")


def test_a_progress_bar_leaves_its_last_state(screen: Screen) -> None:
    bar(screen, "10%", "50%", "100%")
    screen.console.stream("stderr", "\n")
    assert screen.lines == ["100%"]


def test_a_progress_bar_is_shown_once_in_a_while_and_not_twice(screen: Screen) -> None:
    bar(screen, "10%", "20%")
    screen.pass_time(5)
    assert screen.lines == []
    screen.pass_time(6)
    screen.pass_time(11)
    bar(screen, "100%")
    screen.pass_time(11)
    screen.console.stream("stderr", "\n")
    screen.console.end_cell()
    assert screen.lines == ["20%", "100%"]


def test_a_bar_that_erases_itself_leaves_nothing(screen: Screen) -> None:
    bar(screen, "10%", "100%", "    ", "")
    screen.console.end_cell()
    assert screen.lines == []


def test_a_bar_does_not_tear_what_the_other_stream_prints(screen: Screen) -> None:
    bar(screen, "10%")
    screen.console.stream("stdout", "epoch 1\n")
    bar(screen, "20%")
    screen.console.end_cell()
    assert screen.lines == ["epoch 1", "20%"]


def test_a_line_without_an_end_waits_and_comes_at_the_end_of_the_cell(screen: Screen) -> None:
    screen.console.stream("stdout", "a")
    screen.console.stream("stdout", "b")
    assert screen.lines == []
    screen.console.end_cell()
    screen.console.marker("cell 1/1 done 0.1s")
    assert screen.lines == ["ab", "smext: cell 1/1 done 0.1s"]


def test_a_line_without_an_end_is_shown_after_a_while_in_pieces(screen: Screen) -> None:
    screen.console.stream("stdout", "..")
    screen.pass_time(11)
    screen.console.stream("stdout", "...")
    screen.console.end_cell()
    assert screen.lines == ["..", "..."]


def test_a_windows_line_end_torn_in_two_is_one_line_end(screen: Screen) -> None:
    screen.console.stream("stdout", "a\r")
    screen.console.stream("stdout", "\nb\r\n")
    assert screen.lines == ["a", "b"]


def test_a_display_redrawn_a_thousand_times_is_shown_in_its_last_state(screen: Screen) -> None:
    for step in range(1000):
        screen.console.clear()
        screen.console.stream("stdout", f"step {step}\nloss {1 / (step + 1):.3f}\n")
    screen.console.end_cell()
    screen.console.stream("stdout", "next cell\n")
    assert screen.lines == ["step 999", "loss 0.001", "next cell"]


def test_a_redrawn_display_is_shown_once_in_a_while(screen: Screen) -> None:
    screen.console.clear()
    screen.console.stream("stdout", "step 1\n")
    screen.pass_time(11)
    screen.console.clear()
    screen.console.stream("stdout", "step 2\n")
    screen.console.end_cell()
    assert screen.lines == ["step 1", "step 2"]


def test_colours_and_control_characters_do_not_reach_the_log(screen: Screen) -> None:
    screen.console.stream("stdout", "\x1b[1;31mred\x1b[0m \x07\x1b]0;title\x07end\tof\n")
    assert screen.lines == ["red end\tof"]


def test_a_long_line_is_cut_with_a_note() -> None:
    assert cut("x" * 5000, 10) == "xxxxxxxxxx ... [4990 more characters]"
    assert cut("short") == "short"


def test_a_line_that_never_ends_does_not_fill_the_memory(screen: Screen) -> None:
    for _ in range(12):
        screen.console.stream("stdout", "x" * 100_000)
    assert len(screen.lines) == 1
    assert "more characters" in screen.lines[0]


NESTED = "\router {0}/3\n\rinner 1/2\x1b[A\n\rinner 2/2\x1b[A"


def test_nested_bars_are_shown_once_in_a_while_and_in_their_last_state(screen: Screen) -> None:
    for step in range(3):
        screen.console.stream("stderr", NESTED.format(step))
        screen.pass_time(11 if step == 1 else 1)
    screen.console.stream("stderr", "\router 3/3\n\r         \r\x1b[A\n")
    screen.console.end_cell()
    assert screen.lines == ["outer 0/3", "outer 1/3", "inner 2/2", "outer 3/3"]


@pytest.mark.parametrize(
    "text",
    [
        "smext: done\n",
        "\x1b[0msmext: done\n",
        "x\rsmext: done\n",
        "a\x0bsmext: done\u2028smext: done\n",
        "one\n\x00smext: failed\ntwo\n",
        "smext: cell 1/1 done 0.1s",
    ],
)
def test_nothing_that_a_cell_prints_is_a_marker(screen: Screen, text: str) -> None:
    screen.console.stream("stdout", text)
    screen.console.block(text)
    screen.console.end_cell()
    assert [line for line in screen.lines if line.startswith("smext: ")] == []
    assert "smext: " in screen.out.getvalue()
    screen.console.marker("note: two\nlines")
    assert screen.lines[-1] == "smext: note: two lines"


def test_a_traceback_is_shown_with_its_beginning_and_its_end(screen: Screen) -> None:
    screen.console.traceback("Traceback\n" + "frame\n" * 100_000 + "ValueError: why")
    assert screen.lines[0] == "Traceback"
    assert screen.lines[-1] == "ValueError: why"
    assert len(screen.out.getvalue()) < 21_000
    assert "more characters: they are in the notebook]" in screen.out.getvalue()


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import pandas as pd\nx", "import pandas as pd"),
        ("\n# Load\n\n  df = load()", "df = load()"),
        ("# only\n# comments", "# only"),
        ("%%bash\nls", "%%bash"),
        ("x" * 100, "x" * 77 + "..."),
        ("y" * 80, "y" * 80),
        ("print('🎉')", "print('🎉')"),
    ],
)
def test_a_label_is_the_first_line_that_says_something(source: str, expected: str) -> None:
    assert label(source) == expected


def test_results_are_shown_as_text_and_pictures_by_their_kind() -> None:
    assert shown({"text/plain": "<Figure>", "image/png": "iVBO"}) == "[image/png] <Figure>"
    assert shown({"text/plain": "   a\n0  1", "text/html": "<table>"}) == "   a\n0  1"
    assert shown({"text/html": "<b>"}) == "[text/html]"
    assert shown({"text/markdown": ["**a**", "b"]}) == "**a**b"


def test_messages_fit_into_their_bytes() -> None:
    assert tail(["a" * 10, "b" * 10, "é" * 5], 22) == ["b" * 10, "é" * 5]
    assert clipped("🎉🎉", 5) == "🎉"
    assert plain("a\x00b") == "ab"


def stream(name: str, text: str) -> dict[str, str]:
    return {"output_type": "stream", "name": name, "text": text}


def test_what_a_cell_prints_becomes_one_output_with_rewritten_lines_settled() -> None:
    merger = StreamMerger()
    outputs = [stream("stdout", "a")]
    merger.begin(outputs[0])
    assert merger.take(outputs, "stdout", "b\n10%")
    merger.settle()
    assert outputs[0]["text"] == "ab\n10%"
    assert merger.take(outputs, "stdout", "\r20%\r100%\nend\n")
    merger.settle()
    assert outputs == [stream("stdout", "ab\n100%\nend\n")]


def test_another_stream_or_output_in_between_begins_a_new_output() -> None:
    merger = StreamMerger()
    outputs = [stream("stdout", "a")]
    merger.begin(outputs[0])
    assert not merger.take(outputs, "stderr", "b")
    outputs.append({"output_type": "display_data"})
    assert not merger.take(outputs, "stdout", "b")
    outputs.clear()
    assert not merger.take(outputs, "stdout", "after clear_output")


def test_an_output_too_long_for_a_notebook_ends_with_a_note() -> None:
    merger = StreamMerger(limit=10)
    outputs = [stream("stdout", "12345\n")]
    merger.begin(outputs[0])
    assert merger.take(outputs, "stdout", "67890\nabc\n")
    merger.settle()
    assert outputs[0]["text"] == "12345\n6789\n... [6 more characters: they are in the job's log]\n"


def alternating(merger: StreamMerger, count: int, text: str) -> list[dict[str, str]]:
    outputs: list[dict[str, str]] = []
    for index in range(count):
        name = ("stdout", "stderr")[index % 2]
        if merger.take(outputs, name, text.format(index)) is None:
            outputs.append(stream(name, text.format(index)))
            merger.begin(outputs[-1])
    merger.settle()
    return outputs


def test_two_streams_in_turn_do_not_make_outputs_without_end() -> None:
    outputs = alternating(StreamMerger(most=10), 1000, "{}\n")
    assert len(outputs) == 10
    for index, name in enumerate(("stdout", "stderr")):
        text = "".join(output["text"] for output in outputs if output["name"] == name)
        assert text == "".join(f"{number}\n" for number in range(index, 1000, 2))


def test_all_that_a_cell_prints_has_one_limit() -> None:
    merger = StreamMerger(limit=100_000, most=10)
    outputs = alternating(merger, 10_000, "{:099d}\n")
    assert sum(len(output["text"]) for output in outputs) < 120_000
    assert all("more characters: they are in the job's log]" in output["text"] for output in outputs[-2:])
    merger.clear()
    [again] = alternating(merger, 1, "another cell\n")
    assert again["text"] == "another cell\n"


def test_nested_bars_are_in_the_notebook_in_their_last_state() -> None:
    merger = StreamMerger()
    outputs = [stream("stderr", "")]
    merger.begin(outputs[0])
    for step in range(3):
        merger.take(outputs, "stderr", NESTED.format(step))
    merger.take(outputs, "stderr", "\router 3/3\n\r         \r\x1b[A\n")
    merger.settle()
    assert outputs[0]["text"] == "outer 3/3\n"
