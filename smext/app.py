"""The server extension: the only place that builds objects. What an administrator may set is in server.settings.

Imports nothing of AWS, pydantic or the engine: the server's start pays for routes alone.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_server.extension.application import ExtensionApp

from .server.handlers.inventory import ROUTES
from .server.settings import Settings

if TYPE_CHECKING:
    from .api import CostWarning, Event, Idle
    from .server.targets import Targets

EVENT = "https://smext.dev/events/changed/v1"
SCHEMAS = Path(__file__).parent / "events"


class SmextApp(Settings, ExtensionApp):
    """SageMaker from the open notebook."""

    name = "smext"
    extension_url = "/smext"
    load_other_extensions = True

    def initialize_settings(self) -> None:
        """Register the event's schema; the targets are built on the first request."""
        self._targets: Targets | None = None
        self._building = asyncio.Lock()
        self.settings["smext"] = self
        # Not on the first request: a socket that stands by then is never told of a schema that comes later.
        self._register_events()

    def initialize_handlers(self) -> None:
        """Add the routes."""
        self.handlers.extend(ROUTES)

    async def targets(self) -> Targets:
        """Return every target, built on the first request; its imports run in a thread."""
        async with self._building:
            if self._targets is None:
                loop = asyncio.get_running_loop()
                self._targets = await loop.run_in_executor(None, self._build)
            return self._targets

    async def stop_extension(self) -> None:
        """End the pollers and threads of all targets."""
        if self._targets is not None:
            await self._targets.close()

    def _build(self) -> Targets:
        from ._version import __version__
        from .server.targets import Targets

        return Targets(self, self._root(), self._changed, __version__, self._idle, self._warned)

    async def _idle(self) -> Idle | None:
        from datetime import datetime, timezone

        from .server import kernel_activity

        return await kernel_activity.idle(self._server, datetime.now(timezone.utc))

    @property
    def _server(self) -> Any:
        return self.serverapp

    def _root(self) -> Path | None:
        root = getattr(self._server.contents_manager, "root_dir", None)
        return Path(root) if root else None

    def _register_events(self) -> None:
        import json

        import jupyter_events

        # Up to 0.10 a version is a number, from 0.11 on a text.
        numbered = tuple(int(part) for part in jupyter_events.__version__.split(".")[:2]) < (0, 11)
        known = self._server.event_logger.schemas.schema_ids
        for file in sorted(SCHEMAS.glob("*.json")):
            schema = json.loads(file.read_text(encoding="utf-8"))
            if schema["$id"] not in known:
                version = int(schema["version"]) if numbered else schema["version"]
                self._server.event_logger.register_event_schema(schema | {"version": version})

    def _warned(self, target: str, warnings: list[CostWarning], revision: int) -> None:
        """To every page, the hidden ones too."""
        self.log.info("smext: %s: %s", target, "; ".join(warning.title for warning in warnings))
        kinds = sorted({ref.kind for warning in warnings for ref in warning.rows})
        self._changed(target, kinds, revision, warned=True)

    def _changed(self, target: str, kinds: list[str], revision: int, warned: bool = False) -> None:
        from .api import Changed

        self._emit(Changed(target=target, kinds=kinds, revision=revision, warned=warned))

    def _emit(self, event: Event) -> None:
        data = event.model_dump(mode="json", exclude_defaults=True)
        self._server.event_logger.emit(schema_id=event.schema_id(), data=data)
