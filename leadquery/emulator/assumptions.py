"""What the emulator takes for granted where the API page is silent."""

from __future__ import annotations

from enum import Enum

from leadquery.lint.rules.base import Certainty


class Assumption(Enum):
    """One thing taken for granted, and how sure it is."""

    title: str
    certainty: Certainty
    statement: str

    def __init__(self, title: str, certainty: Certainty, statement: str) -> None:
        self.title = title
        self.certainty = certainty
        self.statement = statement

    TEXT = (
        "text",
        Certainty.INFERRED,
        (
            "Text is compared without regard to case (Unicode casefold); contains takes its text "
            "literally and knows no wildcards."
        ),
    )
    KINDS = (
        "numbers and dates",
        Certainty.INFERRED,
        (
            "Numbers compare as doubles, dates as moments in UTC. Standard fields have their "
            "kind; of others the account's fields may say it, else a field is a number when every "
            "stored value is one. A stored value that its field's kind cannot read counts as no "
            "data; a value asked for that it cannot read finds nothing. Containing is asked of "
            "the text, whatever the kind. A field that nobody has has no data."
        ),
    )
    NO_DATA = (
        "no data",
        Certainty.INFERRED,
        (
            "No data is null or empty text. A lead without data in a field meets no comparison on "
            "it, not even the negative ones."
        ),
    )
    DATES = (
        "date filters",
        Certainty.INFERRED,
        (
            "Several date filters are joined by AND, both ends are included, and a lead's "
            "fraction of a second is dropped before comparing."
        ),
    )
    USERS = (
        "user filters",
        Certainty.SHOWN,
        (
            "A user filter keeps the leads whose owner is among the users that meet it. A user "
            "condition compares like a lead's; equal to a comma-joined text is one of. A group's "
            "own conditions and its nested groups must both hold. Without a user filter no user "
            "is asked about, and owners unknown to the user list still count."
        ),
    )
    OWNERS = (
        "owners without leads",
        Certainty.SHOWN,
        (
            "Grouping by owner under a user filter lists every user that meets it, with count 0 "
            "and null where there are no leads. Any other grouping lists the values found, and "
            "leads with no data under null."
        ),
    )
    FUNCTIONS = (
        "functions",
        Certainty.STATED,
        (
            "Count counts leads. Average and Sum are over the leads that have the number, null "
            "when none has; the count beside them counts all leads of the group."
        ),
    )
    ORDER = (
        "order",
        Certainty.INFERRED,
        (
            "Values that compare as equal are one group, shown as first met in the order the "
            "leads were given. Groups come by count, highest first, then by value, no data last; "
            "lists by lead id. Paging cuts after that."
        ),
    )
    ROWS = (
        "rows",
        Certainty.SEEN,
        (
            "The total is a text and counts rows before paging. A list row holds the columns "
            "asked for, in that order, as text, null where there is no data or no such field."
        ),
    )
    CSV = (
        "CSV",
        Certainty.STATED,
        "CSV is RFC 4180 with a header, in UTF-8, as an attachment.",
    )
    LIMIT = (
        "limit",
        Certainty.INFERRED,
        (
            "The limit slides: no stretch of its seconds, wherever it starts, holds more calls. A "
            "call counts from its arrival, whatever it is answered and wherever its reply is lost; "
            "one that is refused for the limit, the path, the method or the keys does not. All "
            "keys of the account share one limit, and a call for lead fields counts as one for "
            "leads."
        ),
    )
    FIELDS = (
        "lead fields",
        Certainty.INFERRED,
        (
            "Lead fields are told on every host. They are the standard ones, those that were "
            "named, and those that a lead has data in; ids and users are of type Text."
        ),
    )
