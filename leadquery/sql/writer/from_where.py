"""FROM and WHERE of a query: its leads, and the tables that they are joined to."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from attrs import define
from sqlglot import exp
from sqlglot.expressions import Expr

from leadquery.expr.group_key import NamedPeriods, key_field
from leadquery.expr.user_field import UserPredicate
from leadquery.fields import OwnerId
from leadquery.plan.solve import hidden_measures
from leadquery.query.aggregation import Aggregation, as_aggregation, with_measures
from leadquery.query.query import Query
from leadquery.sql import patterns
from leadquery.sql.dialects import Dialect
from leadquery.sql.tables import LEADS, Source, identifier
from leadquery.sql.writer.columns import Columns
from leadquery.sql.writer.conditions import Filters, all_of
from leadquery.users import FirstName, LastName, UserID
from leadquery.wire.model import ListOutput


@define(slots=False)
class FromWhere:
    """The leads of one query: their table and columns, the conditions on them, and names in SQL."""

    query: Query
    source: Source

    @property
    def dialect(self) -> Dialect:
        return self.source.dialect

    @cached_property
    def columns(self) -> Columns:
        return Columns(self.query, self.source, self._qualifier)

    @cached_property
    def filters(self) -> Filters:
        return Filters(self.columns)

    @cached_property
    def _qualifier(self) -> str | None:
        """The name of the leads before their columns, where a column of the result hides them.

        ClickHouse reads a name as that of a column of the result wherever it can.
        """
        if self.dialect.name == "clickhouse":
            return LEADS
        if isinstance(self.query.output, ListOutput):
            return None
        names = [column.name.casefold() for column in self.wanted.measures]
        return LEADS if any(map(self._is_field, names)) else None

    def _is_field(self, name: str) -> bool:
        fields = {key_field(key) for key in self.wanted.keys}
        fields |= {column.measure.field for column in self.wanted.measures}
        return name in map(str.casefold, fields)

    @cached_property
    def wanted(self) -> Aggregation:
        """The aggregates of the query, and those that groups are chosen and sorted by.

        Without group keys there is one row, which has no order.
        """
        own = as_aggregation(self.query.output)  # type: ignore[arg-type]
        return with_measures(own, hidden_measures(self.query, is_sorted=bool(own.keys)))

    @property
    def lists_owners(self) -> bool:
        """Whether every owner of a user filter is listed, also those without leads."""
        return self.query.users is not None and self.wanted.keys == (OwnerId.name,)

    def name(self, name: str) -> exp.Identifier:
        return identifier(name, self.dialect, exact=self.source.looked_at)

    def named(self, name: str) -> exp.Column:
        return exp.column(self.name(name))

    def aliased(self, value: Expr, name: str) -> Expr:
        """A value under a name, which a column of that name has already."""
        alias = identifier(name, self.dialect, exact=self.source.looked_at)
        if isinstance(value, exp.Column) and value.name == alias.name and not value.table:
            return value
        return exp.alias_(value, alias)

    def from_(self) -> exp.Expr:
        """The table of leads, with an alias if columns are written with it."""
        table = self.source.leads.sql.copy()
        if self._qualifier and table.alias_or_name != self._qualifier:
            return exp.alias_(table, self._qualifier, table=True)
        return table

    def conditions(self) -> list[Expr]:
        """The conditions on leads, but for that on their owners."""
        filters = self.filters
        conditions = [filters.filter(one) for one in self.query.filters]
        conditions += [filters.date_range(dates) for dates in self.query.dates]
        conditions += [filters.condition(one) for one in self.query._compounds]
        return conditions

    def joined(self, select: exp.Select, conditions: Sequence[Expr]) -> exp.Select:
        """The leads of a SELECT, with the tables that group keys need, and all conditions."""
        conditions = [*self.conditions(), *conditions]
        users = self.query.users
        if self.lists_owners and users is not None:
            return self._joined_to_owners(select, users, conditions)
        select = select.from_(self.from_(), copy=False)
        for key in self.wanted.keys:
            if isinstance(key, NamedPeriods):
                select = self._joined_to_periods(select, key)
        if users is not None:
            conditions.append(self.filters.owned_by(users))
        return where(select, conditions)

    def _joined_to_owners(
        self, select: exp.Select, users: UserPredicate, conditions: Sequence[Expr]
    ) -> exp.Select:
        """Owners that meet the user filter, each with its leads."""
        key, condition = self.filters.user_condition(users)
        user = self.columns.user_attribute(UserID.name)
        owners = (
            exp.select(
                exp.alias_(exp.Min(this=user.text()), user.sql.this.copy()),
                exp.alias_(key, "owner_key"),
            )
            .from_(self.filters.users_table())
            .where(condition, user.has_data())
            .group_by(key.copy())
        )
        owner = self.columns.find(OwnerId.name).folded()
        is_owned = exp.EQ(this=owner, expression=exp.column("owner_key"))
        return select.from_(owners.subquery("owners"), copy=False).join(
            self.from_(),
            on=all_of(is_owned, *conditions),
            join_type="left",
            copy=False,
        )

    def _joined_to_periods(self, select: exp.Select, key: NamedPeriods) -> exp.Select:
        """Leads with the named periods that their date is in."""
        column = self.columns.find(key.field)
        rows = [
            [
                patterns.text_literal(name),
                column.moment_literal(period.start),
                column.moment_literal(period.end + patterns.SECOND),
            ]
            for name, period in key.periods
        ]
        names = [f"{key.name}_{part}" for part in ("label", "start", "end")]
        periods = patterns.inline_rows(self.dialect, names, rows)
        x = column.moment()
        within = exp.and_(
            patterns.since(x, exp.column(names[1])), patterns.before(x, exp.column(names[2]))
        )
        alias = f"{key.name}s"
        return select.join(periods.subquery(alias), on=within, join_type="inner", copy=False)

    def join_names(self, select: exp.Select, owner: Expr) -> exp.Select:
        """Rows with the names of their owners."""
        key = self.columns.user_attribute(UserID.name).folded()
        names = (self.columns.user_attribute(one.name).text() for one in (FirstName, LastName))
        name = patterns.full_name(self.dialect, *names)
        users = (
            exp.select(exp.alias_(key, "owner_key"), exp.alias_(exp.Max(this=name), "owner_name"))
            .from_(self.filters.users_table())
            .group_by(key.copy())
        )
        on = exp.EQ(this=exp.column("owner_key", table="owner_names"), expression=owner.copy())
        return select.join(users.subquery("owner_names"), on=on, join_type="left", copy=False)


def where(select: exp.Select, conditions: Sequence[Expr]) -> exp.Select:
    return select.where(all_of(*conditions), copy=False) if conditions else select
