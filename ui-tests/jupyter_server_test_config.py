"""The JupyterLab that ui-tests/tests/servers.ts starts: reached on loopback, by its tests alone."""

import os

from jupyterlab.galata import configure_jupyter_server

c = get_config()  # noqa: F821

configure_jupyter_server(c)
c.ServerApp.allow_root = True
c.ServerApp.ip = "127.0.0.1"
c.ServerApp.port = int(os.environ["SMEXT_UI_PORT"])
c.ServerApp.base_url = os.environ["SMEXT_UI_BASE"]
c.ServerApp.root_dir = os.environ["SMEXT_UI_ROOT"]
# No test ends otherwise because this machine is busy.
c.SmextApp.connect_seconds = 30
c.SmextApp.read_seconds = 60
c.SmextApp.call_seconds = 120
if os.environ.get("SMEXT_UI_GUARDED"):
    c.SmextApp.protected_accounts = ["*"]
