"""`python -m smext.api`: the JSON schema of the wire models."""

from __future__ import annotations

import json
import sys

from . import schema

json.dump(schema(), sys.stdout, indent=2, sort_keys=True)
sys.stdout.write("\n")
