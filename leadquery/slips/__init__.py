"""What a person meant: the nearest name, and what to write where Python reads a line otherwise."""

from leadquery.slips.lines import elsewhere, not_a_condition, warn
from leadquery.slips.names import nearest, no_method, same_letters, unknown_name
from leadquery.slips.texts import ATTRIBUTE, CONDITION, FIELD, QUERY, USER_CONDITION, Texts
from leadquery.slips.things import Asked, Bare, Joinable

__all__ = [
    "ATTRIBUTE",
    "CONDITION",
    "FIELD",
    "QUERY",
    "USER_CONDITION",
    "Asked",
    "Bare",
    "Joinable",
    "Texts",
    "elsewhere",
    "nearest",
    "no_method",
    "not_a_condition",
    "same_letters",
    "unknown_name",
    "warn",
]
