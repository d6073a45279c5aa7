"""Concurrent questions to AWS, each with an error of its own, and a timeout."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass
from typing import Any

from .. import errors

FATAL = (errors.SetupError,)
"""With these no other question makes sense."""


@dataclass(frozen=True)
class Answer:
    value: Any = None
    error: errors.SmextError | None = None


def together(patience: float, questions: Mapping[str, Callable[[], Any]]) -> dict[str, Answer]:
    """Ask all in threads and wait at most `patience` seconds. Raises a FATAL error if one answer is one."""
    pool = ThreadPoolExecutor(max(1, len(questions)), thread_name_prefix="smext-ask")
    end = time.monotonic() + patience
    try:
        futures = {name: pool.submit(question) for name, question in questions.items()}
        answers = {name: _answer(name, future, end) for name, future in futures.items()}
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    for answer in answers.values():
        if isinstance(answer.error, FATAL):
            raise answer.error
    return answers


def _answer(name: str, future: Future[Any], end: float) -> Answer:
    try:
        return Answer(future.result(max(0.0, end - time.monotonic())))
    except NotYet:
        error = errors.TimedOut(
            f"There was no answer in time about: {name}", advice="Try again; check the network if it goes on."
        )
        return Answer(error=error)
    except errors.SmextError as error:
        # Its frames hold all that the plan is made of, and would wait for the collector with it.
        return Answer(error=error.with_traceback(None))
