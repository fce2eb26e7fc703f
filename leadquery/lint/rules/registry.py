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
    EXTRA_COMMA = (
        "LQ104",
        Severity.ERROR,
        "a comma too many",
        "JSON has commas between entries only, not behind the last one.",
        "JSON Body",
        Certainty.STATED,
    )
    COMMENT = (
        "LQ105",
        Severity.ERROR,
        "a comment",
        "JSON has no comments.",
        "JSON Body",
        Certainty.STATED,
    )
    MISSING_MARK = (
        "LQ106",
        Severity.ERROR,
        "a comma or a colon is missing",
        "Entries are parted by commas, a key and its value by a colon.",
        "JSON Body",
        Certainty.STATED,
    )
    QUOTES = (
        "LQ107",
        Severity.ERROR,
        "quotes that JSON does not know, or none",
        "Keys and text stand in straight double quotes.",
        "JSON Body",
        Certainty.STATED,
    )
    STRANGE_BLANK = (
        "LQ108",
        Severity.ERROR,
        "a byte-order mark, or a blank that JSON does not know",
        "Between values JSON knows four blanks: space, tab and two line ends.",
        "JSON Body",
        Certainty.STATED,
    )
    FOREIGN = (
        "LQ109",
        Severity.ERROR,
        "a word of another language",
        "JSON knows true, false and null, and no NaN or infinity.",
        "JSON Body",
        Certainty.STATED,
    )
    DUPLICATE_KEY = (
        "LQ110",
        Severity.ERROR,
        "a key that stands twice in one object",
        "Only the last one counts, so what the first one says is lost without a word.",
        "JSON Body",
        Certainty.STATED,
    )
    LOST_END = (
        "LQ111",
        Severity.ERROR,
        "a bracket, a quote or the end of the text is lost",
        "Where the text ends too early, nobody can say what was to come.",
        "JSON Body",
        Certainty.STATED,
    )
    ESCAPE = (
        "LQ112",
        Severity.ERROR,
        "a character that text holds only escaped",
        "Inside text, backslashes, tabs and other control characters are escaped.",
        "JSON Body",
        Certainty.STATED,
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
    NEIGHBOUR = (
        "LQ207",
        Severity.ERROR,
        "a body written for a neighbouring API",
        "Its filters stand under keys that this API does not know and may ignore.",
        "JSON Body",
        Certainty.SHOWN,
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
    COLUMN_LIST = (
        "LQ310",
        Severity.WARNING,
        "blanks or an empty name in a column list",
        "Names are joined by commas alone; a blank may be read as a part of a name.",
        "Output",
        Certainty.SEEN,
    )
    USER_OPERATOR = (
        "LQ311",
        Severity.WARNING,
        "a user operator nobody has seen",
        "Only two operators are known for users; the vendor's full list is not public.",
        "User Filter",
        Certainty.INFERRED,
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
    OTHER_OUTPUT = (
        "LQ407",
        Severity.WARNING,
        "a key of the other output type",
        "A list reads only its columns, an aggregate only its three keys; the rest is ignored.",
        "Output",
        Certainty.STATED,
    )
    REPEATED = (
        "LQ408",
        Severity.WARNING,
        "the same filter, value or column twice",
        "It changes nothing, and is often a slip for another one.",
        "Lead Filters",
        Certainty.INFERRED,
    )
    IDLE_JOINER = (
        "LQ409",
        Severity.WARNING,
        "a joining word with nothing to join",
        "The word joins to the next condition or group, and there is none.",
        "User Filter",
        Certainty.STATED,
    )
    NOON = (
        "LQ501",
        Severity.WARNING,
        "noon as the start or the end of a range",
        "The page's sample has noon at both ends; copied, it leaves out half of a day.",
        "Date Filter",
        Certainty.SEEN,
    )
    CONTRADICTION = (
        "LQ502",
        Severity.WARNING,
        "filters that no lead can meet together",
        "Filters are joined by AND, so the report would be empty.",
        "Lead Filters",
        Certainty.INFERRED,
    )
    NO_PAGING = (
        "LQ503",
        Severity.WARNING,
        "no paging",
        "How many rows come without it is not documented.",
        "Paging",
        Certainty.INFERRED,
    )
    LARGE_PAGE = (
        "LQ504",
        Severity.WARNING,
        "a very large page",
        "No limit is stated; sibling APIs stop at 1,000 to 5,000 rows.",
        "Paging",
        Certainty.SEEN,
    )
    ONE_OF_ONE = (
        "LQ505",
        Severity.WARNING,
        "a list of one value",
        "One value is what the plain comparison is for; a list of one is often a list cut short.",
        "Lead Filters",
        Certainty.INFERRED,
    )
    NEAR_NAME = (
        "LQ506",
        Severity.WARNING,
        "a field unlike every known one but close to one of them",
        "A field that the account does not have may be ignored, and its filter with it.",
        "Lead Filters",
        Certainty.SEEN,
    )
    SHOWN_NAME = (
        "LQ507",
        Severity.WARNING,
        "the name that people see in place of the schema name",
        "The API knows fields by their schema names alone.",
        "Lead Filters",
        Certainty.SEEN,
    )
    NEAR_ATTRIBUTE = (
        "LQ508",
        Severity.WARNING,
        "a user attribute unlike every known one but close to one of them",
        "The vendor's full list is not public; an attribute that users lack finds nobody.",
        "User Filter",
        Certainty.INFERRED,
    )
    WILDCARD = (
        "LQ509",
        Severity.WARNING,
        "a wildcard in a text that is searched for",
        "What is contained is looked for letter by letter, signs of SQL and of shells too.",
        "Lead Filters",
        Certainty.INFERRED,
    )
    UNKNOWN_FIELD = (
        "LQ601",
        Severity.ERROR,
        "a field that the account does not have",
        "A filter on an unknown field may be ignored, and the report then covers every lead.",
        "Lead Filters",
        Certainty.SEEN,
    )
    DISPLAY_NAME = (
        "LQ602",
        Severity.ERROR,
        "the display name of one of the account's fields",
        "The API knows fields by their schema names alone.",
        "Lead Filters",
        Certainty.SEEN,
    )
    KIND_OPERATOR = (
        "LQ603",
        Severity.ERROR,
        "an operator that the kind of the field lacks",
        "Only numbers and dates have an order, only text has parts.",
        "Lead Filters",
        Certainty.INFERRED,
    )
    KIND_VALUE = (
        "LQ604",
        Severity.ERROR,
        "a value that the field's kind cannot have",
        "Such a filter finds nothing, or makes the API fail.",
        "Lead Filters",
        Certainty.SEEN,
    )
    KIND_FUNCTION = (
        "LQ605",
        Severity.ERROR,
        "an average or a sum of a field that is no number",
        "Only numbers are averaged and summed.",
        "Output",
        Certainty.INFERRED,
    )
    OPTION = (
        "LQ606",
        Severity.WARNING,
        "a value outside the options of a dropdown",
        "Off by a blank or a comma it finds nothing; stored values may lie outside the options.",
        "Lead Filters",
        Certainty.SEEN,
    )
