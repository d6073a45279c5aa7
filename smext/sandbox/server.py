"""HTTP server: threads on loopback."""

from __future__ import annotations

import socket
import threading
from typing import Any

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import ThreadedWSGIServer


class _Handler(MotoRequestHandler):
    # Headers and body leave in two writes; with Nagle's algorithm each answer would wait 40 ms.
    disable_nagle_algorithm = True

    def log_request(self, *_: Any) -> None:
        """Log nothing: a poller would fill the terminal."""


class Server:
    """Server of one WSGI application on 127.0.0.1 until closed. Raises OSError where the port is taken."""

    def __init__(self, application: Any, port: int = 0) -> None:
        self._socket = socket.create_server(("127.0.0.1", port))
        self._port: int = self._socket.getsockname()[1]
        self._server = ThreadedWSGIServer("127.0.0.1", 0, application, _Handler, fd=self._socket.fileno())
        self._server.block_on_close = False
        self._thread = threading.Thread(target=self._serve, name="smext-sandbox", daemon=True)

    @property
    def url(self) -> str:
        """URL of the server, with its port."""
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Serve in a thread."""
        self._thread.start()

    def close(self) -> None:
        """Stop serving and close the socket."""
        if self._thread.ident is not None:  # else nobody would answer the request to end
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()
        self._socket.close()

    def _serve(self) -> None:
        self._server.serve_forever(poll_interval=0.05)
