"""Calls that may never end, and the end to the waiting for them."""

from __future__ import annotations

import threading
from functools import partial

import pytest

from smext.aws import deadline
from smext.aws.deadline import DeadlineExceeded, Workers


def test_what_ends_in_time_gives_what_it_gives() -> None:
    workers = Workers("test")
    assert workers.run(lambda: 7, 60) == 7
    with pytest.raises(TimeoutError, match="of its own"):
        workers.run(lambda: (_ for _ in ()).throw(TimeoutError("of its own")), 60)
    workers.close()


def test_what_does_not_end_is_late_and_its_thread_is_used_again() -> None:
    workers, go, ran = Workers("test"), threading.Event(), set[int]()

    def hang() -> None:
        ran.add(threading.get_ident())
        go.wait(60)

    with pytest.raises(DeadlineExceeded):
        workers.run(hang, 0.01)
    hanging = next(iter(workers._lost))
    go.set()
    hanging.result(60)
    workers.run(lambda: ran.add(threading.get_ident()), 60)
    assert len(ran) == 1
    workers.close()


def test_calls_that_hang_are_so_many_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadline, "MOST_LOST", 3)
    workers, go, begun = Workers("test"), threading.Event(), list[int]()

    def hang(number: int) -> None:
        begun.append(number)
        go.wait(60)

    for number in range(10):
        with pytest.raises(DeadlineExceeded):
            workers.run(partial(hang, number), 0.05)
    hanging = list(workers._lost)
    go.set()
    for each in hanging:
        each.result(60)
    assert sorted(begun) == [0, 1, 2]
    assert workers.run(lambda: 1, 60) == 1
    workers.close()
