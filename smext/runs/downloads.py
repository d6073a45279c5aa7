"""Downloads of S3 objects: file names and types that make a browser save them and run none of them."""

from __future__ import annotations

import mimetypes
import unicodedata
from pathlib import PurePosixPath
from urllib.parse import quote

BYTES = "application/octet-stream"
"""The type of what might run, or that nobody knows by its name."""
_PACKED = {"gzip": "application/gzip", "bzip2": "application/x-bzip2", "xz": "application/x-xz"}
_MORE = {
    ".ipynb": "application/x-ipynb+json",
    ".jsonl": "application/jsonl",
    ".log": "text/plain",
    ".parquet": "application/vnd.apache.parquet",
}
_PASSIVE = {
    *("application/json", "application/pdf", "application/x-tar", "application/zip", *_PACKED.values()),
    *("text/csv", "text/markdown", "text/plain", "text/tab-separated-values", "text/x-python"),
}
"""Not HTML, SVG, XML, style sheets or scripts: another page of the same server could take those up as its own."""
_MEDIA = ("audio/", "image/", "video/")
_DIRECTIONS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def file_name(uri: str) -> str:
    """Return a safe file name for an S3 object: never empty, without control or bidirectional characters."""
    last = uri.rstrip("/").rsplit("/", 1)[-1]
    return "".join("_" if _misleads(letter) else letter for letter in last) or "download"


def content_type(name: str) -> str:
    """Return the MIME type by a file's name; `application/octet-stream` where it may run in a browser."""
    ending = PurePosixPath(name).suffix.lower()
    if ending in _MORE:
        return _MORE[ending]
    # As a path: the name may look like a URL.
    found, packed = mimetypes.MimeTypes().guess_type(f"/{quote(name, errors='replace')}")
    if packed:
        return _PACKED.get(packed, BYTES)
    known = found or BYTES
    return known if known in _PASSIVE or (known.startswith(_MEDIA) and "xml" not in known) else BYTES


def disposition(name: str) -> str:
    """Return the Content-Disposition header of RFC 6266: an ASCII name for old clients, and the exact one."""
    plain = "".join(letter if " " <= letter <= "~" and letter not in '"\\%' else "_" for letter in name)
    exact = quote(name, safe="", errors="replace")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{exact}"


def _misleads(letter: str) -> bool:
    """Return True for a control character, half a surrogate pair, a line break or a change of direction."""
    return (
        unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"}
        or unicodedata.bidirectional(letter) in _DIRECTIONS
    )
