"""The total of an account that has everything: every machine that runs is in it once, and nothing unknown is zero."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from typing import Any

import pytest

from smext.api import Row
from smext.inventory.reader import Memory, Reader
from smext.kinds import registry
from smext.kinds.base import Kind
from smext.pricing import Component, rate
from smext.sandbox import Sandbox

Truth = Callable[[Kind], dict[str, Row]]
Machines = Counter[str]


def counted(reader: Reader) -> Machines:
    """Machines by type in the meters of every row that bills, of all kinds."""
    found: Machines = Counter()
    for kind in registry().values():
        memory = Memory()
        reading = reader.read(kind, memory, datetime.now(timezone.utc), lambda rows: None)
        bills = {row.key for row in reading.rows if row.billing.certainty == "billing"}
        for item in memory.active.values():
            if reader.row(kind, item, datetime.now(timezone.utc)).key in bills:
                for meter in kind.facts(item, reader.here).meters:
                    found[meter.instance_type or "unknown type"] += int(meter.count)
    return +found


def running(box: Sandbox) -> Machines:
    """Machines by type that the account runs, out of the sandbox's own books and by AWS's rules alone."""
    found: Machines = Counter()
    for of_kind in (_jobs, _warm_pools, _endpoints, _apps, _notebooks, _nodes, _servers):
        for machine, count in of_kind(box):
            found[machine] += count
    return +found


def _all(box: Sandbox, kind: str) -> list[dict[str, Any]]:
    return [resource.fields for resource in box.engine.store(box.region).all(kind)]


def _cluster(config: dict[str, Any]) -> Iterator[tuple[str, int]]:
    for group in config.get("InstanceGroups") or [config]:
        yield group["InstanceType"], group["InstanceCount"]


def _jobs(box: Sandbox) -> Iterator[tuple[str, int]]:
    for kind, word, path in (
        ("TrainingJob", "Training", ("ResourceConfig",)),
        ("ProcessingJob", "Processing", ("ProcessingResources", "ClusterConfig")),
        ("TransformJob", "Transform", ("TransformResources",)),
    ):
        for job in _all(box, kind):
            config: Any = job
            for member in path:
                config = config[member]
            started = job.get(f"{word}StartTime") and not job.get(f"{word}EndTime")
            if started and "TrainingPlanArn" not in config:
                yield from _cluster(config)


def _warm_pools(box: Sandbox) -> Iterator[tuple[str, int]]:
    for job in _all(box, "TrainingJob"):
        if (job.get("WarmPoolStatus") or {}).get("Status") == "Available":
            yield from _cluster(job["ResourceConfig"])


def _endpoints(box: Sandbox) -> Iterator[tuple[str, int]]:
    configs = {config["EndpointConfigName"]: config for config in _all(box, "EndpointConfig")}
    for endpoint in _all(box, "Endpoint"):
        if endpoint["EndpointStatus"] != "InService":
            continue
        config = configs[endpoint["EndpointConfigName"]]
        for member in ("ProductionVariants", "ShadowProductionVariants"):
            types = {
                variant["VariantName"]: variant.get("InstanceType") for variant in config.get(member, [])
            }
            for variant in endpoint.get(member, []):
                own = {"InstanceType": types[variant["VariantName"]], **variant}
                for pool in variant.get("InstancePools", [own]):
                    if pool["InstanceType"]:
                        yield pool["InstanceType"], pool["CurrentInstanceCount"]


def _apps(box: Sandbox) -> Iterator[tuple[str, int]]:
    machines: set[tuple[str, str]] = set()
    for index, app in enumerate(_all(box, "App")):
        kind, machine = app["AppType"], str((app.get("ResourceSpec") or {}).get("InstanceType"))
        if kind == "Canvas":
            machines.add((str(index), "canvas.session"))
        elif kind == "KernelGateway":
            machine = "ml.t3.medium" if machine == "system" else machine
            machines.add((app["UserProfileName"], machine))
        elif kind == "TensorBoard":
            machines.add((str(index), "unknown type"))
        elif kind not in {"JupyterServer", "RStudioServerPro"}:
            machines.add((str(index), machine))
    yield from ((machine, 1) for _, machine in machines)


def _notebooks(box: Sandbox) -> Iterator[tuple[str, int]]:
    for notebook in _all(box, "NotebookInstance"):
        if notebook["NotebookInstanceStatus"] == "InService":
            yield notebook["InstanceType"], 1


def _nodes(box: Sandbox) -> Iterator[tuple[str, int]]:
    for cluster in _all(box, "Cluster"):
        for group in cluster["InstanceGroups"]:
            if "TrainingPlanArn" not in group:
                yield group["InstanceType"], group["CurrentCount"]


def _servers(box: Sandbox) -> Iterator[tuple[str, int]]:
    for server in _all(box, "MlflowTrackingServer"):
        if server["TrackingServerStatus"] != "Stopped":
            yield f"mlflow.{server['TrackingServerSize']}", 1


def test_every_running_machine_is_counted_once(reader: Reader, box: Sandbox) -> None:
    found, there = counted(reader), running(box)
    assert sum(there.values()) > 30
    assert found == there


def test_causes_of_jobs_have_no_machines_of_their_own(truth: Truth) -> None:
    causes = "tuning-job automl-job pipeline monitoring-schedule inference-component inference-experiment"
    for name in [*causes.split(), "training-plan", "mlflow-app"]:
        rows = truth(registry()[name]).values()
        assert {row.billing.certainty for row in rows} == {"none"}
        assert all(row.billing.usd_per_hour is None and row.billing.accrued_usd is None for row in rows)


def test_the_total_is_the_price_of_what_runs_and_names_what_has_none(truth: Truth, box: Sandbox) -> None:
    billed = [row for kind in registry().values() for row in truth(kind).values()]
    billed = [row for row in billed if row.billing.certainty == "billing"]
    unpriced = [row for row in billed if row.billing.usd_per_hour is None]
    assert all(row.billing.why for row in unpriced)
    names = {"brand-new-machines", "llm-hyperpod", "research-runs", "comet-team", "spark-ready"}
    assert names <= {row.name for row in unpriced}
    total = sum(row.billing.usd_per_hour or 0 for row in billed)
    expected = sum(count * _price(name) for name, count in running(box).items())
    assert total == pytest.approx(expected, rel=0.001)  # components differ by parts of a cent


def _price(machine: str) -> float:
    """Of what the total can hold: nodes of clusters have no rate in the table."""
    if machine in {"ml.g5.12xlarge", "unknown type"}:
        return 0.0
    special: dict[str, Component] = {"canvas": "Canvas", "mlflow": "MLflow"}
    component = special.get(machine.partition(".")[0], "Hosting")
    return rate(component, machine, "us-east-1").usd_per_hour or 0.0
