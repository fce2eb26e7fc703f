"""What a person meant: the nearest name, and what to write where Python reads a line otherwise."""

from leadquery.slips.event import Event, explained
from leadquery.slips.lines import (
    compared,
    elsewhere,
    keyword,
    misplaced,
    not_a_condition,
    uncalled,
    unsendable,
    warn,
)
from leadquery.slips.names import nearest, no_method, same_letters, unknown_name
from leadquery.slips.texts import ATTRIBUTE, CONDITION, FIELD, QUERY, USER_CONDITION, Texts
from leadquery.slips.things import Asked, Bare, Joinable, unchanging

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
