"""Which column holds a field, and its values as SQL, each as how it compares."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime, timezone
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from attrs import field as attribute, frozen
from sqlglot import exp
from sqlglot.expressions import Expr

from leadquery.expr.aggregate import Function
from leadquery.expr.collation import number_key, timestamp_key
from leadquery.expr.field import BaseField
from leadquery.expr.field_types import Boolean, Date, Field, Number
from leadquery.expr.group_key import Bins, DateBucket, NamedPeriods
from leadquery.expr.predicate import CompoundPredicate, Condition, Predicate
from leadquery.fields import STANDARD
from leadquery.query.aggregation import as_aggregation, local_steps
from leadquery.query.query import Query, fields_of
from leadquery.sql import date_patterns, patterns, text_patterns
from leadquery.sql.dialects import Dialect
from leadquery.sql.tables import Kind, Schema, Source, Storage, Stored, Trait
from leadquery.wire.model import ComparisonFilter, LeadFilter, ListOutput, MembershipFilter

if TYPE_CHECKING:
    from leadquery.expr.aggregate import Measure


_KIND_OF: Final = {
    Storage.NUMBER: Kind.NUMBER,
    Storage.INTEGER: Kind.NUMBER,
    Storage.BOOLEAN: Kind.BOOLEAN,
    Storage.MOMENT: Kind.MOMENT,
    Storage.AWARE_MOMENT: Kind.MOMENT,
    Storage.DATE: Kind.MOMENT,
}


@frozen
class Column:
    """The column of a field: its SQL, what it holds, and its values as SQL of a dialect.

    With `exact`, text is compared by its case folding, by a function of the connection.
    """

    dialect: Dialect
    exact: bool
    sql: Expr
    storage: Storage
    kind: Kind
    """How the values compare."""
    ask_ascii: Callable[[], bool | None] = bool
    """Asks whether all of its text is known to be ASCII."""

    @property
    def has_empty_text(self) -> bool:
        """Whether a value may be empty text, which is no data."""
        return self.storage in (Storage.TEXT, Storage.OTHER)

    def text(self) -> Expr:
        """The value as text, as it is exported."""
        match self.storage:
            case Storage.TEXT:
                return self.sql.copy()
            case Storage.NUMBER:
                return text_patterns.text_of_number(self.dialect, self.sql)
            case Storage.BOOLEAN:
                return text_patterns.text_of_truth(self.sql)
            case Storage.DATE:
                return text_patterns.text_of_day(self.sql)
            case Storage.MOMENT | Storage.AWARE_MOMENT:
                return text_patterns.text_of_moment(self.dialect, self.local_time(None))
        return patterns.cast_to(self.dialect, self.sql, self.dialect.text)

    def local_time(self, tz: str | timezone | None) -> Expr:
        """The moment as the local time of a time zone; None is UTC."""
        aware = self.storage is Storage.AWARE_MOMENT
        return date_patterns.local_time(
            self.dialect, self.moment(), tz, aware=aware, exact=self.exact
        )

    def folded(self, value: str | None = None, *, anywhere: bool = False) -> Expr:
        """The text without regard to case; with a value, to compare it with that folded value."""
        text, differing = self.text(), None
        if value is not None and self.dialect.name == "duckdb":
            differing = text_patterns.differing(value, anywhere=anywhere)
        if not self.exact or differing == [] or self._is_ascii():
            return text_patterns.lowered(self.dialect, text)
        if differing is None:
            return text_patterns.folded(self.dialect, text)
        return text_patterns.lowered_but(self.dialect, text, differing)

    def _is_ascii(self) -> bool:
        """Whether all of its text is known to be ASCII."""
        if self.storage is Storage.TEXT:
            return bool(self.ask_ascii())
        return self.storage is not Storage.OTHER

    def number(self) -> Expr:
        """The value as a number; null for text that is none."""
        if self.storage in (Storage.NUMBER, Storage.INTEGER):
            return self.sql.copy()
        if self.has_empty_text:
            return text_patterns.number_of_text(self.dialect, self.text(), exact=self.exact)
        if self.storage is Storage.BOOLEAN:
            return patterns.cast_to(self.dialect, self.sql, "INT")
        return patterns.cast_to(self.dialect, exp.Null(), "DOUBLE")

    def moment(self) -> Expr:
        """The value as a moment in UTC; null for text that is none."""
        if self.has_empty_text:
            return text_patterns.moment_of_text(self.dialect, self.text(), exact=self.exact)
        if self.storage in (Storage.MOMENT, Storage.AWARE_MOMENT):
            return self.sql.copy()
        day = self.sql if self.storage is Storage.DATE else exp.Null()
        return patterns.cast_to(self.dialect, day, self.dialect.timestamp)

    def truth(self) -> Expr:
        """The value as true or false; null for text that is neither."""
        if self.has_empty_text:
            return text_patterns.truth_of_text(self.dialect, self.text())
        if self.storage in (Storage.MOMENT, Storage.AWARE_MOMENT, Storage.DATE):
            return patterns.cast_to(self.dialect, exp.Null(), "BOOLEAN")
        return self.sql.copy()

    def truth_literal(self, value: bool) -> Expr:
        """True or false, as the column holds it."""
        if self.storage in (Storage.INTEGER, Storage.NUMBER):
            return exp.Literal.number(int(value))
        return patterns.truth_literal(self.dialect, value)

    def moment_literal(self, moment: datetime) -> Expr:
        """A moment, to compare with the column."""
        aware = self.storage is Storage.AWARE_MOMENT
        return patterns.moment_literal(self.dialect, moment, aware=aware)

    def has_data(self) -> Expr:
        """The condition that there is a value."""
        if self.kind is Kind.TEXT and self.has_empty_text:
            return patterns.has_text(self.dialect, self.sql, self.text())
        return patterns.has_value(self._tested())

    def has_no_data(self) -> Expr:
        """The condition that there is no value."""
        if self.kind is Kind.TEXT and self.has_empty_text:
            return patterns.has_no_text(self.dialect, self.sql, self.text())
        return patterns.has_no_value(self._tested())

    def _tested(self) -> Expr:
        return self.sql if self.kind is Kind.TEXT else self.value()

    def value(self) -> Expr:
        """The value as it compares, or null."""
        match self.kind:
            case Kind.TEXT:
                return self.filled(self.folded())
            case Kind.NUMBER:
                return self.number()
            case Kind.MOMENT:
                return self.moment()
        return self.truth()

    def filled(self, text: Expr) -> Expr:
        """A text of the column; null if it is empty."""
        return patterns.text_or_null(self.dialect, text) if self.has_empty_text else text


def kind_of(field: BaseField[Any] | None) -> Kind | None:
    """How the values of a field compare, by its type; None for an untyped one."""
    if field is None or type(field) is Field:
        return None
    if isinstance(field, Number):
        return Kind.NUMBER
    if isinstance(field, Boolean):
        return Kind.BOOLEAN
    return Kind.MOMENT if isinstance(field, Date) else Kind.TEXT


@frozen
class Columns:
    """The columns of the leads of a query.

    Fields of unknown type compare as what their column holds: as numbers if all of its text is
    one, or else as the query uses them.
    """

    query: Query
    source: Source
    qualifier: str | None = None
    _found: dict[str, Column] = attribute(factory=dict, init=False, eq=False)

    def find(self, name: str) -> Column:
        """The column of a field."""
        if name not in self._found:
            self._found[name] = self._find(name)
        return self._found[name]

    def _find(self, name: str) -> Column:
        kind = kind_of(self.field(name))
        guess = kind or usage_of(self.query, name)
        stored = self.source.leads.find(name, guess)
        if kind is None and stored.storage is Storage.TEXT:
            kind = guess
            has_numbers = self.source.leads.ask(Trait.NUMBERS, stored.identifier.name)
            if has_numbers is not None and name not in _dates_in(self.query):
                kind = Kind.NUMBER if has_numbers else Kind.TEXT
        elif kind is None:
            kind = _KIND_OF.get(stored.storage)
        return self._column(self.source.leads, stored, kind or Kind.TEXT, self.qualifier)

    def user_attribute(self, name: str) -> Column:
        """The column of a user attribute. Raises QueryError without a table of users."""
        schema = self.source.required_users()
        stored = schema.find(name, Kind.TEXT)
        kind = Kind.NUMBER if _KIND_OF.get(stored.storage) is Kind.NUMBER else Kind.TEXT
        return self._column(schema, stored, kind)

    def _column(
        self, schema: Schema, stored: Stored, kind: Kind, qualifier: str | None = None
    ) -> Column:
        sql = exp.column(stored.identifier.copy(), table=qualifier)
        ask_ascii = partial(schema.ask, Trait.ASCII, stored.identifier.name)
        source = self.source
        return Column(source.dialect, source.exact, sql, stored.storage, kind, ask_ascii)

    def is_untyped(self, name: str) -> bool:
        """Whether the type of a field is not known."""
        return kind_of(self.field(name)) is None

    def field(self, name: str) -> BaseField[Any] | None:
        """The field of a name, as far as it is known."""
        return (fields_of(self.query) | STANDARD).get(name)


def usage_of(query: Query, name: str) -> Kind | None:
    """How a query uses an untyped field; None if it may be any."""
    if name in _dates_in(query):
        return Kind.MOMENT
    if name in _numbers_in(query):
        return Kind.NUMBER
    values = list(_values_in(query, name))
    if not values:
        return None
    if all(number_key(value) is not None for value in values):
        return Kind.NUMBER
    if all(_starts_as_date(value) and timestamp_key(value) for value in values):
        return Kind.MOMENT
    return Kind.TEXT


_starts_as_date = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}").match

_OF_NUMBERS: Final = (
    *(Function.AVERAGE, Function.SUM, Function.MIN, Function.MAX),
    *(Function.MEDIAN, Function.QUANTILE),
)


def _dates_in(query: Query) -> Iterable[str]:
    """The fields that a query uses as dates."""
    steps = local_steps(query)
    if steps.comparison is not None:
        yield steps.comparison.on
    if not isinstance(query.output, ListOutput):
        for key in as_aggregation(query.output).keys:
            if isinstance(key, (DateBucket, NamedPeriods)):
                yield key.field


def _numbers_in(query: Query) -> Iterable[str]:
    """The fields that a query uses as numbers."""
    if isinstance(query.output, ListOutput):
        return
    from leadquery.plan.solve import hidden_measures

    aggregation = as_aggregation(query.output)
    yield from (key.field for key in aggregation.keys if isinstance(key, Bins))
    measures: list[Measure] = [column.measure for column in aggregation.measures]
    measures += hidden_measures(query, is_sorted=bool(aggregation.keys))
    yield from (one.field for one in measures if one.function in _OF_NUMBERS)


def _values_in(query: Query, name: str) -> Iterable[str]:
    """The values that a query compares a field with."""
    for one in _filters_in(query):
        if one.name == name and isinstance(one, ComparisonFilter):
            yield one.value
        elif one.name == name and isinstance(one, MembershipFilter):
            yield from one.values


def _filters_in(query: Query) -> Iterable[LeadFilter]:
    yield from query.filters
    conditions: list[Condition] = [*query._compounds]
    for condition in conditions:
        if isinstance(condition, CompoundPredicate):
            conditions.extend(condition.parts)
        elif isinstance(condition, Predicate):
            yield from condition.filters
