"""The routes. Each authenticates, parses, makes one call; errors become HTTP in one place, below."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from tornado import web

if TYPE_CHECKING:
    from datetime import datetime

    from pydantic import BaseModel

    from .service import Service
    from .targets import Targets

# pydantic, the wire and the engine are imported on the first request, not at the server's start.

RESOURCE = "smext"
# Given explicitly: the decorator would remember the first resource that an inherited method meets.
Method = TypeVar("Method", bound=Callable[..., Any])
reads: Callable[[Method], Method] = authorized("read", RESOURCE)
writes: Callable[[Method], Method] = authorized("write", RESOURCE)

Model = TypeVar("Model", bound="BaseModel")
CHUNK = 1 << 20


class Handler(APIHandler):
    """What the routes share."""

    auth_resource = RESOURCE
    _track_activity = False  # looking at jobs is no reason to keep an idle server alive

    async def targets(self) -> Targets:
        found: Targets = await self.settings["smext"].targets()
        return found

    async def service(self) -> Service:
        return (await self.targets()).service(self.get_query_argument("target", ""))

    def body(self, model: type[Model]) -> Model:
        """Raises pydantic.ValidationError."""
        return model.model_validate_json(self.request.body or b"{}")

    def reply(self, answer: BaseModel) -> None:
        self.finish(answer.model_dump_json())

    def item_key(self, action: str = "") -> str:
        """The key as it stands in the address: its parts are quoted, tornado has unquoted them."""
        tail = self.request.path.split("/items/", 1)[1]
        return tail.removesuffix(action)

    def number(self, name: str, default: float, least: float = 0.0, most: float = 1e6) -> float:
        """A number out of the query. Raises errors.Invalid."""
        from .errors import Invalid

        text = self.get_query_argument(name, str(default))
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not least <= value <= most:
            raise Invalid(f"`{name}` is a number from {least:g} to {most:g}: {text}")
        return value

    def when(self, name: str) -> datetime | None:
        """A time with its zone out of the query. Raises errors.Invalid."""
        from datetime import datetime

        from .errors import Invalid

        text = self.get_query_argument(name, "").replace(" ", "+").replace("Z", "+00:00")
        try:
            value = datetime.fromisoformat(text) if text else None
            known = value is None or value.tzinfo is not None
        except ValueError:
            known = False
        if not known:
            raise Invalid(f"`{name}` is a time with its zone, such as 2026-11-20T18:40:00Z: {text}")
        return value

    def log_exception(self, *exc_info: Any) -> None:
        from .errors import SmextError

        if isinstance(exc_info[1], SmextError):
            self.log.info("smext: %s", exc_info[1].message)
        else:
            super().log_exception(*exc_info)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """The one place where errors become HTTP: an ErrorBody, whatever it was."""
        from .errors import describe_exception

        error = (kwargs.get("exc_info") or (None, None))[1]
        status, problem = describe_exception(error, status_code)
        self.set_status(status)
        self.finish(json.dumps({"problem": problem.model_dump(mode="json"), "message": problem.message}))


class ContextHandler(Handler):
    @web.authenticated
    @reads
    async def get(self) -> None:
        self.reply(await (await self.service()).context())


class KindsHandler(Handler):
    @web.authenticated
    @reads
    async def get(self) -> None:
        self.finish({"kinds": [info.model_dump(mode="json") for info in (await self.targets()).kinds()]})


class TablesHandler(Handler):
    @web.authenticated
    @reads
    async def get(self) -> None:
        from .errors import Invalid

        service, watch, since = await self.service(), self.get_query_argument("watch", "none"), 0
        try:
            since = int(self.get_query_argument("since", "0"))
        except ValueError as error:
            raise Invalid("`since` is a revision, a whole number.") from error
        if watch in {"panel", "glance"}:
            service.poller.watch("panel" if watch == "panel" else "glance")
        self.reply(service.poller.tables(since))


class WarningsHandler(Handler):
    @web.authenticated
    @reads
    async def get(self) -> None:
        from datetime import timedelta

        from .guard import Thresholds

        offset = timedelta(minutes=self.number("tz_offset", 0.0, -1440, 1440))
        default = Thresholds()
        thresholds = Thresholds(
            usd_per_hour=self.number("usd_per_hour", default.usd_per_hour),
            idle_hours=self.number("idle_hours", default.idle_hours),
            long_hours=self.number("long_hours", default.long_hours),
        )
        self.reply(await (await self.service()).warnings(thresholds, offset, self.when("since")))


class RefreshHandler(Handler):
    @web.authenticated
    @writes
    async def post(self) -> None:
        (await self.service()).poller.refresh()
        self.finish({})


class ItemHandler(Handler):
    @web.authenticated
    @reads
    async def get(self, kind: str, key: str) -> None:
        self.reply(await (await self.service()).detail(kind, self.item_key()))


class ActionHandler(Handler):
    @web.authenticated
    @writes
    async def post(self, kind: str, key: str, action: str) -> None:
        from .api import ActionRequest

        request = self.body(ActionRequest)
        self.reply(
            await (await self.service()).act(kind, self.item_key(f"/actions/{action}"), action, request)
        )


class LogsHandler(Handler):
    @web.authenticated
    @reads
    async def get(self, kind: str, key: str) -> None:
        cursor = self.get_query_argument("cursor", "")
        self.reply(await (await self.service()).logs(kind, self.item_key("/logs"), cursor))


class OutputsHandler(Handler):
    @web.authenticated
    @reads
    async def get(self, kind: str, key: str) -> None:
        self.reply(await (await self.service()).outputs(kind, self.item_key("/outputs")))


class OutputFileHandler(Handler):
    @web.authenticated
    @reads
    async def get(self, kind: str, key: str) -> None:
        service, uri = await self.service(), self.get_query_argument("key")
        body, size = await service.open_output(kind, self.item_key("/outputs/file"), uri)
        name = quote(uri.rsplit("/", 1)[-1])
        self.set_header("Content-Disposition", f"attachment; filename*=UTF-8''{name}")
        self.set_header("Content-Length", str(size))
        try:
            while chunk := await service.account.run(body.read, CHUNK):
                self.write(chunk)
                await self.flush()
        finally:
            body.close()
        self.finish(set_content_type="application/octet-stream")


class NotebookHandler(Handler):
    @web.authenticated
    @writes
    async def post(self, kind: str, key: str) -> None:
        from .copies import write_copy

        found = await (await self.service()).notebook(kind, self.item_key("/notebook"))
        self.reply(await write_copy(self.contents_manager, *found))


class DefaultsHandler(Handler):
    @web.authenticated
    @writes
    async def post(self) -> None:
        from .api import NotebookDocument

        self.reply(await (await self.service()).defaults(self.body(NotebookDocument)))


class PlanHandler(Handler):
    @web.authenticated
    @writes
    async def post(self) -> None:
        from .api import LaunchRequest

        targets, request = await self.targets(), self.body(LaunchRequest)
        self.reply(await (await self.service()).plan(request, targets.root))


class CodeHandler(Handler):
    @web.authenticated
    @writes
    async def post(self) -> None:
        from .api import CodeRequest

        targets, request = await self.targets(), self.body(CodeRequest)
        self.reply(await (await self.service()).code(request, targets.root))


class ApplyHandler(Handler):
    @web.authenticated
    @writes
    async def post(self) -> None:
        from .api import LaunchRequest

        targets, request = await self.targets(), self.body(LaunchRequest)
        self.reply(await (await self.service()).apply(request, targets.root))


class UnknownHandler(Handler):
    """Anything else below /smext/ is an error of ours, not JupyterLab's page."""

    @web.authenticated
    @reads
    async def get(self, path: str) -> None:
        from .errors import NotFound

        raise NotFound(
            f"smext has no such route: {path}", advice="Reload the page: it may be older than the server."
        )

    @web.authenticated
    @writes
    async def post(self, path: str) -> None:
        from .errors import NotFound

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
    (r"/smext/launch/defaults", DefaultsHandler),
    (r"/smext/launch/plan", PlanHandler),
    (r"/smext/launch/code", CodeHandler),
    (r"/smext/launch/apply", ApplyHandler),
    (r"/smext/(.*)", UnknownHandler),
]
