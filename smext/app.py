"""The server extension: what an administrator may set, and the only place that builds objects.

Imports nothing of AWS, pydantic or the engine: the server's start pays for routes alone.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_server.extension.application import ExtensionApp
from traitlets import Bool, Float, Int, List, Unicode

from .server.handlers.inventory import ROUTES
from .server.traits import Amount, Members, Texts

if TYPE_CHECKING:
    from .api import CostWarning, Idle
    from .server.targets import Targets

EVENT = "https://smext.dev/events/changed/v1"
SCHEMA = Path(__file__).parent / "events" / "changed.json"


class SmextApp(ExtensionApp):
    """SageMaker from the open notebook."""

    name = "smext"
    extension_url = "/smext"
    load_other_extensions = True

    profiles = List(
        Unicode(), help="AWS profiles that may be used; none: the server's own credentials only."
    ).tag(config=True)
    regions = List(Unicode(), help="AWS regions that may be looked at; none: the configured one only.").tag(
        config=True
    )
    read_only = Bool(False, help="Nothing may be launched, stopped or deleted from here.").tag(config=True)
    keep = List(
        Unicode(),
        help="Names, with * and ?, of what nobody is warned of, as the tag smext:keep says it of one thing.",
    ).tag(config=True)
    protected_accounts = List(
        Unicode(),
        help="Account numbers, profiles or labels of targets, with * and ?, in which nothing is stopped with others, "
        "and one thing only when it is asked twice.",
    ).tag(config=True)
    warn_minutes = Float(
        15.0, min=0.0, help="How often to look for what deserves a warning while nobody does; 0: never."
    ).tag(config=True)
    endpoint_url = Unicode("", help="Where AWS calls go; empty: AWS, or AWS_ENDPOINT_URL.").tag(config=True)
    calls_per_second = Float(10.0, min=0.1, help="AWS calls a second and target, over time.").tag(config=True)
    burst = Int(250, min=1, help="AWS calls at once and target, when there were few before.").tag(config=True)
    cadence_scale = Float(1.0, min=0.001, help="Multiplies the seconds between two readings of AWS.").tag(
        config=True
    )
    connect_seconds = Float(4.0, min=0.1, help="How long to wait for a connection to AWS.").tag(config=True)
    read_seconds = Float(20.0, min=0.1, help="How long to wait for AWS to go on with an answer.").tag(
        config=True
    )
    call_seconds = Float(
        6.0, min=0.1, help="How long to wait for the whole answer to a call that only reads."
    ).tag(config=True)
    instance_types = Texts(
        help="Types that a launch may have, with * and ?, such as ml.m5.*; none: all."
    ).tag(config=True)
    max_usd = Amount(help="The most US dollars that one launch may cost.").tag(config=True)
    required_tags = Texts(help="Keys of tags that every launch from here must have a value for.").tag(
        config=True
    )
    fixed = Members(
        help="Members of the launch form that nobody can change, with their values: "
        "{'subnets': ['subnet-1'], 'security_groups': ['sg-1'], 'kms_key': '...', 'tags': {'team': 'a'}}."
    ).tag(config=True)
    defaults = Members(
        help="Members of the launch form, with the values that they open with where nobody chose others."
    ).tag(config=True)

    def initialize_settings(self) -> None:
        """Register the event's schema; the targets are built on the first request."""
        self._targets: Targets | None = None
        self._building = asyncio.Lock()
        self.settings["smext"] = self
        # Not on the first request: a socket that stands by then is never told of a schema that comes later.
        self._register_event()

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
        from .launch.form.settings import TRAITS, limits_of
        from .server.targets import Options, Targets

        options = Options(
            profiles=self.profiles,
            regions=self.regions,
            endpoint=self.endpoint_url or None,
            calls_per_second=self.calls_per_second,
            burst=self.burst,
            cadence_scale=self.cadence_scale,
            connect_seconds=self.connect_seconds,
            read_seconds=self.read_seconds,
            call_seconds=self.call_seconds,
            limits=limits_of({name: getattr(self, name) for name in TRAITS}),
            keep=self.keep,
            protected=self.protected_accounts,
            warn_minutes=self.warn_minutes,
        )
        return Targets(options, self._root(), self._changed, __version__, self._idle, self._warned)

    async def _idle(self) -> Idle | None:
        from datetime import datetime, timezone

        from .server import activity

        return await activity.idle(self._server, datetime.now(timezone.utc))

    @property
    def _server(self) -> Any:
        return self.serverapp

    def _root(self) -> Path | None:
        root = getattr(self._server.contents_manager, "root_dir", None)
        return Path(root) if root else None

    def _register_event(self) -> None:
        import json

        import jupyter_events

        schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
        if EVENT in self._server.event_logger.schemas.schema_ids:
            return
        # Up to 0.10 a version is a number, from 0.11 on a text.
        if tuple(int(part) for part in jupyter_events.__version__.split(".")[:2]) < (0, 11):
            schema["version"] = int(schema["version"])
        self._server.event_logger.register_event_schema(schema)

    def _warned(self, target: str, warnings: list[CostWarning], revision: int) -> None:
        """To every page, the hidden ones too."""
        self.log.info("smext: %s: %s", target, "; ".join(warning.title for warning in warnings))
        kinds = sorted({ref.kind for warning in warnings for ref in warning.rows})
        self._changed(target, kinds, revision, warned=True)

    def _changed(self, target: str, kinds: list[str], revision: int, warned: bool = False) -> None:
        data: dict[str, Any] = {"target": target, "kinds": kinds, "revision": revision}
        if warned:
            data["warned"] = True
        self._server.event_logger.emit(schema_id=EVENT, data=data)
