"""The commands of `smext`, one module each.

A command's module has HELP (one line), `configure(parser)` and `run(options) -> exit code`; it imports what is
heavy only when it runs.
"""

from __future__ import annotations
