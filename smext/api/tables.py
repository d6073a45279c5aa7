"""Tables of resources and what they bill."""

from __future__ import annotations

from datetime import datetime

from .model import Certainty, Format, Problem, Tone, Wire


class Column(Wire):
    name: str
    label: str
    format: Format = "text"


class ActionInfo(Wire):
    """Action that a kind has."""

    name: str
    label: str
    danger: bool = False


class KindInfo(Wire):
    """Kind of resource, as far as a view needs it."""

    name: str
    label: str
    singular: str
    columns: list[Column]
    actions: list[ActionInfo]
    has_logs: bool = False
    has_outputs: bool = False
    permissions: list[str] = []


class PriceNote(Wire):
    """Source and date of a rate."""

    source: str
    as_of: str
    """Date, or `unknown`."""


class Billing(Wire):
    certainty: Certainty = "none"
    usd_per_hour: float | None = None
    """None is unknown, never zero."""
    usd_per_month: float | None = None
    """Of storage, which bills beside the hours and goes on when they end; in no total of rates."""
    since: datetime | None = None
    accrued_usd: float | None = None
    why: str = ""
    price: PriceNote | None = None


class Idle(Wire):
    signal: str
    since: datetime | None = None


class Link(Wire):
    label: str
    url: str


class Progress(Wire):
    """Cells done of cells in all."""

    done: int
    total: int
    label: str = ""


class RowAction(Wire):
    """Action that this row allows now, and what is lost or stays when it is taken."""

    name: str
    label: str
    danger: bool = False
    lost: str = ""
    stays: str = ""
    ask_twice: bool = False
    """This acts on the very machine that serves the page, or in an account that is protected."""


class Row(Wire):
    key: str
    """Ordered parts, each url-quoted, joined by `/`."""
    kind: str
    name: str
    status: str
    detail_status: str = ""
    """Secondary status, such as `Downloading`."""
    tone: Tone = "neutral"
    active: bool = False
    """It exists on a machine or moves: not history."""
    changing: bool = False
    """Its status moves by itself soon."""
    reason: str = ""
    created: datetime | None = None
    started: datetime | None = None
    ended: datetime | None = None
    deadline: datetime | None = None
    """When AWS ends it by itself, at the latest."""
    cells: dict[str, str | float | int | bool | None] = {}
    billing: Billing = Billing()
    idle: Idle | None = None
    actions: list[RowAction] = []
    links: list[Link] = []
    owner: str | None = None
    mine: bool | None = None
    here: bool = False
    notebook: str | None = None
    progress: Progress | None = None
    subtitle: str = ""
    """One line for a narrow list: `ml.m5.xlarge · 2 machines`."""


class Table(Wire):
    kind: str
    revision: int
    """Grows with every change; 0 before the first answer."""
    rows: list[Row] = []
    as_of: datetime | None = None
    """When the rows were read from AWS; None before the first answer."""
    problem: Problem | None = None
    """Why the rows are older than they should be, or missing."""
    complete: bool = True
    """False where rows were left out, or could not be read."""
    left_out: str = ""
    """Which rows were left out, by the order of the list: `older ones`; empty where none are known to be."""
    loading: bool = False


class Unseen(Wire):
    """Kind that may bill by the hour and that the total does not include, and why."""

    kind: str
    label: str
    problem: Problem


class Summary(Wire):
    """Total of what bills now, over all kinds."""

    usd_per_hour: float | None = None
    """None where nothing is known of it; zero only where it is known that nothing bills."""
    count: int = 0
    at_least: bool = False
    """Something that bills or may bill is not in the figure, or not with its price."""
    unpriced: int = 0
    uncertain: int = 0
    """How many may be billing."""
    unseen: list[Unseen] = []
    partly: list[Unseen] = []
    """Kinds whose rows are old, or not all that there are."""
    ready: bool = False
    """Every kind has answered once, or said why not."""


class Tables(Wire):
    """Tables whose revision is newer than the one asked for."""

    revision: int
    tables: list[Table]
    summary: Summary
    now: datetime
    """The server's clock, for ages."""


class ActionRequest(Wire):
    confirmed: bool = False
    confirmed_twice: bool = False


class ActionResult(Wire):
    message: str
