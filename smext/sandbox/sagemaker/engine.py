"""Engine of all resource types: create, describe, list, stop, start, update, delete."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from botocore.model import OperationModel, ServiceModel
from moto.core.utils import get_service_model

from ..clock import Clock
from ..errors import AwsError
from . import listing
from .resource_type import GONE, Phase, ResourceType, Timeline
from .resources import Fields, Resource, Store
from .timeline import Timetable
from .validation import check, cut

Handler = Callable[[Store, OperationModel, Fields], Fields]


class Executor(Protocol):
    """Runner of jobs that really run instead of following a timeline."""

    def takes(self, kind: ResourceType) -> bool:
        """Return True for resource types whose jobs really run."""

    def runs(self, resource: Resource) -> bool:
        """Return True while the resource's job is running."""

    def launch(self, resource: Resource) -> None:
        """Start a job that was just created."""

    def stop(self, resource: Resource) -> None:
        """Ask a running job to end."""

    def abandon(self, resource: Resource) -> None:
        """End a running job and leave its status as it is."""


class LogWriter(Protocol):
    def __call__(self, region: str, group: str, stream: str, lines: list[tuple[datetime, str]]) -> None:
        """Append (time, text) lines to a log stream."""


class Engine:
    """SageMaker of one account: resource types, their resources by region, and their timelines."""

    def __init__(
        self, account: str, clock: Clock, kinds: tuple[ResourceType, ...], write_logs: LogWriter
    ) -> None:
        self.account = account
        self.kinds = {kind.name: kind for kind in kinds}
        self.timetable = Timetable(clock)
        self.clock = clock
        self.model: ServiceModel = get_service_model("sagemaker")
        self.write_logs = write_logs
        self.executor: Executor | None = None
        #: Asked before anything is created; an answer is the error of the call.
        self.refusals: list[Callable[[ResourceType, Fields], AwsError | None]] = []
        #: Asked what becomes of a new resource; an answer replaces success, in exec mode too.
        self.courses: list[Callable[[ResourceType, Fields], Timeline | None]] = []
        self._stores: dict[str, Store] = {}
        self._handlers: dict[str, Handler] = {}
        for kind in kinds:
            self._register(kind)

    def store(self, region: str) -> Store:
        """Return the store of a region, made with the first use."""
        return self._stores.setdefault(region, Store(region))

    def stores(self) -> list[Store]:
        """Return the stores of all regions used so far."""
        return list(self._stores.values())

    def handle(self, operation: str, handler: Handler) -> None:
        """Add an operation that is not one of the engine's own verbs."""
        self._handlers[operation] = handler

    def call(self, region: str, operation: str, params: Fields) -> Fields:
        """Answer one request. Raises AwsError."""
        handler = self._handlers.get(operation)
        if handler is None or operation not in self.model.operation_names:
            raise AwsError(
                "UnknownOperationException", f"The sandbox does not know the operation {operation}."
            )
        model = self.model.operation_model(operation)
        check(params, model.input_shape)
        with self.timetable.lock:
            self.timetable.settle()
            return handler(self.store(region), model, params)

    def _register(self, kind: ResourceType) -> None:
        verbs = {
            "Create": self._create,
            "Describe": self._describe,
            "Stop": self._stop,
            "Start": self._start,
            "Update": self._update,
            "Delete": self._delete,
        }
        for verb, method in verbs.items():
            self._handlers[f"{verb}{kind.name}"] = _bound(method, kind)
        self._handlers[kind.lists] = _bound(self._list, kind)

    def _create(self, kind: ResourceType, store: Store, model: OperationModel, params: Fields) -> Fields:
        for refuse in self.refusals:
            if error := refuse(kind, params):
                raise error
        resource = self.add(kind, store.region, params)
        course = next((found for course in self.courses if (found := course(kind, resource.fields))), None)
        if course is None and self.executor and self.executor.takes(kind):
            self.executor.launch(resource)
        else:
            self.play(resource, (course or kind.born)[1:])
        return cut(resource.fields, model.output_shape)

    def add(self, kind: ResourceType, region: str, params: Fields, age: timedelta = timedelta(0)) -> Resource:
        """Add a resource as Create does, born `age` ago, without starting its timeline."""
        fields: Fields = copy.deepcopy(params)
        tags = {tag["Key"]: tag.get("Value", "") for tag in fields.pop("Tags", None) or []}
        kind.prepare(self, fields, region)
        store, key = self.store(region), kind.key(kind, fields)
        arn = f"arn:aws:sagemaker:{region}:{self.account}:" + kind.arn.format(**fields)
        present = store.get(kind.name, key)
        if present is not None and present.status != "Deleted":
            raise kind.taken(fields[kind.display], arn)
        moment = self.clock.now() - age
        fields |= {kind.arn_name: arn, "CreationTime": moment, "LastModifiedTime": moment}
        resource = Resource(kind, key, arn, region, fields, tags)
        if kind.born:
            self.enter(resource, kind.born[0], moment)
        store.add(resource)
        return resource

    def play(self, resource: Resource, timeline: Timeline) -> None:
        """Schedule a timeline from now on, instead of whatever was scheduled for this resource."""
        resource.version += 1
        due = self.timetable.now()
        for phase in timeline:
            due += phase.after
            if phase.after == 0:
                self.enter(resource, phase, self.clock.now())
            else:
                self.schedule(resource, due, self._entering(resource, phase))

    def _entering(self, resource: Resource, phase: Phase) -> Callable[[datetime], None]:
        return lambda at: self.enter(resource, phase, at)

    def schedule(self, resource: Resource, due: float, action: Callable[[datetime], None]) -> None:
        """Run `action` at virtual second `due`, unless the resource was scheduled anew by then."""
        version = resource.version
        self.timetable.at(due, lambda at: action(at) if resource.version == version else None)

    def enter(self, resource: Resource, phase: Phase, at: datetime) -> None:
        """Begin a phase: set status, times, and what the resource type adds."""
        if phase.status == GONE:
            self.store(resource.region).remove(resource)
            return
        if resource.kind.status:
            resource.fields[resource.kind.status] = phase.status
        resource.fields["LastModifiedTime"] = at
        resource.kind.entered(self, resource, phase, at)

    def find(self, kind: ResourceType, store: Store, params: Fields) -> Resource:
        """Return the resource that the request names.

        Raises the resource type's AwsError if there is none.
        """
        resource = store.get(kind.name, kind.key(kind, params))
        if resource is None:
            names = {member: params.get(member, "") for member in kind.id}
            arn = f"arn:aws:sagemaker:{store.region}:{self.account}:{kind.arn.split('/')[0]}/{names[kind.display]}"
            raise kind.missing(str(names[kind.display]), arn)
        return resource

    def _describe(self, kind: ResourceType, store: Store, model: OperationModel, params: Fields) -> Fields:
        resource = self.find(kind, store, params)
        return cut({**resource.fields, **kind.view(resource.fields)}, model.output_shape)

    def _list(self, kind: ResourceType, store: Store, model: OperationModel, params: Fields) -> Fields:
        return listing.answer(kind, model, store.all(kind.name), params)

    def _stop(self, kind: ResourceType, store: Store, model: OperationModel, params: Fields) -> Fields:
        resource = self.find(kind, store, params)
        _require(resource, kind.stoppable, "stop")
        self.stop(resource)
        return cut(resource.fields, model.output_shape)

    def stop(self, resource: Resource) -> None:
        """Stop a resource: its process where one runs, else by its timeline."""
        if self.executor and self.executor.runs(resource):
            self.enter(resource, resource.kind.stop[0], self.clock.now())
            self.executor.stop(resource)
        else:
            self.play(resource, resource.kind.stop)

    def _start(self, kind: ResourceType, store: Store, model: OperationModel, params: Fields) -> Fields:
        resource = self.find(kind, store, params)
        _require(resource, kind.startable, "start")
        self.play(resource, kind.start)
        return cut(resource.fields, model.output_shape)

    def _update(self, kind: ResourceType, store: Store, model: OperationModel, params: Fields) -> Fields:
        resource = self.find(kind, store, params)
        _require(resource, kind.updatable, "update")
        change = copy.deepcopy({name: value for name, value in params.items() if name not in kind.id})
        if kind.apply_update:
            kind.apply_update(self, resource, change)
        else:
            _merge(resource.fields, change)
        resource.fields["LastModifiedTime"] = self.clock.now()
        if kind.update:
            self.play(resource, kind.update)
        return cut(resource.fields, model.output_shape)

    def _delete(self, kind: ResourceType, store: Store, model: OperationModel, params: Fields) -> Fields:
        resource = self.find(kind, store, params)
        _require(resource, kind.deletable, "delete")
        kind.before_delete(self, resource)
        body = cut(resource.fields, model.output_shape)
        if kind.delete:
            self.play(resource, kind.delete)
        else:
            store.remove(resource)
        return body


def _bound(method: Callable[..., Fields], kind: ResourceType) -> Handler:
    return lambda store, model, params: method(kind, store, model, params)


def _require(resource: Resource, allowed: frozenset[str], verb: str) -> None:
    if allowed and resource.status not in allowed:
        raise resource.kind.refused(resource, verb)


def _merge(fields: Fields, change: Fields) -> None:
    for name, value in change.items():
        if isinstance(value, dict) and isinstance(fields.get(name), dict):
            _merge(fields[name], value)
        else:
            fields[name] = value
