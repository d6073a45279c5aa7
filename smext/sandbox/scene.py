"""Scene: what the file of a scene may do with its account."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from .sagemaker.resource_type import Phase
from .sagemaker.resources import Resource

if TYPE_CHECKING:
    from .local_account import Sandbox


class Scene:
    """Account under construction; resources are added directly, born `age` ago, in any state."""

    def __init__(self, box: Sandbox) -> None:
        self.box = box
        self.engine = box.engine
        self.region = box.region
        self.account = box.account_id
        self.role = box.role_arn
        self.bucket = box.bucket
        self.control = box.control

    def create(self, kind: str, age: timedelta | None = None, **fields: Any) -> Resource:
        """Create a resource that follows its timeline from the start."""
        resource = self.engine.add(self.engine.kinds[kind], self.region, fields, age or timedelta(0))
        self.engine.play(resource, resource.kind.born[1:])
        return resource

    def place(
        self,
        kind: str,
        status: str,
        age: timedelta,
        *,
        lasted: timedelta | None = None,
        reason: str = "",
        **fields: Any,
    ) -> Resource:
        """Create a resource in `status`, where it stays; an ended one ended `lasted` after its birth."""
        row = self.engine.kinds[kind]
        resource = self.engine.add(row, self.region, fields, age)
        if not row.status:
            return resource
        born = resource.created
        ended = born + (lasted if lasted is not None else min(age, timedelta(minutes=5)))
        for at, phase in _steps(row.born, status, born, ended, reason):
            self.engine.enter(resource, phase, at)
        return resource

    def stand_in(self, metadata: dict[str, Any], env: dict[str, str] | None = None) -> None:
        """Set where the client seems to run: the metadata file and further environment variables."""
        self.box.client_env.write_metadata(metadata)
        self.box.client_env.extra_env.update(env or {})

    def put_object(self, key: str, body: bytes) -> str:
        """Write an object into the account's bucket; return its S3 URI."""
        self.box.backends.put_object(self.bucket, key, body)
        return f"s3://{self.bucket}/{key}"

    def log(self, group: str, stream: str, age: timedelta, *lines: str) -> None:
        """Write lines of a log stream, one second apart, the first `age` ago."""
        start = self.engine.clock.now() - age
        events = [(start + timedelta(seconds=index), line) for index, line in enumerate(lines)]
        self.box.backends.write_logs(self.region, group, stream, events)


def _steps(
    born: tuple[Phase, ...], status: str, begun: Any, ended: Any, reason: str
) -> list[tuple[Any, Phase]]:
    """Return the phases up to `status`, spread between birth and `ended` in proportion to the timeline."""
    path = [phase for phase in born[1:] if phase.status == born[0].status]
    steps = []
    total = sum(phase.after for phase in path) or 1.0
    passed = 0.0
    running = status == born[0].status
    for phase in path:
        if running and phase.secondary == "Uploading":
            continue
        passed += phase.after
        steps.append((begun + (ended - begun) * min(0.3, 0.3 * passed / total), phase))
    if not running:
        end = Phase(0, status, status, reason)
        steps.append((ended, end))
    return steps
