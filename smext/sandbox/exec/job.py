"""Run of one job as a process: inputs, process, outputs, and the status that goes with each."""

from __future__ import annotations

import logging
import os
import shutil
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from ..sagemaker.joblog import GROUPS, stream_name
from ..sagemaker.resource_type import Phase
from ..sagemaker.resources import Resource
from .contract import ML, Contract, Output
from .process import Process
from .transfer import Mirror, TransferError, archive, download, download_listed

if TYPE_CHECKING:
    from .executor import Executor

_log = logging.getLogger(__name__)
_TICK_SECONDS = 0.05
_SYNC_SECONDS = 1.0
_REASON_LENGTH = 1024
#: Of the sandbox's own environment, what a job needs to find packages and the network; nothing of Jupyter.
_INHERITED = ("LANG", "LC_ALL", "TZ", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy",
              "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "LD_LIBRARY_PATH")  # fmt: skip
_INHERITED_PREFIXES = ("PIP_", "UV_")
_LOCALE = ("LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH")
#: An isolated job: whoever would go out, pip or boto3, finds nobody there. Port 9 discards.
_NO_NETWORK = {
    **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), "http://127.0.0.1:9"),
    "PIP_CONFIG_FILE": os.devnull,
    "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
}


class Job:
    """One job on one thread."""

    def __init__(self, executor: Executor, resource: Resource, contract: Contract) -> None:
        self._executor = executor
        self._engine = executor.engine
        self._resource = resource
        self._contract = contract
        self._home = executor.new_directory()
        self._ml = self._home / "ml"
        self._process: Process | None = None
        self._stopping = threading.Event()
        self._abandoned = False
        self._thread = threading.Thread(target=self._run, name=f"job {resource.key[-1]}", daemon=True)

    def start(self) -> None:
        """Start the job's thread."""
        self._thread.start()

    def stop(self) -> None:
        """Ask the job to end: SIGTERM, then SIGKILL after the grace period."""
        self._stopping.set()

    def kill(self) -> None:
        """Kill the job's processes."""
        self._stopping.set()
        if self._process is not None:
            self._process.kill()

    def abandon(self) -> None:
        """Kill the job's processes and leave its status as it is."""
        self._abandoned = True
        self.kill()

    def join(self, seconds: float) -> None:
        """Wait at most so many seconds for the thread's end."""
        self._thread.join(seconds)

    def _run(self) -> None:
        try:
            end = self._in_turn()
        except TransferError as error:
            end = Phase(0, "Failed", "Failed", f"ClientError: {error}")
        except Exception as error:
            _log.exception("sandbox: job %s broke", self._resource.key[-1])
            end = Phase(0, "Failed", "Failed", f"InternalServerError: {error}")
        if not self._executor.closing.is_set():
            self._enter(end)
        self._executor.forget(self._resource)
        shutil.rmtree(self._home, ignore_errors=True)

    def _in_turn(self) -> Phase:
        """Wait for a free machine, then run."""
        while not self._executor.slots.acquire(timeout=_TICK_SECONDS):
            if self._stopping.is_set():
                return Phase(0, "Stopped", "Stopped")
        try:
            return self._live()
        finally:
            self._executor.slots.release()

    def _live(self) -> Phase:
        self._advance("Starting", "Preparing the instances for training")
        self._advance("Downloading", "Downloading the training image")
        self._lay_out()
        mirrors = self._mirrors()
        self._advance("Training", "Training image download completed. Training in progress.")
        code, why = self._work(mirrors)
        if self._executor.closing.is_set():
            return Phase(0, "Stopped", "Stopped")
        self._advance("Uploading", "Uploading generated training model")
        well = code == 0 or why != ""
        for output in self._contract.outputs:
            self._deliver(output, mirrors.get(output.path), well)
        return self._verdict(code, why)

    def _lay_out(self) -> None:
        for directory in (*self._contract.directories, *(output.path for output in self._contract.outputs)):
            self._here(directory).mkdir(parents=True, exist_ok=True)
        for path, text in self._contract.files.items():
            self._here(path).parent.mkdir(parents=True, exist_ok=True)
            self._here(path).write_text(text, encoding="utf-8")
        refilled = {output.path for output in self._contract.outputs if output.live}
        for item in self._contract.inputs:
            if item.listed:
                download_listed(self._executor.s3, item.uri, self._here(item.path))
            else:
                download(
                    self._executor.s3, item.uri, self._here(item.path), may_be_empty=item.path in refilled
                )
        for name in ("home", "tmp", "scratch"):
            (self._home / name).mkdir()

    def _mirrors(self) -> dict[str, Mirror]:
        mirrors = {
            output.path: Mirror(self._executor.s3, self._here(output.path), output.uri)
            for output in self._contract.outputs
            if not output.archive
        }
        for mirror in mirrors.values():
            mirror.seen()
        return mirrors

    def _work(self, mirrors: dict[str, Mirror]) -> tuple[int, str]:
        """Run the command to its end; return its exit code and why it was stopped, or an empty text."""
        isolation, scratch = self._executor.isolation, self._home / "scratch"
        command = isolation.command(self._contract.command, self._ml, scratch)
        env = isolation.env(self._contract.env, self._ml)
        self._process = Process(command, {**self._environment(), **env}, self._ml, self._write)
        deadline = time.monotonic() + self._contract.max_seconds
        synced = time.monotonic()
        live = [mirrors[output.path] for output in self._contract.outputs if output.live]
        while (code := self._process.wait(_TICK_SECONDS)) is None:
            if self._stopping.is_set():
                return self._end(), "Stopped"
            if time.monotonic() > deadline:
                return self._end(), "MaxRuntimeExceeded"
            if time.monotonic() - synced >= _SYNC_SECONDS:
                for mirror in live:
                    mirror.sync()
                synced = time.monotonic()
        return code, "Stopped" if self._stopping.is_set() else ""

    def _end(self) -> int:
        """Send SIGTERM, and SIGKILL after the grace period; return the exit code."""
        assert self._process is not None
        self._process.terminate()
        limit = time.monotonic() + self._executor.grace
        while time.monotonic() < limit and not self._executor.closing.is_set():
            code = self._process.wait(_TICK_SECONDS)
            if code is not None:
                return code
        self._process.kill()
        while (code := self._process.wait(_TICK_SECONDS)) is None:
            continue
        return code

    def _environment(self) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if name in _INHERITED or name.startswith(_INHERITED_PREFIXES)
        }
        python = self._executor.images.get(self._contract.image, Path(sys.executable))
        path = [str(python.parent), os.environ.get("PATH", os.defpath)]
        places = {"HOME": str(self._home / "home"), "TMPDIR": str(self._home / "tmp")}
        return {
            **(
                {name: value for name, value in kept.items() if name in _LOCALE}
                if self._contract.isolated
                else kept
            ),
            **(_NO_NETWORK if self._contract.isolated else self._executor.env),
            **places,
            "PATH": os.pathsep.join(path),
            "PYTHONUNBUFFERED": "1",
        }

    def _deliver(self, output: Output, mirror: Mirror | None, well: bool) -> None:
        if output.only_if_well and not well:
            return
        if mirror is not None:
            mirror.sync()
        else:
            archive(
                self._executor.s3, self._here(output.path), output.uri, output.archive, self._home / "scratch"
            )

    def _verdict(self, code: int, why: str) -> Phase:
        training = self._resource.kind.name == "TrainingJob"
        message = self._left("output/message")
        if message and not training:
            self._resource.fields["ExitMessage"] = message
        if why:
            return Phase(0, "Stopped", why)
        if code == 0:
            return Phase(0, "Completed", "Completed")
        if training:
            reason = f"AlgorithmError: {self._left('output/failure')}"[: _REASON_LENGTH - 20]
            return Phase(0, "Failed", "Failed", f"{reason}, exit code: {code}")
        return Phase(0, "Failed", "Failed", "AlgorithmError: See job logs for more information")

    def _left(self, name: str) -> str:
        """Return what the container wrote about its end, at most 1,024 characters."""
        try:
            return (self._ml / name).read_text(encoding="utf-8", errors="replace")[:_REASON_LENGTH].strip()
        except OSError:
            return ""

    def _advance(self, secondary: str, message: str) -> None:
        status = "Stopping" if self._stopping.is_set() else "InProgress"
        if self._resource.kind.name == "ProcessingJob":
            secondary = "Running" if secondary == "Training" else "Preparing"
        self._enter(Phase(0, status, secondary, message))

    def _enter(self, phase: Phase) -> None:
        with self._engine.timetable.lock:
            if self._abandoned:
                return
            if self._stopping.is_set() and phase.status == "InProgress":
                phase = phase._replace(status="Stopping")
            self._engine.enter(self._resource, phase, self._engine.clock.now())

    def _write(self, lines: list[str]) -> None:
        now = self._engine.clock.now()
        group, stream = GROUPS[self._resource.kind.name], stream_name(self._resource)
        self._engine.write_logs(self._resource.region, group, stream, [(now, line) for line in lines])

    def _here(self, path: str) -> Path:
        """Return the path on this machine of a path in the container."""
        if not path.startswith(ML + "/"):
            raise TransferError(f"Only paths below {ML} can be given to a job: {path}")
        return self._ml / path[len(ML) + 1 :]
