"""Whether this server is in use, told by its own managers of kernels and terminals."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta, timezone
from typing import Any

from smext.server.kernel_activity import WINDOW, idle

Fetch = Callable[..., Awaitable[Any]]


def later(hours: float) -> datetime:
    return datetime.now(timezone.utc) + timedelta(hours=hours)


async def test_a_server_with_nothing_open_idles_since_its_start(jp_serverapp: Any) -> None:
    assert await idle(jp_serverapp, later(0)) is None
    found = await idle(jp_serverapp, later(3))
    assert found is not None
    assert found.since == jp_serverapp.web_app.settings["started"]


async def test_a_kernel_counts_by_its_last_activity_and_while_it_runs(jp_serverapp: Any) -> None:
    manager = jp_serverapp.kernel_manager
    kernel_id = await manager.start_kernel(kernel_name="python3")
    kernel = manager.get_kernel(kernel_id)
    client = kernel.client()
    client.start_channels()
    await client.wait_for_ready(timeout=120)
    client.stop_channels()
    for _ in range(6000):
        if kernel.execution_state == "idle":
            break
        await asyncio.sleep(0.02)
    kernel.last_activity = later(1)
    found = await idle(jp_serverapp, later(1) + WINDOW + timedelta(minutes=1))
    assert found is not None
    assert found.since == kernel.last_activity
    assert await idle(jp_serverapp, later(1)) is None
    kernel.execution_state = "busy"
    assert await idle(jp_serverapp, later(100)) is None
    await manager.shutdown_kernel(kernel_id, now=True)


async def test_a_terminal_counts_by_its_last_activity(jp_fetch: Fetch, jp_serverapp: Any) -> None:
    manager = jp_serverapp.web_app.settings["terminal_manager"]
    name = manager.create()["name"]
    manager.terminals[name].last_activity = later(2)
    assert await idle(jp_serverapp, later(2.5)) is None
    found = await idle(jp_serverapp, later(3.1))
    assert found is not None
    assert found.since == manager.terminals[name].last_activity
    await manager.terminate(name, force=True)
