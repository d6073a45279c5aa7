"""Every list of AWS is read by a kind, or is said to hide nothing that bills: a new one may."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest

from smext.kinds import registry
from smext.kinds.customization_job import CATEGORIES
from smext.kinds.exclusions import EXCLUSIONS, new_lists

SERVICES = sorted({kind.service for kind in registry().values()})


def model(service: str) -> Any:
    return botocore.session.get_session().get_service_model(service)


@pytest.mark.parametrize("service", SERVICES)
def test_every_list_is_read_or_said_not_to_be(service: str) -> None:
    new = new_lists(service, model(service).operation_names)
    assert not new, (
        f"This botocore has lists of {service} that smext does not know: {', '.join(new)}. Read what AWS says of each: "
        "if what it lists may bill, add a kind (docs/adding-a-kind.md); else name it, with the reason, in "
        "smext/kinds/exclusions.py."
    )


@pytest.mark.parametrize("service", SERVICES)
def test_a_list_is_not_both_read_and_left_out(service: str) -> None:
    named = [name for names in EXCLUSIONS[service].values() for name in names]
    read = {name for kind in registry().values() if kind.service == service for name in kind.operations}
    assert len(named) == len(set(named))
    assert not read & set(named)
    assert all(names == tuple(sorted(names)) for names in EXCLUSIONS[service].values())


def test_a_list_that_nobody_knows_is_found() -> None:
    assert new_lists("sagemaker", ["ListEndpoints", "ListModels", "ListOvens", "DescribeOven"]) == [
        "ListOvens"
    ]
    assert new_lists("efs", ["DescribeFileSystems", "DescribeOvens"]) == ["DescribeOvens"]


def test_jobs_of_every_category_are_listed() -> None:
    """A category that AWS adds is a kind of job that nobody sees."""
    assert set(model("sagemaker").shape_for("JobCategory").enum) == set(CATEGORIES)
