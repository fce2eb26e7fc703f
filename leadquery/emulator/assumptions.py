"""What the mock API assumes where the API's page is silent."""

from __future__ import annotations

from enum import Enum

from leadquery.lint.rules import Certainty


class Assumption(Enum):
    """An assumption, and how certain it is."""

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
            "Text is compared without regard to case (Unicode casefold). 'Contains' takes its text "
            "literally, without wildcards."
        ),
    )
    TYPES = (
        "numbers and dates",
        Certainty.INFERRED,
        (
            "Numbers compare as doubles, dates as times in UTC, and checkboxes as 1 or 0, which "
            "may also be written true or false in any letter case. The type of a standard field is "
            "known; that of another field may be given, else the field is a number if every "
            "stored value is one, or a checkbox if every one is true or false. "
            "A stored value that the field's type cannot read counts as no "
            "data; a filter value that it cannot read finds nothing. 'Contains' compares the "
            "text, whatever the type. A field that no lead has is empty."
        ),
    )
    NO_DATA = (
        "no data",
        Certainty.INFERRED,
        (
            "Null and empty text are no data. A lead without data in a field meets no comparison "
            "on it, not even a negative one."
        ),
    )
    DATES = (
        "date filters",
        Certainty.INFERRED,
        (
            "Several date filters are joined by AND, and both ends are included. Ends are given to "
            "the second."
        ),
    )
    FRACTIONS = (
        "fractions of a second",
        Certainty.INFERRED,
        (
            "A lead's fraction of a second is dropped before comparing, so that a range that ends "
            "at second 59 includes all of that second. Whether the API does so is not known: a "
            "sibling API was seen to store times to the millisecond and to compare all of it, so "
            "that a lead of 23:59:59.412 is in neither of two days. Emulator(..., "
            "counts_fractions=True) compares like that. Client.run is right with both: it reads "
            "one second more, and drops the rows of that second."
        ),
    )
    USERS = (
        "user filters",
        Certainty.SAMPLE,
        (
            "A user filter keeps the leads whose owner is among the users that meet it. User "
            "conditions compare like lead conditions; 'equals' a comma-joined text means any of "
            "its parts. A group's own conditions and its nested groups must both hold. Without a "
            "user filter, leads count even if their owner is not among the users."
        ),
    )
    USER_SEARCH = (
        "search of users",
        Certainty.SEEN,
        (
            "The advanced search of users takes the groups of a user filter, and returns pages of "
            "at most 1,000 users, with null for attributes that are not asked for. A page size "
            "above that and an unknown attribute have status 500."
        ),
    )
    OWNERS = (
        "owners without leads",
        Certainty.SAMPLE,
        (
            "Grouping by owner with a user filter lists every user that meets it, with count 0 "
            "and null for a user without leads. Any other grouping lists the values found, and "
            "leads without data under null."
        ),
    )
    FUNCTIONS = (
        "functions",
        Certainty.STATED,
        (
            "Count counts leads. Average and Sum use the leads that have the number, and are null "
            "when none has; the count beside them counts all leads of the group."
        ),
    )
    ORDER = (
        "order",
        Certainty.INFERRED,
        (
            "Values that compare as equal are one group, shown as in the first such lead. Groups "
            "are ordered by count, highest first, then by value, no data last; lists by lead id. "
            "Paging comes after that."
        ),
    )
    ROWS = (
        "rows",
        Certainty.SEEN,
        (
            "The total is text and counts the rows before paging. A row of a list holds the "
            "requested columns in their order, as text, and null for no data or no such field. "
            "OwnerIdName and OwnerIdEmailAddress are those of the owner among the users, unless a "
            "lead has them."
        ),
    )
    ACTIVITIES = (
        "leads not contacted",
        Certainty.STATED,
        (
            "A lead is not contacted if it has none of the activities that the filter names, or "
            "none at all without a filter."
        ),
    )
    TASKS = (
        "tasks",
        Certainty.INFERRED,
        (
            "A task is active while its status is Pending or Overdue. A lead has no active tasks "
            "if it has none of the named types with such a status, also if it never had a task; "
            "it has pending or overdue tasks if it has one of the asked status and types. Types "
            "and statuses compare as text does."
        ),
    )
    REPORT_DATES = (
        "dates of the reports on activities and tasks",
        Certainty.INFERRED,
        (
            "The date filter limits the dates of the leads, as in the main report, and not those "
            "of activities or tasks."
        ),
    )
    LENGTH = (
        "long lists",
        Certainty.INFERRED,
        (
            "Lists have pages up to their last row. Those of an account may end before, at row "
            "10,000, where many search engines do; Emulator(..., max_rows=10_000) does so, and "
            "counts all rows in the total. Client.export(..., window=True) is right with both."
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
            "The limit is a sliding window: no span of its seconds, wherever it starts, holds "
            "more calls. A call counts when it arrives, whatever the response and even if the "
            "response is lost; a call rejected for the limit, the path, the method or the keys "
            "does not. All keys of the account share one limit, and a call for lead fields "
            "counts like one for leads."
        ),
    )
    FIELDS = (
        "lead fields",
        Certainty.INFERRED,
        (
            "Every host lists lead fields: the standard ones, the given ones, and those that a "
            "lead has data in. Ids and users have the type Text."
        ),
    )
