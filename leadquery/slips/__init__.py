"""What a person meant: the nearest name, and what to write where Python reads a line otherwise."""

from typing import TYPE_CHECKING

from leadquery.slips.event import Event, explained
from leadquery.slips.texts import ATTRIBUTE, CONDITION, FIELD, QUERY, USER_CONDITION, Texts
from leadquery.slips.things import Asked, Bare, Joinable, lenient, unchanging

if TYPE_CHECKING:
    from leadquery.slips.lines import (
        compared,
        elsewhere,
        keyword,
        miscalled,
        misplaced,
        not_a_condition,
        uncalled,
        unsendable,
        warn,
    )
    from leadquery.slips.names import nearest, no_method, same_letters, unknown_name

__all__ = [
    "ATTRIBUTE",
    "CONDITION",
    "FIELD",
    "QUERY",
    "USER_CONDITION",
    "Asked",
    "Bare",
    "Event",
    "Joinable",
    "Texts",
    "compared",
    "elsewhere",
    "explained",
    "keyword",
    "lenient",
    "miscalled",
    "misplaced",
    "nearest",
    "no_method",
    "not_a_condition",
    "same_letters",
    "uncalled",
    "unchanging",
    "unknown_name",
    "unsendable",
    "warn",
]


def __getattr__(name: str) -> object:
    # What is said of a mistake is loaded with the first one.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from leadquery.slips import lines, names

    return getattr(lines, name, None) or getattr(names, name)
