"""A launch on its way is seen, one of a name at a time, and called back as long as there is no job."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from smext import errors
from smext.launch.progress import cancel, progress, tracked


def test_nothing_is_known_of_a_launch_that_nobody_began() -> None:
    assert progress("none").phase == "waiting"
    assert cancel("none").phase == "waiting"
    with tracked("none") as way:
        way.enter("packing")


def test_a_launch_is_seen_from_its_begin_to_its_end() -> None:
    with tracked("seen") as way:
        assert (progress("seen").phase, progress("seen").can_cancel) == ("checking", True)
        way.expect(100)
        way.enter("uploading")
        way.sent(70)
        way.sent(-20)
        now = progress("seen")
        assert (now.phase, now.sent_bytes, now.total_bytes, now.can_cancel) == ("uploading", 50, 100, True)
        way.enter("creating")
        assert not progress("seen").can_cancel
    assert progress("seen").phase == "over"


@pytest.mark.parametrize(
    "step", [lambda way: way.check(), lambda way: way.sent(1), lambda way: way.enter("creating")]
)
def test_what_is_called_back_ends_at_its_next_step(step: Callable[..., None]) -> None:
    with tracked("back") as way:
        assert not cancel("back").can_cancel
        with pytest.raises(errors.Cancelled) as caught:
            step(way)
    assert (caught.value.code, caught.value.status) == ("cancelled", 409)
    assert progress("back").phase == "over"
    with tracked("back") as way:
        way.enter("creating")


def test_there_is_no_way_back_once_the_job_is_being_created() -> None:
    with tracked("late") as way:
        way.enter("creating")
        assert cancel("late").phase == "creating"
        way.check()


def test_a_second_one_of_a_name_waits_and_others_do_not() -> None:
    order: list[str] = []

    def again() -> None:
        with tracked("one"):
            order.append("second")

    with tracked("one"):
        thread = threading.Thread(target=again)
        thread.start()
        for index in range(200):
            with tracked(f"other {index}"):
                pass
        time.sleep(0.05)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]
