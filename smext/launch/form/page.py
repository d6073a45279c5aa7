"""The table of options as the page is given it."""

from __future__ import annotations

from ...api import LaunchOption, LaunchSection
from ..option import Option
from ..options import OPTIONS, SECTIONS


def page_options() -> list[LaunchOption]:
    """List the form's members in their order on the page."""
    return [_option(option) for option in OPTIONS]


def page_sections() -> list[LaunchSection]:
    """List the parts of the form."""
    return [LaunchSection(name=each.name, label=each.label, note=each.note) for each in SECTIONS]


def _option(option: Option) -> LaunchOption:
    low, high = option.bounds
    return LaunchOption(
        member=option.member,
        section=option.section,
        label=option.label,
        help=option.help,
        kinds=list(option.kinds),
        needs=option.needs,
        default=option.default,
        control=option.shown,
        at_fault=option.at_fault,
        low=low,
        high=high,
        unit=option.unit,
        chosen=list(option.chosen),
        saved=option.saved,
    )
