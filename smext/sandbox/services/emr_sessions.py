"""Interactive sessions of EMR Serverless, which moto lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs

from ..protocol import Call
from ..sagemaker.resources import Fields
from . import Service


def emr_sessions(sessions: Mapping[str, Sequence[Fields]]) -> Service:
    """Make ListSessions over the sessions by application; `states` filters them, as AWS does."""

    def answer(call: Call, operation: str) -> Fields | None:
        if operation != "ListSessions":
            return None
        application = call.path.rstrip("/").split("/")[-2]
        states = parse_qs(call.query).get("states")
        held = sessions.get(application, ())
        return {"sessions": [one for one in held if not states or one["state"] in states]}

    return answer
