"""Runner as one file, to be uploaded beside each notebook. Used on the server, not part of the archive."""

from __future__ import annotations

import functools
import io
import zipfile
from pathlib import Path

PACKAGE = "smext_runner"
_EPOCH = (1980, 1, 1, 0, 0, 0)


@functools.lru_cache(maxsize=1)
def build() -> bytes:
    """Build the zip that `python3 runner.pyz` starts; the same bytes for the same sources, on any machine."""
    folder = Path(__file__).parent
    members = {f"{PACKAGE}/{source.name}": source for source in folder.glob("*.py")}
    members["__main__.py"] = members.pop(f"{PACKAGE}/__main__.py")
    del members[f"{PACKAGE}/{Path(__file__).name}"]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(members):
            info = zipfile.ZipInfo(name, _EPOCH)
            info.create_system = 3
            info.external_attr = 0o644 << 16
            # Stored, not deflated: the compressed bytes would depend on the zlib of this machine.
            archive.writestr(info, members[name].read_bytes())
    return buffer.getvalue()
