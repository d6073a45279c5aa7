"""`python -m smext.api`: the schema of the wire, as JSON."""

from __future__ import annotations

import json
import sys

from . import schema

json.dump(schema(), sys.stdout, indent=2, sort_keys=True)
sys.stdout.write("\n")
