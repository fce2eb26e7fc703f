"""HAVING, ORDER BY and LIMIT of a statement."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

import attrs
from sqlglot import exp
from sqlglot.dialects.dialect import Dialect as Parser

from leadquery.errors import QueryError
from leadquery.expr.aggregate import Aggregate, HavingCondition, SortKey, has_dates, join_groups
from leadquery.expr.field_types import Date, Field, Text
from leadquery.fields import ProspectID
from leadquery.sql.reader.clauses import ClauseReader
from leadquery.sql.reader.comparisons import midnight_message
from leadquery.sql.reader.joined import operands
from leadquery.sql.reader.literals import Kind, moment, read_literal, unwrap
from leadquery.sql.reader.outputs import read_output
from leadquery.sql.reader.predicates import COMPARISONS, FLIPPED
from leadquery.sql.reader.statement import UnreadableError, unreadable
from leadquery.wire.enums import ABOVE, AND, AT_LEAST, AT_MOST, EQUAL, NOT_EQUAL, OR, Operator


@attrs.define(eq=False)
class OrderReader(ClauseReader):
    """Reads which groups and rows a query keeps, and their order."""

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
