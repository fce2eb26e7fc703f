"""The operators of each field type, a second time, so that a mistake in the source cannot hide.

What the tests expect of messages, completion, strategies and the mock API follows from these
tables. A new operator is a row of `OPERATORS`, in the order of the messages, and one of `SEARCHES`
or `COMPARE`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from leadquery import periods
from leadquery.wire.enums import Operator
from tests.expr.support import many, none, one

EVERY: Final = {
    *("Number", "Text", "Choice", "Boolean", "Date", "DateTime", "Time", "Identifier", "Field"),
}
TEXT: Final = {"Text", "Choice", "Field"}
LISTS: Final = TEXT | {"Number", "Identifier"}
DATES: Final = {"Date", "DateTime", "Field"}
RANGES: Final = DATES | {"Number"}
ORDERED: Final = RANGES | {"Time"}

DAY: Final = periods.day(2026, 1, 31)


class OperatorCase(NamedTuple):
    """An operator as messages name it, the field types that have it, and how it is called.

    `call` takes a field and two values, `filters` the texts that they are sent as.
    """

    name: str
    types: set[str]
    call: Callable[[Any, Any, Any], Any]
    filters: Callable[[str, str], list[Any]]

    @property
    def tokens(self) -> set[str]:
        """The operators of the API in its filters."""
        return {lead_filter["SqlOperator"] for lead_filter in self.filters("a", "b")}


def _sign(name: str, token: str, types: set[str], compare: Callable[..., Any]) -> OperatorCase:
    return OperatorCase(
        name, types, lambda field, low, _: compare(field, low), lambda a, _: [one(token, a)]
    )


def _search(name: str, token: str) -> OperatorCase:
    """A method of texts with the text that it looks for."""
    return OperatorCase(
        f".{name}()",
        TEXT,
        lambda field, low, _: getattr(field, name)(low),
        lambda a, _: [one(token, a)],
    )


OPERATORS: Final = (
    _sign("==", "=", EVERY, operator.eq),
    _sign("!=", "<>", EVERY, operator.ne),
    _sign("<", "<", ORDERED, operator.lt),
    _sign("<=", "<=", ORDERED, operator.le),
    _sign(">", ">", ORDERED, operator.gt),
    _sign(">=", ">=", ORDERED, operator.ge),
    OperatorCase(
        ".is_in()",
        LISTS,
        lambda field, low, high: field.is_in([low, high]),
        lambda a, b: [many(a, b)],
    ),
    _search("contains", "lik"),
    _search("does_not_contain", "nlik"),
    OperatorCase(
        ".between()",
        RANGES,
        lambda field, low, high: field.between(low, high),
        lambda a, b: [one(">=", a), one("<=", b)],
    ),
    OperatorCase(
        ".during()",
        DATES,
        lambda field, *_: field.during(DAY),
        lambda *_: [one(">=", "2026-01-31 00:00:00"), one("<=", "2026-01-31 23:59:59")],
    ),
    OperatorCase(
        ".has_data()", EVERY, lambda field, *_: field.has_data(), lambda *_: [none("def")]
    ),
    OperatorCase(
        ".has_no_data()", EVERY, lambda field, *_: field.has_no_data(), lambda *_: [none("ndef")]
    ),
)

SEARCHES: Final[dict[str, Callable[[str, str], bool]]] = {
    "lik": lambda text, part: part in text,
    "nlik": lambda text, part: part not in text,
}
"""Whether a text meets a search, both without regard to case."""

COMPARE: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "=": operator.eq,
    "<>": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
    **SEARCHES,
}
"""Whether a value of a lead meets a filter with one value, both as the server compares them."""


def names_of(field_type: str) -> list[str]:
    """The operators of a field type, as messages list them."""
    return [case.name for case in OPERATORS if field_type in case.types]


def methods_of(field_type: str) -> set[str]:
    """The methods among them."""
    return {name[1:-2] for name in names_of(field_type) if name.startswith(".")}


def tokens_of(field_type: str) -> set[str]:
    """The API's operators of a field type."""
    return set().union(*(case.tokens for case in OPERATORS if field_type in case.types))


def token_list(field_type: str, joiner: str = "and") -> str:
    """The API's operators of a field type, as messages of `check` list them."""
    own = tokens_of(field_type)
    *first, last = (repr(row.token) for row in Operator if row.token in own)
    return f"{', '.join(first)} {joiner} {last}"
