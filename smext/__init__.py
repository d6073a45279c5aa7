"""smext: SageMaker from the open notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._version import __version__
    from .client.run import Run, parameters, plan, run
    from .errors import SmextError

__all__ = ["Run", "SmextError", "__version__", "parameters", "plan", "run"]
_PLACES = {
    "run": "client.run",
    "plan": "client.run",
    "parameters": "client.run",
    "Run": "client.run",
    "SmextError": "errors",
    "__version__": "_version",
}


def __getattr__(name: str) -> Any:
    """Import a name of `__all__` when it is first used, so that the server's start pays for none of them."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    return [{"src": "labextension", "dest": "smext"}]


def _jupyter_server_extension_points() -> list[dict[str, object]]:
    # Imported here: whoever imports smext for something else pays for no server.
    from .app import SmextApp

    return [{"module": "smext.app", "app": SmextApp}]
