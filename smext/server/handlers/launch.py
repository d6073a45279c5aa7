"""The routes of launches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tornado import web

from .base import Handler, reads, writes

if TYPE_CHECKING:
    from ..launch_service import Launches


class LaunchHandler(Handler):
    """One launch route's share of a target."""

    async def launches(self) -> Launches:
        """Return the launches of the target that the address names."""
        return (await self.service()).launches


class DefaultsHandler(LaunchHandler):
    @web.authenticated
    @writes
    async def post(self) -> None:
        """Answer with the form as it opens for a notebook: LaunchDefaults."""
        from ...api import DefaultsRequest
        from ...launch import defaults

        request = self.body(DefaultsRequest)
        self.reply(await (await self.launches()).ask(defaults, request, fetch=False))


class PlanHandler(LaunchHandler):
    @web.authenticated
    @writes
    async def post(self) -> None:
        """Plan a launch, creating nothing: Plan."""
        from ...api import LaunchRequest
        from ...launch import plan

        request = self.body(LaunchRequest)
        self.reply(await (await self.launches()).ask(plan, request))


class CodeHandler(LaunchHandler):
    @web.authenticated
    @writes
    async def post(self) -> None:
        """Write a launch as SageMaker SDK code: Code."""
        from ...api import CodeRequest
        from ...launch import code

        request = self.body(CodeRequest)
        self.reply(await (await self.launches()).ask(code, request))


class ApplyHandler(LaunchHandler):
    @web.authenticated
    @writes
    async def post(self) -> None:
        """Start a job: Launched."""
        from ...api import LaunchRequest

        request = self.body(LaunchRequest)
        self.reply(await (await self.launches()).apply(request))


class ProgressHandler(LaunchHandler):
    @web.authenticated
    @reads
    async def get(self) -> None:
        """Answer how far a launch is: LaunchProgress."""
        from ...launch.progress import progress

        await self.launches()  # refuses a target that is not allowed
        self.reply(progress(self.get_query_argument("name", "")))


class CancelHandler(LaunchHandler):
    @web.authenticated
    @writes
    async def post(self) -> None:
        """Cancel a launch whose job was not created yet: LaunchProgress."""
        from ...api import LaunchName
        from ...launch.progress import cancel

        await self.launches()  # refuses a target that is not allowed
        self.reply(cancel(self.body(LaunchName).name))


class MachinesHandler(LaunchHandler):
    @web.authenticated
    @reads
    async def get(self) -> None:
        """List the instance types of a kind of job: Machines."""
        self.reply(await (await self.launches()).machines(self.get_query_argument("job_kind", "processing")))


class BrowseHandler(LaunchHandler):
    @web.authenticated
    @reads
    async def get(self) -> None:
        """List what is below a prefix in S3: S3Listing."""
        from ...launch.browse import browse

        account = (await self.service()).account
        self.reply(await account.run(browse, account, self.get_query_argument("uri", "")))


ROUTES: list[tuple[str, type[Handler]]] = [
    (r"/smext/launch/defaults", DefaultsHandler),
    (r"/smext/launch/plan", PlanHandler),
    (r"/smext/launch/code", CodeHandler),
    (r"/smext/launch/apply", ApplyHandler),
    (r"/smext/launch/progress", ProgressHandler),
    (r"/smext/launch/cancel", CancelHandler),
    (r"/smext/launch/machines", MachinesHandler),
    (r"/smext/launch/s3", BrowseHandler),
]
