"""Read a SQL statement as a query.

`_StatementReader.query` reads one clause after the other. What is refused in one does not stop the
others, so that one error names everything.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import attrs
from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError

from leadquery._util.text import warn_user
from leadquery.errors import QueryError
from leadquery.expr.aggregate import Aggregate
from leadquery.expr.field import BaseField
from leadquery.expr.field_types import Date
from leadquery.fields import DATE_FIELDS, CreatedOn
from leadquery.lint.catalog import FieldCatalog
from leadquery.periods import Period, start_of
from leadquery.query.base import replace
from leadquery.query.leads import Leads, LeadSet
from leadquery.query.query import Query
from leadquery.sql.dialects import DIALECTS, Dialect, find_dialect
from leadquery.sql.patterns import DUAL
from leadquery.sql.reader.flatten import Flat, flatten
from leadquery.sql.reader.literals import moment, read_literal, unwrap
from leadquery.sql.reader.names import Names
from leadquery.sql.reader.order import OrderReader
from leadquery.sql.reader.outputs import Output
from leadquery.sql.reader.predicates import Reader
from leadquery.sql.reader.statement import (
    NOT_SQL,
    TOO_DEEP,
    Source,
    UnreadableError,
    find_parser,
    parse,
    unreadable,
)
from leadquery.sql.reader.written import and_operands, simplify, sql_of, text_of_column
from leadquery.sql.writer.writer import to_sql
from leadquery.wire.enums import AT_LEAST, AT_MOST, BELOW
from leadquery.wire.model import ComparisonFilter

if TYPE_CHECKING:
    from leadquery.expr.predicate import Condition


def from_sql(text: str, dialect: str | None, fields: object) -> Query:
    """The query of a statement; see `leadquery.sql.from_sql`."""
    catalog = None if fields is None else FieldCatalog.of(fields)
    # Common SQL is nearest to that of PostgreSQL.
    engine = DIALECTS["postgres"] if dialect is None else find_dialect(dialect)
    select, source = parse(text, find_parser(dialect))
    try:
        return _read(select, source, engine, catalog)
    except RecursionError:
        raise source.error([UnreadableError(source.first, TOO_DEEP)]) from None
    except SqlglotError:
        raise source.error([UnreadableError(source.first, NOT_SQL)]) from None


def _read(
    select: exp.Select, source: Source, engine: Dialect, catalog: FieldCatalog | None
) -> Query:
    if select.args.get("with_") is not None:
        found = _from_steps(select, source, engine, catalog)
        if found is not None:
            return found
    simplify(select, engine)
    reader = _StatementReader(source, Reader(source, Names(catalog), engine), Flat(select))
    query = reader.query()
    reader.warn()
    return query


def _from_steps(
    select: exp.Select, source: Source, engine: Dialect, catalog: FieldCatalog | None
) -> Query | None:
    """The query of a statement of several steps that `to_sql` writes; None for any other."""
    flat = flatten(select.copy(), engine)
    if flat is None:
        return None
    reader = _StatementReader(source, Reader(source, Names(catalog), engine), flat)
    try:
        query = reader.query()
    except QueryError:
        return None
    steps = {one.alias for one in select.args["with_"].expressions}
    if engine.empty_is_null:
        steps.add(DUAL)
    tables = [one for one in select.find_all(exp.Table) if one.name not in steps]
    leads = _plain_name(flat.select.args["from_"].this, engine)
    names = dict.fromkeys(_plain_name(one, engine) for one in tables)
    others = [name for name in names if name != leads]
    try:
        text = to_sql(query, engine.name, leads, others[0] if others else None)
    except QueryError:
        return None
    written = parse_one(text, read=engine.name)
    return query if _canonical(written, engine) == _canonical(select, engine) else None


def _canonical(statement: exp.Expr, engine: Dialect) -> str:
    """A statement as text, each condition that AND joins once: some differ in letter case only.

    Columns of text are without the cast that makes them text where their type is not known.
    """
    for cast in list(statement.find_all(exp.Cast)):
        cast.replace(text_of_column(cast))
    for node in list(statement.find_all(exp.And)):
        if not isinstance(node.parent, exp.And):
            parts = {sql_of(part, engine): part for part in and_operands(node)}
            node.replace(exp.and_(*parts.values(), copy=False))
    return sql_of(statement, engine)


def _plain_name(table: exp.Table, engine: Dialect) -> str:
    """The name of a table without an alias."""
    plain = table.copy()
    plain.set("alias", None)
    return sql_of(plain, engine)


@attrs.define(eq=False)
class _StatementReader(OrderReader):
    """Reads the clauses of one statement."""

    def query(self) -> Query:
        """The query. Raises SqlError for what is not read."""
        with self._collect():
            self._read_from()
        with self._collect():
            self._read_joins()
        with self._collect():
            self._check_clauses()
        conditions = list(self._where())
        self._read_items()
        self._read_keys()
        having = list(self._having())
        order = self._without_ties(list(self._order()))
        limit = None
        with self._collect():
            limit = self._limit()
        if not self.select.expressions:
            place = self.source.keyword(None, "SELECT")
            self.refusals.append(UnreadableError(place, "no columns; write SELECT Phone, Score"))
        if self.refusals:
            raise self.source.error(self.refusals)
        try:
            query = self._output(_select_leads(conditions))
            if self.flat.compared:
                on = self.reader.column(unwrap(self.flat.compared[0].this))
                query = query.compare(*_periods(self.flat.compared), on=on)
            if having:
                query = query.having(*having)
            if order:
                query = query.order_by(*order)
            if self.flat.has_owner_names:
                query = query.with_owner_names()
            return query if limit is None else query.limit(limit)
        except QueryError as error:
            place = self.source.keyword(self.select.expressions[0], "SELECT")
            raise self.source.error([unreadable(place, error)]) from None
        except UnreadableError as refusal:
            raise self.source.error([refusal]) from None

    def _output(self, leads: LeadSet) -> Query:
        if not self._is_grouped:
            fields = [one.value for one in self.items if isinstance(one.value, BaseField)]
            return leads.select(*fields)
        grouped: Any = leads.group_by(*self.keys) if self.keys else leads
        query: Query
        if not self._aggregates:
            self.remarks.append("the result has one more column, Count: the leads of each group")
            query = grouped.count()
            return query
        item, aggregate = self._aggregates[0]
        is_alone = len(self._aggregates) == len(self.keys) == 1 and not item.alias
        if is_alone and isinstance(self.keys[0], BaseField) and type(item.node) in _WITH_COUNT:
            # One request computes it, with the count.
            query = getattr(grouped, _WITH_COUNT[type(item.node)])(aggregate.field)
            return query
        named = {one.alias or aggregate.name: aggregate for one, aggregate in self._aggregates}
        query = grouped.aggregate(**named)
        return query

    def warn(self) -> None:
        """Warn of what the query means otherwise than the statement."""
        for remark in (*self.remarks, *self._renamed(), *self.reader.notes.texts(self.source)):
            warn_user(remark)

    def _key_name(self, value: Output) -> str:
        """The name of a column of the result; days of dates are grouped by."""
        return value.day().name if isinstance(value, Date) and self._is_grouped else value.name

    def _renamed(self) -> Iterator[str]:
        """What columns of groups and of lists are called."""
        pairs = [
            f"{self._key_name(item.value)} for {item.alias}"
            for item in self.items
            if item.alias
            and not isinstance(item.value, Aggregate)
            and item.alias != self._key_name(item.value)
        ]
        if pairs:
            yield f"columns of leads keep their names: the result has {', '.join(pairs)}"


def _periods(ends: Sequence[exp.Expr]) -> Iterator[Period]:
    """The two periods of a comparison, from the conditions on their ends."""
    for start, end in (ends[:2], ends[2:]):
        yield Period(_moment_of(start), _moment_of(end) - _SECOND)


def _moment_of(end: exp.Expr) -> datetime:
    literal = read_literal(end.expression)
    if literal is None:
        raise UnreadableError(end, "the period has no dates; write them")
    return moment(literal)[0]


def _select_leads(conditions: Sequence[Condition]) -> LeadSet:
    """The leads that meet conditions; a range of the dates that requests have becomes theirs."""
    leads = Leads.where(*conditions)
    for field in DATE_FIELDS.values():
        found = {
            one.operator: (one, compared)
            for one, compared in leads._conditions.items()
            if one.name == field.name and isinstance(one, ComparisonFilter)
        }
        if len(found) != sum(one.name == field.name for one in leads.filters):
            continue
        ends = [found[one][0].value for one in (AT_LEAST, AT_MOST, BELOW) if one in found]
        if len(found) != 2 or AT_LEAST not in found or not {AT_MOST, BELOW} & {*found}:
            continue
        start, end = (start_of(text) for text in ends)
        if BELOW in found:
            end -= _SECOND
        if start > end:
            continue
        rest = {one: by for one, by in leads._conditions.items() if one.name != field.name}
        leads = replace(leads, "_joined", rest)
        between = leads.created_between if field is CreatedOn else leads.modified_between
        leads = between(start, end)
    return leads


_WITH_COUNT: Final[dict[type[exp.Expr], str]] = {exp.Avg: "average", exp.Sum: "sum"}
"""The methods of the aggregates that one request computes beside the count."""

_SECOND: Final = timedelta(seconds=1)
