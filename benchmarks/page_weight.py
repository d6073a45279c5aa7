"""What a browser fetches for smext when JupyterLab starts."""

from __future__ import annotations

import gzip
import re
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import unquote

from .figure import Figure
from .lab import TIMEOUT, Lab, running_lab

ROOT = Path(__file__).resolve().parent.parent
BUNDLE = ROOT / "smext" / "labextension"
REQUEST = re.compile(r" 200 GET /lab/extensions/smext/([^ ?]+)")
# The last thing that a JupyterLab asks for when it has started.
STARTED = re.compile(r"GET /api/(kernels|terminals)\b")
QUIET = 3.0
HEADLESS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-port=0",
]


def measure() -> list[Figure]:
    """Follow a real browser's requests in the server's log; count their files gzipped."""
    fetched = _fetched()
    weight = {name: len(gzip.compress((BUNDLE / name).read_bytes())) / 1000 for name in fetched}
    every = sum(len(gzip.compress(path.read_bytes())) for path in BUNDLE.glob("static/*.js")) / 1000
    beside = f"{len(weight)} files; {every:.3g} kB in the whole bundle"
    total = sum(weight.values())
    return [Figure("fetched by the browser at start, gzipped", total, "kB", 40.0, beside, total / every)]


def _fetched() -> set[str]:
    with (
        running_lab("--debug") as lab,
        tempfile.TemporaryDirectory(prefix="smext-bench-", ignore_cleanup_errors=True) as profile,
        subprocess.Popen(
            [_chromium(), *HEADLESS, f"--user-data-dir={profile}", f"{lab.url}/lab"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as browser,
    ):
        try:
            return _requests_until_quiet(lab)
        finally:
            browser.terminate()


def _chromium() -> str:
    return subprocess.run(
        [ROOT / "scripts" / "chromium"], stdout=subprocess.PIPE, text=True, check=True
    ).stdout.strip()


def _requests_until_quiet(lab: Lab) -> set[str]:
    seen: set[str] = set()
    changed = start = time.monotonic()
    while time.monotonic() - start < TIMEOUT:
        log = lab.log.read_text(errors="replace")
        found = {unquote(name) for name in REQUEST.findall(log)}
        if found != seen or not STARTED.search(log):
            seen, changed = found, time.monotonic()
        elif seen and time.monotonic() - changed > QUIET:
            return seen
        time.sleep(0.1)
    raise RuntimeError(f"JupyterLab did not finish its start in the browser:\n{lab.log.read_text()[-4000:]}")
