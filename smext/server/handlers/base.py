"""What the routes share: who may, what was asked, and errors as HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler

if TYPE_CHECKING:
    from datetime import datetime

    from pydantic import BaseModel

    from ..service import Service
    from ..targets import Targets

# pydantic, the wire and the engine are imported on the first request, not at the server's start.

RESOURCE = "smext"
# Given explicitly: the decorator would remember the first resource that an inherited method meets.
Method = TypeVar("Method", bound=Callable[..., Any])
reads: Callable[[Method], Method] = authorized("read", RESOURCE)
writes: Callable[[Method], Method] = authorized("write", RESOURCE)

Model = TypeVar("Model", bound="BaseModel")


class Handler(APIHandler):
    """What the routes share."""

    auth_resource = RESOURCE
    _track_activity = False  # looking at jobs is no reason to keep an idle server alive

    async def targets(self) -> Targets:
        """Return the accounts and regions of this server."""
        found: Targets = await self.settings["smext"].targets()
        return found

    async def service(self) -> Service:
        """Return the service of the target that the address names. Raises errors.Invalid."""
        return (await self.targets()).service(self.get_query_argument("target", ""))

    def body(self, model: type[Model]) -> Model:
        """Parse the body. Raises pydantic.ValidationError, and errors.Invalid for values that nothing here can mean."""
        from ..json_values import refuse

        made = self._parsed(model)
        refuse(made.model_dump(exclude={"notebook": {"content"}}))
        return made

    def _parsed(self, model: type[Model]) -> Model:
        from pydantic import ValidationError

        text = self.request.body or b"{}"
        try:
            return model.model_validate_json(text)
        except ValidationError:
            content = _with_halves(text)
            if content is None:
                raise
        from ...api.values import FROM_WIRE

        return model.model_validate(content, context=FROM_WIRE)

    def reply(self, answer: BaseModel) -> None:
        """Write an answer as JSON."""
        from pydantic_core import PydanticSerializationError

        try:
            text = answer.model_dump_json()
        except PydanticSerializationError:
            # Half of a surrogate pair, of a notebook or a file's name, is no UTF-8, but JSON has an escape for it.
            text = json.dumps(answer.model_dump(mode="json"))
        self.finish(text)

    def item_key(self, action: str = "") -> str:
        """Return the key as it stands in the address: its parts are quoted, tornado has unquoted them."""
        tail = self.request.path.split("/items/", 1)[1]
        return tail.removesuffix(action)

    def number(self, name: str, default: float, least: float = 0.0, most: float = 1e6) -> float:
        """Parse a number of the query. Raises errors.Invalid."""
        from ...errors import Invalid

        text = self.get_query_argument(name, str(default))
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not least <= value <= most:
            raise Invalid(f"`{name}` is a number from {least:g} to {most:g}: {text}")
        return value

    def when(self, name: str) -> datetime | None:
        """Parse a time with its zone of the query. Raises errors.Invalid."""
        from datetime import datetime

        from ...errors import Invalid

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
        """Log what a handler raised, without what may be a secret."""
        from ...errors import SmextError, describe_exception

        status, problem = describe_exception(exc_info[1], 500)
        # A body that is no good is not shown with what it holds: that may be a secret.
        if status < 500 or isinstance(exc_info[1], SmextError):
            self.log.info("smext: %s", problem.message)
        else:
            super().log_exception(*exc_info)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Answer with an ErrorBody whatever was raised: the one place where errors become HTTP."""
        from ...errors import describe_exception

        error = (kwargs.get("exc_info") or (None, None))[1]
        status, problem = describe_exception(error, status_code)
        self.set_status(status)
        self.finish(json.dumps({"problem": problem.model_dump(mode="json"), "message": problem.message}))


def _with_halves(text: bytes) -> Any:
    """JSON with halves of surrogate pairs, which pydantic does not read; None where that is not what is wrong with it."""
    try:
        content = json.loads(text)
        json.dumps(content, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return content
    except (ValueError, RecursionError):
        pass
    return None
