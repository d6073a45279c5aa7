"""Controls of a sandbox for tests, in process or over its control route."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .errors import AwsError
from .sagemaker.resource_type import Phase
from .sagemaker.resources import Resource

if TYPE_CHECKING:
    from .faults import Faults
    from .sagemaker.engine import Engine
    from .signing import Verifier


class Control:
    """Controls for virtual time, faults and the end of jobs."""

    def __init__(self, engine: Engine, faults: Faults, verifier: Verifier, region: str) -> None:
        self._engine = engine
        self._faults = faults
        self._verifier = verifier
        self._region = region

    @property
    def calls(self) -> list[str]:
        """Operations asked for so far, in order."""
        return self._faults.calls

    def advance(self, seconds: float) -> None:
        """Step virtual seconds ahead; what falls due in them has happened when this returns."""
        self._engine.timetable.advance(seconds)

    def fail(self, operation: str, code: str, times: int | None = None, message: str | None = None) -> None:
        """Answer an operation with an error, always or `times` times.

        `*` matches anything; `s3:PutObject` means the operation of one service only.
        """
        self._faults.fail(operation, code, times, message)

    def hang(self, operation: str) -> None:
        """Never answer an operation, until `heal`."""
        self._faults.hang(operation)

    def delay(self, milliseconds: float) -> None:
        """Delay every call by so many milliseconds."""
        self._faults.delay(milliseconds)

    def limit(self, service: str, calls_per_second: float) -> None:
        """Throttle a service to so many calls a second, with a burst of one second's worth."""
        self._faults.limit(service, calls_per_second)

    def expire(self) -> None:
        """Expire the session token (only of a sandbox that gave one)."""
        self._verifier.expired = True

    def heal(self) -> None:
        """End all faults, delays, hanging calls and the expiry."""
        self._verifier.expired = False
        self._faults.heal()
        self._engine.refusals.clear()
        self._engine.courses.clear()

    def end(self, name: str, status: str = "Completed", reason: str = "") -> None:
        """End a running job or set a resource's status now, by its name, instead of its timeline."""
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
        """Carry out commands as JSON: the name of a method -> its argument, arguments or keyword arguments."""
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
