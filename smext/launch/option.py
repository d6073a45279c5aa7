"""What a row of the table of launch options says (smext/launch/options.py)."""

from __future__ import annotations

from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, cast, get_args, get_origin

from annotated_types import Ge, Le

from ..api import JobKind, LaunchForm

KINDS: tuple[JobKind, ...] = get_args(JobKind)
Remembered = Literal["anywhere", "here", "never"]
"""Of the last launch: for all accounts and regions, for those that it was in, or not at all."""
Control = Literal["checkbox", "number", "text", "ids", "lines", "own"]
"""How the page shows it; `ids` and `lines` are lists, `own` a control that is written for it."""


@dataclass(frozen=True)
class Place:
    """Where the request of one kind of job has an option, and the argument that says it in the SDK's code."""

    path: str
    """Members from the top: `ResourceConfig.VolumeSizeInGB`. The SDK's config has it there below the job kind's section."""
    sdk3: str = ""
    """Of ModelTrainer or Processor; of a class of its own `Compute.volume_size_in_gb`. Empty: the code says it in another way."""
    sdk2: str = ""
    """Of Estimator or Processor, where it is not that of SDK 3."""

    @property
    def name(self) -> str:
        """The innermost member."""
        return self.path.rpartition(".")[2]

    def argument(self, sdk: str) -> str:
        """Return the argument of this version of the SDK, `3` or `2`."""
        return self.sdk2 if sdk == "2" and self.sdk2 else self.sdk3


@dataclass(frozen=True)
class Flag:
    """An option on the command line; its type is that of the form's member."""

    name: str
    help: str = ""
    """Empty: that of the form."""
    metavar: str | None = None


@dataclass(frozen=True)
class Section:
    """A part of the form on the page."""

    name: str
    label: str = ""
    """Empty: it is always open."""
    note: str = ""
    """What stands there where the kind of job has none of it."""
    flags: str = "machine and cost"
    """The group of its flags on the command line."""


@dataclass(frozen=True)
class Option:
    """One option: a member of LaunchForm, which has its type, default and bounds."""

    member: str
    section: str
    label: str
    help: str = ""
    training: tuple[Place, ...] = ()
    processing: tuple[Place, ...] = ()
    within: str = ""
    """The member of a request that it is a part of, where AWS and the SDK's config are told of that as a whole."""
    parts: tuple[tuple[str, str], ...] = ()
    """Of a list of structures: their members in a request, and in the form."""
    required: bool = False
    """Sent also where it is blank, so that it is said to be missing."""
    configured: bool = False
    """The SDK's config may set it, at its path in the request."""
    remembered: Remembered = "anywhere"
    of_any_notebook: bool = False
    """The next notebook is likely to want it, too: not what its own code asks for, nor what costs more without a word."""
    saved: bool = True
    """May be saved with the notebook: no secret, no right, and nothing that the notebook says itself."""
    together: str = ""
    """Who sets one of a group of this name has decided on the others, too."""
    merged: bool = False
    """A mapping that is added to, where everything else is replaced."""
    needs: str = ""
    """The member without which it says nothing."""
    keyword: str | None = None
    """Of smext.run; None is the member's name, empty that there is none."""
    typed: str = ""
    """The keyword's type in Python, where it is not the member's."""
    flag: Flag | None = None
    """None: the keyword, with hyphens."""
    control: Control | None = None
    """None: by the member's type."""
    at_fault: bool = False
    """The page shows it only where it is set, or where something is said of it."""
    unit: str = ""
    """Behind its number on the page."""
    chosen: tuple[str, ...] = ()
    """Its word in the closed section's line where it is set; `%1` is the number, with a second form for more than one."""
    away: Any = None
    """A value that is not the default, for tests."""

    @property
    def kinds(self) -> tuple[JobKind, ...]:
        """Kinds of job that have it; what is not in the request is for all."""
        found = tuple(kind for kind in KINDS if self.places(kind))
        return found or KINDS

    @property
    def python_name(self) -> str:
        """The keyword of smext.run; empty where there is none."""
        return self.member if self.keyword is None else self.keyword

    @property
    def default(self) -> Any:
        """What it is where nobody says otherwise."""
        return LaunchForm.model_fields[self.member].get_default(call_default_factory=True)

    @property
    def annotation(self) -> Any:
        """Its type in the form, without None."""
        found = LaunchForm.model_fields[self.member].annotation
        left = [each for each in get_args(found) if each is not NoneType]
        is_union = get_origin(found) in (Union, UnionType)
        found = left[0] if is_union and len(left) == 1 else found
        return get_args(found)[0] if get_origin(found) is Annotated else found

    @property
    def value_type(self) -> type:
        """`int`, `float`, `bool`, `str`, `list` or `dict`."""
        found = get_origin(self.annotation) or self.annotation
        return str if found is Literal else found

    @property
    def choices(self) -> tuple[str, ...]:
        """What it may be, where that is a few."""
        return get_args(self.annotation) if get_origin(self.annotation) is Literal else ()

    @property
    def bounds(self) -> tuple[int | None, int | None]:
        """The least and the most that it may be."""
        rules = LaunchForm.model_fields[self.member].metadata
        low = next((rule.ge for rule in rules if isinstance(rule, Ge)), None)
        high = next((rule.le for rule in rules if isinstance(rule, Le)), None)
        return cast("int | None", low), cast("int | None", high)

    @property
    def shown(self) -> Control:
        """How the page shows it."""
        controls: dict[type, Control] = {bool: "checkbox", int: "number", str: "text", list: "ids"}
        return self.control or controls[self.value_type]

    @property
    def cli(self) -> Flag:
        """Its flag."""
        return self.flag or Flag(f"--{self.python_name.replace('_', '-')}")

    def places(self, kind: JobKind) -> tuple[Place, ...]:
        """List where this kind's request has it."""
        return self.training if kind == "training" else self.processing
