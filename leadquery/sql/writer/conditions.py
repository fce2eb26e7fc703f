"""Conditions on leads and on users as SQL.

SQL is right about no data: a comparison with null finds nothing. Empty text is no data, too, so
comparisons that it would meet, such as `<>`, come with `<> ''`. The statement has no NOT around
other conditions, because queries have none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Final

from attrs import frozen
from sqlglot import exp
from sqlglot.expressions import Expr

from leadquery.errors import UnsupportedQueryError
from leadquery.expr.collation import (
    SEARCHES,
    number_key,
    text_key,
    timestamp_key,
    truth_key,
)
from leadquery.expr.predicate import Condition, OtherOwners, Predicate
from leadquery.expr.user_field import UserPredicate, one_condition
from leadquery.fields import DATE_FIELDS, OwnerId
from leadquery.sql import patterns, text_patterns
from leadquery.sql.tables import Kind, Storage
from leadquery.sql.writer.columns import Column, Columns
from leadquery.users import UserID
from leadquery.wire.enums import FALSE, SEPARATOR, TRUE, LogicalOperator, Operator, UserOperator
from leadquery.wire.model import (
    ComparisonFilter,
    DateRange,
    LeadFilter,
    MembershipFilter,
    UserCondition,
)
from leadquery.wire.types import BLANKS

_NODES: Final[dict[Operator, type[exp.Binary]]] = {
    Operator.EQUAL: exp.EQ,
    Operator.NOT_EQUAL: exp.NEQ,
    Operator.ABOVE: exp.GT,
    Operator.BELOW: exp.LT,
    Operator.AT_LEAST: exp.GTE,
    Operator.AT_MOST: exp.LTE,
}


def compare(operator: Operator, x: Expr, value: Expr) -> Expr:
    """A comparison of two values."""
    return _NODES[operator](this=x.copy(), expression=value)


@frozen
class Filters:
    """The SQL of conditions."""

    columns: Columns

    def condition(self, condition: Condition) -> Expr:
        """A condition of any kind."""
        if isinstance(condition, UserPredicate):
            return self.owned_by(condition)
        if isinstance(condition, OtherOwners):
            return self.owned_by(condition.users, negated=True)
        if isinstance(condition, Predicate):
            return join(LogicalOperator.AND, map(self.filter, condition.filters))
        return join(condition.joiner, map(self.condition, condition.parts))

    def date_range(self, dates: DateRange) -> Expr:
        """The condition on a date that it is in a range, the last second included."""
        column = self.columns.find(DATE_FIELDS[dates.field].name)
        since, _ = self._ends(column, dates.start)
        _, until = self._ends(column, dates.end)
        x = self._compared_moment(column)
        parts = [patterns.since(x, since)] + ([patterns.before(x, until)] if until else [])
        return all_of(*parts)

    def _ends(self, column: Column, moment: datetime) -> tuple[Expr, Expr | None]:
        """A second, and the next one; None after the last that there is."""
        start = column.moment_literal(moment)
        try:
            return start, column.moment_literal(moment + patterns.SECOND)
        except OverflowError:
            return start, None

    def _compared_moment(self, column: Column) -> Expr:
        """A moment to compare. Text that is one is compared as it is, as an index would."""
        is_plain = column.storage is Storage.TEXT and column.dialect.dates_are_text
        return column.sql if is_plain and not column.exact else column.moment()

    def filter(self, lead_filter: LeadFilter) -> Expr:
        """A condition on a field."""
        column = self.columns.find(lead_filter.name)
        if isinstance(lead_filter, MembershipFilter):
            return self.equals_any(column, lead_filter.values)
        if not isinstance(lead_filter, ComparisonFilter):
            has_data = lead_filter.operator is Operator.HAS_DATA
            return column.has_data() if has_data else column.has_no_data()
        if lead_filter.operator in SEARCHES:
            operator, wanted = SEARCHES[lead_filter.operator]
            found = _SEARCH[operator](self, column, lead_filter.value)
            if wanted:
                return found
            return self._with_data(column, exp.Not(this=found))
        return _COMPARE[column.kind](self, column, lead_filter.operator, lead_filter.value)

    def contains(self, column: Column, value: str) -> Expr:
        """The condition that text contains a value."""
        key = text_key(value)
        if not is_storable(key):
            return patterns.never()
        return text_patterns.contains(column.folded(key, anywhere=True), key)

    def equals_any(self, column: Column, values: Iterable[str]) -> Expr:
        """The condition that a field has one of several values."""
        if column.kind in (Kind.MOMENT, Kind.BOOLEAN):
            equal = (_COMPARE[column.kind](self, column, Operator.EQUAL, one) for one in values)
            return join(LogicalOperator.OR, dict.fromkeys(equal))
        if column.kind is Kind.NUMBER:
            numbers = dict.fromkeys(map(number_key, values))
            literals = [patterns.number_literal(one) for one in numbers if one is not None]
            return patterns.one_of(column.number(), literals)
        keys = [key for key in dict.fromkeys(map(text_key, values)) if is_storable(key)]
        # The same undoing for all of them.
        text = column.folded("\n".join(keys))
        return patterns.one_of(text, map(patterns.text_literal, keys))

    def _compare_text(self, column: Column, operator: Operator, value: str) -> Expr:
        key = text_key(value)
        if not is_storable(key):
            differs = operator is Operator.NOT_EQUAL
            return column.has_data() if differs else patterns.never()
        in_order = operator not in (Operator.EQUAL, Operator.NOT_EQUAL)
        if in_order:
            text = text_patterns.ordered(column.dialect, column.folded())
        else:
            text = column.folded(key)
        found = compare(operator, text, patterns.text_literal(key))
        is_met_by_empty = operator in (Operator.NOT_EQUAL, Operator.BELOW, Operator.AT_MOST)
        return self._with_data(column, found) if is_met_by_empty else found

    def _with_data(self, column: Column, found: Expr) -> Expr:
        """A condition, for leads with data in the field."""
        is_filled = column.kind is Kind.TEXT and not column.has_empty_text
        return found if is_filled else all_of(found, column.has_data())

    def _compare_number(self, column: Column, operator: Operator, value: str) -> Expr:
        number = number_key(value)
        if number is None:
            return patterns.never()
        return compare(operator, column.number(), patterns.number_literal(number))

    def _compare_moment(self, column: Column, operator: Operator, value: str | datetime) -> Expr:
        """A comparison by the second that a moment is in."""
        moment = timestamp_key(value) if isinstance(value, str) else value
        if moment is None:
            return patterns.never()
        x = self._compared_moment(column)
        start, end = self._ends(column, moment)
        since, before = patterns.since(x, start), patterns.before(x, start)
        not_after = patterns.before(x, end) if end else patterns.has_value(x)
        after = patterns.since(x, end) if end else patterns.never()
        if x is column.sql and column.storage is Storage.TEXT:
            # Empty text sorts before any date.
            has_text = patterns.has_text(column.dialect, x, x)
            before, not_after = (all_of(one, has_text) for one in (before, not_after))
        match operator:
            case Operator.EQUAL:
                return all_of(since, not_after)
            case Operator.NOT_EQUAL:
                return exp.paren(exp.or_(before, after, copy=False), copy=False)
            case Operator.AT_LEAST:
                return since
            case Operator.BELOW:
                return before
            case Operator.AT_MOST:
                return not_after
        return after

    def _compare_truth(self, column: Column, operator: Operator, value: str) -> Expr:
        key = truth_key(value)
        if operator not in (Operator.EQUAL, Operator.NOT_EQUAL):
            # As text: '0' comes before '1'.
            text = key or text_key(value)
            met = [one for one in (FALSE, TRUE) if _compare_keys(operator, one, text)]
            parts = [self._compare_truth(column, Operator.EQUAL, one) for one in met]
            return join(LogicalOperator.OR, parts) if parts else patterns.never()
        if key is None:
            differs = operator is Operator.NOT_EQUAL
            return column.has_data() if differs else patterns.never()
        return compare(operator, column.truth(), column.truth_literal(key == TRUE))

    def owned_by(self, condition: UserPredicate, *, negated: bool = False) -> Expr:
        """The condition that the owner is among the users that meet a condition."""
        owner = self.columns.find(OwnerId.name)
        ids = direct_ids(condition) if self.columns.source.users is None else None
        if ids is not None:
            found = self.equals_any(owner, ids)
            if not negated:
                return found
            return exp.paren(
                exp.or_(owner.has_no_data(), exp.Not(this=found), copy=False), copy=False
            )
        key, user_condition = self.user_condition(condition)
        users = exp.select(key).from_(self.users_table()).where(user_condition, copy=False)
        if negated:
            users = users.where(patterns.has_value(key), copy=False)
        return patterns.owner_in(owner.folded(), users, negated=negated)

    def users_table(self) -> exp.Table:
        """The table of users. Raises QueryError if there is none."""
        return self.columns.source.required_users().sql.copy()

    def user_condition(self, condition: UserPredicate) -> tuple[Expr, Expr]:
        """The id of a user without regard to case, and the condition on a user."""
        groups = [
            join(condition.joiner.other, map(self._user_filter, group))
            for group in condition.groups
        ]
        key = self.columns.user_attribute(UserID.name).folded()
        return key, join(condition.joiner, groups)

    def _user_filter(self, condition: UserCondition) -> Expr:
        column = self.columns.user_attribute(condition.name)
        if condition.operator == UserOperator.CONTAINS.token:
            return self.contains(column, condition.value)
        if condition.operator != UserOperator.EQUAL.token:
            matches = one_condition(condition.name, condition.operator, condition.value)
            contains = one_condition(condition.name, UserOperator.CONTAINS.token, condition.value)
            raise UnsupportedQueryError(
                f"{matches!r} has no SQL, because no documentation says what the operator finds; "
                f"write {contains!r}, or == or .is_in()"
            )
        return self.equals_any(column, split_values(condition.value))


_SEARCH: Final[dict[Operator, Callable[[Filters, Column, str], Expr]]] = {
    Operator.CONTAINS: Filters.contains,
}


_COMPARE: Final[dict[Kind, Callable[[Filters, Column, Operator, str], Expr]]] = {
    Kind.TEXT: Filters._compare_text,
    Kind.NUMBER: Filters._compare_number,
    Kind.MOMENT: Filters._compare_moment,
    Kind.BOOLEAN: Filters._compare_truth,
}


def _compare_keys(operator: Operator, one: str, other: str) -> bool:
    return {
        Operator.ABOVE: one > other,
        Operator.BELOW: one < other,
        Operator.AT_LEAST: one >= other,
        Operator.AT_MOST: one <= other,
    }[operator]


def split_values(value: str) -> list[str]:
    """The parts of a value of a user condition, which commas make several."""
    if SEPARATOR not in value:
        return [value]
    return [part.strip(BLANKS) for part in value.split(SEPARATOR) if part.strip(BLANKS)]


def direct_ids(condition: UserPredicate) -> list[str] | None:
    """The ids of the users that meet a condition, if it is about nothing else."""
    members: list[set[str]] = []
    by_key: dict[str, str] = {}
    for group in condition.groups:
        found: list[set[str]] = []
        for one in group:
            if one.name != UserID.name or one.operator != UserOperator.EQUAL.token:
                return None
            ids = {text_key(part): part for part in split_values(one.value)}
            by_key = ids | by_key
            found.append(set(ids))
        members.append(_combined(condition.joiner.other, found))
    chosen = _combined(condition.joiner, members)
    return [text for key, text in by_key.items() if key in chosen]


def _combined(joiner: LogicalOperator, sets: Sequence[set[str]]) -> set[str]:
    return set.union(*sets) if joiner is LogicalOperator.OR else set.intersection(*sets)


def is_storable(text: str) -> bool:
    """Whether a database can hold a text: without NUL and halves of surrogate pairs."""
    return "\0" not in text and not any("\ud800" <= char <= "\udfff" for char in text)


def join(joiner: LogicalOperator, parts: Iterable[Expr]) -> Expr:
    """Conditions joined by AND or OR, in brackets where SQL would read them otherwise."""
    if joiner is LogicalOperator.AND:
        return all_of(*parts)
    each = list(parts)
    return each[0] if len(each) == 1 else exp.paren(exp.or_(*each, copy=False), copy=False)


def all_of(*parts: Expr) -> Expr:
    """Conditions joined by AND, without brackets around those that are joined so already."""
    each = [inner for part in parts for inner in _joined_by_and(part)]
    return exp.and_(*each, copy=False)


def _joined_by_and(part: Expr) -> Iterable[Expr]:
    return list(part.flatten()) if isinstance(part, exp.And) else [part]
