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

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import attrs
import sqlglot
from sqlglot import exp
from sqlglot.expressions import Expr

from leadquery.errors import UnsupportedQueryError
from leadquery.expr.aggregate import Function, GroupCondition, HavingCondition, Measure
from leadquery.expr.group_key import DateBucket
from leadquery.fields import OwnerId, OwnerIdName, ProspectID
from leadquery.query.aggregation import SIDES, as_aggregation, local_steps
from leadquery.query.query import Query
from leadquery.sql import patterns, text_patterns
from leadquery.sql.dialects import find_dialect
from leadquery.sql.tables import (
    LEADS,
    USERS,
    AssumedTable,
    Kind,
    Source,
    Storage,
    check_columns,
    identifier,
    table_of,
)
from leadquery.sql.writer.columns import Column
from leadquery.sql.writer.conditions import all_of, compare, join
from leadquery.sql.writer.from_where import FromWhere, where
from leadquery.sql.writer.group_keys import Key
from leadquery.sql.writer.group_steps import GroupSteps
from leadquery.sql.writer.groups import Groups
from leadquery.wire.model import ListOutput


def to_sql(
    query: Query,
    dialect: str,
    table: str = LEADS,
    users: str | None = USERS,
    columns: Mapping[str, str] | None = None,
) -> str:
    """The statement of a query, for tables that nobody has looked at."""
    known = find_dialect(dialect)
    names = check_columns(columns)
    leads = AssumedTable(table_of(table, known, "table"), known, names)
    owners = None if users is None else AssumedTable(table_of(users, known, "users"), known, {})
    return write(query, Source(known, leads, owners))


def write(query: Query, source: Source, *, default_order: bool = False) -> str:
    """The statement of a query. With `default_order`, groups are sorted, as the API sorts them.

    Raises UnsupportedQueryError for the reports on activities and tasks, which no table here has,
    and for `&` and `|` in each other dozens of times.
    """
    if (endpoint := query._node.endpoint).node is not None:
        raise UnsupportedQueryError(
            f"SQL has no table of activities or tasks, so it cannot write {endpoint.start}; "
            "send the query with client.run(query), or start from Leads"
        )
    name = source.dialect.name
    try:
        statement = Writer(query, source, default_order).statement()
        text: str = statement.sql(name, pretty=True)
        # Once more, because sqlglot breaks the lines of what it has read in other places.
        return sqlglot.parse_one(text, read=name).sql(name, pretty=True)
    except RecursionError:
        raise UnsupportedQueryError(
            "conditions joined by & and | in each other so many times cannot be written as SQL; "
            "use is_in for several values of a field, or fewer brackets"
        ) from None


class Writer:
    """Builds the statement of one query."""

    def __init__(self, query: Query, source: Source, default_order: bool) -> None:
        self._query, self._source, self._default_order = query, source, default_order
        self._leads = leads = FromWhere(query, source)
        self._dialect, self._columns = leads.dialect, leads.columns
        self._groups = Groups(leads)
        self._steps = GroupSteps(leads, self._groups)

    def statement(self) -> exp.Query:
        """The whole statement."""
        steps = local_steps(self._query)
        if isinstance(self._query.output, ListOutput):
            select = self._list(self._query.output)
        elif self._is_flat:
            select = self._flat()
        else:
            comparison = steps.comparison
            found = (
                self._steps.filled([], "")
                if comparison is None
                else self._steps.compared(comparison)
            )
            select = self._final(found)
        is_one_row = not isinstance(self._query.output, ListOutput) and not self._leads.wanted.keys
        if steps.limit is not None and not is_one_row:
            select = select.limit(steps.limit, copy=False)
        for name, subquery in self._steps.subqueries:
            alias = exp.TableAlias(this=identifier(name, self._dialect))
            select = select.with_(alias, as_=subquery, copy=False)
        if self._dialect.name == "clickhouse" and select.find(exp.Join):
            select.set("settings", [patterns.nulls_of_joins()])
        return select

    def _list(self, output: ListOutput) -> exp.Select:
        conditions = self._leads.conditions()
        if self._query.users is not None:
            conditions.append(self._leads.filters.owned_by(self._query.users))
        names = list(output.columns)
        adds_names = (
            OwnerIdName.name in names
            and not self._source.leads.has(OwnerIdName.name)
            and self._source.users is not None
        )
        displayed = [
            exp.column("owner_name", table="owner_names")
            if adds_names and name == OwnerIdName.name
            else self._displayed(self._columns.find(name))
            for name in names
        ]
        select = exp.select(*map(self._leads.aliased, displayed, names)).from_(self._leads.from_())
        if adds_names:
            owner = self._columns.find(OwnerId.name).folded()
            select = self._leads.join_names(select, owner)
        select = where(select, conditions)
        order = [
            (self._sorted(self._columns.find(key.column)), key.descending)
            for key in local_steps(self._query).order
        ]
        if order and self._source.leads.has(ProspectID.name):
            order.append((self._sorted(self._columns.find(ProspectID.name)), False))
        return self._sort(select, order)

    def _displayed(self, column: Column) -> Expr:
        """What a list has of a column: the value as its field has it, as far as it is known."""
        if not self._source.looked_at or column.storage is Storage.TEXT:
            return column.sql
        is_text = column.kind is Kind.TEXT
        return column.text() if is_text else column.value()

    @property
    def _is_flat(self) -> bool:
        steps = local_steps(self._query)
        fills = any(isinstance(key, DateBucket) and key.fill for key in self._leads.wanted.keys)
        # Spark sorts what HAVING has left by displayed columns only.
        is_sorted = bool(self._leads.wanted.keys) and (bool(steps.order) or self._default_order)
        is_hidden = self._dialect.family == "spark" and bool(steps.having) and is_sorted
        return not (steps.comparison or steps.owner_names or fills or is_hidden)

    def _flat(self) -> exp.Select:
        """Groups as one SELECT."""
        columns = as_aggregation(self._query.output).measures  # type: ignore[arg-type]
        select, keys, measures = self._groups.grouped(columns, [])
        having = [self._having(one, measures) for one in local_steps(self._query).having]
        if having:
            select = select.having(all_of(*having), copy=False)
        names = {column.name: measures[column.measure] for column in columns}
        return self._ordered(select, keys, names, measures)

    def _final(self, name: str) -> exp.Select:
        """The rows from the groups that a step has found."""
        steps = local_steps(self._query)
        own = as_aggregation(self._query.output).measures  # type: ignore[arg-type]
        keys = self._groups.keys.of_step()
        measures = self._steps.named_measures()
        columns = [one.of(side) for one in own for side in SIDES] if steps.comparison else own
        displayed: list[Expr] = []
        for key in keys:
            displayed.append(self._leads.named(key.name))
            if steps.owner_names and key.name == OwnerId.name:
                owner_name = exp.column("owner_name", table="owner_names")
                displayed.append(self._leads.aliased(owner_name, OwnerIdName.name))
        displayed += [self._leads.aliased(measures[one.measure], one.name) for one in columns]
        select = exp.select(*displayed).from_(name)
        if steps.owner_names:
            [owner] = [key.grouped for key in keys if key.name == OwnerId.name]
            select = self._leads.join_names(select, owner)
        select = where(select, [self._having(one, measures) for one in steps.having])
        flat_keys = [attrs.evolve(key, displayed=self._leads.named(key.name)) for key in keys]
        names = {one.name: measures[one.measure] for one in columns}
        return self._ordered(select, flat_keys, names, measures)

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

    # ORDER BY

    def _ordered(
        self,
        select: exp.Select,
        keys: Sequence[Key],
        names: Mapping[str, Expr],
        measures: Mapping[Measure, Expr],
    ) -> exp.Select:
        """Rows in their order, ties by the group keys."""
        steps = local_steps(self._query)
        if not keys or not (steps.order or self._default_order):
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
        value = column.value()
        return text_patterns.ordered(self._dialect, value) if column.kind is Kind.TEXT else value
