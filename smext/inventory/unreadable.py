"""Items that cannot be read: each becomes a row that says so, and the other rows stay."""

from __future__ import annotations

import contextlib
import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import quote

from pydantic import ValidationError

from .. import errors
from ..api import Billing, Certainty, Fact, Problem, Row
from ..kinds.base import BILLS, Answer, Item, Kind, Status

Key = tuple[str, ...]
T = TypeVar("T")
_LOOK = "Look at it in the AWS console."
_OTHER_FORM = (AttributeError, TypeError, ArithmeticError, IndexError, RecursionError, ValidationError)
"""What Python says where a member is of another type, or a number out of all bounds."""
NAMED = 3
"""So many are named in the problem."""
_STAND_INS: tuple[object, ...] = ("?", 1, ["?"], {"?": "?"})
"""What a member may be instead: a fact that changes with it comes of that member."""
UNKNOWN = Status("warn", active=True, certainty="may be billing", why="its status could not be read")


@dataclass(frozen=True)
class UnreadableItem:
    """Item, as far as it is one, and why it cannot be read."""

    item: Item
    why: str


@dataclass
class Merged:
    """Items of all lists by their keys, and those that cannot be read."""

    found: dict[Key, Item] = field(default_factory=dict)
    unreadable: list[UnreadableItem] = field(default_factory=list)


def merge(kind: Kind, answers: Sequence[Answer]) -> Merged:
    """Merge the lists into one, with unreadable items put aside."""
    made = Merged()
    for item in _joined(kind, answers, made.unreadable):
        try:
            key = whole_key(kind, item)
            kind.status(item), kind.detail.version(item), kind.detail.wanted(item)
        except Exception as error:
            made.unreadable.append(UnreadableItem(item, said(error)))
        else:
            made.found.setdefault(key, item)
    return made


def _joined(kind: Kind, answers: Sequence[Answer], unreadable: list[UnreadableItem]) -> list[Item]:
    unreadable += [
        UnreadableItem({"": raw}, "it is no object") for answer in answers for raw in answer.unreadable
    ]
    answers = [_copy(answer, answer) for answer in answers]
    if kind.join is None:
        return [item for answer in answers for item in answer]
    try:
        return kind.join(answers)
    except Exception:
        # It is one of them: those that cannot even be joined by themselves.
        return kind.join(
            [_without_unreadable(kind, answers, number, unreadable) for number in range(len(answers))]
        )


def _without_unreadable(
    kind: Kind, answers: Sequence[Answer], number: int, unreadable: list[UnreadableItem]
) -> Answer:
    sound = list[Item]()
    for item in answers[number]:
        alone = [_copy(each, [item] if at == number else []) for at, each in enumerate(answers)]
        try:
            if kind.join:
                kind.join(alone)
            sound.append(item)
        except Exception as error:
            unreadable.append(UnreadableItem(item, said(error)))
    return _copy(answers[number], sound, whole=len(sound) == len(answers[number]))


def _copy(answer: Answer, items: Sequence[Item], *, whole: bool = True) -> Answer:
    """Return an answer with other items; it is not whole where one could not be read."""
    made = Answer(items)
    made.whole = answer.whole and not answer.unreadable and whole
    return made


def whole_key(kind: Kind, item: Item) -> Key:
    """Return the key of an item. Raises ValueError where a part of it is missing."""
    key = kind.key(item)
    missing = [member for member, part in zip(kind.key_members, key, strict=True) if not part]
    if missing:
        raise ValueError(f"it has no {missing[0]}")
    return key


def known(read: Callable[[], T], otherwise: T) -> T:
    """Return the result of a kind's function, or `otherwise` where it fails."""
    try:
        return read()
    except Exception as error:
        logging.getLogger(__name__).debug("Passed over: %s", error, exc_info=True)
        return otherwise


@contextlib.contextmanager
def reading(kind: Kind, item: Item, what: str, advice: str = _LOOK) -> Iterator[None]:
    """Raise errors.NotUnderstood, which names the item, where a function of its kind fails."""
    try:
        yield
    except errors.SmextError:
        raise
    except Exception as error:
        raise not_read(kind, item, what, said(error), advice) from error


def not_read(kind: Kind, item: Item, what: str, why: str, advice: str = _LOOK) -> errors.NotUnderstood:
    """Return the error that names the item, what of it could not be read, and why."""
    return errors.NotUnderstood(f"The {what} of {name(kind, item)} could not be read: {why}.", advice=advice)


def facts(kind: Kind, item: Item) -> tuple[list[Fact], str]:
    """Read the facts of an item's own view, and say why some could not be; one odd member costs only what comes of it."""
    more = kind.more
    if more is None:
        return [], ""

    def read(members: Item) -> list[Fact] | None:
        return known(lambda: list(more(members)), None)

    try:
        return list(more(item)), ""
    except Exception as error:
        why = said(error)
    sound = {member: item[member] for member in kind.key_members if member in item}
    spoilt = []
    for member, value in item.items():
        if read({**sound, member: value}) is None:
            spoilt.append(member)
        else:
            sound[member] = value
    found = read(sound) or []
    for member in spoilt:
        for stand_in in _STAND_INS:
            other = read({**sound, member: stand_in})
            found = [fact for fact in found if other is None or fact in other]
    return found, why


def status(kind: Kind, item: Item) -> Status:
    """Return what the status of an item means; unknown where it cannot be read."""
    return known(lambda: kind.status(item), UNKNOWN)


def row(kind: Kind, unread: UnreadableItem) -> Row:
    """Make the row of an item that cannot be read: its name and status as far as they are known."""
    told, word = status(kind, unread.item), _word(kind, unread.item)
    try:
        key = "/".join(quote(part, safe="") for part in whole_key(kind, unread.item))
        known = bool(word) and not told.active
    except Exception:
        # Of what has no name nothing else is believed either, least that it is over.
        word = word if told.active else ""
        key, known = f"unreadable/{hashlib.sha256(repr(unread.item).encode()).hexdigest()[:12]}", False
    certainty: Certainty = told.certainty if known else "may be billing" if kind.may_bill else "none"
    why = f"could not be read: {unread.why}"
    return Row(
        key=key,
        kind=kind.name,
        name=name(kind, unread.item),
        status=word or "Unknown",
        tone=told.tone if known else "warn",
        active=told.active or not known,
        reason=f"What AWS tells of it could not be read: {unread.why}.",
        subtitle="could not be read",
        billing=Billing(certainty=certainty, why=why if certainty in BILLS else ""),
    )


def name(kind: Kind, item: Item) -> str:
    """Return the name of an item as far as it is known, at most 200 characters."""
    own = _texts(item, [member for member in kind.key_members if member.endswith("Name")])
    if own:
        return "/".join(own)[:200]
    others = [member for member in item if str(member).endswith(("Name", "Arn", "Id"))]
    texts = _texts(item, reversed([*kind.key_members, *others]))
    return texts[0].rpartition("/")[2][:200] or texts[0][:200] if texts else f"{kind.singular} without a name"


def _texts(item: Item, members: Iterable[str]) -> list[str]:
    values = (item.get(member) for member in members)
    return [value for value in values if isinstance(value, str) and value]


def _word(kind: Kind, item: Item) -> str:
    return known(lambda: kind.status_of(item), "")


def problem(kind: Kind, unread: Sequence[UnreadableItem]) -> Problem:
    """Make the problem that counts and names the unreadable items."""
    names = [name(kind, each.item) for each in unread]
    listed = ", ".join(names[:NAMED]) + (", …" if len(names) > NAMED else "")
    for each in unread:
        logging.getLogger(__name__).debug("Could not read %s: %s", name(kind, each.item), each.why)
    return errors.NotUnderstood(
        f"{len(unread)} of {kind.label} could not be read: {listed}.",
        advice="It may be billing: look at it in the AWS console.",
    ).problem()


def said(error: Exception) -> str:
    """Describe in a few words why something could not be read."""
    if isinstance(error, _OTHER_FORM):
        return "a part of it is not as AWS describes it"
    text = f"it has no {error.args[0]}" if isinstance(error, KeyError) and error.args else str(error)
    return (text.splitlines() or [type(error).__name__])[0][:200]
