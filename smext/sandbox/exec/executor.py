"""Executor of jobs: runs them as they are created, a few at a time, and ends them with the sandbox."""

from __future__ import annotations

import itertools
import os
import shutil
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..sagemaker.engine import Engine
from ..sagemaker.joblog import GROUPS, REALLY_RUNS, stream_name
from ..sagemaker.resource_type import Phase, ResourceType
from ..sagemaker.resources import Resource
from . import contract
from .contract import Unsupported
from .isolation import Isolation, chosen
from .job import Job

_KINDS = frozenset({"TrainingJob", "ProcessingJob"})
_END_SECONDS = 10.0


class Executor:
    """Machines of the sandbox: this one, for as many jobs at once as it has processors (at least two).

    `s3` is a client whose calls no fault strikes; `env` is what makes boto3 in a job reach the sandbox;
    `grace` is how many seconds a stopped job has between SIGTERM and SIGKILL; jobs have their directories in
    `root`; `images` are interpreters by the address of the image whose Python they are.
    """

    def __init__(
        self,
        engine: Engine,
        s3: Any,
        env: dict[str, str],
        grace: float,
        root: Path,
        images: Mapping[str, Path],
    ) -> None:
        self.engine = engine
        self.s3 = s3
        self.env = env
        self.grace = grace
        self.images = images
        self.isolation: Isolation = chosen()
        self.slots = threading.Semaphore(max(2, os.cpu_count() or 1))
        self.closing = threading.Event()
        self._root = root
        self._numbers = itertools.count(1)
        self._jobs: dict[str, Job] = {}

    def takes(self, kind: ResourceType) -> bool:
        """Return True for resource types whose jobs really run."""
        return kind.name in _KINDS

    def launch(self, resource: Resource) -> None:
        """Start a job that was just created; one that names no program follows its timeline instead."""
        try:
            given = contract.of(resource)
        except Unsupported as reason:
            self.engine.enter(
                resource, Phase(0, "Failed", "Failed", f"ClientError: {reason}"), self.engine.clock.now()
            )
            return
        if given is None:
            self._say(
                resource,
                "The sandbox has no container images: a job without an entry point only passes time.",
            )
            self.engine.play(resource, resource.kind.born[1:])
            return
        resource.fields["Sandbox"] = REALLY_RUNS
        job = Job(self, resource, given)
        self._jobs[resource.arn] = job
        job.start()

    def stop(self, resource: Resource) -> None:
        """Ask a running job to end; it has `grace` seconds."""
        job = self._jobs.get(resource.arn)
        if job is not None:
            job.stop()

    def abandon(self, resource: Resource) -> None:
        """End a running job's processes and leave its status as it is."""
        job = self._jobs.pop(resource.arn, None)
        if job is not None:
            job.abandon()

    def runs(self, resource: Resource) -> bool:
        """Return True while the resource's job is running."""
        return resource.arn in self._jobs

    @property
    def busy(self) -> bool:
        """Whether a job runs."""
        return bool(self._jobs)

    def terminate(self) -> None:
        """Send SIGTERM to the processes of all jobs, without waiting for their end."""
        for job in list(self._jobs.values()):
            job.stop()

    def close(self) -> None:
        """End all jobs at once."""
        self.closing.set()
        for job in list(self._jobs.values()):
            job.kill()
        for job in list(self._jobs.values()):
            job.join(_END_SECONDS)
        shutil.rmtree(self._root, ignore_errors=True)

    def new_directory(self) -> Path:
        """Return a directory for one job; a short path, as sockets below it may not pass 108 characters."""
        return self._root / f"{next(self._numbers)}"

    def forget(self, resource: Resource) -> None:
        """Forget a job that has ended."""
        self._jobs.pop(resource.arn, None)

    def _say(self, resource: Resource, text: str) -> None:
        group = GROUPS[resource.kind.name]
        self.engine.write_logs(
            resource.region, group, stream_name(resource), [(self.engine.clock.now(), text)]
        )
