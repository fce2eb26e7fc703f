"""Names of fields: those of every account, those made as an account's own, and slips of both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final, NamedTuple

from leadquery.fields import STANDARD
from leadquery.payload.keys import letters
from leadquery.slips import nearest
from leadquery.spec.rules import Rule

_OWN: Final = "mx"
_MEMBER: Final = "~"
_PREFIXES: Final = ("lead", _OWN)
"""What people leave out of a name, or put before it."""

_CUTOFF: Final = 0.85
"""Nearer than two names of the standard fields mostly are to each other."""

_LONGEST: Final = 60

_GUESSES: Final = 50
"""How many unknown names of one payload are compared with all known ones."""


class Meant(NamedTuple):
    """What a name stands for, and the rule that says how it came to be written so."""

    name: str
    rule: Rule


def is_passed(name: str) -> bool:
    """Whether a name is known, or made as the names of an account's own fields are.

    >>> is_passed("Score"), is_passed("mx1_Amount"), is_passed("mx_A~mx_B"), is_passed("Scor")
    (True, True, True, False)
    """
    return name in STANDARD or _MEMBER in name or (name.startswith(_OWN) and "_" in name)


def meant(names: Iterable[str]) -> dict[str, Meant]:
    """What unknown names stand for. A name that is near to no known one is left out.

    >>> found = meant(["Score", "Lead Stage", "Scor", "Course"])
    >>> [(written, one.name, one.rule.code) for written, one in found.items()]
    [('Lead Stage', 'ProspectStage', 'LQ507'), ('Scor', 'Score', 'LQ506')]
    """
    found: dict[str, Meant] = {}
    guesses = 0
    for name in dict.fromkeys(names):
        if is_passed(name):
            continue
        known = _same(name)
        if known is None and guesses < _GUESSES:
            guesses += 1
            known = _near(name)
        if known is not None:
            found[name] = known
    return found


def _same(name: str) -> Meant | None:
    """The field of the same letters, by its schema name or by the name that people see."""
    known = _recased().get(name.casefold())
    if known is not None:
        return Meant(known, Rule.NEAR_NAME)
    said = letters(name)
    shown = _shown()
    known = shown.get(said) or shown.get(_bare(said))
    return None if known is None else Meant(known, Rule.SHOWN_NAME)


def _near(name: str) -> Meant | None:
    said = name.casefold()
    if len(said) > _LONGEST:
        return None
    known = _swapped(said) or nearest(said, _recased(), _CUTOFF)
    return None if known is None else Meant(known, Rule.NEAR_NAME)


def _swapped(said: str) -> str | None:
    """The field of a name in which two neighbours changed places; a short one is not near."""
    for place in range(len(said) - 1):
        swapped = said[:place] + said[place + 1] + said[place] + said[place + 2 :]
        if swapped in _recased():
            return _recased()[swapped]
    return None


@cache
def _recased() -> Mapping[str, str]:
    """The schema names, by themselves in small letters."""
    return {name.casefold(): name for name in STANDARD}


@cache
def _shown() -> Mapping[str, str]:
    """The schema names, by the letters of what people say: the whole name goes before a part."""
    said = [(letters(text), name) for name, word in STANDARD.items() for text in (name, word.label)]
    parts = [(_bare(text), name) for text, name in said]
    return dict(reversed([*said, *parts]))


def _bare(said: str) -> str:
    """The letters of a name, without what people leave out."""
    for prefix in _PREFIXES:
        said = said.removeprefix(prefix)
    return said
