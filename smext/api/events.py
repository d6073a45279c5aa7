"""Events that are pushed to every page; smext/events/ holds their JSON schemas, made from these models."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from .model import Wire


class Event(Wire):
    """Base of the events. `name` is that of the schema's file; a change that old pages cannot read takes another `version`."""

    name: ClassVar[str]
    title: ClassVar[str]
    version: ClassVar[str] = "1"

    @classmethod
    def schema_id(cls) -> str:
        """Return the address by which Jupyter's events are told apart."""
        return f"https://smext.dev/events/{cls.name}/v{cls.version}"

    @classmethod
    def event_schema(cls) -> dict[str, Any]:
        """Return the schema as jupyter_events takes it."""
        made = cls.model_json_schema()
        return {
            "$id": cls.schema_id(),
            "version": cls.version,
            "title": cls.title,
            "description": made["description"],
            "personal-data": False,
            "type": "object",
            "properties": made["properties"],
            "required": made["required"],
        }


class Changed(Event):
    """Some tables have a newer revision: fetch what is newer than what you have."""

    name = "changed"
    title = "Tables changed"

    target: str = Field(description="Which account and region")
    kinds: list[str] = Field(description="Whose table changed")
    revision: int = Field(description="The newest revision there is")
    warned: bool = Field(
        False,
        description="There is something new to be warned of, found while nobody looked: ask for warnings, also from a hidden page",
    )


EVENTS: tuple[type[Event], ...] = (Changed,)
