"""smext: SageMaker from the open notebook."""

from __future__ import annotations


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    return [{"src": "labextension", "dest": "smext"}]


def _jupyter_server_extension_points() -> list[dict[str, object]]:
    # Imported here: whoever imports smext for something else pays for no server.
    from .app import SmextApp

    return [{"module": "smext.app", "app": SmextApp}]
