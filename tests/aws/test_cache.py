"""An answer is kept for its time, a failure for another, and who asks at the same time shares one call."""

from __future__ import annotations

import math
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from smext import errors
from smext.aws.cache import Cache

CALLERS = 8


class Asked:
    """What is asked for: counts, and answers its count or raises."""

    def __init__(self, error: errors.SmextError | None = None) -> None:
        self.count, self.error = 0, error

    def __call__(self) -> int:
        self.count += 1
        if self.error is not None:
            raise self.error
        return self.count


def test_an_answer_is_kept_for_its_time() -> None:
    cache, asked = Cache[int](ttl=math.inf), Asked()
    assert [cache.get("q", asked) for _ in range(3)] == [1, 1, 1]


def test_an_answer_is_asked_for_again_after_its_time() -> None:
    cache, asked = Cache[int](ttl=0.0), Asked()
    assert [cache.get("q", asked) for _ in range(3)] == [1, 2, 3]


def test_questions_are_told_apart() -> None:
    cache = Cache[str](ttl=math.inf)
    assert [cache.get(each, str(each).upper) for each in "aba"] == ["A", "B", "A"]


@pytest.mark.parametrize(("failure_ttl", "count"), [(math.inf, 1), (0.0, 3)])
def test_a_failure_has_a_time_of_its_own(failure_ttl: float, count: int) -> None:
    cache, asked = Cache[int](ttl=math.inf, failure_ttl=failure_ttl), Asked(errors.Denied("no"))
    for _ in range(3):
        with pytest.raises(errors.Denied, match="no"):
            cache.get("q", asked)
    assert asked.count == count


def test_only_failures_that_are_named_are_kept() -> None:
    cache, asked = Cache[int](math.inf, math.inf, failures=(errors.Denied,)), Asked(errors.Throttled("wait"))
    with pytest.raises(errors.Throttled):
        cache.get("q", asked)
    asked.error = None
    assert cache.get("q", asked) == 2


def test_what_was_learnt_is_not_asked_for() -> None:
    cache, asked = Cache[int](ttl=math.inf), Asked()
    cache.learn("q", 7)
    assert (cache.get("q", asked), asked.count) == (7, 0)


def test_a_look_asks_nothing() -> None:
    cache, asked = Cache[int](ttl=math.inf), Asked()
    assert cache.peek("q") is None
    cache.get("q", asked)
    assert (cache.peek("q"), asked.count) == (1, 1)
    cache.forget("q")
    assert cache.peek("q") is None
    assert cache.get("q", asked) == 2


def test_a_look_finds_nothing_whose_time_is_over() -> None:
    cache = Cache[int](ttl=0.0)
    cache.learn("q", 1)
    assert cache.peek("q") is None


def test_it_does_not_grow_without_end() -> None:
    cache, asked = Cache[int](ttl=math.inf, most=2), Asked()
    for each in "abc":
        cache.get(each, asked)
    assert cache.get("c", asked) == 3
    assert cache.get("a", asked) == 4


@pytest.mark.parametrize("error", [None, errors.Denied("no")])
def test_callers_at_the_same_time_share_one_call(error: errors.SmextError | None) -> None:
    cache, begun, go = Cache[int](math.inf, math.inf), threading.Event(), threading.Event()
    asked = Asked(error)

    def ask() -> int:
        begun.set()
        assert go.wait(60)
        return asked()

    def outcome() -> object:
        try:
            return cache.get("q", ask)
        except errors.SmextError as raised:
            return raised

    with ThreadPoolExecutor(CALLERS) as pool:
        told = [pool.submit(outcome)]
        assert begun.wait(60)
        told += [pool.submit(outcome) for _ in range(CALLERS - 1)]
        go.set()
    assert [each.result() for each in told] == [error or 1] * CALLERS
    assert asked.count == 1
