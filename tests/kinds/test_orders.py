"""The order of every list against botocore's model: what is cut is what is oldest, not what was started just now."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import botocore.session
import pytest

from smext.kinds import registry
from smext.kinds.base import Kind, ListCall

NOW = datetime(2026, 11, 20, tzinfo=timezone.utc)
KINDS = list(registry().values())

UNORDERED = {
    "sagemaker:ListGlobalInferenceGateways": "no member for it: others are said to be left out",
    "sagemaker:ListPartnerApps": "no member for it: others are said to be left out",
    "sagemaker:ListTrainingSessions": "no member for it: others are said to be left out",
    "sagemaker:ListInferenceRouters": "no member for it: others are said to be left out",
    "emr:ListClusters": "no member for it: only those that are up are asked for",
    "emr-serverless:ListApplications": "no member for it: others are said to be left out",
    "efs:DescribeFileSystems": "no member for it: it costs storage alone",
}
"""Lists whose order cannot be asked for, and why that hides nothing."""

each_listing = pytest.mark.parametrize(
    ("kind", "listing"),
    [(kind, listing) for kind in KINDS for listing in (*kind.opening, *kind.list_calls)],
    ids=lambda value: value.name if isinstance(value, Kind) else value.operation,
)


@each_listing
def test_a_list_that_takes_an_order_is_asked_for_the_newest(kind: Kind, listing: ListCall) -> None:
    model = botocore.session.get_session().get_service_model(kind.service)
    members: Any = getattr(model.operation_model(listing.operation).input_shape, "members", {})
    params = listing.params(NOW)
    if "SortOrder" not in members:
        assert f"{kind.service}:{listing.operation}" in UNORDERED
        return
    assert params["SortOrder"] == "Descending"
    assert params["SortBy"].replace("_", "").lower() in {"creationtime", "starttime"}
    assert listing.left_out(NOW) == "older ones"


def test_what_is_said_to_have_no_order_has_none() -> None:
    listed = {f"{kind.service}:{listing.operation}" for kind in KINDS for listing in kind.list_calls}
    assert set(UNORDERED) <= listed
