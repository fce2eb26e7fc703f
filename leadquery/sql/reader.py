"""Read a SQL statement as a query.

`_StatementReader.query` reads one clause after the other. What is refused in one does not stop the
others, so that one error names everything.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Final

import attrs
from sqlglot import exp, parse_one
from sqlglot.dialects.dialect import Dialect as Parser

from leadquery._util.text import warn_user
from leadquery.errors import QueryError
from leadquery.expr.aggregate import (
    Aggregate,
    Function,
    HavingCondition,
    SortKey,
    has_dates,
    join_groups,
)
from leadquery.expr.field import BaseField
from leadquery.expr.field_types import Date, DateTime, DerivedColumn, Field, Text
from leadquery.expr.group_key import Bins, DateBucket, NamedPeriods
from leadquery.fields import DATE_FIELDS, CreatedOn, ProspectID
from leadquery.lint.catalog import FieldCatalog
from leadquery.periods import Period, start_of
from leadquery.query.base import replace
from leadquery.query.leads import Leads, LeadSet
from leadquery.query.query import Query
from leadquery.sql.columns import identifier
from leadquery.sql.dialects import DIALECTS, Dialect, find_dialect
from leadquery.sql.literals import Kind, midnight_message, moment, read_literal, unfold, unwrap
from leadquery.sql.names import Names, table_name
from leadquery.sql.outputs import Output, read_output, read_periods
from leadquery.sql.patterns import DUAL, nulls_of_joins
from leadquery.sql.predicates import COMPARISONS, FLIPPED, Reader, filled_fields, operands
from leadquery.sql.statement import (
    TOO_DEEP,
    Place,
    Source,
    UnreadableError,
    find_parser,
    parse,
    unreadable,
)
from leadquery.sql.steps import Flat, flatten
from leadquery.sql.writer import to_sql
from leadquery.sql.written import and_operands, simplify, sql_of, text_of_column
from leadquery.wire.enums import (
    ABOVE,
    AND,
    AT_LEAST,
    AT_MOST,
    BELOW,
    EQUAL,
    NOT_EQUAL,
    OR,
    Operator,
)
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
    written = parse_one(text, read=engine.parser)
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


Key = BaseField[Any] | DateBucket | Bins | NamedPeriods


@attrs.frozen(eq=False)
class _Item:
    """An entry of SELECT."""

    node: exp.Expr
    alias: str
    value: Output


@attrs.define(eq=False)
class _StatementReader:
    """Reads the clauses of one statement."""

    source: Source
    reader: Reader
    flat: Flat
    refusals: list[UnreadableError] = attrs.field(factory=list)
    items: list[_Item] = attrs.field(factory=list)
    keys: list[Key] = attrs.field(factory=list)
    remarks: list[str] = attrs.field(factory=list)

    @property
    def select(self) -> exp.Select:
        """The SELECT that is read."""
        return self.flat.select

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

    @contextmanager
    def _collect(self) -> Iterator[None]:
        """Go on behind a part that is refused."""
        try:
            yield
        except _AlreadyRefusedError:
            pass
        except UnreadableError as refusal:
            self.refusals.append(refusal)

    def _check_clauses(self) -> None:
        """Refuse the clauses that are not read."""
        for key, value in self.select.args.items():
            if not value or key in _CLAUSES or value == [nulls_of_joins()]:
                continue
            keyword, hint = _OTHER_CLAUSES.get(key, (key.strip("_").replace("_", " ").upper(), ""))
            first = value[0] if isinstance(value, list) else value
            node = first if isinstance(first, exp.Expr) else self.select
            place = self.source.keyword(node, *_KEYWORDS.get(key, (keyword,)))
            self.refusals.append(
                UnreadableError(place, f"{keyword} is not read; {hint or 'leave it out'}")
            )

    def _read_from(self) -> None:
        source = self.select.args.get("from_")
        if source is None:
            place = self.source.keyword(None, "SELECT")
            raise UnreadableError(place, "there is no FROM; write FROM leads")
        table = source.this
        if not isinstance(table, exp.Table) or not isinstance(table.this, exp.Identifier):
            raise UnreadableError(
                table, f"{self.source.sql(table)} is not read; write FROM and one table of leads"
            )
        for key, value in table.args.items():
            if value and key not in _TABLE_PARTS:
                part = value[0] if isinstance(value, list) else value
                node = part if isinstance(part, exp.Expr) else table
                keyword = key.strip("_").upper()
                raise UnreadableError(
                    node, f"{keyword} of a table is not read; write the table alone"
                )
        alias = table.args.get("alias")
        if alias is not None and alias.args.get("columns"):
            message = "columns have the names of their fields; leave the other names out"
            raise UnreadableError(table, message)
        self.reader = attrs.evolve(self.reader, names=self.reader.names.inside(table_name(table)))

    def _read_joins(self) -> None:
        """Read the joins that name periods. Others are refused as clauses."""
        others = []
        for join in self.select.args.get("joins") or ():
            key = read_periods(self.reader, join)
            if key is None:
                others.append(join)
            else:
                self.reader.periods[f"{key.name}_label"] = key
        self.select.set("joins", others)

    # WHERE

    def _where(self) -> Iterator[Condition]:
        where = self.select.args.get("where")
        for part in () if where is None else self.reader.operands(where.this, exp.And):
            if _is_always_true(part):
                continue
            with self._collect():
                condition = self.reader.condition(part)
                self.reader.notes.filled |= filled_fields(condition)
                yield condition

    # SELECT and GROUP BY

    def _read_items(self) -> None:
        group = self.select.args.get("group")
        grouped = [unwrap(node) for node in ([] if group is None else group.expressions)]
        folded = [unfold(node) for node in grouped if unfold(node) is not node]
        for node in self.select.expressions:
            with self._collect():
                inner = unwrap(node.unalias())
                if isinstance(inner, exp.Min) and text_of_column(inner.this) in folded:
                    # One of the spellings of a group.
                    inner = text_of_column(inner.this)
                value = read_output(self.reader, inner, folds=inner in grouped)
                alias = node.alias
                if isinstance(value, Aggregate):
                    value, alias = self._named_by(value, alias)
                self.items.append(_Item(inner, alias, value))

    def _named_by(self, aggregate: Aggregate, alias: str) -> tuple[Aggregate, str]:
        """An aggregate and its alias, which may be the name that `to_sql` gives it."""
        for one in (aggregate, _as_quantile(aggregate)):
            if alias == identifier(one.name, self.reader.engine).name:
                return one, one.name
        return aggregate, alias

    def _read_keys(self) -> None:
        group, distinct = self.select.args.get("group"), self.select.args.get("distinct")
        with self._collect():
            if distinct is not None and distinct.args.get("on"):
                raise UnreadableError(
                    distinct, "DISTINCT ON is not read; write DISTINCT, or GROUP BY"
                )
            if group is not None:
                self._check_group(group)
        already = len(self.refusals)
        for node in () if group is None else group.expressions:
            with self._collect():
                self.keys.append(self._key(node))
        if distinct is not None and group is None and not self._aggregates:
            for item in self.items:
                with self._collect():
                    self.keys.append(self._check_key(item.node, item.value))
        self.keys = [
            attrs.evolve(key, fill=True)
            if isinstance(key, DateBucket) and key.name in self.flat.filled
            else key
            for key in self.keys
        ]
        # The columns of the result are in the order of SELECT.
        places = {self._name(item.value): index for index, item in enumerate(self.items)}
        self.keys = list({self._name(key): key for key in self.keys}.values())
        self.keys.sort(key=lambda key: places.get(self._name(key), len(places)))
        if self._is_grouped and len(self.refusals) == already:
            self._check_items()

    def _check_group(self, group: exp.Group) -> None:
        extra = [key for key, value in group.args.items() if value and key != "expressions"]
        if extra:
            keyword = extra[0].replace("_", " ").upper()
            place = self.source.keyword(None, keyword.split()[0])
            raise UnreadableError(place, f"GROUP BY with {keyword} is not read; write the columns")

    def _key(self, node: exp.Expr) -> Key:
        """The group key of an entry of GROUP BY: an expression, an alias or a position."""
        node = unwrap(node)
        item = self._item_at(node) or self._item_named(node, is_group=True)
        if item is not None:
            return self._check_key(node, item.value)
        if isinstance(node, (exp.Rollup, exp.Cube, exp.GroupingSets)):
            raise UnreadableError(node, f"{self.source.sql(node)} is not read; write the columns")
        return self._check_key(node, read_output(self.reader, node, folds=True))

    def _check_key(self, node: exp.Expr, value: Output) -> Key:
        if isinstance(value, Aggregate):
            raise UnreadableError(node, "an aggregate is no group; write it in SELECT only")
        if isinstance(value, DerivedColumn):
            hint = "group by the id, such as OwnerId"
            raise UnreadableError(node, f"{value.name} is made by the API for its result; {hint}")
        if isinstance(value, DateTime):
            raise UnreadableError(
                node,
                f"{value.name} has a group for each second; write DATE_TRUNC('day', {value.name})",
            )
        if isinstance(value, Date):
            return value.day()
        if isinstance(value, (Text, Field)):
            self.reader.fold(node, node)
        return value

    def _item_at(self, node: exp.Expr) -> _Item | None:
        """The entry of SELECT at a position such as `GROUP BY 1`."""
        if not isinstance(node, exp.Literal) or node.is_string:
            return None
        number, most = node.this, len(self.select.expressions)
        if not number.isdigit() or not 1 <= int(number) <= most:
            raise UnreadableError(node, f"{number} is no position in SELECT; write 1 to {most}")
        wanted = unwrap(self.select.expressions[int(number) - 1].unalias())
        found = [item for item in self.items if item.node is wanted]
        if not found:
            raise _AlreadyRefusedError
        return found[0]

    def _item_named(self, node: exp.Expr, *, is_group: bool = False) -> _Item | None:
        """The entry of SELECT with an alias."""
        if not isinstance(node, exp.Column) or node.table:
            return None
        same = [one for one in self.items if one.alias.casefold() == node.name.casefold()]
        if not same or not node.name:
            return None
        field = self.reader.names.get(node.name)
        is_column = field is not None and field is same[0].value
        if is_group and field is not None and not is_column:
            place = self.items.index(same[0]) + 1
            raise UnreadableError(
                node,
                f"{node.name} is a column and an alias, which engines read differently; "
                f"write GROUP BY {place}, or another alias",
            )
        return same[0]

    @property
    def _aggregates(self) -> list[tuple[_Item, Aggregate]]:
        return [(one, one.value) for one in self.items if isinstance(one.value, Aggregate)]

    def _check_items(self) -> None:
        """Refuse two columns of one name, and columns neither grouped by nor aggregated."""
        known = set(map(self._name, self.keys))
        taken: set[str] = set()
        for item, aggregate in self._aggregates:
            name = item.alias or aggregate.name
            if name in taken or name in known:
                message = f"two columns are called {name}; write AS and another name"
                self.refusals.append(UnreadableError(item.node, message))
            taken.add(name)
        for item in self.items:
            value = item.value
            if isinstance(value, Date) and f"{value.name}_day" in known:
                continue
            if not isinstance(value, Aggregate) and self._name(value) not in known:
                sql = self.source.sql(item.node)
                hint = f"write GROUP BY {sql}, or an aggregate of it"
                message = f"{sql} is neither in GROUP BY nor in an aggregate; {hint}"
                self.refusals.append(UnreadableError(item.node, message))

    @staticmethod
    def _name(value: Output) -> str:
        """The name of the column of a result."""
        return value.name

    # HAVING

    def _having(self) -> Iterator[HavingCondition]:
        having = self.select.args.get("having")
        for part in () if having is None else operands(having.this, exp.And):
            with self._collect():
                yield self._group_condition(part)

    def _group_condition(self, node: exp.Expr, *, negated: bool = False) -> HavingCondition:
        node = unwrap(node)
        while isinstance(node, exp.Not):
            node, negated = unwrap(node.this), not negated
        if isinstance(node, (exp.And, exp.Or)):
            parts = [self._group_condition(part, negated=negated) for part in operands(node)]
            return join_groups(AND if isinstance(node, exp.And) is not negated else OR, parts)
        if isinstance(node, exp.Between) and not node.args.get("symmetric"):
            ends = ((AT_LEAST, node.args["low"]), (AT_MOST, node.args["high"]))
            parts = [self._compared(node, op, node.this, end, negated) for op, end in ends]
            return join_groups(OR if negated else AND, parts)
        if isinstance(node, exp.In) and node.expressions:
            parts = [
                self._compared(node, EQUAL, node.this, one, negated) for one in node.expressions
            ]
            return join_groups(AND if negated else OR, parts)
        if type(node) not in COMPARISONS:
            raise UnreadableError(
                node,
                f"{self.source.sql(node)} is no condition on an aggregate; write one such as "
                "COUNT(*) > 10, and conditions on leads in WHERE",
            )
        operator, left, right = COMPARISONS[type(node)], unwrap(node.this), unwrap(node.expression)
        if not left.find(exp.Column, exp.AggFunc) and right.find(exp.Column, exp.AggFunc):
            left, right, operator = right, left, FLIPPED.get(operator, operator)
        return self._compared(node, operator, left, right, negated)

    def _compared(
        self, node: exp.Expr, operator: Operator, left: exp.Expr, right: exp.Expr, negated: bool
    ) -> HavingCondition:
        """The condition that compares an aggregate with a value."""
        aggregate = self._aggregate(left)
        if negated:
            operator = operator.opposite or operator
        literal = read_literal(right)
        if literal is None:
            sql = self.source.sql(right)
            raise UnreadableError(
                right, f"{sql} is no value; compare {aggregate.name} with a value"
            )
        value = literal.value
        if has_dates(aggregate) or literal.kind is Kind.DATE:
            value, is_day = moment(literal)
            if is_day and operator in (EQUAL, NOT_EQUAL):
                sql = self.source.sql(left)
                raise UnreadableError(node, midnight_message(sql, operator, sql, value))
            if is_day and operator in (ABOVE, AT_MOST):
                self.reader.notes.midnight.append(node)
        elif literal.kind is not Kind.NUMBER:
            raise UnreadableError(right, f"{aggregate.name} is compared with a number; write one")
        try:
            return aggregate._compare(operator, value)
        except QueryError as error:
            raise unreadable(node, error) from None

    def _aggregate(self, node: exp.Expr) -> Aggregate:
        """The aggregate of a node in HAVING, which may be an alias."""
        node = unwrap(node)
        item = self._item_named(node) or next((one for one in self.items if one.node == node), None)
        value = read_output(self.reader, node) if item is None else item.value
        if not isinstance(value, Aggregate):
            sql = self.source.sql(node)
            raise UnreadableError(node, f"{sql} is no aggregate; write the condition in WHERE")
        return value

    # ORDER BY and LIMIT

    def _order(self) -> Iterator[SortKey]:
        order = self.select.args.get("order")
        entries = [] if order is None else order.expressions
        for node, following in zip_longest(entries, entries[1:]):
            with self._collect():
                yield self._sort_key(node, following)

    def _without_ties(self, order: list[SortKey]) -> list[SortKey]:
        """Sort keys without those at the end by which a query breaks ties anyway."""
        names = [key.name for key in self.keys] if self._is_grouped else [ProspectID.name]
        ties = list(map(SortKey, names))
        for length in range(1, len(order)):
            start = order[:length]
            columns = {one.column for one in start}
            if [*start, *(one for one in ties if one.column not in columns)] == order:
                return start
        return order

    def _sort_key(self, node: exp.Ordered, following: exp.Expr | None) -> SortKey:
        inner = unwrap(node.this)
        if node.args.get("with_fill"):
            raise UnreadableError(inner, "WITH FILL is not read; leave it out")
        item = self._item_at(inner) or self._item_named(inner)
        item = item or next((one for one in self.items if one.node == inner), None)
        value = read_output(self.reader, inner, folds=True) if item is None else item.value
        is_count = isinstance(value, Aggregate) and value.field is None
        if node.args.get("nulls_first") and not is_count:
            self._check_nulls(node, following)
        if isinstance(value, Date) and self._is_grouped:
            value = value.day()
        if isinstance(value, (Text, Field)):
            self.reader.fold(inner, inner)
        if self._is_grouped and not isinstance(value, Aggregate):
            known = set(map(self._name, self.keys))
            if value.name not in known:
                sql = self.source.sql(inner)
                raise UnreadableError(
                    inner, f"{sql} is not in GROUP BY; write a group or an aggregate"
                )
        by = value if isinstance(value, Aggregate) else value.name
        return SortKey(by, bool(node.args.get("desc")))

    def _check_nulls(self, node: exp.Ordered, following: exp.Expr | None) -> None:
        """Rows without a value come last in a query, and first in some engines."""
        if self.source.has_keyword("FIRST", node.this, following):
            raise UnreadableError(node, "rows without a value come last; write NULLS LAST")
        if type(self.source.dialect) is not Parser:
            self.reader.notes.nulls.append(node.this)

    @property
    def _is_grouped(self) -> bool:
        return bool(self.keys or self._aggregates)

    def _limit(self) -> int | None:
        limit = self.select.args.get("limit")
        if limit is None:
            return None
        options = limit.args.get("limit_options")
        if options is not None and (options.args.get("percent") or options.args.get("with_ties")):
            place = self.source.keyword(None, "PERCENT", "TIES")
            raise UnreadableError(
                place, "PERCENT and WITH TIES are not read; write a number of rows"
            )
        if limit.expressions:
            raise UnreadableError(limit.expressions[0], "LIMIT BY is not read; write LIMIT alone")
        node = limit.args.get("count") or limit.expression
        if node is None or isinstance(node, exp.Null) or node.name.upper() == "ALL":
            return None
        number = read_literal(node)
        if number is None or number.kind is not Kind.NUMBER or number.value % 1:
            raise UnreadableError(node, "LIMIT takes a whole number; write one such as LIMIT 10")
        if number.value < 1:
            raise UnreadableError(
                node, "a result has at least one row to ask for; write LIMIT 1 or more"
            )
        if self.keys and self.select.args.get("order") is None:
            raise UnreadableError(
                node, "LIMIT of groups without an order keeps any groups; write ORDER BY before it"
            )
        is_one_row = bool(self._aggregates) and not self.keys
        return None if is_one_row else int(number.value)

    # The query

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
    literals = map(read_literal, (end.expression for end in ends))
    moments = [moment(one)[0] for one in literals if one is not None]
    for start, end in zip(moments[::2], moments[1::2], strict=True):
        yield Period(start, end - _SECOND)


def _as_quantile(aggregate: Aggregate) -> Aggregate:
    """A median as the quantile that it is."""
    if aggregate.measure.function is not Function.MEDIAN:
        return aggregate
    measure = attrs.evolve(aggregate.measure, function=Function.QUANTILE, q=0.5)
    return attrs.evolve(aggregate, measure=measure)


def _is_always_true(node: exp.Expr) -> bool:
    """Whether a part of WHERE is a constant such as `1 = 1`, which programs write first."""
    node = unwrap(node)
    if isinstance(node, exp.Boolean):
        return bool(node.this)
    is_constant = isinstance(node, exp.EQ) and isinstance(node.this, exp.Literal)
    return is_constant and node.this == node.expression


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
        leads = replace(leads, "_conditions", rest)
        between = leads.created_between if field is CreatedOn else leads.modified_between
        leads = between(start, end)
    return leads


_WITH_COUNT: Final[dict[type[exp.Expr], str]] = {exp.Avg: "average", exp.Sum: "sum"}
"""The methods of the aggregates that one request computes beside the count."""

_SECOND: Final = timedelta(seconds=1)

_CLAUSES: Final = (
    *("expressions", "from_", "where", "group", "having", "order", "limit", "distinct"),
    *("hint", "operation_modifiers"),
)

_TABLE_PARTS: Final = ("this", "alias", "db", "catalog", "hints")

_OWNERS_HINT: Final = (
    "one table of leads is read; for conditions on owners write OwnerId IN (SELECT UserID FROM "
    "users WHERE ...)"
)

_OTHER_CLAUSES: Final[dict[str, tuple[str, str]]] = {
    "joins": ("JOIN", _OWNERS_HINT),
    "laterals": ("LATERAL", _OWNERS_HINT),
    "with_": ("WITH", "write the conditions in one SELECT"),
    "qualify": ("QUALIFY", "write HAVING for conditions on aggregates"),
    "windows": ("WINDOW", "write GROUP BY"),
    "offset": ("OFFSET", "leave it out; client.rows(query) gives all rows one after the other"),
    "into": ("INTO", "write the result of client.run(query) with to_csv or to_parquet"),
    "locks": ("FOR UPDATE", "leave it out; the API only reads"),
    "kind": ("SELECT AS", "write the columns alone"),
    "sample": ("SAMPLE", "leave it out; the API has no samples"),
    "prewhere": ("PREWHERE", "write WHERE"),
}
"""By argument: the name of a clause that is not read, and what to write instead."""

_KEYWORDS: Final[dict[str, tuple[str, ...]]] = {
    "joins": ("JOIN", "LEFT", "RIGHT", "FULL", "INNER", "CROSS", ","),
    "locks": ("FOR",),
    "sample": ("SAMPLE", "TABLESAMPLE", "USING"),
    "kind": ("AS",),
}
"""By argument: the keywords that such a clause may begin with, if these are others."""


class _AlreadyRefusedError(UnreadableError):
    """What depends on a part that was refused already."""

    def __init__(self) -> None:
        super().__init__(Place(0, 0), "")
