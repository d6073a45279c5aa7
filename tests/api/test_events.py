"""An event is its model: the schema that Jupyter is given is made from it, and what is sent is valid by it."""

from __future__ import annotations

import json

import pytest
from jupyter_events import EventLogger

from smext import app
from smext.api import EVENTS, Changed
from smext.api.events import Event


def test_every_event_has_its_schema_beside_the_code() -> None:
    files = {file.stem: json.loads(file.read_text()) for file in app.SCHEMAS.glob("*.json")}
    assert files == {event.name: event.event_schema() for event in EVENTS}


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: str(event.name))
def test_jupyter_takes_the_schema(event: type[Event]) -> None:
    logger = EventLogger()
    logger.register_event_schema(event.event_schema())
    assert event.schema_id() in logger.schemas.schema_ids


def test_pages_know_it_by_the_same_address() -> None:
    assert Changed.schema_id() == app.EVENT
