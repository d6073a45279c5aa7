"""The handle with which a test steers a sandbox, in process or over its control route."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .errors import AwsError
from .sagemaker.kind import Phase
from .sagemaker.resources import Resource

if TYPE_CHECKING:
    from .faults import Faults
    from .sagemaker.engine import Engine
    from .signing import Verifier


class Control:
    """Steps time, plants and mends faults, ends jobs."""

    def __init__(self, engine: Engine, faults: Faults, verifier: Verifier, region: str) -> None:
        self._engine = engine
        self._faults = faults
        self._verifier = verifier
        self._region = region

    @property
    def calls(self) -> list[str]:
        """Names of the operations asked for so far, in order."""
        return self._faults.calls

    def advance(self, seconds: float) -> None:
        """Let virtual seconds pass at once: what falls due in them has happened when this returns."""
        self._engine.timetable.advance(seconds)

    def fail(self, operation: str, code: str, times: int | None = None, message: str | None = None) -> None:
        """Answer an operation with an error, for ever or so many times.

        `*` matches anything; `s3:PutObject` means the operation of one service only.
        """
        self._faults.fail(operation, code, times, message)

    def hang(self, operation: str) -> None:
        """Never answer an operation, until healed."""
        self._faults.hang(operation)

    def delay(self, milliseconds: float) -> None:
        """Make every call take so much longer."""
        self._faults.delay(milliseconds)

    def limit(self, service: str, calls_per_second: float) -> None:
        """Throttle a service beyond a second's worth of calls at once and so many a second."""
        self._faults.limit(service, calls_per_second)

    def expire(self) -> None:
        """The session token has expired (only of a sandbox that gave one)."""
        self._verifier.expired = True

    def heal(self) -> None:
        """End all faults, delays, hanging calls and the expiry."""
        self._verifier.expired = False
        self._faults.heal()
        self._engine.refusals.clear()
        self._engine.courses.clear()

    def end(self, name: str, status: str = "Completed", reason: str = "") -> None:
        """End a running job or set a resource's status now, by its name; what was planned for it is off."""
        with self._engine.timetable.lock:
            resource = self._named(name)
            resource.version += 1
            if self._engine.executor is not None:
                self._engine.executor.abandon(resource)
            self._engine.enter(resource, Phase(0, status, status, reason), self._engine.clock.now())

    def _named(self, name: str) -> Resource:
        for resource in self._engine.store(self._region).everything():
            if name in (resource.key[-1], resource.arn):
                return resource
        raise AwsError("ResourceNotFound", f"The sandbox holds nothing named {name}.")

    def apply(self, commands: dict[str, Any]) -> dict[str, Any]:
        """Commands as JSON: the name of a method -> its argument, arguments or keyword arguments."""
        for name, argument in commands.items():
            if name not in _COMMANDS:
                raise AwsError(
                    "ValidationException", f"Unknown command: {name}. Known: {', '.join(_COMMANDS)}."
                )
            if name == "calls":
                continue
            method = getattr(self, name)
            if isinstance(argument, dict):
                method(**argument)
            elif isinstance(argument, list):
                method(*argument)
            elif argument is None or argument is True:
                method()
            else:
                method(argument)
        return {"calls": list(self.calls)} if "calls" in commands else {"calls": len(self.calls)}


_COMMANDS = ("advance", "fail", "hang", "delay", "limit", "expire", "heal", "end", "calls")
