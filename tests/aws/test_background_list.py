"""What is read in the background: what came of it, and what kept it from being whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from smext.aws.account import Account
from smext.aws.background_list import background_list


def test_an_answer_that_nobody_understands_does_not_pass_for_the_whole(account: Account) -> None:
    def ask() -> Iterator[Mapping[str, int]]:
        yield {"one": 1}
        raise KeyError("Quotas")

    found = background_list(account, "odd", ask, patience=10.0, fresh=60.0)
    assert (found.values, found.ready) == ({"one": 1}, True)
    assert found.error is not None
    assert "Quotas" in found.error.message
