"""The routes. Each authenticates, parses, makes one call; errors become HTTP in `base_handler`."""

from __future__ import annotations

from tornado import web

from . import launch
from .base import Handler, reads, writes

CHUNK = 1 << 20


class ContextHandler(Handler):
    @web.authenticated
    @reads
    async def get(self) -> None:
        """Answer where this server is and as whom it calls AWS: Context."""
        self.reply(await (await self.service()).context())


class KindsHandler(Handler):
    @web.authenticated
    @reads
    async def get(self) -> None:
        """Answer with all kinds of resources: KindInfo each."""
        self.finish({"kinds": [info.model_dump(mode="json") for info in (await self.targets()).kinds()]})


class TablesHandler(Handler):
    @web.authenticated
    @reads
    async def get(self) -> None:
        """Answer with the tables that changed after `since`, and renew the lease of `watch`: Tables."""
        from ...errors import Invalid
        from ...inventory.cadence import LEVELS

        service, watch, since = await self.service(), self.get_query_argument("watch", "none"), 0
        try:
            since = int(self.get_query_argument("since", "0"))
        except ValueError as error:
            raise Invalid("`since` is a revision, a whole number.") from error
        for level in LEVELS:
            if level == watch:
                service.poller.watch(level)
        self.reply(service.poller.tables(since))


class WarningsHandler(Handler):
    @web.authenticated
    @reads
    async def get(self) -> None:
        """Answer with what deserves a warning, by the user's thresholds and clock: Warnings."""
        from dataclasses import asdict
        from datetime import timedelta

        from ...alerts.rules import Thresholds

        offset = timedelta(minutes=self.number("tz_offset", 0.0, -1440, 1440))
        default = asdict(Thresholds())
        given = {name: self.number(name, value) for name, value in default.items()}
        peek = self.get_query_argument("peek", "") == "1"
        service, since = await self.service(), self.when("since")
        self.reply(await service.warnings(Thresholds(**given), offset, since, peek=peek))


class RefreshHandler(Handler):
    @web.authenticated
    @writes
    async def post(self) -> None:
        """Read every table anew, without waiting for it."""
        (await self.service()).refresh()
        self.finish({})


class ItemHandler(Handler):
    @web.authenticated
    @reads
    async def get(self, kind: str, key: str) -> None:
        """Answer with all that is known of one item: ItemDetail."""
        self.reply(await (await self.service()).detail(kind, self.item_key()))


class ActionHandler(Handler):
    @web.authenticated
    @writes
    async def post(self, kind: str, key: str, action: str) -> None:
        """Carry out a confirmed action on one item: ActionResult."""
        from ...api import ActionRequest

        request = self.body(ActionRequest)
        self.reply(
            await (await self.service()).act(kind, self.item_key(f"/actions/{action}"), action, request)
        )


class LogsHandler(Handler):
    @web.authenticated
    @reads
    async def get(self, kind: str, key: str) -> None:
        """Answer with the log after `cursor`: LogPage."""
        cursor = self.get_query_argument("cursor", "")
        self.reply(await (await self.service()).logs(kind, self.item_key("/logs"), cursor))


class OutputsHandler(Handler):
    @web.authenticated
    @reads
    async def get(self, kind: str, key: str) -> None:
        """List what a job has left in S3: Outputs."""
        self.reply(await (await self.service()).outputs(kind, self.item_key("/outputs")))


class OutputFileHandler(Handler):
    """An output as a download: whatever it is, the browser saves it and shows nothing of it as a page of this server."""

    @property
    def content_security_policy(self) -> str:
        """The server's own policy, and no scripts."""
        return f"{super().content_security_policy}; sandbox"

    @web.authenticated
    @reads
    async def get(self, kind: str, key: str) -> None:
        """Send one of a job's outputs as a download."""
        from ...runs import downloads

        # A key may begin or end with a space.
        service, uri = await self.service(), self.get_query_argument("key", strip=False)
        body, size = await service.open_output(kind, self.item_key("/outputs/file"), uri)
        name = downloads.file_name(uri)
        # Before the first bytes go: what `finish` sets comes too late.
        self.set_header("Content-Type", downloads.content_type(name))
        self.set_header("Content-Disposition", downloads.disposition(name))
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Content-Length", str(size))
        try:
            while chunk := await service.account.run(body.read, CHUNK):
                self.write(chunk)
                await self.flush()
        finally:
            body.close()
        self.finish(set_content_type=downloads.content_type(name))


class NotebookHandler(Handler):
    @web.authenticated
    @writes
    async def post(self, kind: str, key: str) -> None:
        """Write the run's notebook beside its source, and answer with the copy's path."""
        from ...runs.notebook_copy import write_copy

        found = await (await self.service()).notebook(kind, self.item_key("/notebook"))
        self.reply(await write_copy(self.contents_manager, *found))


class UnknownHandler(Handler):
    """Anything else below /smext/ is an error of ours, not JupyterLab's page."""

    @web.authenticated
    @reads
    async def get(self, path: str) -> None:
        """Say that there is no such route."""
        from ...errors import NotFound

        raise NotFound(
            f"smext has no such route: {path}", advice="Reload the page: it may be older than the server."
        )

    @web.authenticated
    @writes
    async def post(self, path: str) -> None:
        """Say that there is no such route."""
        from ...errors import NotFound

        raise NotFound(
            f"smext has no such route: {path}", advice="Reload the page: it may be older than the server."
        )


_ITEM = r"/smext/kinds/(?P<kind>[^/]+)/items/(?P<key>.+?)"

ROUTES: list[tuple[str, type[Handler]]] = [
    (r"/smext/context", ContextHandler),
    (r"/smext/kinds", KindsHandler),
    (r"/smext/tables", TablesHandler),
    (r"/smext/refresh", RefreshHandler),
    (r"/smext/warnings", WarningsHandler),
    (_ITEM + r"/actions/(?P<action>[^/]+)", ActionHandler),
    (_ITEM + r"/logs", LogsHandler),
    (_ITEM + r"/outputs", OutputsHandler),
    (_ITEM + r"/outputs/file", OutputFileHandler),
    (_ITEM + r"/notebook", NotebookHandler),
    (_ITEM, ItemHandler),
    *launch.ROUTES,
    (r"/smext/(.*)", UnknownHandler),
]
