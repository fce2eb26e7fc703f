"""A query as one SQL statement.

A plain query is one SELECT: its conditions in WHERE, group keys in GROUP BY, conditions on groups
in HAVING. Other queries are built of steps, each a subquery with a name in WITH:

- quantiles on engines without an exact one come from ranks: `leads` gets a rank and a count;
- owners without leads come from the users, whom the leads are joined to;
- empty periods are added to the `found` groups, and both are grouped again;
- a comparison groups the leads of two periods, and joins the groups in the same way;
- names of owners are joined last.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Final

import attrs
import sqlglot
from attrs import define, field as attribute, frozen
from sqlglot import exp

from leadquery.errors import QueryError, UnsupportedQueryError
from leadquery.expr.aggregate import (
    Function,
    GroupCondition,
    HavingCondition,
    Measure,
)
from leadquery.expr.field_types import Field
from leadquery.expr.group_key import (
    Bins,
    DateBucket,
    GroupKey,
    NamedPeriods,
    key_field,
    key_name,
)
from leadquery.expr.predicate import Predicate
from leadquery.expr.user_field import UserPredicate
from leadquery.fields import OwnerId, OwnerIdName, ProspectID
from leadquery.periods import zone
from leadquery.periods.calendar import first_day, weekday_number
from leadquery.plan.finish import no_value
from leadquery.plan.slices import date_bounds, known_fields
from leadquery.plan.solve import comparison_periods, hidden_measures
from leadquery.query.aggregation import (
    SIDES,
    Aggregation,
    Column as ResultColumn,
    Comparison,
    as_aggregation,
    local_steps,
    with_measures,
)
from leadquery.query.leads import without_output
from leadquery.query.query import Query
from leadquery.sql import patterns
from leadquery.sql.columns import (
    AssumedTable,
    Column,
    Columns,
    Kind,
    KnownTable,
    Schema,
    Storage,
    identifier,
)
from leadquery.sql.conditions import Filters, Values, all_of, compare, join
from leadquery.sql.dialects import Dialect, find_dialect
from leadquery.users import FirstName, LastName, UserID
from leadquery.wire.model import ListOutput

Expr = exp.Expr

LEADS: Final = "leads"
USERS: Final = "users"
"""The names of the tables, unless others are given."""


@frozen
class Source:
    """Where the leads are: the table, and that of the users."""

    dialect: Dialect
    leads: exp.Expr
    schema: Schema
    users: exp.Table | None = None
    user_schema: Schema | None = None
    exact: bool = False
    """Whether text is compared by its case folding, by a function of the connection."""
    looked_at: bool = False
    """Whether the columns are known, and moments are displayed in UTC without a time zone."""

    @property
    def signature(self) -> tuple[object, ...]:
        """What a statement depends on, but for the query."""
        schemas = (self.schema, self.user_schema)
        return tuple(
            tuple((name, one.storage) for name, one in schema.columns.items())
            for schema in schemas
            if isinstance(schema, KnownTable)
        )


def to_sql(
    query: Query,
    dialect: str,
    table: str = LEADS,
    users: str | None = USERS,
    columns: Mapping[str, str] | None = None,
) -> str:
    """The statement of a query, for tables that nobody has looked at."""
    known = find_dialect(dialect)
    schema = AssumedTable(known, check_columns(columns))
    source = Source(
        known,
        table_of(table, known, "table"),
        schema,
        None if users is None else table_of(users, known, "users"),
        AssumedTable(known, {}),
    )
    return write(query, source)


def check_columns(columns: Mapping[str, str] | None) -> dict[str, str]:
    """The names of columns by field. Raises QueryError for anything but texts."""
    names = {} if columns is None else columns
    if not isinstance(names, Mapping):
        raise QueryError(
            f"columns= takes a dict of fields and columns, not {names!r}; "
            "write columns={'EngagementScore': 'engagement'}"
        )
    for name, column in names.items():
        if not isinstance(name, str) or not isinstance(column, str) or not column:
            raise QueryError(
                f"columns= has {name!r}: {column!r}; write the schema name of a field, and the "
                "name of its column, as in columns={'EngagementScore': 'engagement'}"
            )
    return dict(names)


def table_of(name: object, dialect: Dialect, argument: str) -> exp.Table:
    """A table by its name, which may have the name of its schema before it."""
    if not isinstance(name, str) or not name.strip():
        raise QueryError(f"{argument}= takes the name of a table such as 'crm.leads', not {name!r}")
    if '"' in name or "`" in name or "[" in name:
        return exp.to_table(name, dialect=dialect.parser)
    *qualifiers, last = (identifier(part, dialect) for part in name.split("."))
    names = dict(zip(("db", "catalog"), reversed(qualifiers), strict=False))
    return exp.Table(this=last, **names)


def write(query: Query, source: Source, *, default_order: bool = False) -> str:
    """The statement of a query. With `default_order`, groups are sorted, as the API sorts them.

    Raises UnsupportedQueryError for the reports on activities and tasks, which no table here has.
    """
    if (endpoint := query._node.endpoint).node is not None:
        raise UnsupportedQueryError(
            f"SQL has no table of activities or tasks, so it cannot write {endpoint.start}; "
            "send the query with client.run(query), or start from Leads"
        )
    statement = Writer(query, source, default_order).statement()
    parser = source.dialect.parser
    text: str = statement.sql(parser, pretty=True)
    # Once more, because sqlglot breaks the lines of what it has read in other places.
    return sqlglot.parse_one(text, read=parser).sql(parser, pretty=True)


@frozen
class _Key:
    """A group key: what is displayed, what is grouped by, and what it is sorted by."""

    name: str
    displayed: Expr
    grouped: Expr
    order: Expr


@define(slots=False)
class Writer:
    """Builds the statement of one query."""

    query: Query
    source: Source
    default_order: bool = False
    _steps: list[tuple[str, exp.Query]] = attribute(factory=list, init=False)

    @property
    def _dialect(self) -> Dialect:
        return self.source.dialect

    @cached_property
    def _values(self) -> Values:
        return Values(self._dialect, self.source.exact)

    @cached_property
    def _columns(self) -> Columns:
        return Columns(self.query, self.source.schema, self._dialect, self._qualifier)

    @cached_property
    def _filters(self) -> Filters:
        source = self.source
        return Filters(self._values, self._columns, source.users, source.user_schema)

    @cached_property
    def _qualifier(self) -> str | None:
        """The name of the leads before their columns, where a column of the result hides them.

        ClickHouse reads a name as that of a column of the result wherever it can.
        """
        if self._dialect.name == "clickhouse":
            return LEADS
        if isinstance(self.query.output, ListOutput):
            return None
        names = [column.name.casefold() for column in self._wanted.measures]
        return LEADS if any(map(self._is_field, names)) else None

    def _is_field(self, name: str) -> bool:
        fields = {key_field(key) for key in self._wanted.keys}
        fields |= {column.measure.field for column in self._wanted.measures}
        return name in map(str.casefold, fields)

    @cached_property
    def _wanted(self) -> Aggregation:
        """The aggregates of the query, and those that groups are chosen and sorted by.

        Without group keys there is one row, which has no order.
        """
        own = as_aggregation(self.query.output)  # type: ignore[arg-type]
        return with_measures(own, hidden_measures(self.query, is_sorted=bool(own.keys)))

    # The statement

    def statement(self) -> exp.Query:
        """The whole statement."""
        steps = local_steps(self.query)
        if isinstance(self.query.output, ListOutput):
            select = self._list(self.query.output)
        elif self._is_flat:
            select = self._flat()
        else:
            comparison = steps.comparison
            found = self._filled([], "") if comparison is None else self._compared(comparison)
            select = self._final(found)
        is_one_row = not isinstance(self.query.output, ListOutput) and not self._wanted.keys
        if steps.limit is not None and not is_one_row:
            select = select.limit(steps.limit, copy=False)
        for name, subquery in self._steps:
            alias = exp.TableAlias(this=identifier(name, self._dialect))
            select = select.with_(alias, as_=subquery, copy=False)
        if self._dialect.name == "clickhouse" and select.find(exp.Join):
            select.set("settings", [patterns.nulls_of_joins()])
        return select

    def _from(self) -> exp.Expr:
        """The table of leads, with an alias if columns are written with it."""
        table = self.source.leads.copy()
        if self._qualifier and table.alias_or_name != self._qualifier:
            return exp.alias_(table, self._qualifier, table=True)
        return table

    def _conditions(self) -> list[Expr]:
        """The conditions on leads, but for that on their owners."""
        filters = self._filters
        conditions = [filters.filter(one) for one in self.query.filters]
        conditions += [filters.date_range(dates) for dates in self.query.dates]
        conditions += [filters.condition(one) for one in self.query._compounds]
        return conditions

    def _list(self, output: ListOutput) -> exp.Select:
        conditions = self._conditions()
        if self.query.users is not None:
            conditions.append(self._filters.owned_by(self.query.users))
        names = list(output.columns)
        adds_names = (
            OwnerIdName.name in names
            and not self.source.schema.has(OwnerIdName.name)
            and self.source.users is not None
        )
        displayed = [
            exp.column("owner_name", table="owner_names")
            if adds_names and name == OwnerIdName.name
            else self._displayed(self._columns.find(name))
            for name in names
        ]
        select = exp.select(*map(self._aliased, displayed, names)).from_(self._from())
        if adds_names:
            owner = self._values.folded(self._columns.find(OwnerId.name))
            select = self._join_names(select, owner)
        select = _where(select, conditions)
        order = [
            (self._sorted(self._columns.find(key.column)), key.descending)
            for key in local_steps(self.query).order
        ]
        if order and self.source.schema.has(ProspectID.name):
            order.append((self._sorted(self._columns.find(ProspectID.name)), False))
        return self._sort(select, order)

    def _displayed(self, column: Column) -> Expr:
        """What a list has of a column: the value as its field has it, as far as it is known."""
        if not self.source.looked_at or column.storage is Storage.TEXT:
            return column.sql
        is_text = column.kind is Kind.TEXT
        return self._values.text(column) if is_text else self._values.value(column)

    def _sort(self, select: exp.Select, order: Sequence[tuple[Expr, bool]]) -> exp.Select:
        """Rows sorted by values, each ascending or descending; no value is sorted by twice."""
        first: dict[str, tuple[Expr, bool]] = {}
        for value, descending in order:
            first.setdefault(value.sql(), (value, descending))
        keys = [
            key
            for value, descending in first.values()
            for key in patterns.last_nulls(self._dialect, value, descending=descending)
        ]
        return select.order_by(*keys, copy=False) if keys else select

    def _sorted(self, column: Column) -> Expr:
        """What rows are sorted by, for a column."""
        if column.kind is Kind.TEXT:
            return patterns.ordered(self._dialect, self._values.text_or_null(column))
        return self._values.value(column)

    def _aliased(self, value: Expr, name: str) -> Expr:
        """A value under a name, which a column of that name has already."""
        alias = identifier(name, self._dialect, exact=self.source.looked_at)
        if isinstance(value, exp.Column) and value.name == alias.name and not value.table:
            return value
        return exp.alias_(value, alias)

    @property
    def _is_flat(self) -> bool:
        steps = local_steps(self.query)
        fills = any(isinstance(key, DateBucket) and key.fill for key in self._wanted.keys)
        # Spark sorts what HAVING has left by displayed columns only.
        is_sorted = bool(self._wanted.keys) and (bool(steps.order) or self.default_order)
        is_hidden = self._dialect.name in _SPARK and bool(steps.having) and is_sorted
        return not (steps.comparison or steps.owner_names or fills or is_hidden)

    def _flat(self) -> exp.Select:
        """Groups as one SELECT."""
        columns = as_aggregation(self.query.output).measures  # type: ignore[arg-type]
        select, keys, measures = self._grouped(columns, [])
        having = [self._having(one, measures) for one in local_steps(self.query).having]
        if having:
            select = select.having(all_of(*having), copy=False)
        names = {column.name: measures[column.measure] for column in columns}
        return self._ordered(select, keys, names, measures)

    # Groups

    def _keys(self) -> list[_Key]:
        return [self._key(key) for key in self._wanted.keys]

    def _key(self, key: GroupKey) -> _Key:
        name = key_name(key)
        if self._lists_owners:
            user = self._filters.user_column(UserID.name)
            return self._text_key(name, exp.Min(this=user.sql), exp.column("owner_key"))
        if isinstance(key, NamedPeriods):
            label = exp.column(f"{name}_label")
            return self._text_key(name, label, label)
        return self._key_of(key, self._columns.find(key_field(key)))

    def _key_of(self, key: GroupKey, column: Column) -> _Key:
        """A group key, by the column that it is computed from."""
        values, name = self._values, key_name(key)
        if isinstance(key, Bins):
            label = patterns.bins_of(values.number(column), key)
            return self._text_key(name, label, label)
        if isinstance(key, DateBucket):
            return self._typed_key(name, self._bucket(key, column))
        grouped = values.value(column)
        if column.kind is Kind.MOMENT:
            grouped = patterns.to_second(self._dialect, grouped)
        if not self._is_text_key(key):
            return self._typed_key(name, grouped)
        spelling = exp.Min(this=values.filled(column, values.text(column)))
        if column.kind is Kind.TEXT:
            return self._text_key(name, spelling, grouped)
        return _Key(name, spelling, grouped, order=grouped)

    def _text_key(self, name: str, displayed: Expr, grouped: Expr) -> _Key:
        """A key that is grouped by text, and sorted by its characters."""
        return _Key(name, displayed, grouped, patterns.ordered(self._dialect, grouped.copy()))

    def _typed_key(self, name: str, value: Expr) -> _Key:
        """A key that displays what is grouped by. A sort key names its column, where it may."""
        order = value if self._dialect.nulls_are_small else self._named(name)
        return _Key(name, value, value, order)

    def _is_text_key(self, key: GroupKey) -> bool:
        """Whether a key groups text, of which one spelling is displayed."""
        if not isinstance(key, str):
            return False
        column = self._columns.find(key)
        is_untyped = column.storage is Storage.TEXT and self._columns.is_untyped(key)
        return column.kind is Kind.TEXT or is_untyped

    def _bucket(self, key: DateBucket, column: Column) -> Expr:
        """The first day of the period that a date is in."""
        aware = column.storage is Storage.AWARE_MOMENT
        local = patterns.local_time(self._dialect, self._values.moment(column), key.tz, aware=aware)
        return patterns.first_day_of(self._dialect, local, key.unit, key.week_starts)

    @property
    def _lists_owners(self) -> bool:
        """Whether every owner of a user filter is listed, also those without leads."""
        return self.query.users is not None and self._wanted.keys == (OwnerId.name,)

    def _measure(self, measure: Measure) -> Expr:
        """An aggregate of a group."""
        if measure.function is Function.COUNT:
            counted: Expr = exp.Star()
            if self._lists_owners:
                counted = self._columns.find(OwnerId.name).sql
            return exp.Count(this=counted)
        column = self._columns.find(measure.field)
        value = self._values.value(column)
        if measure.function is Function.COUNT_DISTINCT:
            if column.kind is Kind.MOMENT:
                value = patterns.to_second(self._dialect, value)
            return exp.Count(this=exp.Distinct(expressions=[value]))
        is_date = column.kind is Kind.MOMENT and measure.function.is_by_rank
        if column.kind is not Kind.NUMBER and not is_date:
            return patterns.cast_to(self._dialect, exp.Null(), "DOUBLE")
        if measure.function is Function.AVERAGE:
            return patterns.average(self._dialect, value)
        if measure.function is Function.SUM:
            return exp.Sum(this=value)
        if measure.function in _ENDS:
            end = _ENDS[measure.function](this=value)
            return patterns.to_second(self._dialect, end) if is_date else end
        found = self._quantile(measure, value, is_date=is_date)
        return patterns.from_epoch(self._dialect, found) if is_date else found

    def _quantile(self, measure: Measure, value: Expr, *, is_date: bool) -> Expr:
        if is_date:
            value = patterns.to_epoch(self._dialect, value)
        q = 0.5 if measure.q is None else measure.q
        own = patterns.quantile(self._dialect, value, q)
        if own is not None:
            return own
        number = self._ranked_fields.index(measure.field) + 1
        rank, count = exp.column(f"rank_{number}"), exp.column(f"values_{number}")
        return patterns.ranked_quantile(patterns.to_double(self._dialect, value), rank, count, q)

    @cached_property
    def _ranked_fields(self) -> list[str]:
        """The fields whose values are ranked, because the engine has no exact quantile."""
        if self._dialect.quantile is not None:
            return []
        ranked = (Function.MEDIAN, Function.QUANTILE)
        measures = (column.measure for column in self._wanted.measures)
        names = dict.fromkeys(one.field for one in measures if one.function in ranked)
        kinds = (Kind.NUMBER, Kind.MOMENT)
        return [name for name in names if self._columns.find(name).kind in kinds]

    def _grouped(
        self, columns: Sequence[ResultColumn], conditions: Sequence[Expr]
    ) -> tuple[exp.Select, list[_Key], dict[Measure, Expr]]:
        """The groups of leads that meet the query's conditions and others.

        With them, the keys and the measures as they are computed in the SELECT.
        """
        keys = self._keys()
        if self._groups_twice:
            select, keys, measures = self._grouped_twice(keys, conditions)
        else:
            measures = {one.measure: self._measure(one.measure) for one in self._wanted.measures}
            select = exp.select()
            if self._ranked_fields:
                inner = self._joined(exp.select(exp.Star(), *self._ranks(keys)), conditions)
                select = select.from_(inner.subquery(LEADS), copy=False)
            else:
                select = self._joined(select, conditions)
        displayed = [self._aliased(key.displayed, key.name) for key in keys]
        displayed += [self._aliased(measures[one.measure].copy(), one.name) for one in columns]
        select = select.select(*displayed, copy=False)
        return select.group_by(*(key.grouped.copy() for key in keys), copy=False), keys, measures

    @cached_property
    def _groups_twice(self) -> bool:
        """Whether to group by text as it is first, and only the few groups by a function."""
        functions = {one.measure.function for one in self._wanted.measures}
        texts = [
            key
            for key in self._wanted.keys
            if self._is_text_key(key) and self._columns.find(key_field(key)).storage is Storage.TEXT
        ]
        return (
            self.source.exact
            and bool(texts)
            and not self._lists_owners
            and functions.isdisjoint((Function.COUNT_DISTINCT, Function.MEDIAN, Function.QUANTILE))
        )

    def _grouped_twice(
        self, keys: Sequence[_Key], conditions: Sequence[Expr]
    ) -> tuple[exp.Select, list[_Key], dict[Measure, Expr]]:
        """Groups by text as it is, to be grouped again without regard to case."""
        inner = self._joined(exp.select(), conditions)
        outer_keys: list[_Key] = []
        for key, its in zip(self._wanted.keys, keys, strict=True):
            name = self._named(its.name)
            if self._is_text_key(key):
                column = self._columns.find(key_field(key))
                inner = inner.select(self._aliased(column.sql.copy(), its.name), copy=False)
                inner = inner.group_by(column.sql.copy(), copy=False)
                again = Column(name, column.storage, column.kind)
                outer_keys.append(self._key_of(key, again))
            else:
                inner = inner.select(self._aliased(its.grouped.copy(), its.name), copy=False)
                inner = inner.group_by(its.grouped.copy(), copy=False)
                is_label = isinstance(key, (Bins, NamedPeriods))
                outer_keys.append(
                    self._text_key(its.name, name, name)
                    if is_label
                    else self._typed_key(its.name, name)
                )
        measures: dict[Measure, Expr] = {}
        for number, measure in enumerate({one.measure: None for one in self._wanted.measures}, 1):
            part, parts = f"part_{number}", self._parts(measure)
            names = [f"{part}_{position}" for position in range(len(parts))]
            inner = inner.select(*map(exp.alias_, parts, names), copy=False)
            measures[measure] = self._total(measure, [exp.column(name) for name in names])
        return exp.select().from_(inner.subquery("spellings")), outer_keys, measures

    def _parts(self, measure: Measure) -> list[Expr]:
        """What is computed for each spelling of a group, to make an aggregate of the group of."""
        if measure.function is not Function.AVERAGE:
            return [self._measure(measure)]
        column = self._columns.find(measure.field)
        if column.kind is not Kind.NUMBER:
            return [exp.Null(), exp.Literal.number(0)]
        value = self._values.number(column)
        double = (
            value if column.storage is Storage.NUMBER else patterns.to_double(self._dialect, value)
        )
        return [exp.Sum(this=double), exp.Count(this=value.copy())]

    def _total(self, measure: Measure, parts: Sequence[Expr]) -> Expr:
        """An aggregate of a group, of those of its spellings."""
        if measure.function in _ENDS:
            return _ENDS[measure.function](this=parts[0])
        sums = [exp.Sum(this=part) for part in parts]
        if measure.function is Function.AVERAGE:
            return exp.Div(this=sums[0], expression=sums[1], typed=True)
        return sums[0]

    def _joined(self, select: exp.Select, conditions: Sequence[Expr]) -> exp.Select:
        """The leads of a SELECT, with the tables that group keys need, and all conditions."""
        conditions = [*self._conditions(), *conditions]
        users = self.query.users
        if self._lists_owners and users is not None:
            return self._joined_to_owners(select, users, conditions)
        select = select.from_(self._from(), copy=False)
        for key in self._wanted.keys:
            if isinstance(key, NamedPeriods):
                select = self._joined_to_periods(select, key)
        if users is not None:
            conditions.append(self._filters.owned_by(users))
        return _where(select, conditions)

    def _joined_to_owners(
        self, select: exp.Select, users: UserPredicate, conditions: Sequence[Expr]
    ) -> exp.Select:
        """Owners that meet the user filter, each with its leads."""
        key, condition = self._filters.user_condition(users)
        user = self._filters.user_column(UserID.name)
        owners = (
            exp.select(
                exp.alias_(exp.Min(this=self._values.text(user)), user.sql.this.copy()),
                exp.alias_(key, "owner_key"),
            )
            .from_(self._filters.users_table())
            .where(condition, self._values.has_data(user))
            .group_by(key.copy())
        )
        owner = self._values.folded(self._columns.find(OwnerId.name))
        is_owned = exp.EQ(this=owner, expression=exp.column("owner_key"))
        return select.from_(owners.subquery("owners"), copy=False).join(
            self._from(),
            on=all_of(is_owned, *conditions),
            join_type="left",
            copy=False,
        )

    def _joined_to_periods(self, select: exp.Select, key: NamedPeriods) -> exp.Select:
        """Leads with the named periods that their date is in."""
        column = self._columns.find(key.field)
        literal = self._values.moment_literal
        rows = [
            [
                patterns.text_literal(name),
                literal(column, period.start),
                literal(column, period.end + patterns.SECOND),
            ]
            for name, period in key.periods
        ]
        names = [f"{key.name}_{part}" for part in ("label", "start", "end")]
        periods = patterns.inline_rows(self._dialect, names, rows)
        x = self._values.moment(column)
        within = exp.and_(
            patterns.since(x, exp.column(names[1])), patterns.before(x, exp.column(names[2]))
        )
        alias = f"{key.name}s"
        return select.join(periods.subquery(alias), on=within, join_type="inner", copy=False)

    def _ranks(self, keys: Sequence[_Key]) -> Iterator[Expr]:
        """The rank of each value among those of its group, from 0, and their number."""
        for number, name in enumerate(self._ranked_fields, 1):
            value = self._values.value(self._columns.find(name))
            groups = [key.grouped.copy() for key in keys]
            order = exp.Order(expressions=patterns.last_nulls(self._dialect, value))
            rank = exp.Window(this=exp.RowNumber(), partition_by=groups, order=order)
            counted = exp.Window(
                this=exp.Count(this=value.copy()),
                partition_by=[key.grouped.copy() for key in keys],
            )
            from_0 = exp.Sub(this=rank, expression=exp.Literal.number(1))
            yield exp.alias_(from_0, f"rank_{number}")
            yield exp.alias_(counted, f"values_{number}")

    # Steps after the groups

    def _filled(self, conditions: Sequence[Expr], side: str, bounds: Any = None) -> str:
        """The name of the groups of some leads, with those of empty periods."""
        name = f"found{side}"
        self._steps.append((name, self._grouped(self._wanted.measures, conditions)[0]))
        for key in self._wanted.keys:
            if isinstance(key, DateBucket) and key.fill:
                periods = self._periods(key, conditions, side, bounds)
                filled = f"{name}_and_empty"
                self._steps.append((filled, self._add_empty(name, key, periods)))
                name = filled
        return name

    def _periods(self, key: DateBucket, conditions: Sequence[Expr], side: str, bounds: Any) -> str:
        """The name of a step with every period from the first to the last that is asked for."""
        leads = without_output(self.query)
        if bounds is not None and bounds[0] == key.field:
            leads = leads.where(bounds[1])
        column = self._columns.find(key.field)
        fields = known_fields(self.query)
        first, last = date_bounds(leads, fields.get(key.field, Field(key.field)))
        bucket = self._bucket(key, column)
        ends = [
            self._day(key, moment) if moment else function(this=bucket.copy())
            for moment, function in ((first, exp.Min), (last, exp.Max))
        ]
        days = exp.alias_(ends[0], "first_day"), exp.alias_(ends[1], "last_day")
        if first and last:
            range_of = patterns.one_row(self._dialect, *days)
        else:
            range_of = exp.select(*days)
            saved = [*conditions]
            if self.query.users is not None:
                saved.append(self._filters.owned_by(self.query.users))
            range_of = _where(range_of.from_(self._from()), [*self._conditions(), *saved])
        day = patterns.add_to_day(self._dialect, exp.column("first_day"), key.unit, exp.column("n"))
        name = f"every_{key.name}{side}"
        every = (
            exp.select(self._aliased(day, key.name))
            .from_(range_of.subquery("days"))
            .join(self._numbers(), join_type="cross")
            .where(exp.LTE(this=day.copy(), expression=exp.column("last_day")))
        )
        self._steps.append((name, every))
        return name

    def _day(self, key: DateBucket, moment: datetime) -> Expr:
        """The first day of the period of a moment."""
        local = moment.astimezone(zone(key.tz)).date()
        day = patterns.text_literal(
            first_day(key.unit, local, weekday_number(key.week_starts)).isoformat()
        )
        return day if self._dialect.dates_are_text else patterns.cast_to(self._dialect, day, "DATE")

    def _numbers(self) -> exp.Subquery:
        """The numbers from 0 to 9,999: more than enough periods, and on every engine."""
        digits = patterns.inline_rows(
            self._dialect, ["n"], [[exp.Literal.number(n)] for n in range(10)]
        )
        if "digits" not in dict(self._steps):
            self._steps.append(("digits", digits))
        tables = ("ones", "tens", "hundreds", "thousands")
        total: Any = exp.column("n", table=tables[0])
        select = exp.select().from_(exp.alias_(exp.to_table("digits"), tables[0], table=True))
        for power, table in enumerate(tables[1:], 1):
            total = total + exp.column("n", table=table) * 10**power
            digits_again = exp.alias_(exp.to_table("digits"), table, table=True)
            select = select.join(digits_again, join_type="cross")
        return select.select(exp.alias_(total, "n")).subquery("numbers")

    def _add_empty(self, found: str, filled: DateBucket, periods: str) -> exp.Select:
        """Groups, and those of periods without leads: of each combination of the other keys."""
        names = [key_name(key) for key in self._wanted.keys]
        others = [self._named(name) for name in names if name != filled.name]
        empty = exp.select(
            *(
                exp.column(self._name(name), table=None if name == filled.name else "others")
                for name in names
            ),
            *(self._aliased(_no_value(one.measure), one.name) for one in self._wanted.measures),
        ).from_(exp.Table(this=identifier(periods, self._dialect)))
        if others:
            distinct = exp.select(*others).from_(found).distinct().subquery("others")
            empty = empty.join(distinct, join_type="cross")
        return self._merged([exp.select("*").from_(found), empty])

    def _merged(self, parts: Sequence[exp.Query]) -> exp.Select:
        """Groups from several queries with the same columns, each once."""
        union: Any = parts[0]
        for part in parts[1:]:
            union = exp.union(union, part, distinct=False)
        keys = self._named_keys()
        measures = [
            self._aliased(exp.Max(this=self._named(name)), name)
            for name in self._measure_names(parts[0])
        ]
        return (
            exp.select(*(self._aliased(key.displayed, key.name) for key in keys), *measures)
            .from_(union.subquery("parts"))
            .group_by(*(key.grouped.copy() for key in keys))
        )

    def _measure_names(self, part: exp.Query) -> list[str]:
        steps = local_steps(self.query)
        is_star = isinstance(part.expressions[0], exp.Star)
        if steps.comparison is None or is_star:
            return [one.name for one in self._wanted.measures]
        return [one.of(side).name for one in self._wanted.measures for side in SIDES[:2]]

    def _named_keys(self) -> list[_Key]:
        """The keys of groups that a step has found, by the names of their columns."""
        return [self._named_key(key) for key in self._wanted.keys]

    def _named_key(self, key: GroupKey) -> _Key:
        name = key_name(key)
        column = self._named(name)
        if self._is_text_key(key):
            named = Column(column, Storage.TEXT, self._columns.find(key_field(key)).kind)
            if named.kind is not Kind.TEXT:
                return self._key_of(key, named)
            return self._text_key(name, exp.Min(this=column), self._values.folded(named))
        if isinstance(key, (Bins, NamedPeriods)):
            return self._text_key(name, column, column)
        return self._typed_key(name, column)

    def _name(self, name: str) -> exp.Identifier:
        return identifier(name, self._dialect, exact=self.source.looked_at)

    def _named(self, name: str) -> exp.Column:
        return exp.column(self._name(name))

    def _compared(self, comparison: Comparison) -> str:
        """The name of the groups of two periods, side by side."""
        parts: list[exp.Query] = []
        periods = comparison_periods(self.query, comparison)
        for side, period in zip(SIDES, periods, strict=False):
            condition = self._filters.condition(period)
            name = self._filled([condition], f"_{side}", (comparison.on, period))
            parts.append(self._side(name, side, periods))
        self._steps.append(("compared", self._merged(parts)))
        return "compared"

    def _side(self, name: str, side: str, periods: Sequence[Predicate]) -> exp.Select:
        """The groups of one period, with columns for both."""
        names = [self._named(key_name(key)) for key in self._wanted.keys]
        values = [
            self._aliased(
                self._named(one.name) if its == side else _no_value(one.measure), one.of(its).name
            )
            for one in self._wanted.measures
            for its in SIDES[:2]
        ]
        return exp.select(*names, *values).from_(name)

    def _final(self, name: str) -> exp.Select:
        """The rows from the groups that a step has found."""
        steps = local_steps(self.query)
        own = as_aggregation(self.query.output).measures  # type: ignore[arg-type]
        keys = self._named_keys()
        measures = self._named_measures()
        columns = [one.of(side) for one in own for side in SIDES] if steps.comparison else own
        displayed: list[Expr] = []
        for key in keys:
            displayed.append(self._named(key.name))
            if steps.owner_names and key.name == OwnerId.name:
                owner_name = exp.column("owner_name", table="owner_names")
                displayed.append(self._aliased(owner_name, OwnerIdName.name))
        displayed += [self._aliased(measures[one.measure], one.name) for one in columns]
        select = exp.select(*displayed).from_(name)
        if steps.owner_names:
            [owner] = [key.grouped for key in keys if key.name == OwnerId.name]
            select = self._join_names(select, owner)
        select = _where(select, [self._having(one, measures) for one in steps.having])
        flat_keys = [attrs.evolve(key, displayed=self._named(key.name)) for key in keys]
        names = {one.name: measures[one.measure] for one in columns}
        return self._ordered(select, flat_keys, names, measures)

    def _named_measures(self) -> dict[Measure, Expr]:
        """The value of each measure, by the columns of the groups that a step has found."""
        if local_steps(self.query).comparison is None:
            return {one.measure: self._named(one.name) for one in self._wanted.measures}
        values: dict[Measure, Expr] = {}
        for one in self._wanted.measures:
            first, second = (self._named(one.of(side).name) for side in SIDES[:2])
            kind = self._columns.find(one.measure.field).kind if one.measure.field else Kind.NUMBER
            is_date = kind is Kind.MOMENT and one.measure.function.is_by_rank
            each = patterns.changes(self._dialect, first, second, are_dates=is_date)
            values |= zip(
                (one.of(side).measure for side in SIDES), (first, second, *each), strict=True
            )
        return values

    def _join_names(self, select: exp.Select, owner: Expr) -> exp.Select:
        """Rows with the names of their owners."""
        filters = self._filters
        key = self._values.folded(filters.user_column(UserID.name))
        names = (self._values.text(filters.user_column(one.name)) for one in (FirstName, LastName))
        name = patterns.full_name(self._dialect, *names)
        users = (
            exp.select(exp.alias_(key, "owner_key"), exp.alias_(exp.Max(this=name), "owner_name"))
            .from_(filters.users_table())
            .group_by(key.copy())
        )
        on = exp.EQ(this=exp.column("owner_key", table="owner_names"), expression=owner.copy())
        return select.join(users.subquery("owner_names"), on=on, join_type="left", copy=False)

    def _having(self, condition: HavingCondition, measures: Mapping[Measure, Expr]) -> Expr:
        """A condition on groups."""
        if not isinstance(condition, GroupCondition):
            return join(
                condition.joiner, (self._having(part, measures) for part in condition.parts)
            )
        value = condition.value
        if isinstance(value, datetime):
            literal = patterns.moment_literal(self._dialect, value.astimezone(UTC))
        else:
            literal = patterns.number_literal(value)
        return compare(condition.operator, measures[condition.aggregate.measure], literal)

    def _ordered(
        self,
        select: exp.Select,
        keys: Sequence[_Key],
        names: Mapping[str, Expr],
        measures: Mapping[Measure, Expr],
    ) -> exp.Select:
        """Rows in their order, ties by the group keys."""
        steps = local_steps(self.query)
        if not keys or not (steps.order or self.default_order):
            return select
        by_name = {key.name: key.order for key in keys}
        ordered: list[tuple[Expr, bool]] = []
        for sort_key in steps.order:
            if isinstance(sort_key.by, str):
                value = by_name.get(sort_key.by)
                value = names[sort_key.by] if value is None else value
            else:
                value = measures[sort_key.by.measure]
            ordered.append((value, sort_key.descending))
        if not steps.order and steps.comparison is None:
            counts = [one for one in measures if one.function is Function.COUNT]
            ordered += [(measures[one], True) for one in counts[:1]]
        ordered += [(value, False) for value in by_name.values()]
        return self._sort(select, ordered)


_SPARK: Final = ("spark", "databricks")

_ENDS: Final[Mapping[Function, type[exp.AggFunc]]] = {Function.MIN: exp.Min, Function.MAX: exp.Max}


def _where(select: exp.Select, conditions: Sequence[Expr]) -> exp.Select:
    return select.where(all_of(*conditions), copy=False) if conditions else select


def _no_value(measure: Measure) -> Expr:
    """The value of a measure in a group without leads."""
    value = no_value(measure)
    return exp.Null() if value is None else exp.Literal.number(value)
