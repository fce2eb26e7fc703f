"""Names that are known, and what is said of one that is not: who is meant by it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import Enum, auto
from functools import cache, cached_property
from typing import Final, NamedTuple, TypeVar

import attrs

from leadquery._util.suggest import closest_match
from leadquery.fields import STANDARD, alias_index
from leadquery.lint.diagnostics import Cursor, EditKind
from leadquery.lint.rules.base import Rule
from leadquery.wire.protocol import SEPARATOR

T = TypeVar("T")

OWN: Final = "mx"

MEMBER: Final = "~"
"""What stands before it is a set of fields, behind it one of the set."""

_PREFIXES: Final = ("lead", OWN)
"""What people leave out of a name, or put before it."""

_LONGEST: Final = 200

_NAMED: Final = 5
"""How many names a hint names."""


class MatchKind(Enum):
    """How a name came to stand for another one, the surest first."""

    OTHER_LETTERS = auto()
    DISPLAYED = auto()
    OTHER_SIGNS = auto()
    CALLED = auto()
    NEAR = auto()


class Match(NamedTuple):
    """The names that a text may stand for, most of the time one, and how it came to."""

    names: tuple[str, ...]
    how: MatchKind

    @property
    def only(self) -> str | None:
        """The one name that is meant."""
        return self.names[0] if len(self.names) == 1 else None

    @property
    def said(self) -> str:
        """The names, or the first of many."""
        return " or ".join(map(repr, self.names[:_NAMED]))


@attrs.frozen(eq=False, slots=False)
class NameIndex:
    """Names that are known, each with the label that people see in its place."""

    labels: Mapping[str, str]

    def surely(self, name: str) -> Match | None:
        """The names of the same letters, or of the same letters in what people see or say."""
        if known := self._recased.get(name.casefold()):
            return Match((known,), MatchKind.OTHER_LETTERS)
        said = fold(name)
        if displayed := self.displayed.get(said):
            return Match(displayed, MatchKind.DISPLAYED)
        known = self._plain.get(said) or self._plain.get(_bare(said))
        if said and known:
            return Match((known,), MatchKind.OTHER_SIGNS)
        names = self._called.get(said) or self._called.get(_bare(said))
        return Match(names, MatchKind.CALLED) if names else None

    def nearly(self, name: str, cutoff: float) -> Match | None:
        """The name that is nearest to a text, or whose label is."""
        said = name.strip().casefold()
        known = self._swapped(said) or closest_match(said, self._near, cutoff)
        return None if known is None else Match((known,), MatchKind.NEAR)

    @cached_property
    def displayed(self) -> dict[str, tuple[str, ...]]:
        """The names by their labels, folded."""
        found: dict[str, tuple[str, ...]] = {}
        for name, text in self.labels.items():
            label = fold(text)
            if label and text.casefold() != name.casefold():
                found[label] = (*found.get(label, ()), name)
        # An account may show a field under a name of its own, and people recall the usual one.
        for name in self.labels:
            if name in STANDARD and STANDARD[name].label != name:
                found.setdefault(fold(STANDARD[name].label), (name,))
        return found

    @cached_property
    def _called(self) -> dict[str, tuple[str, ...]]:
        """The standard names by what else people call them, folded."""
        return alias_index(self.labels, fold)

    @cached_property
    def _recased(self) -> dict[str, str]:
        return {name.casefold(): name for name in self.labels}

    @cached_property
    def _plain(self) -> dict[str, str]:
        """The names by their letters; a whole name or label goes before a part of one."""
        said = [(fold(name), name) for name in self.labels]
        said += [(label, names[0]) for label, names in self.displayed.items()]
        return dict([*((_bare(text), name) for text, name in reversed(said)), *reversed(said)])

    @cached_property
    def _near(self) -> dict[str, str]:
        return {label: names[0] for label, names in self.displayed.items()} | self._recased

    def _swapped(self, said: str) -> str | None:
        """The name in which two neighbours changed places; a short one is not near."""
        for place in range(min(len(said), _LONGEST) - 1):
            swapped = said[:place] + said[place + 1] + said[place] + said[place + 2 :]
            if swapped in self._recased:
                return self._recased[swapped]
        return None


def fold(text: str) -> str:
    """What counts of a text that may be misspelt: its start, without letter case and signs."""
    return "".join(filter(str.isalnum, text[:_LONGEST])).casefold()


def _bare(said: str) -> str:
    """The letters of a name, without what people leave out."""
    for prefix in _PREFIXES:
        said = said.removeprefix(prefix)
    return said


@cache
def standard_fields() -> NameIndex:
    """The fields of every account."""
    return NameIndex({name: word.label for name, word in STANDARD.items()})


@cache
def user_attributes() -> NameIndex:
    """The attributes of users that have been seen."""
    from leadquery.users import STANDARD as ATTRIBUTES

    return NameIndex({name: name for name in ATTRIBUTES})


def is_own(name: str) -> bool:
    """Whether a name is made as the names of an account's own fields are.

    >>> is_own("mx1_Amount"), is_own("mx_A~mx_B"), is_own("Scor")
    (True, True, False)
    """
    return MEMBER in name or (name.startswith(OWN) and "_" in name)


@attrs.define(eq=False)
class FuzzyBudget:
    """Guesses cost the most, so that only the first of one payload are made."""

    left: int = 50

    def make(self, guess: Callable[[], T | None]) -> T | None:
        """What is guessed, or None when enough has been."""
        self.left -= 1
        return guess() if self.left >= 0 else None


class UnknownName(NamedTuple):
    """What is said of a name that stands for nothing, and the name to write in its place."""

    rule: Rule
    message: str
    hint: str
    to: str | None = None

    def report(self, spot: Cursor) -> None:
        """Note it where the name stands alone."""
        self._report(spot, self.to)

    def _report(self, spot: Cursor, written: str | None) -> None:
        fix = None if self.to is None else spot.fix(EditKind.WRITE, written, safe=False)
        spot.report(self.rule, self.message, self.hint, fix)


def report_columns(
    columns: Iterable[str], strange: Mapping[str, UnknownName], spot: Cursor
) -> None:
    """Note strange names among columns. They are one text, so that one change mends all."""
    mended = [strange[name].to or name if name in strange else name for name in columns]
    written = SEPARATOR.join(dict.fromkeys(mended))
    for one in strange.values():
        one._report(spot, written)
