"""Comparisons of a field of each type with a value of a statement."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import attrs
from sqlglot import exp
from sqlglot.dialects import TSQL, MySQL

from leadquery.errors import QueryError
from leadquery.expr.field_types import (
    Boolean,
    Date,
    DateTime,
    DerivedColumn,
    Field,
    Identifier,
    Number,
    Text,
    Time,
)
from leadquery.sql.reader.statement import Source, UnreadableError, unreadable
from leadquery.wire.enums import ABOVE, AT_MOST, BELOW, EQUAL, NOT_EQUAL, Operator

if TYPE_CHECKING:
    from leadquery.expr.field import BaseField
    from leadquery.expr.predicate import Condition

from leadquery.sql.reader.literals import Kind, Literal, day_range, moment, quoted


@attrs.define(eq=False)
class Notes:
    """Where a query means something else than its statement, for warnings."""

    case: list[exp.Expr] = attrs.field(factory=list)
    """Comparisons of text, which the API makes without regard to case."""
    folded: list[exp.Expr] = attrs.field(factory=list)
    """Text that is grouped, counted or sorted without regard to case."""
    midnight: list[exp.Expr] = attrs.field(factory=list)
    """Days that end a range when they begin."""
    nulls: list[exp.Expr] = attrs.field(factory=list)
    """Sort keys whose rows without a value the engine puts first."""
    averages: list[exp.Expr] = attrs.field(factory=list)
    """Averages that the engine rounds down for whole numbers."""
    filled: set[str] = attrs.field(factory=set)
    """The fields in which every lead of the query has data."""

    def texts(self, source: Source) -> Iterator[str]:
        """The warnings."""
        ignores_case = isinstance(source.dialect, (MySQL, TSQL))
        for name, message in _NOTES.items():
            nodes: list[exp.Expr] = getattr(self, name)
            if nodes and not (ignores_case and name in ("case", "folded")):
                yield message.format(_listed(source, nodes))


_NOTES: Final = {
    "case": (
        "text is compared without regard to case, as the API compares it: {}; "
        "LOWER(column) = 'text' in lower case says so"
    ),
    "folded": "values that differ in letter case only are one group, and sort as one: {}",
    "midnight": (
        "a day without a time is its midnight, so the rest of the day is beyond it: {}; "
        "to include it write < and the day after it"
    ),
    "nulls": (
        "rows without a value come last, where the engine puts them first: {}; NULLS LAST says so"
    ),
    "averages": "T-SQL cuts averages of whole numbers, and the query does not: {}",
}


_MAX_LISTED: Final = 3


def _listed(source: Source, nodes: Sequence[exp.Expr]) -> str:
    """Some nodes with their lines and columns."""
    listed = [f"{source.sql(one)} ({source.position(one)})" for one in nodes[:_MAX_LISTED]]
    more = len(nodes) - _MAX_LISTED
    return ", ".join([*listed, *([f"and {more} more"] if more > 0 else [])])


@attrs.frozen(eq=False)
class Comparison:
    """A field compared with a value by an operator, and the node that says so."""

    field: BaseField[Any]
    operator: Operator
    literal: Literal
    node: exp.Expr
    notes: Notes = attrs.field(factory=Notes)

    @property
    def is_equality(self) -> bool:
        """Whether it is `=` or `<>`."""
        return self.operator in (EQUAL, NOT_EQUAL)

    def condition(self) -> Condition:
        """The condition that it makes. Raises UnreadableError for a value of another type."""
        if self.literal.kind is Kind.NULL:
            hint = f"{self.field.name} {_null_test(self.operator)}"
            raise UnreadableError(
                self.literal.node, f"a comparison with NULL is never true; write {hint}"
            )
        read = next(read for types, read in _READERS if isinstance(self.field, types))
        try:
            return read(self)
        except QueryError as error:
            raise unreadable(self.node, error) from None

    def with_value(self, value: object, operator: Operator | None = None) -> Condition:
        """The condition for a Python value."""
        condition: Condition = self.field._compare(operator or self.operator, value)
        return condition


def _null_test(operator: Operator) -> str:
    return "IS NULL" if operator is EQUAL else "IS NOT NULL"


def _compare_number(one: Comparison) -> Condition:
    literal, name = one.literal, one.field.name
    if literal.kind is not Kind.NUMBER:
        is_number = literal.kind is Kind.TEXT and re.fullmatch(_NUMBER, literal.value.strip())
        hint = f"write {literal.value.strip()} without quotes" if is_number else "write one"
        raise UnreadableError(literal.node, f"{name} is compared with a number; {hint}")
    return one.with_value(literal.value)


_NUMBER: Final = r"[+-]?[0-9]+(?:\.[0-9]+)?"


def _compare_text(one: Comparison) -> Condition:
    literal, name = one.literal, one.field.name
    if not one.is_equality:
        hint = f"compare {name} by =, <>, IN or LIKE '%text%'"
        raise UnreadableError(one.node, f"the API does not order text; {hint}")
    if literal.kind is not Kind.TEXT:
        value = quoted(str(literal.value))
        raise UnreadableError(literal.node, f"{name} is compared with text; write {value}")
    _check_text(one)
    if not isinstance(one.field, Identifier):
        one.notes.case.append(one.node)
    return one.with_value(literal.value)


def _check_text(one: Comparison) -> None:
    if not one.literal.value:
        hint = f"{one.field.name} {_null_test(one.operator)}"
        message = f"the API does not tell empty text from NULL; write {hint}"
        raise UnreadableError(one.literal.node, message)


def _compare_boolean(one: Comparison) -> Condition:
    literal, name = one.literal, one.field.name
    if not one.is_equality:
        message = f"{name} is TRUE or FALSE, which have no order; compare it by ="
        raise UnreadableError(one.node, message)
    if literal.kind is not Kind.BOOLEAN and literal.value not in (0, 1):
        message = f"{name} is compared with TRUE or FALSE; write one of them"
        raise UnreadableError(literal.node, message)
    return one.with_value(bool(literal.value))


def _compare_day(one: Comparison) -> Condition:
    """A comparison of a date without a time of day, which is all of the day."""
    at, is_day = moment(one.literal)
    if not is_day:
        return one.with_value(at)
    if one.operator is NOT_EQUAL:
        return one.with_value(at.date(), BELOW) | one.with_value(at.date(), ABOVE)
    return one.with_value(at.date())


def _compare_moment(one: Comparison) -> Condition:
    at, is_day = moment(one.literal)
    name = one.field.name
    if is_day and one.is_equality:
        raise UnreadableError(one.node, midnight_message(name, one.operator, name, at))
    if is_day and one.operator in (ABOVE, AT_MOST):
        one.notes.midnight.append(one.node)
    return one.with_value(at)


def midnight_message(compared: str, operator: Operator, column: str, day: datetime) -> str:
    """The message for a date and time that is compared with a day by `=` or `<>`."""
    days = day_range(column, day)
    hint = days if operator is EQUAL else f"NOT ({days})"
    found = f"{compared} {operator.token} '{day:%Y-%m-%d}'"
    return f"{found} is about midnight only; for the whole day write {hint}"


def _compare_time(one: Comparison) -> Condition:
    try:
        return one.with_value(one.literal.value)
    except QueryError:
        message = f"{one.field.name} is a time of day; write one such as '09:30:00'"
        raise UnreadableError(one.literal.node, message) from None


def _compare_any(one: Comparison) -> Condition:
    """A comparison of a field of unknown type: the value decides."""
    if one.literal.kind is Kind.DATE:
        return _compare_moment(one)
    if one.literal.kind is Kind.TEXT:
        _check_text(one)
        one.notes.case.append(one.node)
    return one.with_value(one.literal.value)


def derived_column_error(field: BaseField[Any], node: exp.Expr) -> UnreadableError:
    """The error for a condition on a column that only results have."""
    owners = "OwnerId IN (SELECT UserID FROM users WHERE ...)"
    message = f"{field.name} is made by the API for its result; compare another column"
    return UnreadableError(node, f"{message}, or write {owners} for owners")


def _refuse_derived(one: Comparison) -> Condition:
    raise derived_column_error(one.field, one.node)


_READERS: Final[tuple[tuple[type[BaseField[Any]], Callable[[Comparison], Condition]], ...]] = (
    (DerivedColumn, _refuse_derived),
    (Number, _compare_number),
    (Text, _compare_text),
    (Identifier, _compare_text),
    (Boolean, _compare_boolean),
    (DateTime, _compare_moment),
    (Date, _compare_day),
    (Time, _compare_time),
    (Field, _compare_any),
)
