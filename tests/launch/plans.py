"""What tests of plans look for in them."""

from __future__ import annotations

from smext.api import Check, Plan


def check(made: Plan, name: str, status: str | None = None) -> Check:
    """Return the first check of this name and status."""
    found = [each for each in made.checks if each.name == name and status in (None, each.status)]
    assert found, f"no {status or ''} check {name}: {made.checks}"
    return found[0]


def failing(made: Plan) -> Check:
    """Return the one check that fails, which names a way out."""
    assert not made.can_run
    [found] = [each for each in made.checks if each.status == "will fail"]
    assert found.advice
    return found
