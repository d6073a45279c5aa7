"""A cell's code as Python: what only IPython understands is put out of the way."""

from __future__ import annotations

import ast
import re

# Lines that IPython understands and Python does not: magics, shell, help.
_MAGIC = re.compile(r"^(?P<indent>\s*)(?:[%!?].*|[^#'\"=(\[]*\?{1,2}\s*)$")
_ASSIGNED_MAGIC = re.compile(r"^(?P<start>\s*[\w,\s.]+=\s*)[%!].*$")
_BAD_LINES = 20


def parsed(source: str) -> tuple[str, ast.Module]:
    """The cell as Python, line for line, and its tree; a line that is no Python is blanked."""
    lines = [_without_magic(line) for line in source.splitlines()]
    if lines and source.lstrip().startswith("%%"):
        lines[0] = ""
    for _ in range(_BAD_LINES):
        text = "\n".join(lines)
        try:
            return text, ast.parse(text)
        except SyntaxError as error:
            bad = (error.lineno or 0) - 1
            if not 0 <= bad < len(lines) or not lines[bad].strip():
                break
            lines[bad] = ""
        except ValueError:
            break
    return "", ast.Module(body=[], type_ignores=[])


def _without_magic(line: str) -> str:
    assigned = _ASSIGNED_MAGIC.match(line)
    if assigned:
        return f"{assigned['start']}..."
    magic = _MAGIC.match(line)
    return f"{magic['indent']}pass" if magic and line.strip() else line
