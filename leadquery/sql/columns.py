"""Which column holds a field, as what, and how its values compare."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from enum import Enum, auto
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from attrs import field as attribute, frozen
from sqlglot import exp

from leadquery._util.text import closest_match
from leadquery.errors import QueryError
from leadquery.expr.aggregate import Function
from leadquery.expr.collation import number_key, timestamp_key
from leadquery.expr.field import BaseField
from leadquery.expr.field_types import Boolean, Date, Field, Number
from leadquery.expr.group_key import Bins, DateBucket, NamedPeriods
from leadquery.expr.predicate import CompoundPredicate, Condition, Predicate
from leadquery.fields import STANDARD
from leadquery.query.aggregation import as_aggregation, local_steps
from leadquery.query.query import Query, fields_of
from leadquery.sql.dialects import Dialect
from leadquery.wire.model import ComparisonFilter, LeadFilter, ListOutput, MembershipFilter

if TYPE_CHECKING:
    from leadquery.expr.aggregate import Measure


class Kind(Enum):
    """How the values of a field compare."""

    TEXT = auto()
    NUMBER = auto()
    MOMENT = auto()
    BOOLEAN = auto()


class Storage(Enum):
    """What a column holds."""

    TEXT = auto()
    NUMBER = auto()
    INTEGER = auto()
    BOOLEAN = auto()
    MOMENT = auto()
    """A moment in UTC without a time zone."""
    AWARE_MOMENT = auto()
    DATE = auto()
    OTHER = auto()
    """A type that is compared as its text, such as UUID, or one that is not known."""


class Trait(Enum):
    """What all text of a column may have in common."""

    NUMBERS = auto()
    ASCII = auto()


_KIND_OF: Final = {
    Storage.NUMBER: Kind.NUMBER,
    Storage.INTEGER: Kind.NUMBER,
    Storage.BOOLEAN: Kind.BOOLEAN,
    Storage.MOMENT: Kind.MOMENT,
    Storage.AWARE_MOMENT: Kind.MOMENT,
    Storage.DATE: Kind.MOMENT,
}


@frozen
class Stored:
    """A column of a table: its name as SQL, and what it holds."""

    identifier: exp.Identifier
    storage: Storage


@frozen
class Column:
    """The column of a field: its SQL, what it holds, and how the values compare."""

    sql: exp.Expr
    storage: Storage
    kind: Kind
    is_ascii: Callable[[], bool] = bool
    """Whether all of its text is known to be ASCII."""

    @property
    def has_empty_text(self) -> bool:
        """Whether a value may be empty text, which is no data."""
        return self.storage in (Storage.TEXT, Storage.OTHER)


@frozen
class AssumedTable:
    """A table that nobody has looked at: its columns have the names and the types of the fields."""

    dialect: Dialect
    names: Mapping[str, str]

    def find(self, name: str, kind: Kind | None) -> Stored:
        """The column of a field. Without a kind, it may be of any type."""
        return Stored(identifier(self.names.get(name, name), self.dialect), self._storage(kind))

    def _storage(self, kind: Kind | None) -> Storage:
        if kind is None:
            return Storage.OTHER
        if kind is Kind.NUMBER:
            return Storage.NUMBER
        if kind is Kind.BOOLEAN:
            return Storage.BOOLEAN if self.dialect.has_booleans else Storage.INTEGER
        if kind is Kind.MOMENT and not self.dialect.dates_are_text:
            return Storage.AWARE_MOMENT if self.dialect.dates_are_aware else Storage.MOMENT
        return Storage.TEXT

    def has_numbers(self, name: str) -> None:
        """Whether every text of a column is a number: not known."""

    def has(self, name: str) -> bool:
        """Whether there is a column for a field."""
        return True


@frozen
class KnownTable:
    """A table whose columns are known, by their names.

    `names` are the columns of fields that have other names, and `ask` looks at all values of one.
    """

    label: str
    columns: Mapping[str, Stored]
    names: Mapping[str, str]
    ask: Callable[[Trait, str], bool]

    def find(self, name: str, kind: Kind | None) -> Stored:
        """The column of a field. Raises QueryError if there is none."""
        wanted = self.names.get(name, name)
        found = self._find(wanted)
        if found is None:
            near = closest_match(wanted.casefold(), {one.casefold(): one for one in self.columns})
            listed = ", ".join([*self.columns][:_MAX_NAMED])
            hint = f"the nearest is {near!r}" if near else f"it has {listed}"
            raise QueryError(
                f"{self.label} has no column {wanted!r}; {hint}; "
                f"write columns={{{name!r}: {near or '...'!r}}} if it has another name"
            )
        return found

    def _find(self, wanted: str) -> Stored | None:
        if wanted in self.columns:
            return self.columns[wanted]
        same = [one for one in self.columns if one.casefold() == wanted.casefold()]
        return self.columns[same[0]] if len(same) == 1 else None

    def has_numbers(self, name: str) -> bool:
        """Whether every text of a column is a number."""
        return self.ask(Trait.NUMBERS, self.find(name, Kind.TEXT).identifier.name)

    def is_ascii(self, identifier: exp.Identifier) -> bool:
        """Whether every text of a column is ASCII."""
        return self.ask(Trait.ASCII, identifier.name)

    def has(self, name: str) -> bool:
        """Whether there is a column for a field."""
        return self._find(self.names.get(name, name)) is not None


_MAX_NAMED: Final = 8

Schema = AssumedTable | KnownTable


def identifier(name: str, dialect: Dialect, *, exact: bool = False) -> exp.Identifier:
    """A name as SQL, in quotes if it needs them, or with `exact` if letter case would change."""
    from sqlglot.dialects.dialect import Dialect as Parser

    if len(name) > 1 and name[0] == name[-1] and name[0] in '"`':
        return exp.to_identifier(name[1:-1].replace(name[0] * 2, name[0]), quoted=True)
    words = Parser.get_or_raise(dialect.parser).tokenizer_class.KEYWORDS
    if dialect.name == "bigquery":
        # Its names have no dots, even in quotes.
        name = name.replace(".", "_")
    is_plain = _is_plain(name) and name.upper() not in words
    changes = exact and dialect.folds_names and name != dialect.folds_names(name)
    return exp.to_identifier(name, quoted=not is_plain or bool(changes))


_is_plain = re.compile("[A-Za-z_][A-Za-z0-9_]*").fullmatch


def kind_of(field: BaseField[Any] | None) -> Kind | None:
    """How the values of a field compare, by its type; None for an untyped one."""
    if field is None or type(field) is Field:
        return None
    if isinstance(field, Number):
        return Kind.NUMBER
    if isinstance(field, Boolean):
        return Kind.BOOLEAN
    return Kind.MOMENT if isinstance(field, Date) else Kind.TEXT


def asks_ascii(schema: Schema, stored: Stored) -> Callable[[], bool]:
    """Whether all text of a column is known to be ASCII, found out when it is asked."""
    if stored.storage is Storage.TEXT and isinstance(schema, KnownTable):
        return partial(schema.is_ascii, stored.identifier)
    return partial(operator.is_not, stored.storage, Storage.OTHER)


@frozen
class Columns:
    """The columns of the leads of a query.

    Fields of unknown type compare as what their column holds: as numbers if all of its text is
    one, or else as the query uses them.
    """

    query: Query
    schema: Schema
    dialect: Dialect
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
        stored = self.schema.find(name, guess)
        if kind is None and stored.storage is not Storage.TEXT:
            kind = _KIND_OF.get(stored.storage)
        if kind is None and stored.storage is Storage.TEXT:
            kind = self._kind_of_text(name, guess)
        sql = exp.column(stored.identifier.copy(), table=self.qualifier)
        return Column(sql, stored.storage, kind or Kind.TEXT, asks_ascii(self.schema, stored))

    def _kind_of_text(self, name: str, guess: Kind | None) -> Kind | None:
        """How text of an untyped field compares."""
        has_numbers = self.schema.has_numbers(name)
        if has_numbers is None or name in _dates_in(self.query):
            return guess
        return Kind.NUMBER if has_numbers else Kind.TEXT

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
