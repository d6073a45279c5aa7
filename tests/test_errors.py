"""What a handler answers for whatever was raised."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from smext import errors
from smext.api import LaunchForm


def test_what_a_body_lacks_is_named() -> None:
    with pytest.raises(ValidationError) as caught:
        LaunchForm.model_validate({"volume_gb": 0})
    status, problem = errors.describe_exception(caught.value, 500)
    assert (status, problem.field) == (400, "volume_gb")


def test_a_defect_of_ours_says_that_it_is_one() -> None:
    status, problem = errors.describe_exception(KeyError("x"), 500)
    assert (status, problem.code) == (500, "failed")
    assert "KeyError" in problem.message
