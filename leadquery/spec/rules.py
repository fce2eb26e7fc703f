"""What can be wrong with a payload.

A row says why, on which section of the API page it rests, and how sure that is.
"""

from __future__ import annotations

from enum import Enum


class Certainty(Enum):
    """How a fact is known."""

    STATED = "stated by the vendor"
    SHOWN = "shown in the vendor's sample"
    SEEN = "seen in production code"
    THIRD_PARTY = "said by a third party"
    INFERRED = "inferred"


class Severity(Enum):
    """An error cannot mean what it says; a warning probably does not."""

    ERROR = "error"
    WARNING = "warning"


class Rule(Enum):
    """One kind of mistake. A code never changes its meaning."""

    code: str
    severity: Severity
    title: str
    why: str
    clause: str
    certainty: Certainty

    def __init__(
        self,
        code: str,
        severity: Severity,
        title: str,
        why: str,
        clause: str,
        certainty: Certainty,
    ) -> None:
        self.code = code
        self.severity = severity
        self.title = title
        self.why = why
        self.clause = clause
        self.certainty = certainty

    __hash__ = object.__hash__

    NOT_JSON = (
        "LQ101",
        Severity.ERROR,
        "the text is not JSON",
        "The body of the call is one JSON object.",
        "JSON Body",
        Certainty.STATED,
    )
    NOT_UTF8 = (
        "LQ102",
        Severity.ERROR,
        "the bytes are not UTF-8",
        "JSON travels as UTF-8.",
        "JSON Body",
        Certainty.SEEN,
    )
    TOO_DEEP = (
        "LQ103",
        Severity.ERROR,
        "nested too deeply to be read",
        "No report needs more than a few levels of groups.",
        "User Filter",
        Certainty.INFERRED,
    )
    UNKNOWN_KEY = (
        "LQ201",
        Severity.ERROR,
        "a key that the API does not know",
        "A filter under an unknown key may be ignored, and the report then covers every lead.",
        "HTTP Response Codes, 400",
        Certainty.STATED,
    )
    KEY_CASE = (
        "LQ202",
        Severity.WARNING,
        "a key in other letter case",
        "The page spells some keys in several ways; only its sample's are known to work.",
        "JSON Body",
        Certainty.SHOWN,
    )
    MISSING_KEY = (
        "LQ203",
        Severity.ERROR,
        "a key is missing",
        "The API cannot tell what is asked without it.",
        "Request Parameters",
        Certainty.STATED,
    )
    WRONG_TYPE = (
        "LQ204",
        Severity.ERROR,
        "another kind of JSON value than the API reads",
        "Filters are lists, values are text (numbers too), paging is numbers.",
        "JSON Body",
        Certainty.SHOWN,
    )
    NULL = (
        "LQ205",
        Severity.ERROR,
        "null where a value belongs",
        "Only the word that joins a condition or a group to the next one may be null.",
        "User Filter",
        Certainty.SHOWN,
    )
    EMPTY = (
        "LQ206",
        Severity.ERROR,
        "an empty list or name",
        "An empty filter may be read as no filter at all.",
        "Request Parameters",
        Certainty.INFERRED,
    )
    OUTPUT_TYPE = (
        "LQ301",
        Severity.ERROR,
        "not an output type",
        "A report is a list of leads or an aggregate.",
        "Output",
        Certainty.STATED,
    )
    DATE_FIELD = (
        "LQ302",
        Severity.ERROR,
        "not a date field",
        "Reports are limited by the creation or the modification date, under names of their own.",
        "Date Filter",
        Certainty.STATED,
    )
    FUNCTION = (
        "LQ303",
        Severity.ERROR,
        "not an aggregate function",
        "Groups are counted, averaged or summed.",
        "Output",
        Certainty.STATED,
    )
    OPERATOR = (
        "LQ304",
        Severity.ERROR,
        "not an operator",
        "The operators of this API are its own; those of its siblings are spelt otherwise.",
        "Lead Filters",
        Certainty.STATED,
    )
    JOINER = (
        "LQ305",
        Severity.ERROR,
        "not a joining word",
        "Conditions and groups are joined by AND or by OR.",
        "User Filter",
        Certainty.STATED,
    )
    VALUE_CASE = (
        "LQ306",
        Severity.WARNING,
        "a value of a fixed list in other letter case",
        "Whether the API minds letter case is not known; the page's own spelling is safe.",
        "Request Parameters",
        Certainty.INFERRED,
    )
    TIMESTAMP = (
        "LQ307",
        Severity.ERROR,
        "not a date in the API's format",
        "Dates are written as one fixed text: day and time, 24-hour clock, UTC.",
        "Date Filter",
        Certainty.STATED,
    )
    CALENDAR = (
        "LQ308",
        Severity.ERROR,
        "a date that no calendar has",
        "The text has the right format, but there is no such day or time.",
        "Date Filter",
        Certainty.INFERRED,
    )
    PAGE_NUMBER = (
        "LQ309",
        Severity.ERROR,
        "a page or page size out of range",
        "Pages count from 1, and a page holds at least one row.",
        "Paging",
        Certainty.STATED,
    )
    VALUE_KEY = (
        "LQ401",
        Severity.ERROR,
        "the value stands under the key of another operator",
        "`in` takes a list of values under a key of its own; every other operator takes one text.",
        "Lead Filters",
        Certainty.STATED,
    )
    NEEDLESS_VALUE = (
        "LQ402",
        Severity.ERROR,
        "a value beside an operator that takes none",
        "Asking whether a field has data compares it with nothing.",
        "Lead Filters",
        Certainty.INFERRED,
    )
    EMPTY_VALUE = (
        "LQ403",
        Severity.ERROR,
        "an empty value",
        "A comparison with nothing finds nothing; another operator asks for empty fields.",
        "Lead Filters",
        Certainty.INFERRED,
    )
    BACKWARDS = (
        "LQ404",
        Severity.ERROR,
        "a range that ends before it starts",
        "No lead can meet it.",
        "Date Filter",
        Certainty.INFERRED,
    )
    MIXED_JOINERS = (
        "LQ405",
        Severity.ERROR,
        "AND and OR on one level",
        "All conditions of a group, and all groups of a level, are joined by one word.",
        "User Filter",
        Certainty.STATED,
    )
    MISSING_JOINER = (
        "LQ406",
        Severity.ERROR,
        "nothing joins a condition or group to the next one",
        "Without the word it is not known whether both or either must hold.",
        "User Filter",
        Certainty.STATED,
    )
