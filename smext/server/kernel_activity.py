"""Whether this very server is in use: its own kernels and terminals, asked of their managers.

Not of a kernel, which would be work for it, and not over HTTP, which would be activity itself.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from ..api import Idle

WINDOW = timedelta(hours=1)


async def idle(server: Any, now: datetime) -> Idle | None:
    """Since when no kernel and no terminal of a Jupyter server was active; None while one is, or if unknown.

    `server` is its ServerApp. A kernel that runs is active, however long ago it last said something.
    """
    kernels = await _listed(server.kernel_manager.list_kernels())
    terminals = server.web_app.settings.get("terminal_manager")
    sessions = await _listed(terminals.list()) if terminals else []
    if any(kernel.get("execution_state") == "busy" for kernel in kernels):
        return None
    times = [_time(model.get("last_activity")) for model in [*kernels, *sessions]]
    times.append(server.web_app.settings.get("started"))
    last = max((time for time in times if time), default=None)
    if None in times or last is None or now - last < WINDOW:
        return None
    return Idle(signal="no kernel and no terminal was active", since=last)


async def _listed(answer: Any) -> list[dict[str, Any]]:
    """Return a manager's list; that of another machine is awaited."""
    return list(await answer if hasattr(answer, "__await__") else answer)


def _time(value: Any) -> datetime | None:
    try:
        time = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    except ValueError:
        return None
    return time if time.tzinfo else None
