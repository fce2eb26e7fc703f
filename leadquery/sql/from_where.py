"""FROM and WHERE of a query: its leads, and the tables that they are joined to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Final

from attrs import define, field as attribute, frozen
from sqlglot import exp

from leadquery.errors import QueryError
from leadquery.expr.group_key import NamedPeriods, key_field
from leadquery.expr.user_field import UserPredicate
from leadquery.fields import OwnerId
from leadquery.plan.solve import hidden_measures
from leadquery.query.aggregation import Aggregation, as_aggregation, with_measures
from leadquery.query.query import Query
from leadquery.sql import patterns
from leadquery.sql.columns import Columns, KnownTable, Schema, identifier
from leadquery.sql.conditions import Filters, all_of
from leadquery.sql.dialects import Dialect
from leadquery.sql.values import Values
from leadquery.users import FirstName, LastName, UserID
from leadquery.wire.model import ListOutput

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


Expr = exp.Expr


@define(slots=False)
class FromWhere:
    """The leads of one query. `_steps` are subqueries with their names, which go into WITH."""

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

    @property
    def _lists_owners(self) -> bool:
        """Whether every owner of a user filter is listed, also those without leads."""
        return self.query.users is not None and self._wanted.keys == (OwnerId.name,)

    def _name(self, name: str) -> exp.Identifier:
        return identifier(name, self._dialect, exact=self.source.looked_at)

    def _named(self, name: str) -> exp.Column:
        return exp.column(self._name(name))

    def _aliased(self, value: Expr, name: str) -> Expr:
        """A value under a name, which a column of that name has already."""
        alias = identifier(name, self._dialect, exact=self.source.looked_at)
        if isinstance(value, exp.Column) and value.name == alias.name and not value.table:
            return value
        return exp.alias_(value, alias)

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
        return where(select, conditions)

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


def where(select: exp.Select, conditions: Sequence[Expr]) -> exp.Select:
    return select.where(all_of(*conditions), copy=False) if conditions else select
